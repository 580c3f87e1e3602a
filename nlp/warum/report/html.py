"""The report as one HTML file that needs nothing else: no network, no font, no further file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from warum.caveats import Ui
from warum.report import charts, manner_sentences, sentences, upright_charts
from warum.report.chart_style import Canvas, swap_colours
from warum.report.column_words import column_reason
from warum.report.manner_chart import manner_chart
from warum.report.marked import QuoteGroup, plain_group, quote_group
from warum.report.numbers import MetricFormat, number, percent, q_value
from warum.report.periods import period
from warum.report.summary_records import PICTURED, ScoreSummary, Summary
from warum.report.why_page import Picture, Pictures, in_two_widths
from warum.report.why_sections import Section
from warum.report.words import say, say_or
from warum.result import SegmentMetric

if TYPE_CHECKING:
    import altair as alt
    import jinja2

SECTIONS = ("categories", "manner", "quotes", "coverage", "method")
METHOD_KEYS = ("method_1", "method_2", "method_3", "method_4")
METHOD_KEYS_NO_SCORE = ("method_1", "method_4")


@dataclass(frozen=True, slots=True)
class Distribution:
    """The spread of answers, as a picture and as rows of label and count."""

    picture: Picture
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class SegmentBlock:
    """The metric by the values of one column."""

    by: str
    picture: Picture
    caption: str
    rows: tuple[SegmentMetric, ...]


@dataclass(frozen=True, slots=True)
class ScoreBlock:
    """One score as the template shows it."""

    score: ScoreSummary
    anchor: str
    name: str
    named: str
    about: str
    finding: str
    reasons: str
    interval: str
    fmt: MetricFormat
    distribution: Distribution | None
    drivers_picture: Picture | None
    trend_picture: Picture | None
    segments: tuple[SegmentBlock, ...]
    explained: str
    sensitivity: str


@dataclass(frozen=True, slots=True)
class MannerBlock:
    """Emotion, intent and effort as the template shows them."""

    picture: Picture
    caption: str
    leads: tuple[str, ...]
    hidden: int
    groups: tuple[QuoteGroup, ...]


def render_html(summary: Summary, ui: Ui, why: Sequence[Section] = ()) -> str:
    """The whole report as one HTML document.

    Args:
        summary: What was found.
        ui: Language of labels, sentences and numbers.
        why: Sections of the "why" in the same language (`why_view.sections_of`).

    Returns:
        A document without any external resource; its one script is allowed by its hash.
    """
    script = _shipped("report.js")
    anchors = {block.pair: f"quotes-{i}" for i, block in enumerate(summary.quotes, start=1)}
    methods = {score.metric.method for score in summary.scores}
    methods |= {driver.method for score in summary.scores for driver in score.drivers}
    html = (
        _environment()
        .get_template("report.html.j2")
        .render(
            summary=summary,
            ui=ui,
            title=say("report_title" if summary.scores else "report_title_no_score", ui),
            headline=sentences.headline(summary, ui),
            blocks=[_score_block(score, i, ui) for i, score in enumerate(summary.scores, start=1)],
            # A change that was asked about comes before what is there anyway.
            why_first=[section for section in why if section.key == "change"],
            why=[section for section in why if section.key != "change"],
            pictures=Pictures(),
            sections=[key for key in SECTIONS if key != "manner" or summary.manners],
            manner=_manner_block(summary, ui),
            categories_picture=_categories_picture(summary, ui),
            groups=[
                quote_group(block, anchors[block.pair], summary.titles, ui)
                for block in summary.quotes
            ],
            anchors=anchors,
            first=PICTURED,
            coverage=sentences.coverage_sentences(summary, ui),
            methods=", ".join(sorted(methods)),
            method_keys=METHOD_KEYS if summary.scores else METHOD_KEYS_NO_SCORE,
            script=Markup(script),  # noqa: S704 - our own file
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            css=Markup(_css()),  # noqa: S704 - our own file
            **_words_for_template(summary, ui),
        )
    )
    return str(html)


def _words_for_template(summary: Summary, ui: Ui) -> dict[str, Callable[..., Any]]:
    least = summary.facts.min_group

    def cell(count: int | None) -> str:
        return say("hidden", ui, least=least) if count is None else number(count, ui)

    def rich(key: str, **details: object) -> Markup:
        return Markup(say(key, ui)).format(**details)  # noqa: S704 - our own words; details are escaped

    return {
        "say": lambda key, **details: say(key, ui, **details),
        "say_or": lambda key, otherwise: say_or(key, ui, otherwise),
        "rich": rich,
        "cell": cell,
        "number": lambda value, decimals=0: number(value, ui, decimals),
        "percent": partial(percent, ui=ui),
        "column_reason": partial(column_reason, ui=ui),
        "period": partial(period, ui=ui),
        "q_value": partial(q_value, ui=ui),
        "share_span": partial(manner_sentences.share_span, ui=ui),
        "caveat_text": lambda caveat: sentences.caveat_text(caveat, summary.titles, ui),
        "label": lambda title, polarity: sentences.label(title, polarity, ui),
    }


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("warum.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _shipped(name: str) -> str:
    return (files("warum.report") / "templates" / name).read_text("utf-8").strip()


def _css() -> str:
    dark = f"@media screen and (prefers-color-scheme: dark) {{\n{swap_colours('.chart')}\n}}"
    return f"{_shipped('report.css')}\n{dark}"


def _score_block(score: ScoreSummary, position: int, ui: Ui) -> ScoreBlock:
    fmt = MetricFormat(score.scale, ui)
    drivers = trend = None
    if score.pictured:
        drivers = in_two_widths(
            lambda canvas: charts.drivers_chart(score, ui, canvas),
            sentences.describe_drivers(score, ui),
        )
    if len(score.trend) > 1:
        trend = in_two_widths(
            lambda canvas: upright_charts.trend_chart(score, ui, canvas),
            sentences.describe_points(score, score.trend, ui),
        )
    return ScoreBlock(
        score=score,
        anchor=f"score-{position}",
        name=sentences.metric_name(score.scale, ui),
        named=sentences.metric_named(score.scale, ui),
        about=sentences.metric_about(score.scale, ui),
        finding=sentences.metric_sentence(score, ui),
        reasons=sentences.reasons_sentence(score, ui),
        interval=sentences.interval(score.metric, fmt),
        fmt=fmt,
        distribution=_distribution(score, ui),
        drivers_picture=drivers,
        trend_picture=trend,
        segments=tuple(_segment_blocks(score, ui)),
        explained=sentences.explained_sentence(score, ui),
        sensitivity=sentences.sensitivity_sentences(score, ui),
    )


def _distribution(score: ScoreSummary, ui: Ui) -> Distribution | None:
    if not score.distribution:
        return None
    rows = tuple((name, count) for name, count, _ in upright_charts.distribution_rows(score, ui))
    picture = in_two_widths(
        lambda canvas: upright_charts.distribution_chart(score, ui, canvas),
        sentences.describe_distribution(rows, ui),
    )
    return Distribution(picture, rows)


def _segment_blocks(score: ScoreSummary, ui: Ui) -> Iterator[SegmentBlock]:
    for by in dict.fromkeys(segment.by for segment in score.segments):
        rows = tuple(segment for segment in score.segments if segment.by == by)
        drawn = charts.pictured_segments(rows)
        caption = say("caption_segments", ui, metric=sentences.metric_name(score.scale, ui))
        if len(drawn) < len(rows):
            more = say("more_segments", ui, shown=len(drawn), n=number(len(rows), ui))
            caption = f"{caption} {more}"
        picture = in_two_widths(
            partial(_draw_segments, score, drawn, ui), sentences.describe_points(score, drawn, ui)
        )
        yield SegmentBlock(by, picture, caption, rows)


def _draw_segments(
    score: ScoreSummary, drawn: Sequence[SegmentMetric], ui: Ui, canvas: Canvas
) -> alt.Chart:
    return charts.segments_chart(score, drawn, ui, canvas)


def _categories_picture(summary: Summary, ui: Ui) -> Picture | None:
    rows = charts.pictured_categories(summary.categories)
    if not rows:
        return None
    return in_two_widths(
        lambda canvas: charts.categories_chart(rows, ui, canvas),
        sentences.describe_categories(rows, ui),
    )


def _manner_block(summary: Summary, ui: Ui) -> MannerBlock | None:
    if not summary.manners:
        return None
    rows = [row for manner in summary.manners for row in manner.rows if row.quotes]
    return MannerBlock(
        picture=in_two_widths(
            lambda canvas: manner_chart(summary, ui, canvas),
            manner_sentences.describe_manners(summary, ui),
        ),
        caption=manner_sentences.manner_caption(summary, ui),
        leads=manner_sentences.manner_leads(summary, ui),
        hidden=sum(manner.hidden for manner in summary.manners),
        groups=tuple(
            plain_group(f"said-{row.code}", row.title[ui], "negative", row.quotes, ui)
            for row in rows
        ),
    )
