from __future__ import annotations

from typing import Any

import numpy as np

from warum.alerts.baseline import Forecast
from warum.alerts.drift import ODDS, Cusum


def forecast(share: Any, shape: Any, rho: float = 0.0) -> Forecast:
    full = np.full(shape, share)
    return Forecast(full, full, full, np.ones(shape), np.full(shape, rho), np.zeros(shape))


def walked(
    means: list[float],
    share: Any = 0.1,
    n: float = 30,
    runs: int = 400,
    spend: float = 0.05 / 365,
    seed: int = 1,
    **options: Any,
) -> tuple[np.ndarray, np.ndarray]:
    """Binomial counts with known baseline: number of the first alarm's period, or -1, per run."""
    rng = np.random.default_rng(seed)
    cusum = Cusum.empty(runs, 1, 1)
    first, began = np.full(runs, -1), np.full(runs, -1)
    settings = {"least_periods": 3, "least_seen": 1, **options}
    for t, mean in enumerate(means):
        k = rng.binomial(n, mean, (runs, 1, 1)).astype(float)
        passed = cusum.step(
            k, np.full((runs, 1, 1), float(n)), forecast(share, (runs, 1, 1)),
            np.ones((runs, 1, 1), bool), spend=spend, period=t, **settings,
        )  # fmt: skip
        hit = passed.any(0)[:, 0, 0] & (first < 0)
        which = passed[:, :, 0, 0].argmax(0)
        began[hit] = cusum.start[which, np.arange(runs), 0, 0][hit]
        first[hit] = t
    return first, began


def test_without_a_change_alarms_stay_within_the_bound() -> None:
    first, _ = walked([0.1] * 365, runs=2000, spend=0.2 / 365)
    assert (first >= 0).mean() <= 0.2
    assert (first >= 0).mean() > 0.002  # the bound is not so loose that nothing ever happens


def test_a_lasting_change_is_found_and_dated() -> None:
    first, began = walked([0.1] * 100 + [0.2] * 40)
    found = first >= 100
    assert found.mean() > 0.98
    assert np.median(first[found]) - 100 <= 14
    assert np.abs(began[found] - 100).mean() < 5


def test_a_fall_is_found() -> None:
    first, began = walked([0.1] * 100 + [0.04] * 80)
    assert (first >= 100).mean() > 0.95
    assert np.median(np.abs(began[first >= 100] - 100)) <= 6


def test_one_period_alone_raises_no_drift() -> None:
    first, _ = walked([0.1] * 50 + [0.9] + [0.1] * 50)
    assert (first < 0).mean() > 0.98


def test_a_rise_needs_people() -> None:
    rising = [0.1] * 20 + [0.5] * 10
    assert (walked(rising)[0] >= 0).all()
    assert (walked(rising, least_seen=10_000)[0] < 0).all()


def test_streams_without_history_or_occasions_stay_at_zero() -> None:
    cusum = Cusum.empty(1, 2)
    watched = np.array([[True, False]])
    k = np.array([[9.0, 9.0]])
    cusum.step(
        k, np.array([[10.0]]), forecast(0.1, (1, 2)), watched,
        spend=0.01, period=0, least_periods=3, least_seen=1,
    )  # fmt: skip
    assert cusum.height.shape == (len(ODDS), 1, 2)
    assert (cusum.height[:3, 0, 0] > 0).all()
    assert (cusum.height[..., 1] == 0).all()
