"""Which units are drawn: known probabilities, kept; balanced; stable."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum.audit.probabilities import inclusion_probabilities
from warum.audit.sampling import METHODS, Method, draw_balanced, draw_poisson, draw_units, lots
from warum.errors import UsageError


def mentions(
    n: int, shares: tuple[float, ...] = (0.4, 0.2, 0.05, 0.01), seed: int = 0
) -> np.ndarray:
    return np.random.default_rng(seed).random((n, len(shares))) < shares


@given(st.integers(30, 400), st.integers(1, 500), st.floats(0.1, 1.0), st.integers(0, 99))
def test_probabilities_sum_and_are_bounded(n: int, labels: int, floor: float, seed: int) -> None:
    doubt = np.random.default_rng(seed).gamma(0.3, size=n)
    p = inclusion_probabilities(mentions(n, seed=seed), labels, doubt=doubt, floor=floor)
    assert p.sum() == pytest.approx(min(labels, n), rel=1e-9)
    assert (p >= min(1, floor * labels / n) - 1e-12).all()
    assert (p <= 1).all()


def test_rare_and_doubtful_ones_are_raised() -> None:
    found = mentions(2_000)
    doubt = np.zeros(2_000)
    doubt[:100] = 0.4
    p = inclusion_probabilities(found, 300, doubt=doubt)
    means = [p[found[:, k]].mean() for k in range(4)]
    assert means == sorted(means)
    assert means[-1] > 3 * p.mean()
    bare = ~found.any(axis=1)
    assert p[:100][bare[:100]].mean() > 1.5 * p[100:][bare[100:]].mean()


def test_probabilities_refuse_nonsense() -> None:
    found = mentions(50)
    assert (inclusion_probabilities(found, 50) == 1).all()
    assert inclusion_probabilities(found, 7, floor=1) == pytest.approx(np.full(50, 7 / 50))
    assert np.ptp(inclusion_probabilities(np.zeros((50, 0), dtype=bool), 10)) < 1e-12
    with pytest.raises(UsageError, match="0 labels"):
        inclusion_probabilities(found, 0)
    with pytest.raises(ValueError, match="floor is 0"):
        inclusion_probabilities(found, 5, floor=0)
    with pytest.raises(ValueError, match="doubt"):
        inclusion_probabilities(found, 5, doubt=np.full(50, -1.0))


@pytest.mark.parametrize("method", METHODS)
def test_every_unit_is_drawn_as_often_as_it_should(method: Method) -> None:
    n, runs = 60, 1_000
    found = mentions(n)
    p = inclusion_probabilities(found, 15)
    p[0] = 1.0
    rng = np.random.default_rng(1)
    drawn = np.zeros(n)
    sizes = []
    for _ in range(runs):
        at = draw_units(p, found.astype(float), rng.random(n), method=method)
        drawn[at] += 1
        sizes.append(len(at))
    assert drawn[0] == runs
    deviations = np.abs(drawn / runs - p)[1:] / np.sqrt(p * (1 - p) / runs)[1:]
    assert deviations.max() < 4.2
    # Balanced keeps the number wanted, up or down by the fraction.
    assert (np.ptp(sizes) <= 2) == (method == "balanced")


def test_balanced_keeps_what_is_known() -> None:
    rng = np.random.default_rng(2)
    n = 1_500
    found = mentions(n, (0.3, 0.1, 0.05, 0.02))
    scores = rng.normal(size=n) + found @ [2, 0, 1, 0]
    p = inclusion_probabilities(found, 150)
    known = np.column_stack((scores, found))

    def error(draw: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        misses = []
        for _ in range(30):
            at = draw(rng.random(n))
            misses.append((known[at] / p[at, None]).sum(axis=0) - known.sum(axis=0))
        return np.sqrt(np.mean(np.square(misses), axis=0))

    balanced = error(lambda lot: draw_balanced(p, known, lot))
    poisson = error(lambda lot: draw_poisson(p, lot))
    assert (balanced < 0.5 * poisson).all()


@pytest.mark.parametrize("method", METHODS)
def test_the_draw_hangs_on_names_and_seed_only(method: Method) -> None:
    names = [f"r{i}" for i in range(300)]
    found = mentions(300)
    p = inclusion_probabilities(found, 40)

    def drawn(order: np.ndarray, seed: int) -> set[str]:
        lot = lots([names[i] for i in order], seed)
        at = draw_units(p[order], found[order].astype(float), lot, method=method)
        return {names[i] for i in order[at]}

    straight = drawn(np.arange(300), 1)
    assert straight == drawn(np.random.default_rng(3).permutation(300), 1)
    assert straight != drawn(np.arange(300), 2)


def test_lots_are_uniform() -> None:
    lot = lots([f"r{i}" for i in range(4_000)], 5)
    assert len(np.unique(lot)) == 4_000
    assert abs(lot.mean() - 0.5) < 4 * math.sqrt(1 / 12 / 4_000)
    assert lots(["a"], 1) == lots(["a"], 1) != lots(["a"], 2)
