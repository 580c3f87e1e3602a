"""What changes over time, as tables for CSV files."""

from __future__ import annotations

from warum.alerts.alerts import Alert
from warum.alerts.emotions import ShareRow
from warum.alerts.trends import TrendRow
from warum.answers.columns import (
    caveat_column,
    count_column,
    estimate_columns,
    number_column,
    text_column,
)
from warum.table import Table


def alerts_table(alerts: tuple[Alert, ...]) -> Table:
    """A row per alert, with the ids of the comments behind it."""
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


def trends_table(rows: tuple[TrendRow, ...]) -> Table:
    """A row per line and period."""
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


def emotions_table(rows: tuple[ShareRow, ...]) -> Table:
    """A row per group and emotion."""
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
