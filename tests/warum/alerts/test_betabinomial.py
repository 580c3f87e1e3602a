from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import betabinom, binom

from warum.alerts.betabinomial import central_range, deviation, log_probability, shapes, upper_tail

CASES = [(12, 30, 0.1, 0.02), (3, 500, 0.002, 0.001), (19, 34, 0.11, 0.3), (40, 40, 0.6, 0.05)]


def arrays(k: float, n: float, mean: float, rho: float) -> tuple[Any, ...]:
    return tuple(np.array([x], dtype=float) for x in (k, n, mean, rho))


@pytest.mark.parametrize(("k", "n", "mean", "rho"), CASES)
def test_matches_scipy(k: float, n: float, mean: float, rho: float) -> None:
    alpha, beta = (float(x[0]) for x in shapes(*arrays(k, n, mean, rho)[2:]))
    reference = betabinom(n, alpha, beta)
    args = arrays(k, n, mean, rho)
    assert log_probability(*args)[0] == pytest.approx(reference.logpmf(k), rel=1e-9)
    tail = sum(reference.pmf(j) for j in range(k, n + 1))
    assert upper_tail(*args)[0] == pytest.approx(tail, rel=1e-9)
    assert deviation(*args[1:])[0] == pytest.approx(reference.std(), rel=1e-9)


def test_without_correlation_it_is_binomial() -> None:
    tail = upper_tail(*arrays(12, 30, 0.1, 0.0))[0]
    assert tail == pytest.approx(binom.sf(11, 30, 0.1), rel=1e-3)


def test_all_of_none_is_certain() -> None:
    assert upper_tail(*arrays(0, 30, 0.1, 0.01))[0] == 1.0
    assert upper_tail(*arrays(0, 0, 0.1, 0.01))[0] == 1.0


def test_a_p_value_is_never_too_small() -> None:
    """P(p <= a) <= a for every a: no mid-p, no randomising."""
    n = np.full(41, 40.0)
    p = upper_tail(np.arange(41.0), n, np.full(41, 0.1), np.full(41, 0.02))
    chance = np.exp(log_probability(np.arange(41.0), n, np.full(41, 0.1), np.full(41, 0.02)))
    for a in (0.3, 0.05, 1e-3, 1e-6):
        assert chance[p <= a].sum() <= a


def test_central_range() -> None:
    low, high = central_range(100, 0.1, 0.0)
    assert (low, high) == (int(binom.ppf(0.025, 100, 0.1)), int(binom.ppf(0.975, 100, 0.1)))
    assert central_range(0, 0.1, 0.0) == (0, 0)


@pytest.mark.parametrize(("mean", "rho"), [(0.1, 0.0), (0.002, 0.001), (0.3, 0.01), (0.0, 0.0)])
def test_a_range_over_many_occasions_is_close_to_the_exact_one(mean: float, rho: float) -> None:
    exact, n = central_range(2_000, mean, rho), 2_001
    close = central_range(n, mean, rho)
    width = max(1, exact[1] - exact[0])
    assert abs(close[0] - exact[0]) <= 1 + 0.02 * width
    assert abs(close[1] - exact[1]) <= 1 + 0.02 * width
