from __future__ import annotations

import numpy as np

from warum.reasons.multiplicity import benjamini_hochberg


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
