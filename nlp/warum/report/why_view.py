"""Every section of the "why" in a reader's words, from what was estimated and what was read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from warum.alerts.alerts import Alert
from warum.answers.trends import Trends
from warum.answers.why import ScoreWhy, Why
from warum.caveats import Caveat, Ui
from warum.report.counts import Pair, people_per_pair
from warum.report.marked import ShownQuote, quote_group
from warum.report.numbers import MetricFormat
from warum.report.quotes import choose_by_confidence, quotes_for
from warum.report.sentences import metric_name
from warum.report.summary_records import DriverQuotes
from warum.report.why_alerts import (
    PICTURED,
    alert_part,
    alerts_lead,
    emotion_part,
)
from warum.report.why_asymmetry import asymmetry_part
from warum.report.why_audit import audit_part
from warum.report.why_change import change_part, comparison_name
from warum.report.why_journey import journey_part
from warum.report.why_labels import Titles
from warum.report.why_level import level_part
from warum.report.why_metrics import metric_parts
from warum.report.why_sections import Part, Section, caveat_texts, named
from warum.report.why_what_if import what_if_part
from warum.report.words import say
from warum.result import Reading
from warum.taxonomy import Taxonomy

_QUOTES = 3
_OF_THE_MODEL = frozenset({"classifier_error", "in_sample", "series_break"})
"""Doubts about the reading that concern every impact."""


def sections_of(
    why: Why, reading: Reading, taxonomy: Taxonomy, ui: Ui, *, drivers_pictured: bool = True
) -> tuple[Section, ...]:
    """The sections, in the order in which they are read.

    With several scores each section tells of the first, and the others have to be asked for.

    Args:
        why: What was estimated.
        reading: What was read: the texts behind the alerts.
        taxonomy: The taxonomy it was read with: the titles.
        ui: Language.
        drivers_pictured: Whether the drivers get a picture; a page may hold it already.
    """
    titles: Titles = {
        code: {"en": taxonomy.title(code, "en"), "de": taxonomy.title(code, "de")}
        for code in taxonomy.codes
    }
    of_the_model = tuple(one for one in why.facts.caveats if one.code in _OF_THE_MODEL)
    told = _Told(titles, drivers_pictured, of_the_model)
    found = (
        _of_scores(why, ui, "change", _change_title(why), told.change),
        _of_scores(why, ui, "level", "section_level", told.level),
        _of_scores(why, ui, "asymmetry", "section_asymmetry", told.asymmetry),
        _alerts(why.trends, reading, titles, ui),
        _of_scores(why, ui, "journey", "section_journey", told.journey),
        _metrics(why, titles, ui),
        _of_scores(why, ui, "what_if", "section_what_if", told.what_if),
        _of_scores(why, ui, "audit", "section_audit", told.audit) or _no_audit(ui),
    )
    shown = tuple(section for section in found if section is not None)
    return tuple(_restricted(section, why.filters, ui) for section in shown)


@dataclass(frozen=True, slots=True)
class _Told:
    """The parts of each section for one score."""

    titles: Titles
    drivers_pictured: bool
    of_the_model: tuple[Caveat, ...]

    def change(self, score: ScoreWhy, fmt: MetricFormat) -> list[Part]:
        found = () if score.change is None else score.change.comparisons
        parts = [change_part(one, self.titles, fmt) for one in found]
        if len(parts) < 2:
            return parts
        return [
            replace(part, heading=comparison_name(one, fmt.ui))
            for part, one in zip(parts, found, strict=True)
        ]

    def level(self, score: ScoreWhy, fmt: MetricFormat) -> list[Part]:
        pictured = self.drivers_pictured
        part = level_part(score.level, score.shares, self.titles, fmt, pictured=pictured)
        read = caveat_texts(self.of_the_model, self.titles, fmt)
        if score.corrected is not None and score.corrected.drivers:
            read = (*read, say("corrected_there", fmt.ui, section=say("section_audit", fmt.ui)))
        return [replace(part, notes=(*part.notes, *read))]

    def asymmetry(self, score: ScoreWhy, fmt: MetricFormat) -> list[Part]:
        return [asymmetry_part(score.asymmetry, self.titles, fmt)]

    def journey(self, score: ScoreWhy, fmt: MetricFormat) -> list[Part]:
        return [journey_part(score.journey, score.metric, self.titles, fmt)]

    def what_if(self, score: ScoreWhy, fmt: MetricFormat) -> list[Part]:
        return [] if score.what_if is None else [what_if_part(score.what_if, self.titles, fmt)]

    def audit(self, score: ScoreWhy, fmt: MetricFormat) -> list[Part]:
        return [] if score.corrected is None else [audit_part(score.corrected, self.titles, fmt)]


def _change_title(why: Why) -> str:
    """Of periods the metric moved; groups differ."""
    kinds = [one.kind for score in why.scores if score.change for one in score.change.comparisons]
    return "section_differ" if kinds and "periods" not in kinds else "section_change"


def _no_audit(ui: Ui) -> Section:
    return Section("audit", say("section_audit", ui), (Part(leads=(say("audit_none", ui),)),))


def _restricted(section: Section, filters: Sequence[str], ui: Ui) -> Section:
    """The section with the responses it tells of named first, where they are not all."""
    if not filters:
        return section
    only = say("only_some", ui, filters=", ".join(filters))
    first, *others = section.parts
    return replace(section, parts=(replace(first, leads=(only, *first.leads)), *others))


def _of_scores(
    why: Why,
    ui: Ui,
    key: str,
    title: str,
    make: Callable[[ScoreWhy, MetricFormat], Sequence[Part]],
) -> Section | None:
    """A section with the first score's parts; those of the others have to be asked for."""
    told: list[tuple[str, Sequence[Part]]] = []
    for score in why.scores:
        parts = make(score, MetricFormat(score.scale, ui))
        if parts:
            told.append((metric_name(score.scale, ui), parts))
    if not told:
        return None
    (_, first), *others = told
    more = [named(part, name) for name, parts in others for part in parts]
    names = ", ".join(name for name, _ in others)
    more_title = say("other_scores", ui, names=names) if others else ""
    return Section(key, say(title, ui), tuple(first), tuple(more), more_title)


def _metrics(why: Why, titles: Titles, ui: Ui) -> Section | None:
    if why.metrics is None:
        return None
    parts = metric_parts(why.metrics, [one.scale.column for one in why.scores], titles, ui)
    return Section("metrics", say("section_metrics", ui), parts) if parts else None


def _alerts(trends: Trends | None, reading: Reading, titles: Titles, ui: Ui) -> Section | None:
    """What stands out over time, with the comments behind it."""
    if trends is None:
        return None
    lead = alerts_lead(trends, titles, ui)
    least = reading.facts.min_group
    quotes = _quotes(trends.alerts, reading, titles, ui)
    parts = [
        alert_part(alert, trends.line(alert), trends.step, said, least, titles, ui)
        for alert, said in zip(trends.alerts, quotes, strict=True)
    ]
    shown = [lead, *parts[:PICTURED]]
    if trends.emotions:
        shown.append(emotion_part(trends.emotions, ui))
    more_title = say("more_alerts", ui, n=len(parts) - PICTURED)
    return Section(
        "alerts", say("section_alerts", ui), tuple(shown), tuple(parts[PICTURED:]), more_title
    )


def _quotes(
    alerts: Sequence[Alert], reading: Reading, titles: Titles, ui: Ui
) -> list[tuple[ShownQuote, ...]]:
    """Typical comments behind each alert; evidence of what too few people say is not marked."""
    comments, opinions = reading.comments, reading.opinions
    people = people_per_pair(comments, opinions)
    marked = {pair for pair, count in people.items() if count >= reading.facts.min_group}
    sure = {i: _sure(alert, reading) for i, alert in enumerate(alerts)}
    chosen = choose_by_confidence(comments, opinions, sure, _QUOTES)
    found = []
    for i, alert in enumerate(alerts):
        pair: Pair = (alert.category, alert.polarity)
        quotes = quotes_for(comments, opinions, {pair: chosen[i]}, marked)[pair]
        block = DriverQuotes(pair[0], titles[pair[0]], pair[1], quotes)
        found.append(quote_group(block, "", titles, ui).quotes)
    return found


def _sure(alert: Alert, reading: Reading) -> dict[str, float]:
    """How sure the model is of each opinion behind an alert, by comment."""
    behind, opinions = set(alert.comments), reading.opinions
    columns = ("comment_id", "category", "polarity", "confidence")
    sure: dict[str, float] = {}
    for comment, category, polarity, confidence in zip(
        *(opinions[name].tolist() for name in columns), strict=True
    ):
        if comment in behind and (category, polarity) == (alert.category, alert.polarity):
            sure[comment] = max(confidence, sure.get(comment, 0.0))
    return sure
