"""The plan of all drivers of a result: from a pilot where there is one, else from an assumed F1."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from warum.audit.driver_records import CorrectedFit
from warum.audit.planner import Plan, Precision, plan_from_f1, plan_from_pilot
from warum.errors import UsageError
from warum.metrics import contributions
from warum.records import Polarity
from warum.result import ScoreResult

What = Literal["effect", "impact", "share"]
WHATS: tuple[What, ...] = get_args(What)


@dataclass(frozen=True, slots=True)
class PlannedDriver:
    """What labels would give for one pair.

    Attributes:
        category: Its code.
        polarity: Its polarity.
        share: Share of occasions that mention it, 0..1.
        plan: Precision of share, effect and impact by the number of labels.
    """

    category: str
    polarity: Polarity
    share: float
    plan: Plan

    def precision(self, what: What) -> Precision:
        """How precise one of the three would be."""
        chosen: Precision = getattr(self.plan, what)
        return chosen


def plan_drivers(score: ScoreResult, f1: float) -> tuple[PlannedDriver, ...]:
    """Plan every driver of a score from an assumed F1 of the model.

    Args:
        score: The score with its drivers.
        f1: Assumed F1 of the model on each pair, 0..1.

    Returns:
        In the order of the drivers; those without an effect, or that all occasions mention, are left out.

    Raises:
        UsageError: If `f1` is out of range.
    """
    if not 0 <= f1 <= 1:
        raise UsageError(f"--f1 is {f1:g}, expected a number from 0 to 1.")
    deviation = _unexplained(score)
    return tuple(
        PlannedDriver(
            d.category, d.polarity, d.share,
            plan_from_f1(
                d.share, f1, score.metric.n, deviation=deviation, effect=d.effect.value
            ),
        )
        for d in score.drivers
        if 0 < d.share < 1 and not math.isnan(d.effect.value)
    )  # fmt: skip


def plan_pilot(fit: CorrectedFit) -> tuple[PlannedDriver, ...]:
    """Plan every driver that a first audit sample could correct, in their order."""
    return tuple(
        PlannedDriver(
            d.category, d.polarity, d.share.corrected.value, plan_from_pilot(d, fit.labelled)
        )
        for d in fit.drivers
        if not math.isnan(d.impact.low)
    )


def _unexplained(score: ScoreResult) -> float:
    """Standard deviation of the contributions that the mentions leave unexplained."""
    if not score.distribution:
        return 0.0
    values, counts = (
        np.array(part, dtype=np.float64) for part in zip(*score.distribution, strict=True)
    )
    y = contributions(values, score.scale)
    mean = float(counts @ y) / counts.sum()
    variance = float(counts @ (y - mean) ** 2) / counts.sum()
    explained = 0.0 if math.isnan(score.explained) else score.explained
    return math.sqrt(variance * (1 - explained))
