"""Pictures that stand upright: the metric over time, and how the answers spread."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from warum.caveats import Ui
from warum.report.chart_style import (
    BAND,
    BETTER,
    FONT,
    MUTED,
    NEUTRAL,
    WIDE,
    WORSE,
    Canvas,
    Row,
    named_apart,
    styled,
    tick_label,
)
from warum.report.numbers import MetricFormat, number
from warum.report.periods import period, without_gaps
from warum.report.sentences import metric_name
from warum.report.summary_records import ScoreSummary
from warum.result import SegmentMetric

if TYPE_CHECKING:
    import altair as alt

_BINS = 20
_MOST_BARS = 21
_NPS_PASSIVE, _NPS_PROMOTER = 7, 9


def trend_chart(score: ScoreSummary, ui: Ui, canvas: Canvas = WIDE) -> alt.Chart:
    """The metric per period as a line within the band of its interval.

    Args:
        score: A score with a trend of at least one period.
        ui: Language of labels and numbers.
        canvas: Size.
    """
    import altair as alt

    rows = _trend_rows(score.trend, ui)
    names = [
        row["name"] for row in rows
    ]  # said outright: periods without a number keep their place
    base = alt.Chart(alt.Data(values=tuple(rows)))
    axis = alt.Axis(
        title=None,
        labelAngle=0,
        labelOverlap="greedy",
        labelSeparation=10,
        grid=False,
    )
    x = alt.X(
        "name:O", sort=None, axis=axis, scale=alt.Scale(type="point", padding=0.4, domain=names)
    )
    scale = alt.Scale(zero=False, nice=True)
    y_axis = alt.Axis(title=metric_name(score.scale, ui), labelExpr=tick_label(ui), tickCount=5)
    layers = [
        # A period between two gaps has no band; this bar is its interval.
        base.mark_rule(color=BAND, strokeWidth=6).encode(
            x=x, y=alt.Y("low:Q", scale=scale, axis=y_axis), y2="high:Q"
        ),
        base.mark_area(color=BAND, opacity=1).encode(
            x=x, y=alt.Y("low:Q", scale=scale, axis=y_axis), y2="high:Q"
        ),
        base.mark_line(color=BETTER, strokeWidth=2.5).encode(x=x, y=alt.Y("value:Q", scale=scale)),
        base.mark_point(color=BETTER, fill=BETTER, size=45, opacity=1).encode(
            x=x, y=alt.Y("value:Q", scale=scale)
        ),
    ]
    return styled(alt.layer(*layers).properties(height=260), canvas)


def _trend_rows(trend: Sequence[SegmentMetric], ui: Ui) -> list[Row]:
    """A row per period; periods without a number (too few people, no answers) break the line."""
    points = {point.value: point.estimate for point in trend}
    rows = []
    for name in without_gaps(tuple(points)):
        estimate = points.get(name)
        value, low, high = (
            (estimate.value, estimate.low, estimate.high) if estimate else (math.nan,) * 3
        )
        rows.append(
            {
                "name": period(name, ui),
                "value": _or_none(value),
                "low": _or_none(low),
                "high": _or_none(high),
            }
        )
    return named_apart(rows)


def _or_none(value: float) -> float | None:
    return value if math.isfinite(value) else None


def distribution_rows(score: ScoreSummary, ui: Ui) -> list[tuple[str, int, str]]:
    """Label, occasions and colour of each bar; many different values are put into 20 bins."""
    pairs = _with_empty_steps(score)
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


def _with_empty_steps(score: ScoreSummary) -> tuple[tuple[float, int], ...]:
    """The distribution with every step of a short scale of whole numbers, also those nobody gave."""
    counts = dict(score.distribution)
    low, high = score.scale.low, score.scale.high
    steps = [low, high, *counts]
    whole = all(math.isfinite(step) and float(step).is_integer() for step in steps)
    if not whole or high - low >= _MOST_BARS or min(steps) < low or max(steps) > high:
        return score.distribution
    return tuple((float(step), counts.get(step, 0)) for step in range(int(low), int(high) + 1))


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


def distribution_chart(score: ScoreSummary, ui: Ui, canvas: Canvas = WIDE) -> alt.Chart:
    """How many occasions gave each score; NPS coloured by critics, passives and promoters.

    Args:
        score: A score with a distribution.
        ui: Language of labels and numbers.
        canvas: Size.
    """
    import altair as alt

    rows = named_apart(
        [
            {"name": name, "count": count, "text": number(count, ui) if count else "", "colour": c}
            for name, count, c in distribution_rows(score, ui)
        ]
    )
    base = alt.Chart(alt.Data(values=tuple(rows)))
    axis = alt.Axis(
        title=None,
        labelAngle=0,
        labelOverlap="greedy",
        grid=False,
    )
    x = alt.X("name:O", sort=None, axis=axis, scale=alt.Scale(paddingInner=0.25))
    y = alt.Y("count:Q", axis=None, stack=None)
    layers = [
        base.mark_bar().encode(x=x, y=y, color=alt.Color("colour:N", scale=None)),
    ]
    if len(rows) <= _MOST_BARS // 2 + 1:
        counts = base.mark_text(dy=-8, font=FONT, fontSize=12, color=MUTED)
        layers.append(counts.encode(x=x, y=y, text=alt.Text("text:N")))
    return styled(alt.layer(*layers).properties(height=150), canvas)
