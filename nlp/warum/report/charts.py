"""The pictures, one specification each, for report, page and notebook alike."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from warum.caveats import Ui
from warum.report.chart_style import (
    BETTER,
    FONT,
    GRID,
    INK,
    MUTED,
    NEUTRAL,
    PAPER,
    WIDE,
    WORSE,
    Canvas,
    Row,
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
            "low": _finite(driver.impact.low, driver.impact.value),
            "high": _finite(driver.impact.high, driver.impact.value),
            "text": fmt.change(driver.impact.value),
            "colour": BETTER if driver.improves else WORSE,
            "inside": (BETTER if driver.improves else WORSE) if driver.clear else PAPER,
        }
        for driver in pictured_drivers(score)
    ]
    title = say("axis_impact", ui, unit=say(f"{fmt.unit_key}_with", ui))
    return _forest(rows, zero=0.0, dashed=False, title=title, ui=ui, canvas=canvas)


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
            "low": _finite(segment.estimate.low, segment.estimate.value),
            "high": _finite(segment.estimate.high, segment.estimate.value),
            "text": fmt.level(segment.estimate.value),
            "colour": BETTER,
            "inside": BETTER,
        }
        for segment in segments
    ]
    title = metric_name(score.scale, ui)
    return _forest(rows, zero=score.metric.value, dashed=True, title=title, ui=ui, canvas=canvas)


def pictured_segments(segments: Sequence[SegmentMetric]) -> tuple[SegmentMetric, ...]:
    """The largest segments that fit into the picture, in the given order."""
    if len(segments) <= PICTURED_SEGMENTS:
        return tuple(segments)
    least = sorted((s.people for s in segments), reverse=True)[PICTURED_SEGMENTS - 1]
    return tuple(s for s in segments if s.people >= least)[:PICTURED_SEGMENTS]


def _finite(value: float, otherwise: float) -> float:
    return value if math.isfinite(value) else otherwise


def _row_axis(rows: Sequence[Row], canvas: Canvas) -> Any:  # noqa: ANN401 - an altair.Y
    import altair as alt

    scale = alt.Scale(paddingOuter=0.1)
    if canvas.labels_above:
        return alt.Y("name:N", sort=None, axis=None, scale=scale)
    room = canvas.label_room([row["name"] for row in rows])
    axis = alt.Axis(
        title=None,
        labelLimit=room - 8,
        minExtent=room,
        maxExtent=room,
        labelColor=INK,
        labelFontSize=14,
    )
    return alt.Y("name:N", sort=None, axis=axis, scale=scale)


def _forest(
    rows: list[Row], *, zero: float, dashed: bool, title: str, ui: Ui, canvas: Canvas
) -> alt.Chart:
    import altair as alt

    rows = named_apart(rows)
    base = alt.Chart(alt.Data(values=rows))
    y = _row_axis(rows, canvas)
    low, high = min([zero, *(r["low"] for r in rows)]), max([zero, *(r["high"] for r in rows)])
    room = 0.04 * (high - low or 1.0)
    axis = alt.Axis(title=title, labelExpr=tick_label(ui), tickCount=5, grid=True)
    scale = alt.Scale(domain=[low - room, high + room], nice=False, zero=False)
    x = alt.X("value:Q", axis=axis, scale=scale)
    dash = [4, 4] if dashed else [1, 0]
    colour = alt.Color("colour:N", scale=None)
    layers = [
        base.mark_rule(color=MUTED, strokeDash=dash).encode(x=alt.datum(zero, type="quantitative")),
        base.mark_rule(strokeWidth=2.5, strokeCap="round").encode(
            y=y, x=alt.X("low:Q", axis=axis, scale=scale), x2="high:Q", color=colour
        ),
        base.mark_point(size=95, strokeWidth=2, opacity=1, filled=False).encode(
            y=y, x=x, stroke=colour, fill=alt.Fill("inside:N", scale=None)
        ),
    ]
    layers += _row_texts(base, y, canvas)
    chart = alt.layer(*layers).properties(height=canvas.row * len(rows))
    return styled(chart, canvas, right=canvas.right)


def _row_texts(base: Any, y: Any, canvas: Canvas) -> list[Any]:  # noqa: ANN401 - altair's classes
    import altair as alt

    number_style: dict[str, Any] = {"align": "right", "fontSize": 13, "fontWeight": 600}
    if not canvas.labels_above:
        value = base.mark_text(font=FONT, color=INK, dx=canvas.right - 4, **number_style)
        return [value.encode(y=y, x=alt.value("width"), text="text:N")]
    texts = []
    # The wide stroke in the paper's colour keeps grid lines from running through the letters.
    for halo in ({"stroke": PAPER, "strokeWidth": 5, "strokeJoin": "round"}, {}):
        shared = {"font": FONT, "color": INK, "dy": -15, **halo}
        name = base.mark_text(align="left", fontSize=13, limit=canvas.width - 70, **shared)
        value = base.mark_text(**number_style, **shared)
        texts.append(name.encode(y=y, x=alt.value(0), text="name:N"))
        texts.append(value.encode(y=y, x=alt.value("width"), text="text:N"))
    return texts


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
    y = _row_axis(rows, canvas)
    axis = alt.Axis(title=say("axis_opinions", ui), labelExpr=tick_label(ui, absolute=True))
    base = alt.Chart(alt.Data(values=rows))
    bar = alt.Chart(alt.Data(values=bars)).mark_bar(
        height=12 if canvas.labels_above else 18, yOffset=3 if canvas.labels_above else 0
    )
    zero = base.mark_rule(color=GRID).encode(x=alt.datum(0, type="quantitative"))
    drawn = bar.encode(
        y=y,
        x=alt.X("from:Q", axis=axis, scale=alt.Scale(nice=False)),
        x2="to:Q",
        color=alt.Color("colour:N", scale=None),
    )
    chart = alt.layer(zero, drawn, *_row_texts(base, y, canvas))
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
