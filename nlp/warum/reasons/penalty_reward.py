"""Penalty, reward and their contrasts from the linear model of all pairs, with one-sided p-values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from warum.occasions import Pair
from warum.reasons.cluster_jackknife import small_sample
from warum.reasons.design import Design, Floats
from warum.reasons.least_squares import LeastSquares, fit_least_squares
from warum.reasons.level import LevelFit
from warum.reasons.sample import Sample
from warum.reasons.small_sample import LEAST_FREEDOM, LEAST_PEOPLE, variance_floor, worth_counting
from warum.records import Estimate
from warum.result import Driver

Kind = Literal["basic", "performance", "excitement", "undecided"]
METHOD = "penalty-reward"
RATIO = 2.0  # performance: neither penalty nor reward is more than this multiple of the other
AGREE = frozenset({"separation", "pooled_spread"})


@dataclass(frozen=True)
class Weighed:
    """Penalty, reward, contrast, and the two whose signs show that neither is twice the other."""

    complaint: Driver
    praise: Driver
    values: Floats  # (5,)
    errors: Floats  # (5,), NaN where there is no interval
    df: Floats  # (5,)

    @property
    def claims(self) -> dict[Kind, float]:
        """One-sided p-value of each claim, the preferred one first."""
        t = self.values / self.errors
        above, below = stdtr(self.df, -t), stdtr(self.df, t)
        return {
            "performance": float(max(above[3], above[4])),
            "basic": float(max(above[2], above[0])),
            "excitement": float(max(below[2], above[1])),
        }

    @property
    def p_value(self) -> float:
        """Each claim is tested at half the error rate: see the module's text."""
        if np.isnan(self.errors).any():
            return math.nan
        return min(1.0, 2 * min(self.claims.values()))

    def estimate(self, which: int, n: int, level: float) -> Estimate:
        """Number `which` of `values` with its interval from n occasions."""
        value, reach = float(self.values[which]), math.nan
        if math.isfinite(self.errors[which]):
            reach = float(stdtrit(self.df[which], (1 + level) / 2) * self.errors[which])
        return Estimate(value, value - reach, value + reach, n, METHOD, level)


@dataclass(frozen=True)
class PairModel:
    """The linear model of the drivers again, with what combinations of its slopes need."""

    sample: Sample
    design: Design
    fit: LeastSquares
    at: dict[Pair, int]

    @classmethod
    def of(cls, sample: Sample, pairs: Sequence[Pair], linear: LevelFit) -> PairModel:
        """The model behind `linear`, which is of the same occasions."""
        modelled = sorted(
            pairs.index((driver.category, driver.polarity))
            for driver in linear.drivers
            if not any(caveat.code == "too_many_columns" for caveat in driver.caveats)
        )
        left_out = any(caveat.code == "controls_left_out" for caveat in linear.caveats)
        controls = sample.controls[:, :0] if left_out else sample.controls
        design = Design((sample.only(modelled), controls))
        fit = fit_least_squares(design, sample.y, weights=sample.weights, clusters=sample.clusters)
        return cls(sample, design, fit, {pairs[k]: j for j, k in enumerate(modelled)})

    def weighed(self, both: Sequence[tuple[Driver, Driver]]) -> list[Weighed]:
        """What each complaint and the praise of the same category weigh."""
        columns = np.concatenate([self._combinations(*pair) for pair in both], axis=1)
        fewest = np.repeat([min(self._fewest(driver) for driver in pair) for pair in both], 5)
        exact = worth_counting(self.design, fewest)
        found = small_sample(
            self.design, self.sample.y, self.fit, columns,
            weights=self.sample.weights, clusters=self.sample.clusters, exact=exact,
        )  # fmt: skip
        df = np.where(exact, found.df, np.minimum(fewest - 1, self.fit.df))
        slopes = self.fit.coefficients[1:]
        values = np.where(np.isnan(slopes), 0.0, slopes) @ columns
        values[np.isnan(slopes) @ (columns != 0)] = np.nan
        variance = np.maximum(found.variance, variance_floor(fewest, _alike(both)) * found.pooled)
        usable = (df >= LEAST_FREEDOM) & (fewest >= LEAST_PEOPLE)
        errors = np.sqrt(np.where(usable & (variance > 0), variance, np.nan))
        return [
            Weighed(*pair, values[at], errors[at], df[at])
            for pair, at in zip(both, np.arange(len(values)).reshape(len(both), 5), strict=True)
        ]

    def _fewest(self, driver: Driver) -> int:
        column = self.at.get((driver.category, driver.polarity))
        if column is None:
            return 0
        people = self.sample.people
        mentioned = self.design.parts[0][:, column : column + 1]
        if people is None:
            return int(min(mentioned.sum(), (~mentioned).sum()))
        return int(min(people.holding(mentioned)[0], people.holding(~mentioned)[0]))

    def _combinations(self, complaint: Driver, praise: Driver) -> Floats:
        """(p, 5); a pair outside the model leaves its part out, and its row unknown."""
        penalty, reward = np.zeros((2, self.design.p))
        negative = self.at.get((complaint.category, "negative"))
        positive = self.at.get((praise.category, "positive"))
        if negative is not None and positive is not None:
            penalty[negative], reward[positive] = -1.0, 1.0
        twice = (RATIO * reward - penalty, RATIO * penalty - reward)
        return np.stack((penalty, reward, penalty - reward, *twice), axis=1)


def _alike(both: Sequence[tuple[Driver, Driver]]) -> npt.NDArray[np.bool_]:
    """Where all mentions of one side agree: their own spread says nothing, (5 pairs,)."""
    agree = [
        any(caveat.code in AGREE for driver in pair for caveat in driver.caveats) for pair in both
    ]
    return np.repeat(np.array(agree, dtype=np.bool_), 5)
