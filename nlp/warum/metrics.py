"""NPS, CSAT, CES, mean and rate, each with an interval.

Every metric is the weighted mean of one number per scoring occasion (its contribution), so that
drivers, segments and changes can be computed on that number and add up to the metric.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from warum.caveats import Caveat
from warum.errors import UsageError
from warum.records import Estimate

MetricName = Literal["nps", "csat", "ces", "mean", "rate"]
METRICS: tuple[MetricName, ...] = get_args(MetricName)

Floats = npt.NDArray[np.float64]

SMALL_N = 30
FEW_CLUSTERS = 20
_STEPS_WITH_TOP_TWO = 11


@dataclass(frozen=True, slots=True)
class ScoreScale:
    """How a score column is read.

    Attributes:
        column: Its header.
        metric: The metric computed from it.
        low: Least value of the scale.
        high: Greatest value of the scale.
        lower_is_better: Whether small values are the good ones.
        missing: Codes that stand for "no score".
        satisfied_from: Least value counted as satisfied (CSAT; on a `lower_is_better` scale the
            greatest); by default the second best of the scale's steps.
    """

    column: str
    metric: MetricName
    low: float
    high: float
    lower_is_better: bool = False
    missing: tuple[float, ...] = ()
    satisfied_from: float | None = None


def satisfied_threshold(scale: ScoreScale) -> float:
    """The worst value that still counts as satisfied (CSAT).

    `scale.satisfied_from` where it is given. Else the second best step of a scale of 3 to 11 steps,
    the best of two, and the best two fifths of a finer scale (from 60 of 0-100).
    """
    if scale.satisfied_from is not None:
        return scale.satisfied_from
    width = scale.high - scale.low
    below_best = 1.0 if width > 1 else 0.0
    if width + 1 > _STEPS_WITH_TOP_TWO:
        below_best = 0.4 * width
    return scale.low + below_best if scale.lower_is_better else scale.high - below_best


def metric_range(scale: ScoreScale) -> tuple[float, float]:
    """Least and greatest value the metric can take, in its unit."""
    if scale.metric == "nps":
        return -100.0, 100.0
    return (0.0, 100.0) if scale.metric in ("csat", "rate") else (scale.low, scale.high)


def contributions(scores: Floats, scale: ScoreScale) -> Floats:
    """What each score adds to the metric: the metric is the weighted mean of these numbers.

    NPS: 100 for 9-10, 0 for 7-8, -100 below (mirrored where lower is better). CSAT: 100 from the
    satisfied threshold on, else 0. Rate: 100 for the scale's greatest value (or from
    `satisfied_from` on), else 0, whatever is better. CES and mean: the score itself, in its own
    unit.

    Args:
        scores: Scores, shape (n,); NaN where missing.
        scale: How they are read.

    Returns:
        Contributions in the metric's unit, shape (n,); NaN stays NaN.
    """
    scores = np.asarray(scores, dtype=np.float64)
    if scale.metric in ("ces", "mean"):
        return scores.copy()
    if scale.metric == "nps":
        good = scale.low + scale.high - scores if scale.lower_is_better else scores
        y = 100.0 * (good >= 9) - 100.0 * (good < 7)
    elif scale.metric == "rate":
        y = 100.0 * (
            scores >= (scale.high if scale.satisfied_from is None else scale.satisfied_from)
        )
    else:
        threshold = satisfied_threshold(scale)
        y = 100.0 * ((scores <= threshold) if scale.lower_is_better else (scores >= threshold))
    return np.where(np.isnan(scores), np.nan, y)


def estimate_metric(
    scores: Floats,
    scale: ScoreScale,
    *,
    weights: Floats | None = None,
    clusters: npt.NDArray[Any] | None = None,
    level: float = 0.95,
) -> Estimate:
    """The metric with its interval.

    NPS: adjusted Wald (3 pseudo-observations spread as 3/4, 3/2, 3/4 over the classes; Rocks 2016,
    arXiv:1601.07235). CSAT and rate: Wilson. CES and mean: t. With unequal weights or with clusters
    of more than one occasion the same formulas use t with G - 1 degrees of freedom and either the
    cluster-robust (CR1) variance (means) or the effective sample size it implies, at most n
    (proportions), so that intervals stay inside the metric's range. The interval always holds the
    value.

    Args:
        scores: Scores, shape (n,); NaN where missing, such occasions are left out.
        scale: How they are read.
        weights: Weights, at least 0, shape (n,); occasions of weight 0 are left out.
        clusters: Customer of each occasion, shape (n,).
        level: Confidence level, between 0 and 1.

    Returns:
        The estimate; `n` counts scored occasions. Value and interval are NaN without scores; only
        the interval is NaN where nothing shows how much the scores vary.

    Raises:
        UsageError: If a weight is negative or not finite.
    """
    y = contributions(scores, scale)
    weights = checked_weights(weights, len(y))
    used = ~np.isnan(y) & (weights > 0)
    if not used.any():
        nan = math.nan
        return Estimate(nan, nan, nan, 0, "none", level, (Caveat.of("small_n", n=0),))
    sample = _Sample.of(y[used], weights[used], None if clusters is None else clusters[used])
    estimate = _interval_of(scale)(sample, scale, level)
    caveats = list(estimate.caveats)
    if sample.worth < SMALL_N:
        caveats.append(Caveat.of("small_n", n=sample.worth))
    if sample.clustered and sample.groups < FEW_CLUSTERS:
        caveats.append(Caveat.of("few_clusters", n=sample.groups))
    return replace(estimate, caveats=tuple(caveats))


def checked_weights(weights: Floats | None, n: int) -> Floats:
    """The weights as floats of shape (n,); ones where there are none.

    Raises:
        UsageError: If a weight is negative or not finite.
    """
    if weights is None:
        return np.ones(n)
    weights = np.asarray(weights, dtype=np.float64)
    wrong = ~np.isfinite(weights) | (weights < 0)
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        raise UsageError(
            f"Weight {weights[first]} of occasion {first} is not usable: weights are 0 or more.",
            hint="Correct the weight column or leave --weight out.",
        )
    return weights


@dataclass(frozen=True)
class _Sample:
    """Contributions and how they hang together."""

    y: Floats
    share: Floats  # weights that sum to one
    cluster: npt.NDArray[np.int64]
    groups: int
    clustered: bool
    plain: bool  # independent occasions of equal weight

    @classmethod
    def of(cls, y: Floats, weights: Floats, clusters: npt.NDArray[Any] | None) -> _Sample:
        cluster, groups = np.arange(len(y)), len(y)
        if clusters is not None:
            names, codes = np.unique(clusters, return_inverse=True)
            cluster, groups = codes.astype(np.int64), len(names)
        clustered = groups < len(y)
        equal = bool(np.all(weights == weights[0]))
        return cls(y, weights / weights.sum(), cluster, groups, clustered, equal and not clustered)

    @property
    def n(self) -> int:
        return len(self.y)

    @property
    def worth(self) -> int:
        """As how many occasions they count: few heavy weights make the others as good as none (Kish)."""
        return min(self.n, round(1 / float(self.share @ self.share)))

    @property
    def value(self) -> float:
        # Clipped, because a weighted mean may leave the range of the values in the last digit.
        return float(np.clip(self.share @ self.y, self.y.min(), self.y.max()))

    def weighted(self, of: npt.NDArray[Any]) -> float:
        """Weighted mean of another number of the same occasions."""
        return float(self.share @ of)

    def variance(self) -> float:
        """Variance of the weighted mean, CR1; NaN with one cluster."""
        if self.groups < 2:
            return math.nan
        sums = np.bincount(self.cluster, self.share * (self.y - self.value), minlength=self.groups)
        return float(sums @ sums) * self.groups / (self.groups - 1)

    def effective_n(self, spread: float) -> float:
        """The number of independent occasions that would be as precise, at most n.

        Where the values do not vary, so that the data cannot show how alike a customer's occasions
        are, they count as one (the number that Kish's formula gives for the clusters' weights).
        """
        variance = self.variance()
        if spread > 0 and variance > 0:
            return min(float(self.n), spread / variance)
        sums = np.bincount(self.cluster, self.share, minlength=self.groups)
        return min(float(self.n), 1 / float(sums @ sums))

    def quantile(self, level: float, *, normal: bool) -> float:
        """Half width in standard errors; infinite with one cluster."""
        from scipy.special import ndtri, stdtrit  # takes longer than all else at the start

        upper = (1 + level) / 2
        if normal:
            return float(ndtri(upper))
        return float(stdtrit(self.groups - 1, upper)) if self.groups > 1 else math.inf

    def method(self, name: str) -> str:
        """The method's name with the variance it rests on."""
        return name if self.plain else f"{name}-{'cr1' if self.clustered else 'hc1'}"


def _interval_of(scale: ScoreScale) -> Callable[[_Sample, ScoreScale, float], Estimate]:
    if scale.metric == "nps":
        return _adjusted_wald
    return _wilson if scale.metric in ("csat", "rate") else _t_interval


def _adjusted_wald(sample: _Sample, scale: ScoreScale, level: float) -> Estimate:
    promoters, detractors = sample.weighted(sample.y > 0), sample.weighted(sample.y < 0)
    spread = promoters + detractors - (promoters - detractors) ** 2
    n = float(sample.n) if sample.plain else sample.effective_n(spread * 100**2)
    plus, minus = (promoters * n + 0.75) / (n + 3), (detractors * n + 0.75) / (n + 3)
    error = math.sqrt((plus + minus - (plus - minus) ** 2) / (n + 3))
    reach = sample.quantile(level, normal=sample.plain) * error
    return _bounded(sample, "adjusted-wald", 100 * (plus - minus), 100 * reach, scale, level)


def _wilson(sample: _Sample, scale: ScoreScale, level: float) -> Estimate:
    p = sample.value / 100
    n = float(sample.n) if sample.plain else sample.effective_n(p * (1 - p) * 100**2)
    z = sample.quantile(level, normal=sample.plain)
    if not math.isfinite(z):
        return _bounded(sample, "wilson", sample.value, math.inf, scale, level)
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return _bounded(sample, "wilson", 100 * centre, 100 * reach, scale, level)


def _t_interval(sample: _Sample, scale: ScoreScale, level: float) -> Estimate:
    reach = sample.quantile(level, normal=False) * math.sqrt(sample.variance())
    # Equal scores have no variance to build an interval from; a width of 0 would claim certainty.
    estimate = _bounded(sample, "t", sample.value, reach if reach > 0 else math.nan, scale, level)
    constant = sample.n > 1 and bool(np.all(sample.y == sample.y[0]))
    return replace(estimate, caveats=(Caveat.of("constant_score"),)) if constant else estimate


def _bounded(
    sample: _Sample, name: str, centre: float, reach: float, scale: ScoreScale, level: float
) -> Estimate:
    """Cut the interval to the metric's range, stretch it to the value; withhold it if infinite."""
    value = sample.value
    low = high = math.nan
    if math.isfinite(reach):
        least, most = metric_range(scale)
        low, high = min(value, max(least, centre - reach)), max(value, min(most, centre + reach))
    return Estimate(value, low, high, sample.n, sample.method(name), level)
