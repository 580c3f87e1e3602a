"""The records of a summary: what every renderer reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from warum.caveats import Caveat, Ui
from warum.metrics import ScoreScale
from warum.records import Estimate, Polarity
from warum.report.counts import CountRow, Pair
from warum.report.manner import Manner
from warum.report.plain import plain
from warum.report.quotes import Quote
from warum.result import Facts, SegmentMetric

FORMAT = 1
PICTURED = 12
"""Drivers that fit into the picture."""


@dataclass(frozen=True, slots=True)
class DriverRow:
    """A driver with its title: see `warum.result.Driver` for the numbers.

    Attributes:
        clear: Whether the impact's interval excludes 0 and q, where there is one, is below 0.05.
        improves: Whether the impact moves the metric to its better side.
    """

    category: str
    title: Mapping[Ui, str]
    polarity: Polarity
    mentions: int
    share: float
    metric_among: float
    effect: Estimate
    impact: Estimate
    p_value: float
    q_value: float
    method: str
    caveats: tuple[Caveat, ...]
    quote_id: str
    clear: bool
    improves: bool

    @property
    def pair(self) -> Pair:
        """Category and polarity."""
        return self.category, self.polarity


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What changes if judgements without a reason (`general`) are let into the model.

    Attributes:
        order_changes: Whether the order of the first five drivers differs.
        drivers: The first drivers of the model with `general` in it.
    """

    order_changes: bool
    drivers: tuple[DriverRow, ...]


@dataclass(frozen=True, slots=True)
class ScoreSummary:
    """One score column: its metric, what goes with it, how it runs.

    Attributes:
        scale: How the column was read.
        higher_is_better: Whether a higher metric is the better one.
        metric: The metric; `n` counts scoring occasions.
        distribution: Pairs of score value and occasions, ascending.
        drivers: By descending |impact|.
        pictured: How many of them the picture shows.
        sensitivity: The same with `general`; None where there is no such model.
        explained: Share of the metric's variance that the comments explain, 0..1; NaN if unknown.
        suppressed: Drivers left out because too few people speak of them.
        segments: The metric per segment.
        trend: The metric per period, ascending.
        caveats: Doubts about this block.
    """

    scale: ScoreScale
    higher_is_better: bool
    metric: Estimate
    distribution: tuple[tuple[float, int], ...]
    drivers: tuple[DriverRow, ...]
    pictured: int
    sensitivity: Sensitivity | None
    explained: float
    suppressed: int
    segments: tuple[SegmentMetric, ...]
    trend: tuple[SegmentMetric, ...]
    caveats: tuple[Caveat, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what was written was read.

    Attributes:
        comments: Comments that hold a text.
        with_opinion: Comments with at least one opinion.
        with_opinion_share: The same as a share of all comments, 0..1; NaN without comments.
        general_only: Comments that praise or blame without a reason.
        general_only_share: The same as a share, 0..1; NaN without comments.
        non_answers: Texts that are no comment ("n/a", "-", "keine Angabe").
    """

    comments: int
    with_opinion: int
    with_opinion_share: float
    general_only: int
    general_only_share: float
    non_answers: int


@dataclass(frozen=True, slots=True)
class DriverQuotes:
    """Typical comments for a category and polarity, best first."""

    category: str
    title: Mapping[Ui, str]
    polarity: Polarity
    quotes: tuple[Quote, ...]

    @property
    def pair(self) -> Pair:
        """Category and polarity."""
        return self.category, self.polarity


@dataclass(frozen=True, slots=True)
class RollUps:
    """Opinions by first level, by journey stage and by touchpoint."""

    parent: tuple[CountRow, ...]
    stage: tuple[CountRow, ...]
    touchpoint: tuple[CountRow, ...]


@dataclass(frozen=True)
class Summary:
    """What an analysis found, in the form every renderer reads.

    Attributes:
        warum_version: Version of the package that computed it.
        facts: Counts, columns, model and taxonomy.
        coverage: How much was read.
        scores: One block per score column.
        categories: Opinions per category and polarity.
        roll_ups: The same on coarser levels.
        quotes: Per driver, or per category where there is no score.
        caveats: Doubts about the data as a whole.
        titles: Title per language of every category that appears.
        manners: Emotion, intent and effort of the comments; empty where the model does not tell them.
    """

    warum_version: str
    facts: Facts
    coverage: Coverage
    scores: tuple[ScoreSummary, ...]
    categories: tuple[CountRow, ...]
    roll_ups: RollUps
    quotes: tuple[DriverQuotes, ...]
    caveats: tuple[Caveat, ...]
    titles: Mapping[str, Mapping[Ui, str]]
    manners: tuple[Manner, ...] = ()

    def quotes_of(self, pair: Pair) -> tuple[Quote, ...]:
        """The quotes for a category and polarity; empty where there are none."""
        return next((block.quotes for block in self.quotes if block.pair == pair), ())

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and dictionaries as `summary.schema.json` describes them.

        Floats keep 6 significant digits; NaN becomes None.
        """
        facts = plain(self.facts, without=("caveats",))
        facts["languages"] = [
            {"language": name, "comments": count} for name, count in self.facts.languages
        ]
        scores = []
        for score in self.scores:
            block = plain(score)
            block["distribution"] = [
                {"value": plain(value), "occasions": count} for value, count in score.distribution
            ]
            scores.append(block)
        return {
            "format": FORMAT,
            "warum_version": self.warum_version,
            "facts": facts,
            "coverage": plain(self.coverage),
            "scores": scores,
            "categories": plain(self.categories),
            "roll_ups": plain(self.roll_ups),
            "quotes": plain(self.quotes),
            "caveats": plain(self.caveats),
            "titles": plain(self.titles),
            "manners": plain(self.manners),
        }

    def to_json(self) -> str:
        """`to_dict` as JSON, byte-identical for the same input; ends with a line break."""
        return (
            json.dumps(
                self.to_dict(), ensure_ascii=False, indent=1, allow_nan=False, sort_keys=True
            )
            + "\n"
        )
