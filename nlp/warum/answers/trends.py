"""What changes over time: alerts with the comments behind them, shares by period, emotions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.alerts.alerts import Alert, AlertRun, find_alerts
from warum.alerts.baseline import LEAST_HISTORY
from warum.alerts.emotions import ShareRow, shares_by_period, shares_by_place
from warum.alerts.occurrences import Occurrences
from warum.alerts.streams import as_day
from warum.alerts.trends import TrendRow, trend_rows
from warum.alerts.watch import Step
from warum.answers.columns import (
    caveat_column,
    count_column,
    estimate_columns,
    number_column,
    text_column,
)
from warum.answers.options import WhyOptions
from warum.answers.rows import WhyRows
from warum.caveats import Caveat
from warum.occasions import Occasions, Pair, form_occasions
from warum.reasons.segments import period_step
from warum.records import POLARITIES
from warum.table import Column, Table

ALPHA = 0.1
_MOSTLY = 0.5
_WATCHED = (POLARITIES[0], POLARITIES[2])


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

    def line(self, alert: Alert) -> tuple[TrendRow, ...]:
        """The rows of what an alert is about, in its segment."""
        stream = (alert.category, alert.polarity, alert.by, alert.value)
        return tuple(
            row for row in self.rows if (row.category, row.polarity, row.by, row.value) == stream
        )

    def tables(self) -> dict[str, Table]:
        """`alerts` (with the ids of the comments behind each), `trends` and `emotions`."""
        return {
            "alerts": _alerts_table(self.alerts),
            "trends": _rows_table(self.rows),
            "emotions": _emotions_table(self.emotions),
        }


def trends(rows: WhyRows, options: WhyOptions) -> Trends | None:
    """Find what changed over time.

    Args:
        rows: What was read.
        options: What is asked; only the confidence level concerns it.

    Returns:
        None where there are neither dates nor emotions.
    """
    table, columns = rows.responses.table, rows.reading.columns
    occasions = form_occasions(
        len(table),
        customer=table["customer"] if columns.has_customer else None,
        date_key=table["date_key"] if columns.has_date else None,
    )
    comment_of = _comment_of(rows)
    emotions, doubts = _emotions(rows, occasions, comment_of, options.level)
    data = _occurrences(rows, occasions, comment_of)
    if np.isnat(data.dates).all():
        if not emotions:
            return None
        undated = (Caveat.of("undated", n=len(data.dates)),)
        return Trends(ALPHA, "month", "", "", (), "month", (), emotions, (*undated, *doubts))
    least = rows.reading.facts.min_group
    run = find_alerts(data, alpha=ALPHA, min_group=least)
    step: Step = "week" if _weekly(data, run) else "month"
    return Trends(
        alpha=ALPHA,
        judged_by=run.step,
        first=as_day(int(run.streams.starts[0])),
        last=as_day(int(run.streams.starts[-1]) - 1),
        alerts=run.alerts,
        step=step,
        rows=trend_rows(data, run, step=step, min_group=least, level=options.level),
        emotions=emotions,
        caveats=(*run.caveats, *doubts),
    )


def _weekly(data: Occurrences, run: AlertRun) -> bool:
    return run.step != "month" and period_step(data.dates) == "week"


def _comment_of(rows: WhyRows) -> npt.NDArray[np.int64]:
    """Position of each opinion's comment, (o,)."""
    comments, opinions = rows.reading.comments, rows.reading.opinions
    position = {one: i for i, one in enumerate(comments["comment_id"].tolist())}
    of = [position[one] for one in opinions["comment_id"].tolist()]
    return np.array(of, dtype=np.int64)


def _occurrences(
    rows: WhyRows, occasions: Occasions, comment_of: npt.NDArray[np.int64]
) -> Occurrences:
    """The occasions with a comment that was read: who says nothing can mention nothing."""
    comments = rows.reading.comments
    read = ~np.isnan(comments["sentiment"])
    read[comment_of] = True
    read &= np.array([text is not None for text in comments["text"].tolist()], dtype=np.bool_)
    kept = np.unique(occasions.index[rows.responses.comment_row[read]])
    number = np.full(len(occasions), -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    pairs = _pairs(rows)
    column = {pair: i for i, pair in enumerate(pairs)}
    said = zip(rows.responses.categories.tolist(), rows.responses.polarities.tolist(), strict=True)
    said_as = np.array([column.get(pair, -1) for pair in said], dtype=np.int64)
    said_in = number[occasions.index[rows.responses.opinion_row]]
    watched = (said_as >= 0) & (said_in >= 0)
    mentions = np.zeros((len(kept), len(pairs)), dtype=np.bool_)
    mentions[said_in[watched], said_as[watched]] = True
    table = rows.responses.table
    return Occurrences(
        dates=table["date"][occasions.first_row[kept]],
        mentions=mentions,
        pairs=pairs,
        segments={
            name: _large(table[name][occasions.first_row[kept]]) for name in rows.reading.columns.by
        },
        people=occasions.cluster[kept],
        said_in=said_in[watched],
        said_as=said_as[watched],
        comments=rows.reading.opinions["comment_id"][watched],
    )


def _pairs(rows: WhyRows) -> tuple[Pair, ...]:
    """Complaints and praise of all that the taxonomy holds, so that new words change no old alert."""
    found = rows.responses.categories.tolist()
    codes = dict.fromkeys((*(one.code for one in rows.taxonomy.categories), *sorted(set(found))))
    return tuple((code, polarity) for code in codes for polarity in _WATCHED)


def _large(values: Column) -> Column:
    """The values, None for those that are too rare ever to be judged."""
    counts = Counter(values.tolist())
    return np.array(
        [value if counts[value] >= LEAST_HISTORY else None for value in values.tolist()],
        dtype=object,
    )


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


def _alerts_table(alerts: tuple[Alert, ...]) -> Table:
    return Table(
        {
            **{
                name: text_column(alerts, lambda alert, name=name: getattr(alert, name))  # type: ignore[misc]
                for name in (
                    "day", "until", "began", "category", "polarity", "by", "value", "kind", "direction",
                )
            },
            "seen": number_column(alerts, lambda alert: alert.seen),
            "occasions": count_column(alerts, lambda alert: alert.occasions),
            **estimate_columns("expected", alerts, lambda alert: alert.expected),
            "p": number_column(alerts, lambda alert: alert.p),
            "people": number_column(alerts, lambda alert: alert.people),
            "comments": text_column(alerts, lambda alert: ";".join(alert.comments)),
            "method": text_column(alerts, lambda alert: alert.method),
            "caveats": caveat_column(alerts, lambda alert: alert.caveats),
        }
    )  # fmt: skip


def _rows_table(rows: tuple[TrendRow, ...]) -> Table:
    return Table(
        {
            "period": text_column(rows, lambda row: row.period),
            "category": text_column(rows, lambda row: row.category),
            "polarity": text_column(rows, lambda row: row.polarity),
            "by": text_column(rows, lambda row: row.by),
            "value": text_column(rows, lambda row: row.value),
            **estimate_columns("share", rows, lambda row: row.share),
            **estimate_columns("expected", rows, lambda row: row.expected),
            "n": count_column(rows, lambda row: row.share.n),
            "people": count_column(rows, lambda row: row.people),
            "caveats": caveat_column(rows, lambda row: row.share.caveats),
        }
    )


def _emotions_table(rows: tuple[ShareRow, ...]) -> Table:
    return Table(
        {
            "by": text_column(rows, lambda row: row.by),
            "group": text_column(rows, lambda row: row.group),
            "emotion": text_column(rows, lambda row: row.value),
            **estimate_columns("share", rows, lambda row: row.share),
            "n": count_column(rows, lambda row: row.share.n),
            "people": count_column(rows, lambda row: row.people),
            "caveats": caveat_column(rows, lambda row: row.share.caveats),
        }
    )
