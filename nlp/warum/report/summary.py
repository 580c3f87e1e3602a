"""Everything a renderer needs, computed once: `summary.json` and every face of the report."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from warum.caveats import Caveat, Ui
from warum.metrics import ScoreScale
from warum.records import Estimate, Polarity
from warum.report.counts import CountRow, Pair, people_per_pair, roll_up, shown_drivers
from warum.report.plain import plain
from warum.report.quotes import Quote, choose_quotes, quotes_for
from warum.result import Driver, Facts, Result, ScoreResult, SegmentMetric
from warum.taxonomy import GENERAL, Taxonomy

FORMAT = 1
PICTURED = 12
"""Drivers that fit into the picture."""

_COMPARED = 5
_QUOTES = 3
_SURE = 0.05


@dataclass(frozen=True, slots=True)
class DriverRow:
    """A driver with its title: see `warum.result.Driver` for the numbers.

    Attributes:
        clear: Whether the interval of the impact excludes 0 and, where there is one, q is below 0.05.
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
        explained: Share of the metric's variance that the comments explain, 0..1; NaN where there is none.
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
        }

    def to_json(self) -> str:
        """`to_dict` as JSON, byte-identical for the same input; ends with a line break."""
        return (
            json.dumps(self.to_dict(), ensure_ascii=False, indent=1, allow_nan=False, sort_keys=True)
            + "\n"
        )


def summarise(result: Result, taxonomy: Taxonomy) -> Summary:
    """Compute what the renderers show.

    Groups of fewer than `result.facts.min_group` people are left out of drivers, segments, trend,
    categories and quotes.

    Args:
        result: What the analysis found.
        taxonomy: The taxonomy it was read with; gives the titles.
    """
    facts = result.facts
    people = people_per_pair(result.comments, result.opinions)
    scores = tuple(_score(score, people, taxonomy, facts.min_group) for score in result.scores)
    categories = roll_up(result, taxonomy, "category")
    return Summary(
        warum_version=_version(),
        facts=facts,
        coverage=_coverage(facts),
        scores=scores,
        categories=categories,
        roll_ups=RollUps(
            parent=roll_up(result, taxonomy, "parent"),
            stage=roll_up(result, taxonomy, "stage"),
            touchpoint=roll_up(result, taxonomy, "touchpoint"),
        ),
        quotes=_quotes(result, scores, categories, people, taxonomy),
        caveats=facts.caveats,
        titles={code: _title(code, taxonomy) for code in taxonomy.codes},
    )


def _version() -> str:
    try:
        return version("warum")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "0"


def _title(code: str, taxonomy: Taxonomy) -> dict[Ui, str]:
    return {"en": taxonomy.title(code, "en"), "de": taxonomy.title(code, "de")}


def _coverage(facts: Facts) -> Coverage:
    def share(count: int) -> float:
        return count / facts.comments if facts.comments else math.nan

    return Coverage(
        comments=facts.comments,
        with_opinion=facts.with_opinion,
        with_opinion_share=share(facts.with_opinion),
        general_only=facts.general_only,
        general_only_share=share(facts.general_only),
        non_answers=facts.non_answers,
    )


def higher_is_better(scale: ScoreScale) -> bool:
    """Whether a higher metric is the better one (NPS and CSAT are turned before they are computed)."""
    return scale.metric in ("nps", "csat") or not scale.lower_is_better


def _score(
    score: ScoreResult, people: Mapping[Pair, int], taxonomy: Taxonomy, min_group: int
) -> ScoreSummary:
    better_up = higher_is_better(score.scale)

    def rows(drivers: Sequence[Driver]) -> tuple[DriverRow, ...]:
        kept = shown_drivers(drivers, people, min_group)
        return tuple(_driver_row(driver, taxonomy, better_up) for driver in kept)

    drivers = rows(score.drivers)
    return ScoreSummary(
        scale=score.scale,
        higher_is_better=better_up,
        metric=score.metric,
        distribution=score.distribution,
        drivers=drivers,
        pictured=min(PICTURED, len(drivers)),
        sensitivity=_sensitivity(drivers, rows(score.drivers_with_general)),
        explained=score.explained,
        suppressed=score.suppressed + len(score.drivers) - len(drivers),
        segments=tuple(s for s in score.segments if s.people >= min_group),
        trend=tuple(s for s in score.trend if s.people >= min_group),
        caveats=score.caveats,
    )


def _driver_row(driver: Driver, taxonomy: Taxonomy, better_up: bool) -> DriverRow:
    impact = driver.impact
    excludes_zero = impact.low > 0 or impact.high < 0
    return DriverRow(
        category=driver.category,
        title=_title(driver.category, taxonomy),
        polarity=driver.polarity,
        mentions=driver.mentions,
        share=driver.share,
        metric_among=driver.metric_among,
        effect=driver.effect,
        impact=impact,
        p_value=driver.p_value,
        q_value=driver.q_value,
        method=driver.method,
        caveats=driver.caveats,
        quote_id=driver.quote_id,
        clear=excludes_zero and not driver.q_value >= _SURE,
        improves=(impact.value > 0) == better_up,
    )


def _sensitivity(
    drivers: Sequence[DriverRow], with_general: Sequence[DriverRow]
) -> Sensitivity | None:
    if not with_general:
        return None
    reasons = [row.pair for row in with_general if row.category != GENERAL]
    return Sensitivity(
        order_changes=reasons[:_COMPARED] != [row.pair for row in drivers[:_COMPARED]],
        drivers=tuple(with_general[:_COMPARED]),
    )


def _quotes(
    result: Result,
    scores: Iterable[ScoreSummary],
    categories: Sequence[CountRow],
    people: Mapping[Pair, int],
    taxonomy: Taxonomy,
) -> tuple[DriverQuotes, ...]:
    first = {row.pair: row.quote_id for score in scores for row in reversed(score.drivers)}
    pairs = list(dict.fromkeys(row.pair for score in scores for row in score.drivers))
    if not pairs:
        pairs = _spoken_pairs(categories)
    pairs = [pair for pair in pairs if people.get(pair, 0) >= result.facts.min_group]
    chosen = choose_quotes(result.comments, result.opinions, pairs, _QUOTES)
    known = _with_text(result)
    ordered = {}
    for pair, names in chosen.items():
        lead = (first[pair],) if first.get(pair) in known else ()
        ordered[pair] = (*lead, *(name for name in names if name not in lead))[:_QUOTES]
    found = quotes_for(result.comments, result.opinions, ordered)
    return tuple(
        DriverQuotes(category, _title(category, taxonomy), polarity, found[category, polarity])
        for category, polarity in pairs
        if found[category, polarity]
    )


def _with_text(result: Result) -> frozenset[str]:
    names, texts = result.comments["comment_id"].tolist(), result.comments["text"].tolist()
    return frozenset(name for name, text in zip(names, texts, strict=True) if text)


def _spoken_pairs(categories: Sequence[CountRow]) -> list[Pair]:
    polarities: tuple[Polarity, ...] = ("negative", "positive")
    pairs: list[Pair] = []
    for row in categories:
        if row.code != GENERAL:
            ranked = sorted(polarities, key=lambda polarity: -(row.count(polarity) or 0))
            pairs += [(row.code, polarity) for polarity in ranked if row.count(polarity)]
    return pairs
