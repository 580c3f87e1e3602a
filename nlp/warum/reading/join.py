"""A second file joined many-to-one: numbers from the survey tool to texts from the ticket tool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Literal

import numpy as np
import numpy.typing as npt

from warum.caveats import Caveat
from warum.errors import ColumnError, InputError, UsageError
from warum.reading.cells import Cells
from warum.reading.headers import find_column, listed
from warum.reading.numbers import read_numbers, shortest
from warum.reading.records import RawTable, Unmatched
from warum.stages.redaction import redact
from warum.table import Column

Aggregate = Literal["mean", "last", "sum"]
_AGGREGATES: tuple[str, ...] = ("mean", "last", "sum")
_SHOWN = 20
_SHOWN_DUPLICATES = 5


@dataclass(frozen=True, slots=True)
class JoinAsk:
    """How two tables are joined.

    Attributes:
        on: The key: a header in both, or "A=B" where it differs; None for the one shared header.
        aggregate: What becomes of several rows of one key; None makes them an error.
        missing: Header to codes that stand for "no value" and take no part in a mean or sum.
    """

    on: str | None = None
    aggregate: Aggregate | None = None
    missing: Mapping[str, tuple[float, ...]] | None = None


@dataclass(frozen=True)
class Joined:
    """The main table with the other's columns, and the keys that found no partner."""

    table: RawTable
    unmatched: Unmatched


def join_tables(main: RawTable, other: RawTable, ask: JoinAsk) -> Joined:
    """Add the columns of `other` to the rows of `main`; rows are never added or lost.

    Keys are compared as trimmed text. An empty key finds no partner. A column of `other` whose name
    `main` has too gets the other file's name in brackets.

    Args:
        main: The table whose rows are the responses.
        other: The table with at most one row per key.
        ask: The key and what to do with repeated ones.

    Returns:
        A table of the rows of `main`, with a caveat and notes on unmatched keys.

    Raises:
        ColumnError: If the key column is unknown or cannot be told.
        InputError: If a key occurs more than once in `other` and no aggregate was chosen.
        UsageError: If the aggregate is unknown.
    """
    if ask.aggregate is not None and ask.aggregate not in _AGGREGATES:
        raise UsageError(
            f"--join-agg {ask.aggregate!r} is unknown.",
            hint=f"Choose from {', '.join(_AGGREGATES)}.",
        )
    left_key, right_key = _key_columns(main, other, ask.on)
    left, right = Cells.of(main.columns[left_key]), Cells.of(other.columns[right_key])
    rows_of = _rows_of_keys(right)
    repeated = {key: rows for key, rows in rows_of.items() if len(rows) > 1}
    if repeated and ask.aggregate is None:
        raise _duplicates(repeated, other, right_key)
    partner = np.array([rows_of.get(key, [-1])[-1] for key in left.distinct] + [-1], dtype=np.int64)
    position = partner[left.codes]
    unmatched = _unmatched(left, right, rows_of)
    added, notes = _added_columns(main, other, right_key, left_key)
    columns = dict(main.columns)
    for header, name in added.items():
        column = _aggregated(other.columns[header], header, repeated, ask)
        padded = np.empty(len(column) + 1, dtype=object)
        padded[:-1] = column
        columns[name] = padded[position]
    return Joined(_assembled(main, other, columns, unmatched, position, right, notes), unmatched)


def _assembled(
    main: RawTable,
    other: RawTable,
    columns: Mapping[str, Column],
    unmatched: Unmatched,
    position: npt.NDArray[np.int64],
    right: Cells,
    notes: Sequence[str],
) -> RawTable:
    left_rows = int((position < 0).sum())
    used = set(unmatched.right)
    right_rows = sum(1 for code in right.codes.tolist() if code < 0 or right.distinct[code] in used)
    caveats = [*main.caveats, *other.caveats]
    if left_rows or right_rows:
        name = _stem(other)
        caveats.append(Caveat.of("unmatched_keys", left=left_rows, right=right_rows, other=name))
    if other.rejected:
        lines = ", ".join(str(row.line) for row in other.rejected[:_SHOWN])
        notes = [
            *notes,
            f"{_stem(other)!r}: {len(other.rejected)} rows could not be read (lines {lines}).",
        ]
    return replace(
        main,
        columns=columns,
        caveats=tuple(caveats),
        questions={**other.questions, **main.questions},
        notes=(*main.notes, *other.notes, *notes, *_unmatched_notes(unmatched, other)),
    )


def _key_columns(main: RawTable, other: RawTable, on: str | None) -> tuple[str, str]:
    mine, theirs = tuple(main.columns), tuple(other.columns)
    if on is None:
        shared = [header for header in mine if header in theirs]
        if len(shared) == 1:
            return shared[0], shared[0]
        what = f"share the columns {listed(shared)}" if shared else "share no column"
        raise ColumnError(
            f"The joined files {what}, so the key cannot be told.",
            hint="Name it with --on KEY, or --on A=B where the names differ. "
            f"Columns: {listed(mine)}; in {_stem(other)!r}: {listed(theirs)}.",
        )
    if "=" in on and on not in mine:
        first, second = on.split("=", 1)
        return find_column(first, mine, "--on"), find_column(second, theirs, "--on")
    return find_column(on, mine, "--on"), find_column(on, theirs, "--on")


def _rows_of_keys(cells: Cells) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {key: [] for key in cells.distinct}
    for row, code in enumerate(cells.codes.tolist()):
        if code >= 0:
            rows[cells.distinct[code]].append(row)
    return rows


def _duplicates(repeated: Mapping[str, list[int]], other: RawTable, key: str) -> InputError:
    shown = "; ".join(
        f"{redact(name)!r} in lines {', '.join(str(other.line[row]) for row in rows[:_SHOWN_DUPLICATES])}"
        for name, rows in list(repeated.items())[:_SHOWN_DUPLICATES]
    )
    return InputError(
        f"{len(repeated)} keys occur more than once in {key!r} of {_stem(other)!r}: {shown}.",
        hint="Remove the repeated rows, or choose with --join-agg mean, last or sum.",
    )


def _unmatched(left: Cells, right: Cells, rows_of: Mapping[str, list[int]]) -> Unmatched:
    mine = set(left.distinct)
    return Unmatched(
        left=tuple(key for key in left.distinct if key not in rows_of),
        right=tuple(key for key in right.distinct if key not in mine),
    )


def _unmatched_notes(unmatched: Unmatched, other: RawTable) -> list[str]:
    sides = (
        ("Join: keys without a partner in", unmatched.left),
        ("Join: keys without a response, in", unmatched.right),
    )
    return [
        f"{text} {_stem(other)!r} ({len(keys)}): {', '.join(keys[:_SHOWN])}"
        + (" …" if len(keys) > _SHOWN else "")
        for text, keys in sides
        if keys
    ]


def _added_columns(
    main: RawTable, other: RawTable, right_key: str, left_key: str
) -> tuple[dict[str, str], list[str]]:
    """Header in the other table to header in the joined one, and notes on renamed ones."""
    names: dict[str, str] = {}
    notes = []
    taken = set(main.columns)
    for header in other.columns:
        if header == right_key and (header == left_key or header in taken):
            continue
        name = header
        if header in taken:
            name = _free_name(f"{header} ({_stem(other)})", taken | set(other.columns))
            notes.append(f"Join: column {header!r} of {_stem(other)!r} is named {name!r}.")
        names[header] = name
        taken.add(name)
    return names, notes


def _free_name(name: str, taken: set[str]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name} {number}", number + 1
    return free


def _aggregated(
    column: Column, header: str, repeated: Mapping[str, list[int]], ask: JoinAsk
) -> Column:
    """The column with mean or sum in each repeated key's last row; unchanged if not numeric."""
    if not repeated or ask.aggregate in (None, "last"):
        return column
    cells = Cells.of(column)
    try:
        numbers = read_numbers(cells, header, words=False)
    except InputError:
        return column
    if numbers.unreadable or np.isnan(numbers.values).all():
        return column
    codes = (ask.missing or {}).get(header, ())
    worth = numbers.values.copy()
    worth[np.isin(worth, np.array(codes, dtype=np.float64))] = np.nan
    values = cells.spread(worth)
    made = column.copy()
    for rows in repeated.values():
        known = values[rows][~np.isnan(values[rows])]
        total = known.mean() if ask.aggregate == "mean" and len(known) else known.sum()
        made[rows[-1]] = shortest(float(total)) if len(known) else None
    return made


def _stem(table: RawTable) -> str:
    name = PurePath(table.files[0]).name if table.files else "other"
    return name.split(".")[0] or name
