"""Number columns: as the user named them, or found by their headers, and what they measure."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from warum.errors import InputError, UsageError
from warum.reading.cells import Cells, has_no_value
from warum.reading.dates import share_of_dates
from warum.reading.facts import Facts
from warum.reading.headers import find_column, listed
from warum.reading.numbers import read_numbers
from warum.reading.records import Detected
from warum.trade import TRADE_NAMES, TRADES, TradeName, trade_of_header

_OPTION = "--number"
_READABLE = 0.8
_CHECKED = 300


@dataclass(frozen=True, slots=True)
class NumberAsk:
    """A number column.

    Attributes:
        column: Its header.
        trade: The metric it holds; None for a number without a meaning of its own.
        dates: The column that dates the event; None where there is none. The column itself where it
            holds the days on which it came about.
    """

    column: str
    trade: TradeName | None = None
    dates: str | None = None


@dataclass(frozen=True)
class NumberChoice:
    """The number columns and how they came to be chosen, in the same order."""

    asks: tuple[NumberAsk, ...]
    detected: tuple[Detected, ...]


def given_numbers(options: Sequence[str], facts: Mapping[str, Facts]) -> tuple[NumberAsk, ...]:
    """The number columns that the user named: `COL`, `COL:METRIC` or `COL:METRIC@DATECOL`.

    A header may hold a colon itself: it is looked for before it is taken apart.

    Args:
        options: What was given.
        facts: Header to facts.

    Raises:
        ColumnError: If a column is unknown.
        UsageError: If a metric is unknown, dates are given for what is no event, or a column is
            named twice for different things.
    """
    asks: dict[str, NumberAsk] = {}
    for option in options:
        ask = _parsed(option, facts)
        earlier = asks.setdefault(ask.column, ask)
        if earlier != ask:
            raise UsageError(
                f"{_OPTION} names the column {ask.column!r} twice, as different metrics.",
                hint="Name each column once.",
            )
    return tuple(asks.values())


def choose_numbers(
    given: Sequence[NumberAsk], facts: Mapping[str, Facts], taken: Collection[str]
) -> NumberChoice:
    """The columns named, and those whose headers name a metric of the trade and whose cells fit it.

    Args:
        given: What `given_numbers` returned.
        facts: Header to facts, in column order.
        taken: Headers that have another role.
    """
    asks = [(ask, True) for ask in given]
    named = {ask.column for ask in given} | {ask.dates for ask in given}
    for header, seen in facts.items():
        if header in taken or header in named or not seen.filled:
            continue
        trade = trade_of_header(seen.words)
        if trade is not None and _fits(seen, trade):
            asks.append((_dated(NumberAsk(header, trade), facts), False))
    uses = tuple(Detected("number", ask.column, _how(ask, own), own) for ask, own in asks)
    return NumberChoice(tuple(ask for ask, _ in asks), uses)


def _parsed(option: str, facts: Mapping[str, Facts]) -> NumberAsk:
    headers = tuple(facts)
    column, colon, rest = option.rpartition(":")
    folded = {header.strip().casefold() for header in headers}
    if not colon or option.strip().casefold() in folded:
        header = find_column(option, headers, _OPTION)
        return _dated(NumberAsk(header, trade_of_header(facts[header].words)), facts)
    header = find_column(column, headers, _OPTION)
    said, at, dates = rest.partition("@")
    trade = trade_named(said)
    if not at:
        return _dated(NumberAsk(header, trade), facts)
    if TRADES[trade].kind != "event":
        raise UsageError(
            f"{_OPTION} {option!r} gives dates to {trade}, which is no event.",
            hint="Only churn and repurchase come about on a day.",
        )
    return NumberAsk(header, trade, find_column(dates, headers, f"{_OPTION} {option}"))


def trade_named(text: str) -> TradeName:
    """The metric of a name; hyphens and case do not matter.

    Raises:
        UsageError: If it is unknown.
    """
    folded = text.strip().casefold().replace("-", "_").replace(" ", "_")
    for name in TRADE_NAMES:
        if folded == name:
            return name
    near = difflib.get_close_matches(folded, TRADE_NAMES, n=1, cutoff=0.5)
    guess = f" Did you mean {near[0]!r}?" if near else ""
    raise UsageError(
        f"{_OPTION}: the metric {text!r} is unknown.{guess}",
        hint=f"Choose from {listed(TRADE_NAMES)}, or leave it out for a plain number.",
    )


def _dated(ask: NumberAsk, facts: Mapping[str, Facts]) -> NumberAsk:
    """An event whose own cells are days is dated by them."""
    if ask.trade is None or TRADES[ask.trade].kind != "event" or not _holds_days(facts[ask.column]):
        return ask
    return NumberAsk(ask.column, ask.trade, ask.column)


def _holds_days(facts: Facts) -> bool:
    told = [cell for cell in facts.distinct if not has_no_value(cell)]
    return share_of_dates(told[:_CHECKED]) >= _READABLE


def _fits(facts: Facts, trade: TradeName) -> bool:
    """Whether the cells can be what the header says: yes and no or days for events, else numbers."""
    if TRADES[trade].kind == "event" and _holds_days(facts):
        return True
    try:
        cells = Cells.of(facts.sample)
        values = cells.spread(read_numbers(cells, facts.header).values)
    except InputError:
        return False
    if np.isnan(values).mean() > 1 - _READABLE:
        return False
    if TRADES[trade].kind == "event":
        return bool(np.isin(values[~np.isnan(values)], (0.0, 1.0)).all())
    return True


def _how(ask: NumberAsk, given: bool) -> str:
    how = "given" if given else "header"
    if ask.trade is not None:
        how += f", as {ask.trade.replace('_', ' ')}"
    if ask.dates is not None:
        how += ", told by its day" if ask.dates == ask.column else f", dated by {ask.dates!r}"
    return how
