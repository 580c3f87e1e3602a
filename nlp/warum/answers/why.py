"""Every section of the "why" of a result, computed in one place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from warum.answers.alert_state import AlertState
from warum.answers.asymmetry import Asymmetry, asymmetry
from warum.answers.change import Change, change
from warum.answers.columns import labelled, stacked
from warum.answers.corrected import Corrected, corrected
from warum.answers.doubts import Doubt, doubts_table
from warum.answers.journey import Journey, journey
from warum.answers.level import Level, level
from warum.answers.metrics import Metrics, metrics
from warum.answers.options import WhyOptions
from warum.answers.rows import ScoreRows, WhyRows
from warum.answers.shares import Shares, shares
from warum.answers.trends import Trends, followed
from warum.answers.whatif import WhatIf, what_if
from warum.caveats import Caveat
from warum.metrics import ScoreScale
from warum.records import Estimate
from warum.result import Facts
from warum.table import Table


class Section(Protocol):
    """A part of the "why" that knows its CSV tables."""

    def tables(self) -> Mapping[str, Table]:
        """File stem to table."""


@dataclass(frozen=True)
class ScoreWhy:
    """The reasons behind one score column.

    Attributes:
        scale: How the column was read.
        metric: The metric.
        level: Why it is where it is.
        shares: How much of its variation each category goes with.
        asymmetry: Where praise and complaints weigh differently.
        change: Why it moved or differs; None if no periods or groups were named.
        corrected: Figures corrected for the model's errors; None without an audit file.
        journey: The metric and its drivers by stage and touchpoint.
        what_if: What assumed changes would do; None if none are assumed. Money is counted for the
            first score only: its points are the ones that have a value.
    """

    scale: ScoreScale
    metric: Estimate
    level: Level
    shares: Shares
    asymmetry: Asymmetry
    change: Change | None
    corrected: Corrected | None
    journey: Journey
    what_if: WhatIf | None = None

    def sections(self) -> tuple[Section, ...]:
        """The sections that are there."""
        found = (
            self.level, self.shares, self.asymmetry, self.change, self.corrected, self.journey,
            self.what_if,
        )  # fmt: skip
        return tuple(one for one in found if one is not None)

    def doubts(self) -> Iterator[Doubt]:
        """Doubts about whole sections, section by section."""
        comparisons = () if self.change is None else self.change.comparisons
        found: list[tuple[str, Iterable[Caveat]]] = [
            ("metric", self.metric.caveats),
            ("level", self.level.caveats),
            ("shares", self.shares.caveats),
            ("asymmetry", self.asymmetry.caveats),
            *(("change", one.parts.caveats) for one in comparisons),
            ("corrected", self.corrected.caveats if self.corrected else ()),
            ("journey", self.journey.caveats),
        ]
        if self.what_if is not None:
            found.append(("what_if", (*self.what_if.assumptions, *self.what_if.caveats)))
        for section, caveats in found:
            yield from ((self.scale.column, section, caveat) for caveat in caveats)


@dataclass(frozen=True)
class Why:
    """The reasons behind all scores.

    Attributes:
        facts: What was read, with what.
        scores: One per score column, in their order.
        trends: What changed over time; None without dates.
        filters: What restricts the responses asked about, e.g. "branch=North"; empty for all.
        metrics: Further metrics, and how all go together; None only where they were not asked for.
        alert_state: What the next run of the alerts goes on from; None where it is not asked for. It
            is no part of `why.json`.
    """

    facts: Facts
    scores: tuple[ScoreWhy, ...]
    trends: Trends | None
    filters: tuple[str, ...] = ()
    metrics: Metrics | None = None
    alert_state: AlertState | None = field(default=None, repr=False, compare=False)

    def doubts(self) -> Iterator[Doubt]:
        """Doubts about what was read and about whole sections."""
        yield from (("", "reading", caveat) for caveat in self.facts.caveats)
        for score in self.scores:
            yield from score.doubts()
        if self.trends is not None:
            yield from (("", "alerts", caveat) for caveat in self.trends.caveats)
        if self.metrics is not None:
            yield from self.metrics.doubts()

    def tables(self) -> dict[str, Table]:
        """Every section as tables for CSV files: file stem to table.

        Those of single scores have a first column `score`; `caveats` holds the doubts about whole
        sections; empty tables are left out.
        """
        found: dict[str, list[Table]] = {}
        for score in self.scores:
            for section in score.sections():
                for stem, table in section.tables().items():
                    found.setdefault(stem, []).append(labelled(table, "score", score.scale.column))
        tables = {stem: stacked(some) for stem, some in found.items()}
        for whole in (self.trends, self.metrics):
            tables |= {} if whole is None else dict(whole.tables())
        tables["caveats"] = doubts_table(self.doubts())
        return {stem: table for stem, table in tables.items() if len(table)}


def answer(rows: WhyRows, options: WhyOptions) -> Why:
    """Compute every section.

    Args:
        rows: What was read.
        options: What is asked.

    Raises:
        InputError: If a file that the options name cannot be used.
        UsageError: If weights or a what-if cannot be meant.
    """
    # The value of a point is that of the first score's points.
    pointless = replace(options, value_per_point=None, cost=None)
    over_time, state = followed(rows, options)
    return Why(
        rows.reading.facts,
        tuple(_score(one, pointless if i else options) for i, one in enumerate(rows.scores)),
        over_time,
        metrics=metrics(rows, options),
        alert_state=state,
    )


def _score(rows: ScoreRows, options: WhyOptions) -> ScoreWhy:
    told, by_audit = level(rows, options), corrected(rows, options)
    return ScoreWhy(
        scale=rows.scale,
        metric=told.metric,
        level=told,
        shares=shares(rows, options),
        asymmetry=asymmetry(rows, options),
        change=change(rows, options),
        corrected=by_audit,
        journey=journey(rows, options),
        what_if=what_if(rows, options, by_audit),
    )
