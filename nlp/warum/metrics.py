"""NPS, CSAT, CES, mean and rate, each with an interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

MetricName = Literal["nps", "csat", "ces", "mean", "rate"]
METRICS: tuple[MetricName, ...] = get_args(MetricName)


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
        satisfied_from: Least value counted as satisfied (CSAT; on a `lower_is_better` scale the greatest);
            by default the second best of the scale's steps.
    """

    column: str
    metric: MetricName
    low: float
    high: float
    lower_is_better: bool = False
    missing: tuple[float, ...] = ()
    satisfied_from: float | None = None
