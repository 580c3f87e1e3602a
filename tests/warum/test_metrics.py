from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.errors import UsageError
from warum.metrics import (
    METRICS,
    MetricName,
    ScoreScale,
    contributions,
    estimate_metric,
    metric_range,
    satisfied_threshold,
)

NPS = ScoreScale("nps", "nps", 0, 10)
CSAT = ScoreScale("csat", "csat", 1, 5)
MEAN = ScoreScale("stars", "mean", 1, 5)
RATE = ScoreScale("churned", "rate", 0, 1)


def scores_of(promoters: int, passives: int, detractors: int) -> np.ndarray:
    return np.repeat([10.0, 7.0, 3.0], [promoters, passives, detractors])


@pytest.mark.parametrize(
    ("scale", "scores", "expected"),
    [
        (NPS, [0, 6, 7, 8, 9, 10, np.nan], [-100, -100, 0, 0, 100, 100, np.nan]),
        (
            ScoreScale("nps", "nps", 0, 10, lower_is_better=True),
            [0, 1, 2, 3, 4, 10],
            [100, 100, 0, 0, -100, -100],
        ),
        (CSAT, [1, 3, 4, 5, np.nan], [0, 0, 100, 100, np.nan]),
        (ScoreScale("c", "csat", 1, 5, lower_is_better=True), [1, 2, 3, 5], [100, 100, 0, 0]),
        (ScoreScale("c", "csat", 1, 5, satisfied_from=5), [4, 5], [0, 100]),
        (
            ScoreScale("c", "csat", 1, 5, lower_is_better=True, satisfied_from=1),
            [1, 2],
            [100, 0],
        ),
        (RATE, [0, 1, np.nan], [0, 100, np.nan]),
        # A churn rate stays the rate of the churned, whatever is better.
        (ScoreScale("churned", "rate", 0, 1, lower_is_better=True), [0, 1], [0, 100]),
        (ScoreScale("ces", "ces", 1, 7, lower_is_better=True), [1, 7, np.nan], [1, 7, np.nan]),
        (MEAN, [1.5, 5], [1.5, 5]),
    ],
)
def test_contributions(scale: ScoreScale, scores: list[float], expected: list[float]) -> None:
    np.testing.assert_array_equal(contributions(np.array(scores, dtype=float), scale), expected)


@pytest.mark.parametrize(
    ("low", "high", "lower", "threshold"),
    [
        (1, 5, False, 4),
        (1, 5, True, 2),
        (1, 7, False, 6),
        (0, 10, False, 9),
        (1, 3, False, 2),
        (0, 1, False, 1),
        (0, 1, True, 0),
        (0, 100, False, 60),
        (0, 100, True, 40),
    ],
)
def test_top_two_by_default(low: float, high: float, lower: bool, threshold: float) -> None:
    assert satisfied_threshold(ScoreScale("c", "csat", low, high, lower)) == threshold


def test_nps_is_the_adjusted_wald_interval_of_rocks() -> None:
    # By hand: 50 promoters, 30 passives, 20 detractors plus 3/4, 3/2, 3/4. p+ = 50.75/103,
    # p- = 20.75/103, centre 30/103 = 0.2912621, variance p+ + p- - centre^2 = 0.6093468,
    # se = sqrt(0.6093468 / 103) = 0.0769154; 1.959964 se = 0.1507513.
    estimate = estimate_metric(scores_of(50, 30, 20), NPS)
    assert estimate.value == pytest.approx(30)
    assert estimate.low == pytest.approx(100 * (0.2912621 - 0.1507513), abs=1e-4)
    assert estimate.high == pytest.approx(100 * (0.2912621 + 0.1507513), abs=1e-4)
    assert (estimate.method, estimate.n, estimate.caveats) == ("adjusted-wald", 100, ())


def test_wilson_for_a_rate() -> None:
    # 8 of 10: the textbook interval 0.4902 .. 0.9433.
    estimate = estimate_metric(np.repeat([1.0, 0.0], [8, 2]), RATE)
    assert (estimate.value, estimate.method) == (80, "wilson")
    assert estimate.low == pytest.approx(49.02, abs=0.01)
    assert estimate.high == pytest.approx(94.33, abs=0.01)
    assert [caveat.code for caveat in estimate.caveats] == ["small_n"]


def test_mean_is_the_t_interval() -> None:
    from scipy import stats

    scores = np.array([1, 2, 2, 3, 5, 4, 4, 3.0])
    estimate = estimate_metric(scores, MEAN, level=0.9)
    reference = stats.ttest_1samp(scores, 0).confidence_interval(0.9)
    assert (estimate.low, estimate.high) == pytest.approx(tuple(reference))
    assert estimate.method == "t"


def test_clustered_mean_equals_statsmodels() -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(1)
    clusters = np.repeat(np.arange(40), rng.integers(1, 6, 40))
    scores = np.clip(rng.normal(3, 0.5, len(clusters)) + rng.normal(0, 0.5, 40)[clusters], 1, 5)
    weights = rng.uniform(0.5, 2, len(clusters))
    estimate = estimate_metric(scores, MEAN, weights=weights, clusters=clusters)
    fit = sm.WLS(scores, np.ones(len(scores)), weights=weights).fit(
        cov_type="cluster", cov_kwds={"groups": clusters}, use_t=True
    )
    assert estimate.value == pytest.approx(fit.params[0])
    assert (estimate.low, estimate.high) == pytest.approx(tuple(fit.conf_int()[0]))
    assert estimate.method == "t-cr1"


@pytest.mark.parametrize("metric", METRICS)
def test_singletons_of_equal_weight_change_nothing(metric: MetricName) -> None:
    scale = ScoreScale("s", metric, 0, 10)
    scores = np.arange(11.0).repeat(4)
    plain = estimate_metric(scores, scale)
    clusters = np.array([f"c{i}" for i in range(44)], dtype=object)
    assert estimate_metric(scores, scale, clusters=clusters) == plain
    assert estimate_metric(scores, scale, weights=np.full(44, 2.5)).method == plain.method


@pytest.mark.parametrize("metric", METRICS)
def test_doubled_rows_of_one_customer_do_not_narrow_the_interval(metric: MetricName) -> None:
    scale = ScoreScale("s", metric, 0, 10)
    scores = np.random.default_rng(2).integers(0, 11, 60).astype(float)
    once = estimate_metric(scores, scale)
    twice = estimate_metric(scores.repeat(2), scale, clusters=np.arange(60).repeat(2))
    assert twice.value == pytest.approx(once.value)
    assert twice.high - twice.low > 0.97 * (once.high - once.low)


@pytest.mark.parametrize(
    ("weights", "method"), [(None, "adjusted-wald"), ([1.0, 3.0] * 30, "adjusted-wald-hc1")]
)
def test_method_says_what_the_interval_rests_on(weights: list[float] | None, method: str) -> None:
    scores = scores_of(30, 20, 10)
    given_weights = None if weights is None else np.array(weights)
    assert estimate_metric(scores, NPS, weights=given_weights).method == method


def test_without_scores_there_is_no_number() -> None:
    estimate = estimate_metric(np.array([np.nan, np.nan]), NPS)
    assert math.isnan(estimate.value)
    assert math.isnan(estimate.low)
    assert estimate.n == 0


def test_missing_scores_and_zero_weights_are_left_out() -> None:
    scores = np.array([10, np.nan, 0, 9.0])
    estimate = estimate_metric(scores, NPS, weights=np.array([1, 1, 0, 1.0]))
    assert (estimate.value, estimate.n) == (100, 2)


def test_equal_scores_withhold_the_interval_of_a_mean() -> None:
    estimate = estimate_metric(np.full(6, 5.0), MEAN)
    assert estimate.value == 5
    assert math.isnan(estimate.low)
    assert [caveat.code for caveat in estimate.caveats] == ["constant_score", "small_n"]


def test_equal_scores_of_clusters_still_have_an_interval_for_a_proportion() -> None:
    # Ten customers who always say yes are ten yeses, not fifty.
    estimate = estimate_metric(np.ones(50), RATE, clusters=np.arange(10).repeat(5))
    assert estimate.value == estimate.high == 100
    assert estimate.low < estimate_metric(np.ones(10), RATE).low
    assert [caveat.code for caveat in estimate.caveats] == ["few_clusters"]


@pytest.mark.parametrize("scale", [NPS, CSAT, MEAN, RATE])
def test_one_customer_gives_no_interval(scale: ScoreScale) -> None:
    estimate = estimate_metric(np.array([1.0, 0, 1, 1]), scale, clusters=np.zeros(4))
    assert math.isnan(estimate.low)
    assert {caveat.code for caveat in estimate.caveats} == {"small_n", "few_clusters"}


@pytest.mark.parametrize("wrong", [-1.0, np.nan, np.inf])
def test_weights_that_cannot_be_meant(wrong: float) -> None:
    with pytest.raises(UsageError, match="of occasion 1 is not usable"):
        estimate_metric(np.array([1.0, 2]), NPS, weights=np.array([1.0, wrong]))


@settings(max_examples=150, deadline=None)
@given(
    metric=st.sampled_from(METRICS),
    scores=st.lists(st.integers(0, 10), min_size=1, max_size=40),
    seed=st.integers(0, 99),
    level=st.sampled_from([0.5, 0.8, 0.95, 0.99]),
)
def test_interval_holds_the_value_and_stays_in_range(
    metric: MetricName, scores: list[int], seed: int, level: float
) -> None:
    rng = np.random.default_rng(seed)
    scale = ScoreScale("s", metric, 0, 10)
    values = np.array(scores, dtype=float)
    estimate = estimate_metric(
        values,
        scale,
        weights=rng.choice([1.0, 1.0, 2.5], len(values)) if seed % 2 else None,
        clusters=rng.integers(0, 8, len(values)) if seed % 3 else None,
        level=level,
    )
    least, most = metric_range(scale)
    assert least <= estimate.value <= most
    if not math.isnan(estimate.low):
        assert least <= estimate.low <= estimate.value <= estimate.high <= most


def covered(metric: MetricName, *, clustered: bool, seed: int, runs: int = 400) -> int:
    """How many intervals hold the truth; a customer's scores are alike where clustered."""
    rng = np.random.default_rng(seed)
    scale = ScoreScale("s", metric, 0, 10)
    shares = np.array([1, 0, 1, 1, 1, 3, 3, 10, 20, 25, 35]) / 100
    truth = float(contributions(np.arange(11.0), scale) @ shares)
    edges, hits = np.cumsum(shares)[:-1], 0
    for _ in range(runs):
        sizes = rng.integers(1, 5, 80) if clustered else np.ones(120, dtype=int)
        customers = np.repeat(np.arange(len(sizes)), sizes)
        # One customer repeats the first score half of the time; shares stay as they are.
        own, first = rng.random(len(customers)), rng.random(len(sizes))[customers]
        same = rng.random(len(customers)) < (0.5 if clustered else 0)
        scores = np.searchsorted(edges, np.where(same, first, own)).astype(float)
        estimate = estimate_metric(scores, scale, clusters=customers)
        hits += estimate.low <= truth <= estimate.high
    return hits


@pytest.mark.parametrize("clustered", [False, True])
@pytest.mark.parametrize("metric", ["nps", "csat", "mean"])
def test_intervals_cover(metric: MetricName, clustered: bool) -> None:
    runs = 400
    rate = covered(metric, clustered=clustered, seed=7, runs=runs) / runs
    assert abs(rate - 0.95) < 3.3 * math.sqrt(0.95 * 0.05 / runs)


def test_one_heavy_weight_is_one_case() -> None:
    scores = scores_of(30, 20, 30)
    weights = np.ones(80)
    weights[0] = 1e9
    (doubt,) = estimate_metric(scores, NPS, weights=weights).caveats
    assert (doubt.code, dict(doubt.details)) == ("small_n", {"n": 1})
    assert estimate_metric(scores, NPS, weights=np.full(80, 0.3)).caveats == ()
