"""A change as the steps of a waterfall: from the metric before to the metric after."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from warum.reasons.buckets import NO_CATEGORY, OTHER_CATEGORIES
from warum.reasons.change_rows import Change, ChangeRow
from warum.records import Estimate
from warum.report.numbers import MetricFormat
from warum.report.why_labels import Titles, side, topic
from warum.report.words import say

SHOWN = 8
"""Topics that have a step of their own."""

StepKind = Literal["before", "segments", "topic", "rest", "after"]


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the waterfall.

    Attributes:
        kind: What it is.
        name: Its label.
        start, end: Where the metric stands in front of it and behind it; equal for the two ends.
        part: What it adds; at the ends the metric itself. Without interval where several rows are added up.
        clear: Whether the part is told apart from chance; always at the ends.
    """

    kind: StepKind
    name: str
    start: float
    end: float
    part: Estimate
    clear: bool


def is_clear(estimate: Estimate) -> bool:
    """Whether the interval excludes 0."""
    return estimate.low > 0 or estimate.high < 0


def waterfall_steps(change: Change, titles: Titles, fmt: MetricFormat) -> tuple[Step, ...]:
    """The steps: before, who answered, the largest topics, the rest, after; empty without a waterfall.

    Args:
        change: A change.
        titles: Titles of the categories.
        fmt: How the metric's numbers are written.
    """
    if not change.waterfall:
        return ()
    ui = fmt.ui
    before, after = change.before, change.after
    steps = [Step("before", side(change.names[0], ui), before.value, before.value, before, True)]
    at = before.value

    def add(kind: StepKind, name: str, part: Estimate, *, clear: bool) -> None:
        nonlocal at
        steps.append(Step(kind, name, at, at + part.value, part, clear))
        at += part.value

    if change.segment_mix is not None:
        mix = change.segment_mix
        add("segments", say("who_answered", ui), mix, clear=is_clear(mix))
    own, rest = _split(change.waterfall)
    for row in own:
        name = topic(row.category, row.polarity, titles, ui)
        add("topic", name, row.total, clear=row.selected is not None)
    silent = [row for row in rest if row.category == NO_CATEGORY]
    for row in silent:
        name = topic(row.category, None, titles, ui)
        add("rest", name, row.total, clear=row.selected is not None)
    others = [row for row in rest if row.category != NO_CATEGORY]
    if others:
        name = say("other_topics", ui, n=len(others))
        add("rest", name, _summed(row.total for row in others), clear=False)
    steps.append(Step("after", side(change.names[1], ui), after.value, after.value, after, True))
    return tuple(steps)


def _split(rows: Sequence[ChangeRow]) -> tuple[list[ChangeRow], list[ChangeRow]]:
    """The topics that have a step of their own, clear ones first of all, and the others."""
    topics = [row for row in rows if row.category not in (NO_CATEGORY, OTHER_CATEGORIES)]
    ranked = sorted(topics, key=lambda row: row.selected is None)  # stable: by falling size within
    own = {id(row) for row in ranked[:SHOWN]}
    return (
        [row for row in topics if id(row) in own],
        [row for row in rows if id(row) not in own],
    )


def _summed(parts: Iterable[Estimate]) -> Estimate:
    parts = list(parts)
    total = math.fsum(part.value for part in parts)
    return Estimate(total, math.nan, math.nan, parts[0].n, "sum", parts[0].level)
