"""Metrics of the trade besides scores: churn, repurchase, times, ticket volume, lifetime value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from warum.metrics import Floats, ScoreScale

TradeName = Literal[
    "churn",
    "repurchase",
    "first_response_time",
    "resolution_time",
    "ticket_volume",
    "lifetime_value",
]
TRADE_NAMES: tuple[TradeName, ...] = get_args(TradeName)
Kind = Literal["event", "time", "count", "money"]


@dataclass(frozen=True, slots=True)
class Trade:
    """What is known of a metric by its name.

    Attributes:
        name: Its name.
        kind: A yes or no that comes about on a day (event), or a number of what.
        lower_is_better: Whether small values are the good ones.
        of_customer: Whether a customer has one value, and not every response its own.
        headers: How columns of it are named, lower case, words parted by single blanks.
    """

    name: TradeName
    kind: Kind
    lower_is_better: bool
    of_customer: bool
    headers: re.Pattern[str]


def _trade(name: TradeName, kind: Kind, headers: str, *, lower: bool, customer: bool) -> Trade:
    return Trade(name, kind, lower, customer, re.compile(headers))


TRADES: Mapping[TradeName, Trade] = {
    trade.name: trade
    for trade in (
        _trade(
            "churn", "event",
            r"churn(?:ed)?|is churn(?:ed)?|has churned|churned later|cancel(?:l)?ed later|gekündigt"
            r"|abgewandert|abwanderung|kündigung",
            lower=True, customer=True,
        ),
        _trade(
            "repurchase", "event",
            r"re ?purchased?|re ?ordered|bought again|repeat purchase|repeat buyer|wiederkauf"
            r"|wieder gekauft|erneut gekauft|wiederbestellt|folgekauf",
            lower=False, customer=True,
        ),
        _trade(
            "first_response_time", "time",
            r"(?:time to )?first (?:response|reply)(?: time)?(?: (?:hours|hrs|minutes|min|h))?|frt"
            r"|erstreaktionszeit|erstantwortzeit|zeit bis (?:zur )?erst(?:antwort|reaktion)",
            lower=True, customer=False,
        ),
        _trade(
            "resolution_time", "time",
            r"(?:full |total )?resolution(?: time)?(?: (?:hours|hrs|days|minutes|min|h))?|ttr"
            r"|time to resolution|lösungszeit|bearbeitungszeit|lösungsdauer|zeit bis (?:zur )?lösung",
            lower=True, customer=False,
        ),
        _trade(
            "ticket_volume", "count",
            r"ticket (?:volume|count)|tickets|number of tickets|no of tickets|anzahl tickets"
            r"|ticketanzahl|ticket ?volumen",
            lower=True, customer=True,
        ),
        _trade(
            "lifetime_value", "money",
            r"(?:customer )?(?:life ?time|lifecycle) value(?: (?:eur|usd|gbp|chf))?|c?ltv|clv"
            r"|kundenwert|kundenlebenszeitwert",
            lower=False, customer=True,
        ),
    )
}  # fmt: skip


def trade_of_header(words: str) -> TradeName | None:
    """The metric that a header names; None if it names none.

    Args:
        words: The header in lower case, words parted by single blanks.
    """
    return next((name for name, trade in TRADES.items() if trade.headers.fullmatch(words)), None)


def trade_scale(column: str, name: TradeName, values: Floats) -> ScoreScale:
    """How a metric is read as a score: events as a rate, numbers as a mean between the observed ends.

    Args:
        column: Its column.
        name: The metric.
        values: Its values, NaN where missing.
    """
    trade = TRADES[name]
    if trade.kind == "event":
        return ScoreScale(column, "rate", 0.0, 1.0, trade.lower_is_better)
    known = values[~np.isnan(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    return ScoreScale(column, "mean", low, high, trade.lower_is_better)
