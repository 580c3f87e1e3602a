"""Everything a renderer needs, computed once: `summary.json` and every face of the report."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version

from warum.caveats import Ui
from warum.metrics import ScoreScale
from warum.records import Polarity
from warum.report.counts import CountRow, Pair, people_per_pair, roll_up, shown_drivers
from warum.report.manner import manners
from warum.report.quotes import choose_quotes, quotes_for
from warum.report.summary_records import (
    PICTURED,
    Coverage,
    DriverQuotes,
    DriverRow,
    RollUps,
    ScoreSummary,
    Sensitivity,
    Summary,
)
from warum.result import Driver, Facts, Result, ScoreResult
from warum.taxonomy import GENERAL, Taxonomy

__all__ = ["Summary", "higher_is_better", "summarise"]

_COMPARED = 5
_QUOTES = 3
_SURE = 0.05


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
        manners=manners(result),
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
    """Whether a higher metric is better; NPS and CSAT are turned before they are computed."""
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
        pictured=sum(math.isfinite(row.impact.value) for row in drivers[:PICTURED]),
        sensitivity=_sensitivity(drivers, rows(score.drivers_with_general)),
        explained=score.explained,
        suppressed=score.suppressed + len(score.drivers) - len(drivers),
        segments=tuple(s for s in score.segments if s.people >= min_group),
        trend=tuple(s for s in score.trend if s.people >= min_group),
        caveats=score.caveats,
    )


def _driver_row(driver: Driver, taxonomy: Taxonomy, better_up: bool) -> DriverRow:
    impact = driver.impact  # NaN where the model cannot tell this driver from others
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
        clear=bool(excludes_zero and not driver.q_value >= _SURE),
        improves=bool((impact.value > 0) == better_up),
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
    marked = {pair for pair, count in people.items() if count >= result.facts.min_group}
    found = quotes_for(result.comments, result.opinions, ordered, marked)
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
