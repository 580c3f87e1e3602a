"""What changes over time: alerts with the comments behind them, shares by period, emotions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.alerts.alerts import Alert, AlertRun, find_alerts
from warum.alerts.emotions import ShareRow, shares_by_period, shares_by_place
from warum.alerts.occurrences import Occurrences
from warum.alerts.streams import as_day
from warum.alerts.trends import TrendRow, trend_rows
from warum.alerts.watch import Step
from warum.answers.alert_state import AlertState
from warum.answers.options import WhyOptions
from warum.answers.rows import WhyRows
from warum.answers.trend_tables import alerts_table, emotions_table, trends_table
from warum.answers.watched import occurrences_of, positions_of_comments
from warum.caveats import Caveat
from warum.errors import ColumnError
from warum.occasions import Occasions, form_occasions
from warum.reasons.segments import period_step
from warum.table import Table

ALPHA = 0.1
_MOSTLY = 0.5


@dataclass(frozen=True)
class Trends:
    """What changed over time, over all scores: what people say does not depend on the score column.

    Attributes:
        alpha: With no change, the chance of any alert within a year; with changes, the expected
            share of false alerts.
        judged_by: Length of the period that one spike fills.
        first, last: Days between which alerts were looked for; "" without dates.
        alerts: In the order in which they were noticed.
        step: Length of the periods of `rows`.
        rows: Share of the occasions with a comment that mention something, by period: everything
            over everybody, and what an alert is about in its segment.
        emotions: Emotion by touchpoint, then by period; empty where the model tells none.
        caveats: Doubts about all of them.
        resumed: First day that no earlier run had judged; "" where none came before.
    """

    alpha: float
    judged_by: Step
    first: str
    last: str
    alerts: tuple[Alert, ...]
    step: Step
    rows: tuple[TrendRow, ...]
    emotions: tuple[ShareRow, ...]
    caveats: tuple[Caveat, ...]
    resumed: str = ""

    def line(self, alert: Alert) -> tuple[TrendRow, ...]:
        """The rows of what an alert is about, in its segment."""
        stream = (alert.category, alert.polarity, alert.by, alert.value)
        return tuple(
            row for row in self.rows if (row.category, row.polarity, row.by, row.value) == stream
        )

    def tables(self) -> dict[str, Table]:
        """`alerts` (with the ids of the comments behind each), `trends` and `emotions`."""
        return {
            "alerts": alerts_table(self.alerts),
            "trends": trends_table(self.rows),
            "emotions": emotions_table(self.emotions),
        }


def trends(rows: WhyRows, options: WhyOptions) -> Trends | None:
    """What changed over time; see `followed`."""
    return followed(rows, options)[0]


def followed(rows: WhyRows, options: WhyOptions) -> tuple[Trends | None, AlertState | None]:
    """Find what changed over time, and what a later run goes on from.

    Args:
        rows: What was read.
        options: The confidence level, and how the alerts go on.

    Returns:
        The trends, None where there are neither dates nor emotions; the state, None unless it is kept.

    Raises:
        ColumnError: If the alerts shall go on and there are no dates.
        UsageError: If the state of an earlier run does not fit.
    """
    table, columns = rows.responses.table, rows.reading.columns
    occasions = form_occasions(
        len(table),
        customer=table["customer"] if columns.has_customer else None,
        date_key=table["date_key"] if columns.has_date else None,
    )
    comment_of = positions_of_comments(rows)
    emotions, doubts = _emotions(rows, occasions, comment_of, options.level)
    earlier = options.alert_state
    known = () if earlier is None else earlier.places
    data = occurrences_of(rows, occasions, comment_of, known)
    if np.isnat(data.dates).all():
        if options.goes_on:
            raise ColumnError(
                "--alert-state needs dates, and the data have none that could be read.",
                hint="Name the date column with --date.",
            )
        return _undated(data, emotions, doubts), None
    run = _watched(data, rows, options)
    found = _told(data, run, rows.reading.facts.min_group, options.level)
    found = replace(found, emotions=emotions, caveats=(*found.caveats, *doubts))
    if earlier is not None:
        found = _going_on(found, data, rows, earlier)
    return found, _state(run, rows, options)


def _undated(
    data: Occurrences, emotions: tuple[ShareRow, ...], doubts: tuple[Caveat, ...]
) -> Trends | None:
    if not emotions:
        return None
    undated = (Caveat.of("undated", n=len(data.dates)),)
    return Trends(ALPHA, "month", "", "", (), "month", (), emotions, (*undated, *doubts))


def _watched(data: Occurrences, rows: WhyRows, options: WhyOptions) -> AlertRun:
    """The run of the alerts, from the beginning or from where an earlier one stopped."""
    earlier, facts = options.alert_state, rows.reading.facts
    if earlier is None:
        return find_alerts(data, alpha=ALPHA, min_group=facts.min_group)
    earlier.check(data, facts, options.where)
    return find_alerts(data, alpha=ALPHA, min_group=facts.min_group, state=earlier.alerts)


def _state(run: AlertRun, rows: WhyRows, options: WhyOptions) -> AlertState | None:
    if not options.goes_on:
        return None
    return AlertState.of(run.state, rows.reading.facts, rows.reading.columns.by, options.where)


def _told(data: Occurrences, run: AlertRun, least: int, level: float) -> Trends:
    step: Step = "week" if _weekly(data, run) else "month"
    return Trends(
        alpha=ALPHA,
        judged_by=run.step,
        first=as_day(int(run.streams.starts[0])),
        last=as_day(int(run.streams.starts[-1]) - 1),
        alerts=run.alerts,
        step=step,
        rows=trend_rows(data, run, step=step, min_group=least, level=level),
        emotions=(),
        caveats=run.caveats,
    )


def _going_on(found: Trends, data: Occurrences, rows: WhyRows, earlier: AlertState) -> Trends:
    """What is new since an earlier run, with the doubts that going on brings."""
    facts = rows.reading.facts
    broken = earlier.breaks(facts)
    return replace(
        found,
        alerts=tuple(replace(one, caveats=(*one.caveats, *broken)) for one in found.alerts),
        caveats=(*found.caveats, *earlier.doubts(data, facts)),
        resumed=found.first,
    )


def _weekly(data: Occurrences, run: AlertRun) -> bool:
    return run.step != "month" and period_step(data.dates) == "week"


def _emotions(
    rows: WhyRows, occasions: Occasions, comment_of: npt.NDArray[np.int64], level: float
) -> tuple[tuple[ShareRow, ...], tuple[Caveat, ...]]:
    """Emotion by touchpoint and over time, and how far the touchpoints are assumed."""
    comments, opinions = rows.reading.comments, rows.reading.opinions
    told, of_response = comments["emotion"], rows.responses.comment_row
    if all(emotion is None for emotion in told.tolist()):
        return (), ()
    alone = not rows.reading.columns.has_customer and len(told) == len(occasions)
    people = None if alone else occasions.cluster[occasions.index[of_response]]
    common: dict[str, Any] = {
        "people": people, "min_group": rows.reading.facts.min_group, "level": level,
    }  # fmt: skip
    places = opinions["touchpoint"]
    shown = shares_by_place(told, comment_of, places, **common)
    doubts = []
    assumed = (opinions["touchpoint_origin"] == "assumed") & (places != "")
    if shown and assumed.sum() > _MOSTLY * len(places):
        share = round(100 * float(assumed.sum()) / len(places))
        doubts.append(Caveat.of("journey_assumed", share=share))
    if rows.reading.columns.has_date:
        dates = comments["date"]
        shown += shares_by_period(told, dates, step=period_step(dates), **common)
    return shown, tuple(doubts)
