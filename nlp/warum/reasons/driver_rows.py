"""Rows of `drivers.csv` from a fitted model, with the doubts about each."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from warum.caveats import Caveat
from warum.occasions import Pair
from warum.reasons.least_squares import LeastSquares
from warum.reasons.sample import Sample
from warum.reasons.small_sample import Precision
from warum.records import Estimate
from warum.result import Driver

LEAST_MENTIONS = 20
WIDE = 0.05  # of the scores' standard deviation
PERFECT = 1 - 1e-12


@dataclass(frozen=True)
class DriverRows:
    """A model of a sample and what is needed to tell its pairs.

    Attributes:
        sample: The occasions.
        columns: Pairs in the model (positions among the sample's pairs), in the model's order.
        fit: The model; None if it holds no pair.
        precision: How precisely it knows the effect of each of `columns`; None likewise.
        names: Names of the model's columns, pairs first, then controls.
        caveats: Doubts about the whole model.
        controls: What the model adjusts for, (m, c).
    """

    sample: Sample
    columns: tuple[int, ...]
    fit: LeastSquares | None
    precision: Precision | None
    names: tuple[str, ...]
    caveats: tuple[Caveat, ...]
    controls: npt.NDArray[Any]

    def driver(self, k: int, pair: Pair, score: str, level: float) -> Driver:
        """The row of pair k; its q-value is not known yet (NaN)."""
        mass, about, _ = self.sample.moments[:, k]
        share = float(mass / self.sample.weights.sum())
        effect, impact, p_value, doubts = self._estimates(k, share, level)
        caveats = (*doubts, *self._doubts(k, impact))
        return Driver(
            category=pair[0],
            polarity=pair[1],
            mentions=int(self.sample.counts[k]),
            share=share,
            metric_among=float(self.sample.metric + about / mass),
            effect=effect,
            impact=impact,
            p_value=p_value,
            q_value=math.nan,
            method=effect.method,
            caveats=caveats,
            quote_id="",
            score=score,
        )

    def effect(self, k: int, level: float) -> Estimate:
        """The effect of pair k at another level."""
        return self._estimates(k, math.nan, level)[0]

    def _method(self, k: int) -> str:
        """Short name of the method."""
        if self.fit is None or self.precision is None or k not in self.columns:
            return "none"
        jackknifed = bool(self.precision.jackknifed[self.columns.index(k)])
        return "ols-cr3" if jackknifed and self.fit.method == "ols-cr1" else self.fit.method

    def _estimates(
        self, k: int, share: float, level: float
    ) -> tuple[Estimate, Estimate, float, tuple[Caveat, ...]]:
        """Effect, impact, p-value, and why one of them is missing."""
        method = self._method(k)

        def told(value: float, variance: float, df: float) -> Estimate:
            return self._interval(value, variance, df, level, method)

        unknown = told(math.nan, math.nan, 0)
        if self.fit is None or self.precision is None or k not in self.columns:
            left = self.sample.mentions.shape[1] - len(self.columns)
            return unknown, unknown, math.nan, (Caveat.of("too_many_columns", n=left),)
        j = self.columns.index(k)
        doubt = self._undetermined(self.fit, j)
        if doubt:
            return unknown, unknown, math.nan, (doubt,)
        value = float(self.fit.coefficients[j + 1])
        if self.fit.explained >= PERFECT:
            bare = told(value, math.nan, 0), told(value * share, math.nan, 0)
            return *bare, math.nan, (Caveat.of("perfect_fit"),)
        if self.precision.withheld[j]:
            bare = told(value, math.nan, 0), told(value * share, math.nan, 0)
            few = Caveat.of("interval_withheld", n=int(self.sample.fewest[k]))
            return *bare, math.nan, (few,)
        variance, df = float(self.precision.variance[j]), float(self.precision.df[j])
        of_impact = (
            share**2 * variance
            + 2 * share * value * float(self.fit.mean_covariance[j])
            + value**2 * float(self.fit.mean_variance[j])
        )
        effect = told(value, variance, df)
        impact = same_side(told(value * share, of_impact, df), effect)
        return effect, impact, _two_sided(value, variance, df), ()

    def _interval(
        self, value: float, variance: float, df: float, level: float, method: str
    ) -> Estimate:
        reach = math.nan
        if variance > 0 and df > 0:
            reach = float(stdtrit(df, (1 + level) / 2)) * math.sqrt(variance)
        return Estimate(value, value - reach, value + reach, len(self.sample), method, level)

    def _undetermined(self, fit: LeastSquares, j: int) -> Caveat | None:
        if j in fit.identified.constant:
            return Caveat.of("always_mentioned")
        if j not in fit.identified.undetermined:
            return None
        others = ", ".join(self.names[i] for i in fit.identified.partners(j))
        return Caveat.of("collinear", others=others)

    def _doubts(self, k: int, impact: Estimate) -> tuple[Caveat, ...]:
        """Caveats about the precision of pair k, and those of the whole model."""
        doubts = [caveat for caveat in self.caveats if caveat.code == "few_clusters"]
        if math.isnan(impact.low):  # what the doubts below are about is not there
            return tuple(doubts)
        mentions = int(self.sample.counts[k])
        fewest = min(mentions, len(self.sample) - mentions)
        if 0 < fewest < LEAST_MENTIONS:
            doubts.append(Caveat.of("small_n", n=fewest))
        reach = (impact.high - impact.low) / 2
        if reach > WIDE * self.sample.deviation:
            doubts.append(Caveat.of("wide_interval"))
        mass, about, squares = self.sample.moments[:, k]
        if squares / mass - (about / mass) ** 2 < 1e-12 * self.sample.deviation**2:
            known = None if k not in self.columns else self.precision
            pooled = known is not None and known.pooled[self.columns.index(k)]
            doubts.append(Caveat.of("pooled_spread" if pooled else "separation", n=mentions))
        return tuple(doubts)


def same_side(impact: Estimate, effect: Estimate) -> Estimate:
    """The impact with an interval that holds 0 if and only if the effect's does.

    What is mentioned at all moves the metric if and only if it has an effect, in the same direction.
    The interval of a product, taken as symmetric, says otherwise now and then; what is cut off or
    added lies on the side that the effect's interval excludes or allows.
    """
    low, high = impact.low, impact.high
    if effect.low > 0:
        low = max(low, 0.0)
    elif effect.high < 0:
        high = min(high, 0.0)
    else:
        low, high = min(low, 0.0), max(high, 0.0)
    return replace(impact, low=low, high=high)


def _two_sided(value: float, variance: float, df: float) -> float:
    if not (variance > 0 and df > 0):
        return math.nan
    return float(2 * stdtr(df, -abs(value) / math.sqrt(variance)))
