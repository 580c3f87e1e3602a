from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from warum.reasons.multiplicity import benjamini_hochberg, fcr_level


def test_published_example() -> None:
    """Benjamini and Hochberg 1995, section 3.2: the four smallest of fifteen are rejected."""
    p = np.array(
        [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
            0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
        ]
    )  # fmt: skip
    assert (benjamini_hochberg(p) <= 0.05).sum() == 4


def test_nan_is_no_comparison() -> None:
    q = benjamini_hochberg(np.array([0.01, np.nan, 0.04]))
    np.testing.assert_allclose(q, [0.02, np.nan, 0.04])
    assert np.isnan(benjamini_hochberg(np.array([np.nan]))).all()
    assert benjamini_hochberg(np.array([])).shape == (0,)


def test_fcr_level() -> None:
    """Benjamini and Yekutieli 2005: level 1 - R q / m."""
    assert fcr_level(4, 15) == pytest.approx(1 - 4 * 0.05 / 15)
    assert fcr_level(15, 15) == pytest.approx(0.95)
    assert fcr_level(1, 10, level=0.9) == pytest.approx(0.99)
    assert fcr_level(0, 0) == fcr_level(0, 9) == 0.95
    with pytest.raises(ValueError, match="3 of 2 selected"):
        fcr_level(3, 2)


def test_intervals_of_the_selected_miss_seldom() -> None:
    """Selected ones' plain intervals miss far more often than 5 %, FCR-adjusted ones do not."""
    rng = np.random.default_rng(1)
    truth = np.repeat([0.0, 1.5], [15, 5])
    plain, adjusted = [], []
    for _ in range(1_000):
        found = truth + rng.normal(size=20)
        chosen = benjamini_hochberg(2 * ndtr(-np.abs(found))) <= 0.05
        if not chosen.any():
            plain.append(0.0)
            adjusted.append(0.0)
            continue
        miss = np.abs(found - truth)[chosen]
        reach = ndtri((1 + fcr_level(int(chosen.sum()), 20)) / 2)
        plain.append(float((miss > ndtri(0.975)).mean()))
        adjusted.append(float((miss > reach).mean()))
    assert np.mean(plain) > 0.07
    assert np.mean(adjusted) < 0.05 + 3.5 * np.std(adjusted) / np.sqrt(1_000)
