"""Delimited lines to rows: DuckDB parses, and every physical line is accounted for.

DuckDB keeps good rows and lists bad ones, but it does not say on which line a good row began, and around
quotes that are never closed it can lose lines without a word. So every physical line is given its number as
a first cell. A row then tells where it begins and, through the numbers inside its quoted cells, how far it
reaches. Lines that no row covers are bad rows, whether DuckDB lists them or not. Where an unclosed quote
has swallowed many lines, its first line is the bad row and the others are parsed again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from warum.reading.dialect import NO_DELIMITER, Dialect
from warum.reading.encoding import BAD, BLANK, GIANT, LINE_END, RESERVED
from warum.reading.part import Cells
from warum.table import connect, literal

_LINE_LIMIT = 8_000_000  # characters; a longer line is a broken row by itself
_RECORD_BYTES = 16_000_000
_BUFFER_BYTES = 2 * _RECORD_BYTES + 1_000_000
_BATCH = 20_000
_MOST_LINES = 10  # a broken row of more lines than this has swallowed others
_MOST_ROUNDS = 100
_KNOWN_LENGTH = 40
_KNOWN_COUNT = 100_000


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
    line: list[int] = field(default_factory=list)
    unparsed: list[Unparsed] = field(default_factory=list)


def number_lines(lines: Iterable[str], target: Path, first: int, dialect: Dialect) -> int:
    """Write lines with their numbers as first cells.

    Args:
        lines: Lines with "\\n" at their ends.
        target: The file to write.
        first: Number of the first line.
        dialect: How the lines are cut.

    Returns:
        The number of the last line.
    """
    mark = _mark(dialect)
    single = dialect.delimiter == NO_DELIMITER
    number = first - 1
    with target.open("w", encoding="utf-8", newline="\n") as out:
        for number, line in enumerate(lines, start=first):
            text = line.removesuffix("\n")
            if len(text) > _LINE_LIMIT:
                text = GIANT
            elif not text.isascii() and RESERVED.search(text):
                text = RESERVED.sub(BAD, text)
            if single and not text.strip():
                text = BLANK  # alone on its line it is no row; DuckDB would make it one
            out.write(f"{number}{mark}{text}\n")
    return number


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


def _mark(dialect: Dialect) -> str:
    return LINE_END if dialect.delimiter == NO_DELIMITER else LINE_END + dialect.delimiter


def _parse_once(path: Path, dialect: Dialect, rows: CsvRows) -> tuple[dict[int, str], dict[int, int]]:
    """Add the good rows; return reasons of bad ones by first line, and first to last line of good ones."""
    inner = re.compile(rf"\n(\d+){re.escape(_mark(dialect))}{BLANK}?")
    covered: dict[int, int] = {}
    known: dict[str, str] = {}
    with connect() as connection:
        connection.execute(_query(path, dialect))
        while batch := connection.fetchmany(_BATCH):
            for first, *cells in batch:
                _take(str(first), cells, inner, rows, covered, known)
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
        f"SELECT * FROM read_csv({literal(str(path))}, header=false, auto_detect=false,"  # noqa: S608
        f" delim={literal(dialect.delimiter)}, quote={quote}, escape={quote}, new_line='\\n',"
        f" columns={{{columns}}}, store_rejects=true, rejects_limit=0,"
        f" max_line_size={_RECORD_BYTES}, buffer_size={_BUFFER_BYTES})"
    )


def _take(
    first: str,
    cells: Cells,
    inner: re.Pattern[str],
    rows: CsvRows,
    covered: dict[int, int],
    known: dict[str, str],
) -> None:
    number = first.removesuffix(LINE_END)
    if not number.isdecimal() or int(number) in covered:
        return
    start = end = int(number)
    for position, cell in enumerate(cells):
        if cell is None or len(cell) <= _KNOWN_LENGTH and cell.isascii():
            continue
        if LINE_END in cell:
            numbers = [int(found) for found in inner.findall(cell)]
            if numbers != list(range(end + 1, end + 1 + len(numbers))):
                return  # lines that do not follow one another are no row
            end += len(numbers)
            cells[position] = inner.sub("\n", cell)
    covered[start] = end
    if cells == [BLANK]:
        return
    for column, cell in zip(rows.columns, cells, strict=True):
        if cell is not None and len(cell) <= _KNOWN_LENGTH:
            cell = known.setdefault(cell, cell) if len(known) < _KNOWN_COUNT else known.get(cell, cell)
        column.append(cell)
    rows.line.append(start)


def _account(
    path: Path,
    dialect: Dialect,
    covered: Mapping[int, int],
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
            first, text = _split(block[0], dialect)
            reason = reasons.get(first, "")
            swallowed = len(block) > _MOST_LINES or (ends and len(block) > 1 and "QUOTE" in reason)
            if keep_all and swallowed:
                rows.unparsed.extend(Unparsed(*_split(line, dialect), reason) for line in block)
                continue
            if swallowed:
                out.writelines(block[1:])
                more = True
            else:
                text = "\n".join([text, *(_split(line, dialect)[1] for line in block[1:])])
            if text.strip():
                rows.unparsed.append(Unparsed(first, text, reason))
    return more


def _uncovered(
    path: Path, covered: Mapping[int, int], reasons: Mapping[int, str]
) -> Iterator[tuple[list[str], bool]]:
    """Blocks of neighbouring lines that no row covers, one per bad row, and whether the file ends there."""
    block: list[str] = []
    reach = 0
    if not _has_gaps(path, covered):
        return
    with path.open(encoding="utf-8", newline="\n") as stream:
        for line in stream:
            number = int(line.partition(LINE_END)[0])
            reach = max(reach, covered.get(number, 0))
            inside = number <= reach
            if block and (inside or number in reasons):
                yield block, False
                block = []
            if not inside:
                block.append(line)
    if block:
        yield block, True


def _has_gaps(path: Path, covered: Mapping[int, int]) -> bool:
    with path.open("rb") as stream:
        lines = sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b""))
    return lines != sum(end - start + 1 for start, end in covered.items())


def _split(line: str, dialect: Dialect) -> tuple[int, str]:
    number, _, text = line.removesuffix("\n").partition(_mark(dialect))
    return int(number), text.replace(BLANK, "")


def _sort(rows: CsvRows) -> None:
    order = sorted(range(len(rows.line)), key=rows.line.__getitem__)
    rows.line = [rows.line[i] for i in order]
    rows.columns = [[column[i] for i in order] for column in rows.columns]
    rows.unparsed.sort(key=lambda row: row.line)
