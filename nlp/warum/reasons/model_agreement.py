"""How far two models of the same occasions agree about their drivers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from warum.records import Estimate
from warum.result import Driver


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the model of the classes and the linear model agree.

    Attributes:
        compared: Pairs that both tell an impact of.
        rank: Spearman's correlation of their impacts, -1..1; NaN below three pairs.
        largest: Largest difference of impacts, in the metric's unit.
        apart: Pairs of which one model's effect lies outside the other's interval.
    """

    compared: int
    rank: float
    largest: float
    apart: int


def lie_apart(one: Estimate, other: Estimate) -> bool:
    """Whether either value lies outside the other's interval."""
    outside = not one.low <= other.value <= one.high, not other.low <= one.value <= other.high
    known = math.isfinite(one.low), math.isfinite(other.low)
    return any(apart and there for apart, there in zip(outside, known, strict=True))


def compare_models(drivers: Sequence[Driver], linear: Sequence[Driver]) -> Agreement:
    """Compare the rows of two models of the same pairs in the same order."""
    from scipy.stats import spearmanr

    both = [
        (one, other)
        for one, other in zip(drivers, linear, strict=True)
        if math.isfinite(one.impact.value) and math.isfinite(other.impact.value)
    ]
    ours = np.array([one.impact.value for one, _ in both])
    theirs = np.array([other.impact.value for _, other in both])
    rank = math.nan
    if len(both) >= 3 and np.ptp(ours) > 0 and np.ptp(theirs) > 0:
        rank = float(spearmanr(ours, theirs).statistic)
    return Agreement(
        compared=len(both),
        rank=rank,
        largest=float(np.abs(ours - theirs).max()) if both else math.nan,
        apart=sum(lie_apart(one.effect, other.effect) for one, other in both),
    )
