"""Delimited lines to rows: DuckDB parses, and every physical line is accounted for.

DuckDB keeps good rows and lists bad ones, but it does not say on which line a good row began, and
around quotes that are never closed it can lose lines without a word. So every physical line is
given its number as a first cell. A row then tells where it begins and, through the numbers inside
its quoted cells, how far it reaches. Lines that no row covers are bad rows, whether DuckDB lists
them or not. Where an unclosed quote has swallowed many lines, its first line is the bad row and the
others are parsed again.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from warum.reading.dialect import Dialect
from warum.reading.encoding import BLANK, LINE_END
from warum.reading.numberedlines import Covered, count_lines, line_mark, split_line
from warum.reading.part import Cells
from warum.table import connect, literal

_RECORD_BYTES = 16_000_000
_BUFFER_BYTES = 2 * _RECORD_BYTES + 1_000_000
_BATCH = 20_000
# A broken row of more lines than this has swallowed others. After a quote that was not closed this
# is likely, after well-quoted cells of a wrong number it is not.
_MOST_QUOTED_LINES = 10
_MOST_LINES = 500
_MOST_ROUNDS = 100
_REPEATED = 4
_NEVER = (sys.maxsize, sys.maxsize)


@dataclass(frozen=True, slots=True)
class Unparsed:
    """A bad row: its first line, its text and DuckDB's reason ("" where it gave none)."""

    line: int
    text: str
    reason: str


@dataclass
class CsvRows:
    """What was parsed: one list of cells per column, the rows' first lines, and the bad rows."""

    columns: list[Cells]
    line: array[int] = field(default_factory=lambda: array("q"))
    unparsed: list[Unparsed] = field(default_factory=list)


def parse_lines(path: Path, dialect: Dialect, folder: Path) -> CsvRows:
    """Parse numbered lines.

    Args:
        path: What `number_lines` wrote.
        dialect: How the lines are cut.
        folder: For temporary files.
    """
    rows = CsvRows([[] for _ in dialect.header])
    for round_number in range(_MOST_ROUNDS):
        reasons, covered = _parse_once(path, dialect, rows)
        again = folder / f"{path.name}-again{round_number}"
        last = round_number == _MOST_ROUNDS - 1
        if not _account(path, dialect, covered, reasons, again, rows, keep_all=last):
            break
        path = again
    if round_number:
        _sort(rows)
    return rows


def _parse_once(path: Path, dialect: Dialect, rows: CsvRows) -> tuple[dict[int, str], Covered]:
    """Add the good rows; return the bad ones' reasons by line, and what the good ones cover."""
    inner = re.compile(rf"\n(\d+){re.escape(line_mark(dialect))}{BLANK}?")
    covered = Covered()
    with connect() as connection:
        connection.execute(_query(path, dialect))
        while batch := connection.fetchmany(_BATCH):
            if not _take_plain(batch, rows, covered):
                for first, *cells in batch:
                    _take(first, cells, inner, rows, covered)
        reasons = connection.execute(
            "SELECT regexp_extract(csv_line, ?, 1), min(error_type::VARCHAR)"
            " FROM reject_errors GROUP BY 1",
            [rf"^(\d+){LINE_END}"],
        ).fetchall()
    return {int(line): reason for line, reason in reasons if line}, covered


def _query(path: Path, dialect: Dialect) -> str:
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(dialect.header) + 1))
    quote = literal('"' if dialect.quoted else "")
    return (
        f"SELECT TRY_CAST(rtrim(c0, '{LINE_END}') AS BIGINT), COLUMNS(* EXCLUDE (c0))"  # noqa: S608
        f" FROM read_csv({literal(str(path))}, header=false, auto_detect=false,"
        f" delim={literal(dialect.delimiter)}, quote={quote}, escape={quote}, new_line='\\n',"
        f" columns={{{columns}}}, store_rejects=true, rejects_limit=0,"
        f" max_line_size={_RECORD_BYTES}, buffer_size={_BUFFER_BYTES})"
    )


def _take_plain(batch: list[tuple[Any, ...]], rows: CsvRows, covered: Covered) -> bool:
    """Add a batch whose rows are one line each, False if they are not; faster than row by row."""
    firsts, *columns = zip(*batch, strict=True)
    if None in firsts or firsts[0] <= covered.reach:
        return False
    if any(after <= before for before, after in pairwise(firsts)):
        return False
    for cells in columns:
        text = "".join(filter(None, cells))
        if not text.isascii() and (LINE_END in text or BLANK in text):
            return False
    covered.add_lines(firsts)
    rows.line.extend(firsts)
    for column, cells in zip(rows.columns, columns, strict=True):
        column.extend(_shared(cells))
    return True


def _shared(cells: Sequence[str | None]) -> Sequence[str | None]:
    """The cells, equal ones as the same object where values repeat: branches, scores, dates."""
    distinct = set(cells)
    if len(distinct) * _REPEATED > len(cells):
        return cells
    same = {cell: sys.intern(cell) for cell in distinct if cell is not None}
    return [None if cell is None else same[cell] for cell in cells]


def _take(
    first: int | None, cells: Cells, inner: re.Pattern[str], rows: CsvRows, covered: Covered
) -> None:
    if first is None or first <= covered.reach:
        return
    end = first
    for position, cell in enumerate(cells):
        if cell is not None and LINE_END in cell:
            numbers = [int(found) for found in inner.findall(cell)]
            if numbers != list(range(end + 1, end + 1 + len(numbers))):
                return  # lines that do not follow one another are no row
            end += len(numbers)
            cells[position] = inner.sub("\n", cell)
    covered.add(first, end)
    if len(cells) == 1 and (cells[0] or "").startswith(BLANK):
        return
    for column, cell in zip(rows.columns, cells, strict=True):
        column.append(cell)
    rows.line.append(first)


def _account(
    path: Path,
    dialect: Dialect,
    covered: Covered,
    reasons: Mapping[int, str],
    again: Path,
    rows: CsvRows,
    *,
    keep_all: bool,
) -> bool:
    """Make bad rows of the lines that no good row covers; True if some must be parsed again."""
    more = False
    with again.open("w", encoding="utf-8", newline="\n") as out:
        for block, ends in _uncovered(path, covered, reasons):
            first, text = split_line(block[0], dialect)
            reason = reasons.get(first, "")
            swallowed = _has_swallowed(block, ends, reason, dialect)
            if keep_all and swallowed:
                rows.unparsed.extend(Unparsed(*split_line(line, dialect), reason) for line in block)
                continue
            if swallowed:
                out.writelines(block[1:])
                more = True
            else:
                text = "\n".join([text, *(split_line(line, dialect)[1] for line in block[1:])])
            if text.strip():
                rows.unparsed.append(Unparsed(first, text, reason))
    return more


def _has_swallowed(block: Sequence[str], ends: bool, reason: str, dialect: Dialect) -> bool:
    """Whether a bad row of these lines, perhaps up to the file's end, holds other rows."""
    if reason and "QUOTE" not in reason:
        return len(block) > _MOST_LINES
    if len(block) == 1:
        return False
    if ends or len(block) > _MOST_QUOTED_LINES:
        return True
    # Lines that would each be a row by themselves are rows.
    wanted = len(dialect.header) - 1
    texts = (split_line(line, dialect)[1] for line in block)
    return wanted > 0 and all(text.count(dialect.delimiter) == wanted for text in texts)


def _uncovered(
    path: Path, covered: Covered, reasons: Mapping[int, str]
) -> Iterator[tuple[list[str], bool]]:
    """Blocks of lines that no row covers, one per bad row, and whether the file ends there."""
    if count_lines(path) == covered.lines:
        return
    block: list[str] = []
    good = zip(covered.starts, covered.ends, strict=True)
    start, end = next(good, _NEVER)
    with path.open(encoding="utf-8", newline="\n") as stream:
        for line in stream:
            number = int(line.partition(LINE_END)[0])
            if number > end:
                start, end = next(good, _NEVER)
            inside = start <= number
            if block and (inside or number in reasons):
                yield block, False
                block = []
            if not inside:
                block.append(line)
    if block:
        yield block, True


def _sort(rows: CsvRows) -> None:
    order = sorted(range(len(rows.line)), key=rows.line.__getitem__)
    rows.line = array("q", [rows.line[i] for i in order])
    rows.columns = [[column[i] for i in order] for column in rows.columns]
    rows.unparsed.sort(key=lambda row: row.line)
