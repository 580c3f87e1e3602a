"""The picture behind an alert: how often something is said, against what was to be expected."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from warum.alerts.alerts import Alert
from warum.alerts.streams import as_day, period_of
from warum.alerts.trends import TrendRow
from warum.alerts.watch import Step
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
    Row,
    styled,
    tick_label,
)
from warum.report.numbers import number
from warum.report.periods import period
from warum.report.words import say

if TYPE_CHECKING:
    import altair as alt

_LENGTH: Mapping[Step, int] = {"day": 1, "week": 7, "month": 31}
"""Days that lead from the first day of a period into the next one."""


def watch_chart(
    rows: Sequence[TrendRow],
    alerts: Sequence[Alert],
    step: Step,
    least: int,
    ui: Ui,
    canvas: Canvas = WIDE,
) -> alt.Chart:
    """The share of answers that mention something, period by period, within the band of what was expected.

    The band ends where the change began: what comes later is expected in the light of it. A change of one
    period says how many mention it; of a lasting one every period is marked.

    Args:
        rows: One line of `trend_rows`, by period, at least one with a share.
        alerts: The alerts of that line, at least one.
        step: Length of the rows' periods.
        least: Least number of people of a group that is shown; periods of fewer get a pale bar that
            says no more than that.
        ui: Language.
        canvas: Size.
    """
    import altair as alt

    last = max(_period(_first(alert), step) for alert in alerts)
    drawn = _filled([_row(row, alerts, last, step, least, ui) for row in rows], step)
    base = alt.Chart(alt.Data(values=tuple(drawn)))
    names = [row["name"] for row in drawn]
    labels = json.dumps(_short(names, step, ui))
    x_axis = alt.Axis(
        title=None,
        labelAngle=0,
        labelOverlap="parity",
        labelSeparation=4,
        labelExpr=f"{labels}[datum.value]",
        grid=False,
    )
    x = alt.X(
        "name:O", sort=None, axis=x_axis, scale=alt.Scale(type="point", padding=0.4, domain=names)
    )
    suffix = "\N{NO-BREAK SPACE}%" if ui == "de" else "%"
    axis = alt.Axis(
        title=say("axis_mention_share", ui), labelExpr=tick_label(ui, suffix=suffix), tickCount=4
    )
    top = max(
        [1.0, *(row[key] for row in drawn for key in ("value", "high", "few") if row.get(key))]
    )
    scale = alt.Scale(domain=[0, 1.18 * top], nice=False)  # room for the number above an alert
    y = alt.Y("value:Q", axis=axis, scale=scale)
    flagged = base.transform_filter("isValid(datum.flag)")
    colour = alt.Color("flag:N", scale=None)
    halo = {"stroke": PAPER, "strokeWidth": 5, "strokeJoin": "round"}
    text = {"dy": -14, "font": FONT, "fontSize": 13, "fontWeight": 600}
    layers = [
        base.mark_rule(color=BAND, strokeWidth=6).encode(
            x=x, y=alt.Y("low:Q", axis=axis, scale=scale), y2="high:Q"
        ),
        base.mark_area(color=BAND, opacity=1).encode(
            x=x, y=alt.Y("low:Q", axis=axis, scale=scale), y2="high:Q"
        ),
        base.transform_filter("isValid(datum.few)")
        .mark_bar(color=GRID, width=9)
        .encode(x=x, y=alt.Y("few:Q", axis=axis, scale=scale), y2=alt.Y2Datum(0)),
        base.mark_line(color=MUTED, strokeWidth=2).encode(x=x, y=y),
        base.mark_point(color=MUTED, fill=MUTED, size=35, opacity=1).encode(x=x, y=y),
        flagged.mark_point(size=170, opacity=1, strokeWidth=2).encode(
            x=x, y=y, stroke=colour, fill=colour
        ),
        flagged.mark_text(color=INK, **text, **halo).encode(x=x, y=y, text=alt.Text("text:N")),
        flagged.mark_text(color=INK, **text).encode(x=x, y=y, text=alt.Text("text:N")),
    ]
    return styled(alt.layer(*layers).properties(height=190), canvas)


def _row(row: TrendRow, alerts: Sequence[Alert], last: str, step: Step, least: int, ui: Ui) -> Row:
    hit = next((alert for alert in alerts if _marks(alert, row.period, step)), None)
    share, withheld = row.share, math.isnan(row.share.value)
    mentions = 0 if withheld else round(share.value * share.n)
    return {
        "name": row.period,
        "value": _percent(share.value),
        "few": 100 * min(1.0, (least - 1) / row.people) if withheld else None,
        "low": _percent(row.expected.low) if row.period <= last else None,
        "high": _percent(row.expected.high) if row.period <= last else None,
        "flag": None if hit is None else _colour(hit),
        "text": say("n_of", ui, n=number(mentions, ui), all=number(share.n, ui))
        if hit is not None and hit.kind == "spike"
        else "",
    }


def _first(alert: Alert) -> str:
    """The day from which on an alert marks the line."""
    return alert.day if alert.kind == "spike" else alert.began


def _marks(alert: Alert, start: str, step: Step) -> bool:
    first = _period(_first(alert), step)
    return start == first if alert.kind == "spike" else start >= first


def _filled(rows: Sequence[Row], step: Step) -> list[Row]:
    """The rows with those periods between them that are missing, so that a gap in time is seen as one."""
    known = {row["name"]: row for row in rows}
    found, day = [], min(known)
    while day <= max(known):
        found.append(known.get(day, {"name": day}))
        following = date.fromisoformat(day) + timedelta(days=_LENGTH[step])
        day = _period(following.isoformat(), step)
    return found


def _short(names: Sequence[str], step: Step, ui: Ui) -> dict[str, str]:
    """Labels that name the year only where it begins."""
    labels, year = {}, ""
    for name in names:
        text = period(name[:7] if step == "month" else name, ui)
        labels[name] = text if name[:4] != year else text.removesuffix(f" {name[:4]}")
        year = name[:4]
    return labels


def _percent(share: float) -> float | None:
    return 100 * share if math.isfinite(share) else None


def _colour(alert: Alert) -> str:
    """Orange for more complaints or less praise, blue for the contrary, grey for neutral mentions."""
    if alert.polarity == "neutral":
        return NEUTRAL
    return WORSE if (alert.polarity == "negative") == (alert.direction == "rise") else BETTER


def _period(day: str, step: Step) -> str:
    """First day of the period of a day."""
    return as_day(period_of(int(np.datetime64(day, "D").astype(np.int64)), step))
