"""Values per row: scores, weights, numbers, dates and ids; faulty rows go to the sieve."""

from __future__ import annotations

import numpy as np

from warum.errors import InputError, UsageError
from warum.reading.cells import Cells, Floats, has_no_value
from warum.reading.dates import Dates, Days, read_dates
from warum.reading.numberchoice import NumberAsk
from warum.reading.numbers import read_numbers
from warum.reading.periods import outside
from warum.reading.records import RawTable, ReadOptions, Score
from warum.reading.scores import ScoreAsk, read_score
from warum.reading.sieve import Sieve
from warum.table import Column
from warum.trade import TRADES


def score_values(table: RawTable, ask: ScoreAsk, sieve: Sieve, notes: list[str]) -> Score:
    """A score column; rows with faulty cells are rejected.

    Codes are `score_not_a_number` and `score_out_of_range`.

    Raises:
        InputError: If the column mixes decimal marks.
    """
    cells = Cells.of(table.columns[ask.column])
    reading = read_score(cells, ask)
    faulty = np.array([cell in reading.faults for cell in cells.distinct], dtype=bool)
    positions = np.flatnonzero(cells.where(faulty)).tolist()
    for position in positions:
        sieve.reject(position, *reading.faults[cells.distinct[cells.codes[position]]])
    notes.extend(reading.notes)
    if 2 * len(positions) > cells.filled:
        scale = reading.score.scale
        notes.append(
            f"Most scores in {ask.column!r} do not fit {scale.low:g}..{scale.high:g} as "
            f"{ask.metric}: check --metric and --scale."
        )
    return reading.score


def weights(table: RawTable, header: str | None, sieve: Sieve) -> Floats | None:
    """Weights, float64 (n,); rows whose weight is no positive number are rejected (`weight`)."""
    if header is None:
        return None
    cells = Cells.of(table.columns[header])
    values = cells.spread(read_numbers(cells, header, words=False).values)
    for position in np.flatnonzero(~(values > 0)).tolist():
        cell = table.columns[header][position]
        what = "is empty" if cell is None else f"is {str(cell)[:40]!r}"
        sieve.reject(position, "weight", f"Weight {header!r} {what}, expected a number above 0.")
    return values


def number_values(table: RawTable, header: str, notes: list[str]) -> Floats:
    """A number column, float64 (n,); what cannot be read is NaN and counted in a note.

    Raises:
        InputError: If the column mixes decimal marks or units.
    """
    cells = Cells.of(table.columns[header])
    numbers = read_numbers(cells, header)
    notes.extend(numbers.notes)
    if numbers.unreadable:
        unread = set(numbers.unreadable)
        count = sum(
            n
            for cell, n in zip(cells.distinct, cells.counts().tolist(), strict=True)
            if cell in unread
        )
        notes.append(
            f"Column {header!r}: {count} cells are no numbers and count as missing "
            f"(e.g. {numbers.unreadable[0][:40]!r})."
        )
    return cells.spread(numbers.values)


def metric_values(table: RawTable, ask: NumberAsk, notes: list[str]) -> Floats:
    """A number column with what it measures in mind, float64 (n,).

    An event that is told by its day is 1 where there is one, else 0. Negative times and counts count
    as missing, with a note.

    Raises:
        InputError: If the column mixes decimal marks or units, or an event is neither yes nor no.
    """
    if ask.dates == ask.column:
        cells = Cells.of(table.columns[ask.column])
        told = np.array([not has_no_value(cell) for cell in cells.distinct], dtype=bool)
        return cells.where(told).astype(np.float64)
    values = number_values(table, ask.column, notes)
    kind = None if ask.trade is None else TRADES[ask.trade].kind
    if kind == "event":
        wrong = ~np.isnan(values) & ~np.isin(values, (0.0, 1.0))
        if wrong.any():
            cell = table.columns[ask.column][int(np.flatnonzero(wrong)[0])]
            raise InputError(
                f"Column {ask.column!r} holds {str(cell)[:40]!r} as {ask.trade}, "
                "expected yes or no, 1 or 0, or the day on which it came about.",
                hint=f"Leave its meaning out for a plain number: --number {ask.column!r}.",
            )
    if kind in ("time", "count") and (values < 0).any():
        notes.append(
            f"Column {ask.column!r}: {int((values < 0).sum())} cells are negative and count as missing."
        )
        values = np.where(values < 0, np.nan, values)
    return values


def event_dates(table: RawTable, ask: NumberAsk, notes: list[str]) -> Days | None:
    """The day of each row's event, datetime64[D] (n,); NaT where unknown; None without such a column."""
    if ask.dates is None:
        return None
    dates = read_dates(Cells.of(table.columns[ask.dates]), ask.dates)
    notes.extend(caveat.sentence("en") for caveat in dates.caveats)
    notes.extend(dates.notes)
    return dates.date


def dates_of(
    table: RawTable, header: str | None, options: ReadOptions, sieve: Sieve
) -> Dates | None:
    """The dates; rows outside `--since` and `--until` are rejected (`outside_period`).

    Raises:
        UsageError: If a bound or format is none, or there are bounds and no date column.
    """
    if header is None:
        if options.since or options.until:
            raise UsageError(
                "--since and --until need a date column, and none was found.",
                hint="Name it with --date.",
            )
        return None
    dates = read_dates(Cells.of(table.columns[header]), header, options.date_format)
    if options.since or options.until:
        bounds = f"{options.since or ''}..{options.until or ''}"
        for position in np.flatnonzero(outside(dates, options.since, options.until)).tolist():
            cell = table.columns[header][position]
            what = "is empty" if cell is None else f"is {str(cell)[:40]!r}"
            sieve.reject(position, "outside_period", f"Date {header!r} {what}, asked for {bounds}.")
    return dates


def ids_of(table: RawTable, header: str | None, sieve: Sieve) -> Column:
    """Response ids, object (n,); later rows of a repeated id are rejected (`duplicate_id`)."""
    numbers = table.row.tolist()
    ids = np.empty(len(numbers), dtype=object)
    if header is None:
        ids[:] = [str(number) for number in numbers]
        return ids
    given = Cells.of(table.columns[header]).strings().tolist()
    ids[:] = [
        f"row-{row}" if name is None else name for name, row in zip(given, numbers, strict=True)
    ]
    first: dict[str, int] = {}
    for position in np.flatnonzero(sieve.passed).tolist():
        earlier = first.setdefault(ids[position], position)
        if earlier != position:
            where = f"line {table.line[earlier]} of {table.files[int(table.file[earlier])]!r}"
            message = f"Id {ids[position][:40]!r} in {header!r} stands already in {where}."
            sieve.reject(position, "duplicate_id", message)
    return ids
