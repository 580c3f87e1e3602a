"""Rows of `drivers.csv` from a fitted model, with the doubts about each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from warum.caveats import Caveat
from warum.occasions import Pair
from warum.reasons.least_squares import LeastSquares
from warum.reasons.sample import Sample
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
        names: Names of the model's columns, pairs first, then controls.
        caveats: Doubts about the whole model.
        controls: What the model adjusts for, (m, c).
    """

    sample: Sample
    columns: tuple[int, ...]
    fit: LeastSquares | None
    names: tuple[str, ...]
    caveats: tuple[Caveat, ...]
    controls: npt.NDArray[Any]

    def driver(self, k: int, pair: Pair, score: str, level: float) -> Driver:
        """The row of pair k; its q-value is not known yet (NaN)."""
        mass, about, _ = self.sample.moments[:, k]
        effect, impact, p_value, doubts = self._estimates(
            k, mass / self.sample.weights.sum(), level
        )
        caveats = (*doubts, *self._doubts(k, impact))
        return Driver(
            category=pair[0],
            polarity=pair[1],
            mentions=int(self.sample.counts[k]),
            share=float(mass / self.sample.weights.sum()),
            metric_among=float(self.sample.metric + about / mass),
            effect=effect,
            impact=impact,
            p_value=p_value,
            q_value=math.nan,
            method=self.method,
            caveats=caveats,
            quote_id="",
            score=score,
        )

    @property
    def method(self) -> str:
        """Short name of the method."""
        return self.fit.method if self.fit else "none"

    def _estimates(
        self, k: int, share: float, level: float
    ) -> tuple[Estimate, Estimate, float, tuple[Caveat, ...]]:
        """Effect, impact, p-value, and why one of them is missing."""
        unknown = self._interval(math.nan, math.nan, 0, level)
        if self.fit is None or k not in self.columns:
            left = self.sample.mentions.shape[1] - len(self.columns)
            return unknown, unknown, math.nan, (Caveat.of("too_many_columns", n=left),)
        j = self.columns.index(k)
        doubt = self._undetermined(self.fit, j)
        if doubt:
            return unknown, unknown, math.nan, (doubt,)
        value = float(self.fit.coefficients[j + 1])
        if self.fit.explained >= PERFECT:
            effect = self._interval(value, math.nan, 0, level)
            impact = self._interval(value * share, math.nan, 0, level)
            return effect, impact, math.nan, (Caveat.of("perfect_fit"),)
        variance = float(self.fit.covariance[j + 1, j + 1])
        of_impact = (
            share**2 * variance
            + 2 * share * value * float(self.fit.mean_covariance[j])
            + value**2 * float(self.fit.mean_variance[j])
        )
        df = self._freedom(self.fit, k)
        effect = self._interval(value, variance, df, level)
        impact = self._interval(value * share, of_impact, df, level)
        return effect, impact, _two_sided(value, variance, df), ()

    def _interval(self, value: float, variance: float, df: int, level: float) -> Estimate:
        reach = math.nan
        if variance > 0 and df > 0:
            reach = float(stdtrit(df, (1 + level) / 2)) * math.sqrt(variance)
        return Estimate(value, value - reach, value + reach, len(self.sample), self.method, level)

    def _freedom(self, fit: LeastSquares, k: int) -> int:
        """Degrees of freedom for pair k.

        A comparison with five people holds no more information than five people give, however many
        others answered (as in Welch's t test, which this is for one pair alone).
        """
        return min(fit.df, int(self.sample.fewest[k]) - 1)

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
        mentions = int(self.sample.counts[k])
        fewest = min(mentions, len(self.sample) - mentions)
        if 0 < fewest < LEAST_MENTIONS:
            doubts.append(Caveat.of("small_n", n=fewest))
        reach = (impact.high - impact.low) / 2
        if reach > WIDE * self.sample.deviation or (
            math.isnan(reach) and impact.value == impact.value
        ):
            doubts.append(Caveat.of("wide_interval"))
        mass, about, squares = self.sample.moments[:, k]
        if squares / mass - (about / mass) ** 2 < 1e-12 * self.sample.deviation**2:
            doubts.append(Caveat.of("separation", n=mentions))
        return tuple(doubts)


def _two_sided(value: float, variance: float, df: int) -> float:
    if not (variance > 0 and df > 0):
        return math.nan
    return float(2 * stdtr(df, -abs(value) / math.sqrt(variance)))
