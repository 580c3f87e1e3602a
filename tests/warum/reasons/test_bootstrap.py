from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm
from scipy.stats import t as student

from warum.reasons.bootstrap import Bootstrapped, Units, welch_df


def units(
    values: np.ndarray,
    cluster: np.ndarray,
    side: np.ndarray,
    segment: np.ndarray | None = None,
    seed: int = 0,
) -> Units:
    """Sums of 1 and of the values."""
    table = np.column_stack((np.ones(len(values)), values))
    segment = np.zeros(len(values), dtype=np.int64) if segment is None else segment
    return Units.of(
        lambda at, starts: np.add.reduceat(table[at], starts), 2,
        cluster, side, segment, segments=int(segment.max()) + 1, seed=seed,
    )  # fmt: skip


def differences(of: Units, n: int, seed: int = 0) -> np.ndarray:
    """Mean after minus mean before in each draw."""
    found = []
    for counts in of.draws(n, seed):
        sums = of.weighted(counts, np.ones((len(counts), 2, of.segments)))
        means = sums[..., 1] / sums[..., 0]
        found.append(means[:, 1] - means[:, 0])
    return np.concatenate(found)


def test_sums_are_those_of_the_rows_drawn() -> None:
    rng = np.random.default_rng(1)
    cluster = np.sort(rng.integers(0, 30, 200))
    cluster = np.unique(cluster, return_inverse=True)[1]
    side, segment, values = rng.integers(0, 2, 200), rng.integers(0, 3, 200), rng.normal(size=200)
    of = units(values, cluster, side, segment)
    counts = np.concatenate(list(of.draws(7, 3)))
    assert counts.shape == (7, of.groups)
    assert (counts.sum(axis=1) == of.groups).all()
    factor = rng.random((7, 2, 3))
    totals, weighted = of.totals(counts, [1]), of.weighted(counts, factor)
    for draw in range(7):
        times = counts[draw, cluster]
        for one in (0, 1):
            on = side == one
            expected = (times * factor[draw, one, segment] * values)[on].sum()
            assert weighted[draw, one, 1] == pytest.approx(expected)
            for two in range(3):
                inside = on & (segment == two)
                assert totals[draw, one, two, 0] == pytest.approx((times * values)[inside].sum())


def test_error_of_independent_rows() -> None:
    rng = np.random.default_rng(2)
    values, side = rng.normal(0, [1, 3] * 200), np.array([0, 1] * 200)
    drawn = differences(units(values, np.arange(400), side), 4_000)
    expected = math.sqrt(sum(values[side == one].var() / 200 for one in (0, 1)))
    assert drawn.std() == pytest.approx(expected, rel=3.5 / math.sqrt(2 * 4_000))


def test_customers_are_drawn_for_both_periods_at_once() -> None:
    """What a customer's two answers share cancels in the difference."""
    rng = np.random.default_rng(3)
    own = rng.normal(0, 3, 300)
    values = np.concatenate((own, own)) + rng.normal(0, 1, 600)
    cluster, side = np.tile(np.arange(300), 2), np.repeat([0, 1], 300)
    paired = differences(units(values, cluster, side), 2_000).std()
    apart = differences(units(values, np.arange(600), side), 2_000).std()
    change = values[300:] - values[:300]
    assert paired == pytest.approx(change.std() / math.sqrt(300), rel=0.08)
    assert apart > 2.5 * paired


def test_many_customers_are_drawn_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warum.reasons.bootstrap._MOST_NUMBERS", 1)
    rng = np.random.default_rng(4)
    cluster = np.repeat(np.arange(10_000), 2)
    values = rng.normal(size=10_000)[cluster] + rng.normal(size=20_000)
    side = (cluster % 2).astype(np.int64)
    of = units(values, cluster, side)
    assert of.groups == 500
    sums = [values[side == one].reshape(-1, 2).sum(axis=1) for one in (0, 1)]
    expected = math.sqrt(sum((one / 2).var() / len(one) for one in sums))
    # The error of an error from 500 groups and 2,000 draws.
    close = 3.5 * math.sqrt(1 / (2 * 500) + 1 / (2 * 2_000))
    assert differences(of, 2_000).std() == pytest.approx(expected, rel=close)


def test_draws_hang_on_the_seed_only() -> None:
    rng = np.random.default_rng(5)
    of = units(rng.normal(size=50), np.arange(50), np.repeat([0, 1], 25))
    first, again = (np.concatenate(list(of.draws(20, 1))) for _ in range(2))
    other = np.concatenate(list(of.draws(20, 2)))
    assert (first == again).all()
    assert (first != other).any()


def test_intervals_by_error_and_by_percentile() -> None:
    draws = np.random.default_rng(6).normal(5, 2, 200_000)
    number = Bootstrapped(5.0, draws, 9)
    by_error, by_percentile = (
        method(40, "m", 0.9) for method in (number.by_error, number.by_percentile)
    )
    reach = 2 * student.ppf(0.95, 9)
    for one in (by_error, by_percentile):  # of normal draws they are the same
        assert (one.low, one.high) == pytest.approx((5 - reach, 5 + reach), abs=0.06)
        assert (one.n, one.method, one.level) == (40, "m", 0.9)
    assert number.p_value == pytest.approx(2 * student.sf(2.5, 9), rel=0.02)
    wide = Bootstrapped(5.0, draws, 1e9).by_percentile(40, "m", 0.95)
    assert wide.high == pytest.approx(5 + 2 * norm.ppf(0.975), abs=0.06)


def test_percentiles_hold_the_value() -> None:
    skew = Bootstrapped(10.0, np.linspace(0, 1, 100), 50).by_percentile(9, "m", 0.95)
    assert skew.low < 1
    assert skew.high == 10


@pytest.mark.parametrize(
    ("draws", "df"),
    [
        (np.full(100, 3.0), 20),
        (3 + 1e-14 * np.arange(100), 20),
        (np.concatenate((np.full(10, np.nan), np.arange(90.0))), 20),
        (np.arange(100.0), 0.5),
        (np.zeros(0), 20),
    ],
    ids=["constant", "rounding only", "a tenth unknown", "no freedom", "no draws"],
)
def test_without_variation_there_is_no_interval(draws: np.ndarray, df: float) -> None:
    number = Bootstrapped(3.0, draws, df)
    assert math.isnan(number.p_value)
    for one in (number.by_error(5, "m", 0.95), number.by_percentile(5, "m", 0.95)):
        assert one.value == 3
        assert math.isnan(one.low)
        assert math.isnan(one.high)


def test_a_few_draws_without_the_number_do_no_harm() -> None:
    draws = np.concatenate((np.full(3, np.nan), np.random.default_rng(7).normal(size=97)))
    assert math.isfinite(Bootstrapped(0.0, draws, 20).by_error(5, "m", 0.95).low)


@pytest.mark.parametrize(
    ("people", "df"),
    [((20, 20), 38), ((5, 1_000_000), 4), ((0, 12), 11), ((1, 50), 0), ((0, 0), 0)],
)
def test_welch(people: tuple[int, int], df: float) -> None:
    assert welch_df(people) == pytest.approx(df, rel=1e-3)
