"""The pictures, one specification each, for report, page and notebook alike."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from warum.caveats import Ui
from warum.report.chart_style import (
    BAND,
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
    styled,
    tick_label,
)
from warum.report.counts import CountRow
from warum.report.numbers import MetricFormat, number, period
from warum.report.sentences import label, metric_name
from warum.report.summary import ScoreSummary
from warum.report.words import say
from warum.result import SegmentMetric
from warum.taxonomy import GENERAL

if TYPE_CHECKING:
    import altair

PICTURED_CATEGORIES = 15
PICTURED_SEGMENTS = 20
_BINS = 20
_MOST_BARS = 21
_NPS_PASSIVE, _NPS_PROMOTER = 7, 9

Row = dict[str, Any]


def drivers_chart(score: ScoreSummary, ui: Ui, canvas: Canvas = WIDE) -> altair.Chart:
    """The largest drivers with their impact and its interval (a forest plot).

    Blue goes with a better score, orange with a worse one; a hollow dot could be chance.

    Args:
        score: A score with at least one driver.
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
        for driver in score.drivers[: score.pictured]
    ]
    title = say("axis_impact", ui, unit=say(f"{fmt.unit_key}_with", ui))
    return _forest(rows, zero=0.0, dashed=False, title=title, ui=ui, canvas=canvas)


def segments_chart(
    score: ScoreSummary, segments: Sequence[SegmentMetric], ui: Ui, canvas: Canvas = WIDE
) -> altair.Chart:
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


def _finite(value: float, otherwise: float) -> float:
    return value if math.isfinite(value) else otherwise


def _unique(rows: list[Row]) -> list[Row]:
    """The rows with different names: equal ones would fall on one line, so they get unseen tails."""
    seen: dict[str, int] = {}
    named = []
    for row in rows:
        times = seen[row["name"]] = seen.get(row["name"], 0) + 1
        named.append({**row, "name": row["name"] + "\N{ZERO WIDTH SPACE}" * (times - 1)})
    return named


def _row_axis(canvas: Canvas) -> Any:  # noqa: ANN401 - an altair.Y
    import altair as alt

    scale = alt.Scale(paddingOuter=0.1)
    if canvas.labels_above:
        return alt.Y("name:N", sort=None, axis=None, scale=scale)
    axis = alt.Axis(
        title=None,
        labelLimit=canvas.label - 10,
        minExtent=canvas.label,
        maxExtent=canvas.label,
        labelColor=INK,
        labelFontSize=14,
    )
    return alt.Y("name:N", sort=None, axis=axis, scale=scale)


def _forest(
    rows: list[Row], *, zero: float, dashed: bool, title: str, ui: Ui, canvas: Canvas
) -> altair.Chart:
    import altair as alt

    data = alt.Data(values=_unique(rows))
    base = alt.Chart(data)
    y = _row_axis(canvas)
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
    return styled(chart, canvas)


def _row_texts(base: Any, y: Any, canvas: Canvas) -> list[Any]:  # noqa: ANN401 - altair's classes
    import altair as alt

    text: dict[str, Any] = {"font": FONT, "color": INK}
    if not canvas.labels_above:
        value = base.mark_text(align="left", fontSize=13, fontWeight=600, dx=8, **text)
        return [value.encode(y=y, x=alt.value("width"), text="text:N")]
    name = base.mark_text(align="left", fontSize=13, dy=-15, limit=canvas.width - 70, **text)
    value = base.mark_text(align="right", fontSize=13, fontWeight=600, dy=-15, **text)
    return [
        name.encode(y=y, x=alt.value(0), text="name:N"),
        value.encode(y=y, x=alt.value("width"), text="text:N"),
    ]


def trend_chart(score: ScoreSummary, ui: Ui, canvas: Canvas = WIDE) -> altair.Chart:
    """The metric per period as a line within the band of its interval.

    Args:
        score: A score with a trend of at least one period.
        ui: Language of labels and numbers.
        canvas: Size.
    """
    import altair as alt

    rows = _unique(
        [
            {
                "name": period(point.value, ui),
                "value": point.estimate.value,
                "low": point.estimate.low if math.isfinite(point.estimate.low) else None,
                "high": point.estimate.high if math.isfinite(point.estimate.high) else None,
            }
            for point in score.trend
        ]
    )
    base = alt.Chart(alt.Data(values=rows))
    axis = alt.Axis(
        title=None,
        labelAngle=0,
        labelOverlap="greedy",
        labelSeparation=10,
        grid=False,
    )
    x = alt.X("name:O", sort=None, axis=axis, scale=alt.Scale(type="point", padding=0.4))
    scale = alt.Scale(zero=False, nice=True)
    y_axis = alt.Axis(title=metric_name(score.scale, ui), labelExpr=tick_label(ui), tickCount=5)
    layers = [
        base.mark_area(color=BAND, opacity=1).encode(
            x=x, y=alt.Y("low:Q", scale=scale, axis=y_axis), y2="high:Q"
        ),
        base.mark_line(color=BETTER, strokeWidth=2.5).encode(x=x, y=alt.Y("value:Q", scale=scale)),
        base.mark_point(color=BETTER, fill=BETTER, size=45, opacity=1).encode(
            x=x, y=alt.Y("value:Q", scale=scale)
        ),
    ]
    return styled(alt.layer(*layers).properties(height=260), canvas)


def distribution_rows(score: ScoreSummary, ui: Ui) -> list[tuple[str, int, str]]:
    """Label, occasions and colour of each bar; many different values are put into 20 bins."""
    pairs = score.distribution
    fmt = MetricFormat(score.scale, ui)
    if len(pairs) <= _MOST_BARS:
        return [
            (_value_text(value, ui), count, _value_colour(score, value)) for value, count in pairs
        ]
    low, high = pairs[0][0], pairs[-1][0]
    step = (high - low) / _BINS
    counts = [0] * _BINS
    for value, count in pairs:
        counts[min(_BINS - 1, int((value - low) / step))] += count
    return [
        (number(low + i * step, ui, fmt.level_decimals) + "…", count, BETTER)
        for i, count in enumerate(counts)
    ]


def _value_text(value: float, ui: Ui) -> str:
    decimals = 0 if float(value).is_integer() else 1 if float(10 * value).is_integer() else 2
    return number(value, ui, decimals)


def _value_colour(score: ScoreSummary, value: float) -> str:
    if score.scale.metric != "nps":
        return BETTER
    good = score.scale.low + score.scale.high - value if score.scale.lower_is_better else value
    if good >= _NPS_PROMOTER:
        return BETTER
    return NEUTRAL if good >= _NPS_PASSIVE else WORSE


def distribution_chart(score: ScoreSummary, ui: Ui, canvas: Canvas = WIDE) -> altair.Chart:
    """How many occasions gave each score; NPS coloured by critics, passives and promoters.

    Args:
        score: A score with a distribution.
        ui: Language of labels and numbers.
        canvas: Size.
    """
    import altair as alt

    rows = _unique(
        [
            {"name": name, "count": count, "text": number(count, ui) if count else "", "colour": c}
            for name, count, c in distribution_rows(score, ui)
        ]
    )
    base = alt.Chart(alt.Data(values=rows))
    axis = alt.Axis(
        title=None,
        labelAngle=0,
        labelOverlap="greedy",
        grid=False,
    )
    x = alt.X("name:O", sort=None, axis=axis, scale=alt.Scale(paddingInner=0.25))
    y = alt.Y("count:Q", axis=None)
    layers = [
        base.mark_bar(cornerRadiusEnd=2).encode(x=x, y=y, color=alt.Color("colour:N", scale=None)),
    ]
    if len(rows) <= _MOST_BARS // 2 + 1:
        counts = base.mark_text(dy=-8, font=FONT, fontSize=12, color=MUTED)
        layers.append(counts.encode(x=x, y=y, text="text:N"))
    return styled(alt.layer(*layers).properties(height=150), canvas)


def pictured_categories(rows: Sequence[CountRow]) -> tuple[CountRow, ...]:
    """The rows that fit into the picture; the overall judgement is none of them."""
    return tuple(row for row in rows if row.code != GENERAL)[:PICTURED_CATEGORIES]


def categories_chart(
    categories: Sequence[CountRow], ui: Ui, canvas: Canvas = WIDE
) -> altair.Chart:
    """Opinions per category: blame to the left, praise to the right, neutral across the middle.

    Args:
        categories: Rows to draw, at least one.
        ui: Language of labels and numbers.
        canvas: Size.
    """
    import altair as alt

    rows = _unique([{"name": row.title[ui], "text": number(row.opinions, ui)} for row in categories])
    bars = [
        {**row, "from": start, "to": end, "colour": colour}
        for row, counts in zip(rows, categories, strict=True)
        for start, end, colour in _diverging(counts)
    ]
    y = _row_axis(canvas)
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
    return styled(chart.properties(height=canvas.row * len(rows)), canvas)


def _diverging(row: CountRow) -> list[tuple[float, float, str]]:
    half = (row.neutral or 0) / 2
    spans = [
        (-half - (row.negative or 0), -half, WORSE),
        (-half, half, NEUTRAL),
        (half, half + (row.positive or 0), BETTER),
    ]
    return [span for span in spans if span[0] < span[1]]
