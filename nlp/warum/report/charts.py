"""The pictures, one specification each, for report, page and notebook alike."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from warum.caveats import Ui
from warum.report.chart_rows import finite, forest, row_axis, row_texts
from warum.report.chart_style import (
    BETTER,
    GRID,
    NEUTRAL,
    PAPER,
    WIDE,
    WORSE,
    Canvas,
    named_apart,
    styled,
    tick_label,
)
from warum.report.counts import CountRow
from warum.report.numbers import MetricFormat, number
from warum.report.sentences import label, metric_name
from warum.report.summary_records import PICTURED, DriverRow, ScoreSummary
from warum.report.words import say
from warum.result import SegmentMetric
from warum.taxonomy import GENERAL

if TYPE_CHECKING:
    import altair as alt

PICTURED_CATEGORIES = 15
PICTURED_SEGMENTS = 20


def pictured_drivers(score: ScoreSummary) -> tuple[DriverRow, ...]:
    """The drivers that the picture shows: the first ones, without those that have no number."""
    return tuple(row for row in score.drivers[:PICTURED] if math.isfinite(row.impact.value))


def drivers_chart(score: ScoreSummary, ui: Ui, canvas: Canvas = WIDE) -> alt.Chart:
    """The largest drivers with their impact and its interval (a forest plot).

    Blue goes with a better score, orange with a worse one; a hollow dot could be chance.

    Args:
        score: A score with at least one driver that has a number.
        ui: Language of labels and numbers.
        canvas: Size.
    """
    fmt = MetricFormat(score.scale, ui)
    rows = [
        {
            "name": label(driver.title, driver.polarity, ui),
            "value": driver.impact.value,
            "low": finite(driver.impact.low, driver.impact.value),
            "high": finite(driver.impact.high, driver.impact.value),
            "text": fmt.change(driver.impact.value),
            "colour": BETTER if driver.improves else WORSE,
            "inside": (BETTER if driver.improves else WORSE) if driver.clear else PAPER,
        }
        for driver in pictured_drivers(score)
    ]
    title = say("axis_impact", ui, unit=say(f"{fmt.unit_key}_with", ui))
    return forest(rows, zero=0.0, dashed=False, title=title, ui=ui, canvas=canvas)


def segments_chart(
    score: ScoreSummary, segments: Sequence[SegmentMetric], ui: Ui, canvas: Canvas = WIDE
) -> alt.Chart:
    """The metric of each segment with its interval; dashed stands the metric of all.

    Args:
        score: The score the segments belong to.
        segments: Segments of one column, at least one.
        ui: Language of labels and numbers.
        canvas: Size.
    """
    fmt = MetricFormat(score.scale, ui)
    rows = [
        {
            "name": segment.value,
            "value": segment.estimate.value,
            "low": finite(segment.estimate.low, segment.estimate.value),
            "high": finite(segment.estimate.high, segment.estimate.value),
            "text": fmt.level(segment.estimate.value),
            "colour": BETTER,
            "inside": BETTER,
        }
        for segment in segments
    ]
    title = metric_name(score.scale, ui)
    return forest(rows, zero=score.metric.value, dashed=True, title=title, ui=ui, canvas=canvas)


def pictured_segments(segments: Sequence[SegmentMetric]) -> tuple[SegmentMetric, ...]:
    """The largest segments that fit into the picture, in the given order."""
    if len(segments) <= PICTURED_SEGMENTS:
        return tuple(segments)
    least = sorted((s.people for s in segments), reverse=True)[PICTURED_SEGMENTS - 1]
    return tuple(s for s in segments if s.people >= least)[:PICTURED_SEGMENTS]


def pictured_categories(rows: Sequence[CountRow]) -> tuple[CountRow, ...]:
    """The rows that fit into the picture; the overall judgement is none of them."""
    return tuple(row for row in rows if row.code != GENERAL)[:PICTURED_CATEGORIES]


def categories_chart(categories: Sequence[CountRow], ui: Ui, canvas: Canvas = WIDE) -> alt.Chart:
    """Opinions per category: blame to the left, praise to the right, neutral across the middle.

    Args:
        categories: Rows to draw, at least one.
        ui: Language of labels and numbers.
        canvas: Size.
    """
    import altair as alt

    rows = named_apart(
        [{"name": row.title[ui], "text": number(row.opinions, ui)} for row in categories]
    )
    bars = [
        {**row, "from": start, "to": end, "colour": colour}
        for row, counts in zip(rows, categories, strict=True)
        for start, end, colour in _diverging(counts)
    ]
    y = row_axis(rows, canvas)
    axis = alt.Axis(title=say("axis_opinions", ui), labelExpr=tick_label(ui, absolute=True))
    base = alt.Chart(alt.Data(values=tuple(rows)))
    bar = alt.Chart(alt.Data(values=tuple(bars))).mark_bar(
        height=12 if canvas.labels_above else 18, yOffset=3 if canvas.labels_above else 0
    )
    zero = base.mark_rule(color=GRID).encode(x=alt.XDatum(0, type="quantitative"))
    drawn = bar.encode(
        y=y,
        x=alt.X("from:Q", axis=axis, scale=alt.Scale(nice=False)),
        x2=alt.X2("to:Q"),
        color=alt.Color("colour:N", scale=None),
    )
    chart = alt.layer(zero, drawn, *row_texts(base, y, canvas))
    chart = chart.properties(height=canvas.row * len(rows))
    return styled(chart, canvas, right=canvas.right)


def _diverging(row: CountRow) -> list[tuple[float, float, str]]:
    half = (row.neutral or 0) / 2
    spans = [
        (-half - (row.negative or 0), -half, WORSE),
        (-half, half, NEUTRAL),
        (half, half + (row.positive or 0), BETTER),
    ]
    return [span for span in spans if span[0] < span[1]]
