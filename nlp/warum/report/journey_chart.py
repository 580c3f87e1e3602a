"""The picture of the journey: the metric stage by stage, then touchpoint by touchpoint."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from warum.reasons.journey import ANY, JourneyRow
from warum.records import Estimate
from warum.report.chart_rows import finite, forest
from warum.report.chart_style import BETTER, NEUTRAL, PAPER, WIDE, WORSE, Canvas, Row
from warum.report.numbers import MetricFormat
from warum.report.why_labels import stage, touchpoint
from warum.report.words import say
from warum.taxonomy import STAGES, TOUCHPOINTS

if TYPE_CHECKING:
    import altair as alt


def stages_of(rows: Iterable[JourneyRow]) -> tuple[JourneyRow, ...]:
    """A row per stage, all touchpoints together, in the order of the journey."""
    found = [row for row in rows if row.stage and row.touchpoint == ANY]
    return tuple(sorted(found, key=lambda row: _place(row.stage, STAGES)))


def touchpoints_of(rows: Iterable[JourneyRow]) -> tuple[JourneyRow, ...]:
    """A row per touchpoint, all stages together."""
    found = [row for row in rows if row.touchpoint and row.stage == ANY]
    return tuple(sorted(found, key=lambda row: _place(row.touchpoint, TOUCHPOINTS)))


def known_places(rows: Iterable[JourneyRow]) -> tuple[JourneyRow, ...]:
    """Stages, then touchpoints, that have a metric."""
    rows = tuple(rows)
    found = (*stages_of(rows), *touchpoints_of(rows))
    return tuple(row for row in found if math.isfinite(row.metric.value))


def _place(code: str, known: Sequence[str]) -> tuple[int, str]:
    """Those of the taxonomy first, in its order; others that the data bring, by name."""
    return (known.index(code) if code in known else len(known), code)


def stands_apart(metric: Estimate, overall: float, places: int) -> int:
    """Whether a place's metric lies clearly above (1) or below (-1) that of all, else 0.

    The interval is widened so far that, of so many places compared at once, one in twenty at most would
    stand apart by chance (Bonferroni).

    Args:
        metric: The metric at the place.
        overall: The metric of all.
        places: Number of places compared.
    """
    from scipy.special import ndtri

    risk = (1 - metric.level) / 2
    factor = float(ndtri(1 - risk / max(1, places)) / ndtri(1 - risk))
    if metric.value - factor * (metric.value - metric.low) > overall:
        return 1
    return -1 if metric.value + factor * (metric.high - metric.value) < overall else 0


def journey_chart(
    rows: Sequence[JourneyRow],
    overall: Estimate,
    fmt: MetricFormat,
    title: str,
    *,
    better_up: bool = True,
    canvas: Canvas = WIDE,
) -> alt.Chart:
    """The metric where the opinions stand: a line through the stages, dots for the touchpoints.

    Blue lies clearly on the better side of the metric of all (dashed), orange clearly on the worse one.

    Args:
        rows: Rows of the journey; at least one stage or touchpoint with a metric.
        overall: The metric of all.
        fmt: How the metric's numbers are written.
        title: What the axis shows.
        better_up: Whether a higher metric is better.
        canvas: Size.
    """
    drawn: list[Row] = []
    places = len(known_places(rows))
    groups = (
        ("journey_stages", stages_of(rows), stage),
        ("journey_touchpoints", touchpoints_of(rows), touchpoint),
    )
    for key, members, named in groups:
        known = [row for row in members if math.isfinite(row.metric.value)]
        if not known:
            continue
        drawn.append({"name": say(key, fmt.ui), "head": True, "text": ""})
        for i, row in enumerate(known):
            name = named(row.stage or row.touchpoint, fmt.ui)
            joined = key == "journey_stages" and i + 1 < len(known)
            side = stands_apart(row.metric, overall.value, places) * (1 if better_up else -1)
            drawn.append(_row(name, row.metric, fmt, joined, side))
    return forest(drawn, zero=overall.value, dashed=True, title=title, ui=fmt.ui, canvas=canvas)


def _row(name: str, metric: Estimate, fmt: MetricFormat, joined: bool, side: int) -> Row:
    colour = (WORSE, NEUTRAL, BETTER)[side + 1]
    return {
        "name": name,
        "head": False,
        "value": metric.value,
        "low": finite(metric.low, metric.value),
        "high": finite(metric.high, metric.value),
        "text": fmt.level(metric.value),
        "colour": colour,
        "inside": colour if side else PAPER,
        "joined": joined,
    }
