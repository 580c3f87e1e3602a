from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, spearmanr

from warum.reasons.correlations import correlate_metrics, spearman_influence


def cloud(
    n: int, slope: float, seed: int, customers: int | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two scores that share a part; with customers also within a customer."""
    rng = np.random.default_rng(seed)
    who = np.arange(n) if customers is None else rng.integers(0, customers, n)
    level = rng.normal(size=(n, 2))[who] if customers else np.zeros((n, 2))
    level[:, 1] += slope * level[:, 0]
    x = rng.normal(size=n) + level[:, 0]
    y = slope * (x - level[:, 0]) + rng.normal(size=n) + level[:, 1]
    return np.round(x), np.round(2 * y), who


def test_matches_scipy_with_ties_and_missing_values() -> None:
    x, y, _ = cloud(300, 0.7, 1)
    x[:5], y[3:9] = np.nan, np.nan
    (row,) = correlate_metrics({"a": x, "b": y})
    both = ~(np.isnan(x) | np.isnan(y))
    assert row.correlation.value == pytest.approx(spearmanr(x[both], y[both]).statistic, abs=1e-12)
    assert row.correlation.n == both.sum() == 291
    assert row.correlation.low < row.correlation.value < row.correlation.high
    assert row.p_value == row.q_value < 1e-6


def test_the_influences_are_the_derivative_by_the_weights() -> None:
    x, y, _ = cloud(60, 0.7, 8)
    weights = np.random.default_rng(9).uniform(0.5, 2, 60)
    value, influence = spearman_influence(x, y, weights)
    assert influence.sum() == pytest.approx(0, abs=1e-12)
    share, step = weights / weights.sum(), 1e-6
    for i in (0, 17, 41):
        moved = share * (1 - step)
        moved[i] += step
        slope = (spearman_influence(x, y, moved)[0] - value) / step
        assert slope * share[i] == pytest.approx(influence[i], rel=1e-4, abs=1e-7)


def test_a_weight_of_two_is_a_row_twice() -> None:
    x, y, who = cloud(80, 0.5, 10)
    twice = np.r_[np.arange(80), np.arange(20)]
    weights = np.where(np.arange(80) < 20, 2.0, 1.0)
    (one,) = correlate_metrics({"a": x, "b": y}, clusters=who, weights=weights)
    (two,) = correlate_metrics({"a": x[twice], "b": y[twice]}, clusters=who[twice])
    for name in ("value", "low", "high"):
        assert getattr(one.correlation, name) == pytest.approx(getattr(two.correlation, name))


def test_names_of_customers_do_not_matter() -> None:
    x, y, who = cloud(150, 0.5, 5, customers=50)
    names = np.random.default_rng(2).permutation(50)
    (one,), (two,) = (correlate_metrics({"a": x, "b": y}, clusters=c) for c in (who, names[who]))
    assert two.correlation.low == pytest.approx(one.correlation.low, abs=1e-12)


def test_few_customers_have_no_correlation() -> None:
    x, y, who = cloud(400, 0.5, 5, customers=9)
    (row,) = correlate_metrics({"a": x, "b": y}, clusters=who)
    assert np.isnan(row.correlation.value)
    x, y, who = cloud(400, 0.5, 5, customers=15)
    (row,) = correlate_metrics({"a": x, "b": y}, clusters=who)
    assert row.correlation.low < row.correlation.value
    assert [c.code for c in row.correlation.caveats] == ["small_n", "few_clusters"]


def test_every_pair_with_q_values() -> None:
    x, y, _ = cloud(200, 1.0, 2)
    noise = np.random.default_rng(3).normal(size=200)
    rows = correlate_metrics({"a": x, "b": y, "c": noise})
    assert [(r.first, r.second) for r in rows] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert all(r.q_value >= r.p_value for r in rows)
    assert rows[0].q_value < 0.001 < rows[1].q_value


def test_customers_who_repeat_widen_the_interval() -> None:
    x, y, who = cloud(600, 0.3, 4, customers=60)
    (plain,), (clustered,) = (correlate_metrics({"a": x, "b": y}, clusters=c) for c in (None, who))
    assert clustered.correlation.value == plain.correlation.value
    width = [r.correlation.high - r.correlation.low for r in (plain, clustered)]
    assert width[1] > 1.3 * width[0]


def test_order_of_rows_does_not_matter() -> None:
    x, y, who = cloud(150, 0.5, 5, customers=50)
    order = np.random.default_rng(6).permutation(150)
    for clusters in (None, who):
        one, two = (
            correlate_metrics({"a": x[o], "b": y[o]}, clusters=None if clusters is None else who[o])
            for o in (np.arange(150), order)
        )
        assert two[0].correlation.value == pytest.approx(one[0].correlation.value, abs=1e-12)
        assert two[0].correlation.low == pytest.approx(one[0].correlation.low, abs=1e-9)


@pytest.mark.parametrize(
    ("x", "code"),
    [(np.full(50, 3.0), "constant_score"), (np.where(np.arange(50) < 8, 1.0, np.nan), "small_n")],
)
def test_what_cannot_be_correlated_says_so(x: np.ndarray, code: str) -> None:
    (row,) = correlate_metrics({"a": x, "b": np.arange(50.0)})
    assert np.isnan(row.correlation.value)
    assert [c.code for c in row.correlation.caveats] == [code]


def test_a_perfect_correlation_has_no_interval() -> None:
    (row,) = correlate_metrics({"a": np.arange(40.0), "b": -np.arange(40.0)})
    assert row.correlation.value == pytest.approx(-1)
    assert np.isnan(row.correlation.low)


def test_unequal_lengths() -> None:
    with pytest.raises(ValueError, match="columns differ in length"):
        correlate_metrics({"a": np.zeros(3), "b": np.zeros(4)})


def _covered(runs: int, n: int, customers: int, slope: float = 0.6) -> int:
    big = cloud(200_000, slope, 0, customers=200_000 * customers // n)
    truth = spearmanr(big[0], big[1]).statistic
    covered = 0
    for seed in range(runs):
        x, y, who = cloud(n, slope, 1 + seed, customers=customers)
        (row,) = correlate_metrics({"a": x, "b": y}, clusters=who)
        covered += row.correlation.low <= truth <= row.correlation.high
    return covered


@pytest.mark.parametrize("slope", [0.0, 0.6])
def test_coverage(slope: float) -> None:
    runs = 200
    assert _covered(runs, 200, 100, slope) >= binom.ppf(0.0005, runs, 0.95)


@pytest.mark.full
@pytest.mark.parametrize(("n", "customers"), [(60, 30), (200, 100), (1000, 400), (5000, 2000)])
@pytest.mark.parametrize("slope", [0.0, 0.6])
def test_coverage_in_many_runs(n: int, customers: int, slope: float) -> None:
    runs = 2000
    covered = _covered(runs, n, customers, slope)
    print(f"\nn {n}, {customers} customers: {covered / runs:.2%} of the intervals cover")
    assert 0.93 * runs <= covered <= 0.97 * runs
