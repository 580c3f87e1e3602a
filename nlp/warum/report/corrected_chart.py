"""The picture of the audit: each driver as the model gives it, and corrected by a person's labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from warum.audit.driver_records import CorrectedDriver
from warum.report.chart_rows import finite, forest
from warum.report.chart_style import BETTER, PAPER, WIDE, WORSE, Canvas
from warum.report.numbers import MetricFormat
from warum.report.why_labels import Titles, topic
from warum.report.words import say

if TYPE_CHECKING:
    import altair as alt

PICTURED = 12


def pictured_corrections(rows: Sequence[CorrectedDriver]) -> tuple[CorrectedDriver, ...]:
    """The drivers that the picture shows: the first ones with a corrected impact."""
    return tuple(row for row in rows if math.isfinite(row.impact.value))[:PICTURED]


def corrected_chart(
    rows: Sequence[CorrectedDriver],
    titles: Titles,
    fmt: MetricFormat,
    *,
    better_up: bool = True,
    canvas: Canvas = WIDE,
) -> alt.Chart:
    """Corrected impacts with their intervals (dots); beside them what the model alone gives (diamonds).

    Args:
        rows: What `pictured_corrections` gave, at least one.
        titles: Titles of the categories.
        fmt: How the metric's numbers are written.
        better_up: Whether a higher metric is better.
        canvas: Size.
    """
    drawn = []
    for row in rows:
        impact, naive = row.impact, row.naive_impact.value
        colour = BETTER if (impact.value > 0) == better_up else WORSE
        clear = row.selected is not None
        drawn.append(
            {
                "name": topic(row.category, row.polarity, titles, fmt.ui),
                "value": impact.value,
                "low": finite(impact.low, impact.value),
                "high": finite(impact.high, impact.value),
                "text": fmt.change(impact.value),
                "colour": colour,
                "inside": colour if clear else PAPER,
                "beside": naive if math.isfinite(naive) else None,
            }
        )
    title = say("axis_impact", fmt.ui, unit=say(f"{fmt.unit_key}_with", fmt.ui))
    return forest(drawn, zero=0.0, dashed=False, title=title, ui=fmt.ui, canvas=canvas)
