from __future__ import annotations

import numpy as np
import pytest

from tests.warum.reasons.worlds import CLUSTERED, ORDINARY, draw
from warum.reasons.level import estimate_drivers
from warum.reasons.unexplained import unexplained_level

RUNS = 200


def test_without_controls_it_is_the_intercept_of_statsmodels() -> None:
    import statsmodels.api as sm

    drawn = draw(CLUSTERED, 200, np.random.default_rng(1))
    weights = np.random.default_rng(2).uniform(0.5, 2, len(drawn.y))
    matrix = sm.add_constant(drawn.mentions.astype(float))
    model = sm.WLS(drawn.y, matrix, weights=weights)
    blank = np.zeros((len(drawn.y), 0), dtype=bool)
    for clusters in (None, drawn.customers):
        kinds = {"cov_type": "HC1"} if clusters is None else {
            "cov_type": "cluster", "cov_kwds": {"groups": clusters}
        }  # fmt: skip
        reference = model.fit(use_t=True, **kinds)
        found = unexplained_level(
            drawn.y, drawn.mentions, blank, weights=weights, clusters=clusters
        )
        assert found.value == pytest.approx(reference.params[0])
        assert (found.low, found.high) == pytest.approx(tuple(reference.conf_int()[0]), rel=5e-3)


def test_it_is_the_rest_of_the_drivers() -> None:
    drawn = draw(ORDINARY, 300, np.random.default_rng(3))
    mentions = drawn.mentions.copy()
    mentions[:, 1] = mentions[:, 0]  # what cannot be told apart counts as unexplained
    controls = np.random.default_rng(4).random((300, 2)) < 0.3
    fit = estimate_drivers(
        drawn.y, mentions, ORDINARY.pairs, score="s", controls=controls, min_group=0
    )
    found = unexplained_level(drawn.y, mentions, controls)
    assert found.value == pytest.approx(fit.rest, abs=1e-9)
    assert found.low < found.value < found.high


def test_it_is_covered() -> None:
    """The rest of the world is its base, plus what its control does on average."""
    rng = np.random.default_rng(5)
    held = []
    for _ in range(RUNS):
        drawn = draw(CLUSTERED, 120, rng)
        control = rng.random((len(drawn.y), 1)) < 0.4
        y = drawn.y + 25.0 * control[:, 0]
        found = unexplained_level(y, drawn.mentions, control, clusters=drawn.customers)
        held.append(found.low <= CLUSTERED.base + 25 * 0.4 <= found.high)
    assert abs(np.mean(held) - 0.95) < 3.5 * np.sqrt(0.95 * 0.05 / RUNS)


def test_nothing_varies() -> None:
    found = unexplained_level(
        np.full(30, 5.0), np.arange(30)[:, None] % 3 == 0, np.zeros((30, 0), dtype=bool)
    )
    assert found.value == pytest.approx(5)
    assert np.isnan(found.low)
