"""The picture of a change: a waterfall from the metric before to the metric after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from warum.report.change_steps import Step
from warum.report.chart_rows import finite, row_axis, row_texts, value_scale
from warum.report.chart_style import (
    BETTER,
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
from warum.report.numbers import MetricFormat

if TYPE_CHECKING:
    import altair as alt


def waterfall_chart(
    steps: Sequence[Step],
    fmt: MetricFormat,
    title: str,
    *,
    better_up: bool = True,
    canvas: Canvas = WIDE,
) -> alt.Chart:
    """Every part of a change as a bar that begins where the one above it ends.

    Blue moves the metric to its better side, orange to its worse one; a hollow bar could be chance. The dark
    line on a bar's end is its interval. The two ends are dots with their own intervals.

    Args:
        steps: At least the two ends.
        fmt: How the metric's numbers are written.
        title: What the axis shows.
        better_up: Whether a higher metric is better.
        canvas: Size.
    """
    import altair as alt

    rows = _linked(named_apart([_row(step, fmt, better_up) for step in steps]))
    base = alt.Chart(alt.Data(values=tuple(rows)))
    y = row_axis(rows, canvas)
    axis = alt.Axis(title=title, labelExpr=tick_label(fmt.ui), tickCount=5, grid=True)
    scale = value_scale(row[key] for row in rows for key in ("from", "to", "low", "high"))
    shift = 6 if canvas.labels_above else 0
    bars, ends = base.transform_filter("!datum.end"), base.transform_filter("datum.end")
    colour = alt.Color("colour:N", scale=None)
    start = alt.X("from:Q", axis=axis, scale=scale)
    layers = [
        base.transform_filter("isValid(datum.next)")
        .mark_rule(color=NEUTRAL, strokeWidth=1, strokeDash=[2, 2])
        .encode(y=y, y2="next:N", x=alt.X("to:Q", axis=axis, scale=scale)),
        bars.mark_bar(
            height=13 if canvas.labels_above else 18, yOffset=shift, strokeWidth=1.8
        ).encode(
            y=y, x=start, x2=alt.X2("to:Q"), stroke=colour, fill=alt.Fill("inside:N", scale=None)
        ),
        # The interval is visible on its own bar too: dark on a wider line of the paper.
        *(
            bars.transform_filter(only)
            .mark_rule(strokeWidth=width, color=line, yOffset=shift)
            .encode(y=y, x=alt.X("low:Q", axis=axis, scale=scale), x2="high:Q")
            for width, line, only in (
                (4.0, PAPER, "datum.clear"),
                (1.6, INK, "datum.clear"),
                (1.0, MUTED, "!datum.clear"),
            )
        ),
        ends.mark_rule(strokeWidth=2.5, strokeCap="round", color=MUTED, yOffset=shift).encode(
            y=y, x=alt.X("low:Q", axis=axis, scale=scale), x2="high:Q"
        ),
        ends.mark_point(size=120, fill=INK, stroke=INK, opacity=1, yOffset=shift).encode(
            y=y, x=start
        ),
        *row_texts(base, y, canvas, dy=-13),
    ]
    chart = alt.layer(*layers).properties(height=canvas.row * len(rows))
    return styled(chart, canvas, right=canvas.right)


def _row(step: Step, fmt: MetricFormat, better_up: bool) -> Row:
    end = step.kind in ("before", "after")
    colour = BETTER if (step.part.value > 0) == better_up else WORSE
    if step.kind == "rest" and not step.clear:
        colour = NEUTRAL
    # An interval of a part is drawn around the bar's end.
    shift = 0.0 if end else step.start
    return {
        "name": step.name,
        "end": end,
        "from": step.start,
        "to": step.end,
        "low": shift + finite(step.part.low, step.part.value),
        "high": shift + finite(step.part.high, step.part.value),
        "text": fmt.level(step.part.value) if end else fmt.change(step.part.value),
        "clear": step.clear,
        "colour": colour,
        "inside": colour if step.clear else PAPER,
    }


def _linked(rows: list[Row]) -> list[Row]:
    """Each row with the name of the next one, to which a line leads."""
    following = [*(row["name"] for row in rows[1:]), None]
    return [{**row, "next": name} for row, name in zip(rows, following, strict=True)]
