"""What the report's template shows of a score, of the topics and of how people speak."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from warum.caveats import Ui
from warum.report import charts, manner_sentences, sentences, upright_charts
from warum.report.chart_style import Canvas
from warum.report.manner_chart import manner_chart
from warum.report.marked import QuoteGroup, plain_group
from warum.report.numbers import MetricFormat, number
from warum.report.summary_records import ScoreSummary, Summary
from warum.report.why_page import Picture
from warum.report.words import say
from warum.result import SegmentMetric

if TYPE_CHECKING:
    import altair as alt


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


def score_block(score: ScoreSummary, position: int, ui: Ui) -> ScoreBlock:
    """A score as the template shows it; the first has position 1."""
    fmt = MetricFormat(score.scale, ui)
    drivers = trend = None
    if score.pictured:
        drivers = Picture(
            lambda canvas: charts.drivers_chart(score, ui, canvas),
            sentences.describe_drivers(score, ui),
        )
    if len(score.trend) > 1:
        trend = Picture(
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
    picture = Picture(
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
        picture = Picture(
            partial(_draw_segments, score, drawn, ui), sentences.describe_points(score, drawn, ui)
        )
        yield SegmentBlock(by, picture, caption, rows)


def _draw_segments(
    score: ScoreSummary, drawn: Sequence[SegmentMetric], ui: Ui, canvas: Canvas
) -> alt.Chart:
    return charts.segments_chart(score, drawn, ui, canvas)


def categories_picture(summary: Summary, ui: Ui) -> Picture | None:
    """What the comments speak of; None where nothing can be shown."""
    rows = charts.pictured_categories(summary.categories)
    if not rows:
        return None
    return Picture(
        lambda canvas: charts.categories_chart(rows, ui, canvas),
        sentences.describe_categories(rows, ui),
    )


def manner_block(summary: Summary, ui: Ui) -> MannerBlock | None:
    """How people speak; None where the model does not tell it."""
    if not summary.manners:
        return None
    rows = [row for manner in summary.manners for row in manner.rows if row.quotes]
    return MannerBlock(
        picture=Picture(
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
