"""The asymmetry map: what a complaint costs beside what praise gives, topic by topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from warum.reasons.asymmetry import Asymmetry
from warum.reasons.penalty_reward import Kind
from warum.report.chart_rows import finite, row_axis, row_texts, value_scale
from warum.report.chart_style import (
    BETTER,
    INK,
    MUTED,
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
from warum.report.why_labels import Titles, topic
from warum.report.words import say

if TYPE_CHECKING:
    import altair as alt

KINDS: tuple[Kind, ...] = ("basic", "performance", "excitement", "undecided")
"""In the order they are shown."""

PICTURED = 12
"""Topics that fit into the picture."""


def ranked_asymmetries(rows: Sequence[Asymmetry]) -> tuple[Asymmetry, ...]:
    """The topics by kind, and within it the most often mentioned first."""
    order: Mapping[Kind, int] = {kind: i for i, kind in enumerate(KINDS)}
    return tuple(
        sorted(
            rows, key=lambda row: (order[row.kind], -(row.complaints + row.praises), row.category)
        )
    )


def asymmetry_chart(
    rows: Sequence[Asymmetry], titles: Titles, fmt: MetricFormat, canvas: Canvas = WIDE
) -> alt.Chart:
    """What a complaint costs, to the left, and what praise gives, to the right, each with its interval.

    Args:
        rows: At least one, those of a kind together; each with a contrast.
        titles: Titles of the categories.
        fmt: How the metric's numbers are written.
        canvas: Size.
    """
    import altair as alt

    drawn = named_apart(_rows(rows, titles, fmt))
    base = alt.Chart(alt.Data(values=tuple(drawn)))
    y = row_axis(drawn, canvas)
    title = say("axis_asymmetry", fmt.ui, unit=say(f"{fmt.unit_key}_with", fmt.ui))
    axis = alt.Axis(
        title=title, labelExpr=tick_label(fmt.ui, absolute=True), tickCount=5, grid=True
    )
    ends = [row[key] for row in drawn if not row["head"] for key in _ENDS]
    scale = value_scale([0.0, *ends])
    bars = base.transform_filter("!datum.head")
    # Cost above, gain below, so that their intervals do not lie on each other.
    height, offsets = (7, (3, 11)) if canvas.labels_above else (9, (-5, 5))
    layers: list[Any] = [
        base.mark_rule(color=MUTED).encode(x=alt.XDatum(0, type="quantitative")),
    ]
    for key, colour, shift in zip(("penalty", "reward"), (WORSE, BETTER), offsets, strict=True):
        x = alt.X(f"{key}:Q", axis=axis, scale=scale)
        layers.append(
            bars.mark_bar(height=height, yOffset=shift, color=colour).encode(
                y=y, x=x, x2=alt.X2Datum(0)
            )
        )
        layers += [
            bars.mark_rule(strokeWidth=width, color=line, yOffset=shift).encode(
                y=y, x=alt.X(f"{key}_low:Q", axis=axis, scale=scale), x2=f"{key}_high:Q"
            )
            for width, line in ((2.8, PAPER), (1.4, INK))
        ]
    layers += row_texts(base, y, canvas, dy=-12)
    chart = alt.layer(*layers).properties(height=canvas.row * len(drawn))
    return styled(chart, canvas)


_ENDS = ("penalty", "penalty_low", "penalty_high", "reward", "reward_low", "reward_high")


def _rows(rows: Sequence[Asymmetry], titles: Titles, fmt: MetricFormat) -> list[Row]:
    """A heading per kind, and its topics beneath it."""
    found: list[Row] = []
    for kind, members in groupby(rows, key=lambda row: row.kind):
        found.append({"name": say(f"asymmetry_{kind}", fmt.ui), "head": True, "text": ""})
        found += [_row(row, titles, fmt) for row in members]
    return found


def _row(row: Asymmetry, titles: Titles, fmt: MetricFormat) -> Row:
    cost, gain = row.penalty, row.reward
    return {
        "name": topic(row.category, None, titles, fmt.ui),
        "head": False,
        "text": "",
        "penalty": -cost.value,  # to the left
        "penalty_low": -finite(cost.high, cost.value),
        "penalty_high": -finite(cost.low, cost.value),
        "reward": gain.value,
        "reward_low": finite(gain.low, gain.value),
        "reward_high": finite(gain.high, gain.value),
    }
