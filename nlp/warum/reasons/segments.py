"""The metric per segment and per period, with small groups left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from warum.metrics import Floats, ScoreScale, estimate_metric
from warum.records import Estimate
from warum.result import SegmentMetric

Dates = npt.NDArray[np.datetime64]
Step = Literal["week", "month", "quarter"]

_MONTHS_FOR_QUARTERS = 24
_MONTHS_FOR_MONTHS = 3


def segment_metrics(
    scores: Floats,
    scale: ScoreScale,
    segments: Mapping[str, npt.NDArray[Any]],
    *,
    people: npt.NDArray[Any] | None = None,
    weights: Floats | None = None,
    clusters: npt.NDArray[Any] | None = None,
    min_group: int = 5,
    level: float = 0.95,
) -> tuple[tuple[SegmentMetric, ...], int]:
    """The metric in every value of every segment column.

    Args:
        scores: Score of each occasion, (m,); NaN where missing.
        scale: How they are read.
        segments: Column to value per occasion, str or None, object (m,); None is no segment.
        people: Person of each occasion, (m,), for counting; `clusters` where None.
        weights: (m,); None for equal ones.
        clusters: Customer of each occasion, (m,), for the intervals; None where each is its own.
        min_group: Groups of fewer people are left out, and where these are few, the next smallest.
        level: Confidence level.

    Returns:
        Column by column the metrics, most occasions first, ties by name; and the number of groups
        left out for being small.
    """
    scored = _Scored.of(scores, scale, people, weights, clusters)
    shown: list[SegmentMetric] = []
    suppressed = 0
    for by, values in segments.items():
        groups, small = _grouped(scored, by, values, min_group, level)
        shown += sorted(groups, key=lambda group: (-group.estimate.n, group.value))
        suppressed += small
    return tuple(shown), suppressed


def period_metrics(
    scores: Floats,
    scale: ScoreScale,
    dates: Dates,
    *,
    people: npt.NDArray[Any] | None = None,
    weights: Floats | None = None,
    clusters: npt.NDArray[Any] | None = None,
    min_group: int = 5,
    level: float = 0.95,
) -> tuple[tuple[SegmentMetric, ...], int]:
    """The metric per period (`by` = "period").

    Args:
        scores: Score of each occasion, (m,); NaN where missing.
        scale: How they are read.
        dates: datetime64[D] (m,); occasions without a date (NaT) are left out.
        people: Person of each occasion, (m,), for counting; `clusters` where None.
        weights: (m,); None for equal ones.
        clusters: Customer of each occasion, (m,), for the intervals; None where each is its own.
        min_group: Periods of fewer people are left out, and where these are few, the next smallest.
        level: Confidence level.

    Returns:
        The metrics by ascending period ("2026-03", "2026-Q1" or "2026-W09", see `period_step`), and
        the number of periods left out for being small.
    """
    scored = _Scored.of(scores, scale, people, weights, clusters)
    labels = period_labels(dates, period_step(dates[~np.isnan(scores)]))
    groups, small = _grouped(scored, "period", labels, min_group, level)
    return tuple(sorted(groups, key=lambda group: group.value)), small


def period_step(dates: Dates) -> Step:
    """Months by default; quarters over more than 24 months; weeks below 3.

    Args:
        dates: datetime64[D] (m,); the calendar months between first and last count.
    """
    known = dates[~np.isnat(dates)].astype("datetime64[M]").astype(np.int64)
    months = int(known.max() - known.min()) + 1 if len(known) else _MONTHS_FOR_MONTHS
    if months > _MONTHS_FOR_QUARTERS:
        return "quarter"
    return "month" if months >= _MONTHS_FOR_MONTHS else "week"


def period_labels(dates: Dates, step: Step) -> npt.NDArray[Any]:
    """Name of the period of each date, object (m,), sortable; None where there is no date.

    Weeks are those of ISO 8601: they begin on Monday and belong to the year of their Thursday.
    """
    days = dates.astype("datetime64[D]")
    labels = np.full(len(days), None, dtype=object)
    known = np.flatnonzero(~np.isnat(days))
    # Few days occur many times: name each once.
    distinct, of = np.unique(days[known], return_inverse=True)
    names = np.empty(len(distinct), dtype=object)
    names[:] = [_label(day, step) for day in distinct.tolist()]
    labels[known] = names[of]
    return labels


def _label(day: Any, step: Step) -> str:  # noqa: ANN401 - datetime.date, which NumPy does not declare
    if step == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04d}-W{week:02d}"
    return f"{day:%Y-%m}" if step == "month" else f"{day:%Y}-Q{(day.month + 2) // 3}"


@dataclass(frozen=True)
class _Scored:
    """The occasions of one score column; every person is known, if only as itself."""

    scores: Floats
    scale: ScoreScale
    people: npt.NDArray[Any]
    weights: Floats | None
    clusters: npt.NDArray[Any] | None

    @classmethod
    def of(
        cls,
        scores: Floats,
        scale: ScoreScale,
        people: npt.NDArray[Any] | None,
        weights: Floats | None,
        clusters: npt.NDArray[Any] | None,
    ) -> _Scored:
        people = clusters if people is None else people
        people = np.arange(len(scores)) if people is None else people
        return cls(np.asarray(scores, dtype=np.float64), scale, people, weights, clusters)

    def metric(self, at: npt.NDArray[np.int64], level: float) -> Estimate:
        """The metric over some of the occasions."""
        return estimate_metric(
            self.scores[at],
            self.scale,
            weights=None if self.weights is None else self.weights[at],
            clusters=None if self.clusters is None else self.clusters[at],
            level=level,
        )


def _grouped(
    scored: _Scored, by: str, values: npt.NDArray[Any], min_group: int, level: float
) -> tuple[list[SegmentMetric], int]:
    """One metric per value that enough people gave, and how many values have too few."""
    members: dict[str, list[int]] = {}
    labels = values.tolist()
    used = np.flatnonzero(~np.isnan(scored.scores))
    for position in used.tolist():
        if labels[position] is not None:
            members.setdefault(str(labels[position]), []).append(position)
    groups = {value: np.array(at, dtype=np.int64) for value, at in members.items()}
    people = {value: len(np.unique(scored.people[at])) for value, at in groups.items()}
    large = [value for value in groups if people[value] >= min_group]
    kept = large
    if len(large) < len(groups):
        kept = safe_groups(
            scored.people, used, {value: groups[value] for value in large}, min_group
        )
    shown = [
        SegmentMetric(by, value, scored.metric(groups[value], level), people[value])
        for value in kept
    ]
    return shown, len(groups) - len(large)


def safe_groups(
    people: npt.NDArray[Any],
    used: npt.NDArray[np.int64],
    groups: Mapping[str, npt.NDArray[np.int64]],
    min_group: int,
) -> list[str]:
    """The groups from which, with the figure of all, no small group can be calculated.

    While fewer than `min_group` people stand behind what is left out, the smallest group joins it.

    Args:
        people: Person of each unit (occasion, comment), (m,).
        used: Positions of the units behind the figure of all.
        groups: Name to positions of the groups that are large enough; others are left out already.
        min_group: Least number of people.

    Returns:
        Names of the groups to show, the largest first, ties by name.
    """
    kept = sorted(groups, key=lambda value: (-len(groups[value]), value))
    while kept:
        seen = np.concatenate([groups[value] for value in kept])
        rest = np.setdiff1d(used, seen, assume_unique=True)
        if len(np.unique(people[rest])) >= min_group:
            break
        kept.pop()
    return kept
