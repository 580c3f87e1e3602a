"""Which delimiter a text file has and where its header ends."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from warum.errors import InputError
from warum.reading.encoding import LINE_END

DELIMITERS = (",", ";", "\t", "|")
# Single-column files have none; a noncharacter never splits a cell.
NO_DELIMITER = LINE_END

_EXCEL_HINT = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)
_PLAUSIBLE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text file is cut into cells.

    Attributes:
        delimiter: One character; `NO_DELIMITER` for a file of one column.
        quoted: Whether a cell may be quoted.
        header: The header's cells.
        lines: Lines up to the end of the header.
    """

    delimiter: str
    quoted: bool
    header: tuple[str, ...]
    lines: int


def find_dialect(head: Sequence[str], *, whole: bool, name: str) -> Dialect:
    """Find the delimiter whose cells are as many in the rows as in the header.

    Args:
        head: The first lines, with their line ends.
        whole: Whether these are all lines.
        name: The file's name, for messages.

    Raises:
        InputError: If there is no header.
    """
    skipped = next((i for i, line in enumerate(head) if line.strip("\ufeff \t\r\n")), None)
    if skipped is None:
        raise InputError(f"{name!r} holds only blank lines.")
    hint = _EXCEL_HINT.fullmatch(head[skipped].lstrip("\ufeff"))
    if hint:
        skipped += 1
    lines = [head[skipped].lstrip("\ufeff"), *head[skipped + 1 :]] if skipped < len(head) else []
    delimiter = hint.group(1) if hint else _best(lines, whole)
    quoted = delimiter != NO_DELIMITER or _well_quoted(lines, whole)
    reader = _reader(lines, delimiter, quoted)
    try:
        header = next(reader)
    except (StopIteration, csv.Error) as error:
        raise InputError(f"{name!r} has no readable header: {error or 'it ends early'}.") from None
    return Dialect(delimiter, quoted, tuple(header), skipped + reader.line_num)


def cells_of(line: str, dialect: Dialect) -> list[str]:
    """Cut one broken row into cells as far as that goes."""
    try:
        return next(_reader(line.splitlines(keepends=True), dialect.delimiter, dialect.quoted), [])
    except csv.Error:  # a cell of more than 131,072 characters
        return [line]


def _reader(lines: Sequence[str], delimiter: str, quoted: bool) -> csv.reader:  # type: ignore[valid-type]
    quoting = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    return csv.reader(lines, delimiter=delimiter, quoting=quoting)


def _best(lines: Sequence[str], whole: bool) -> str:
    scored = [(*_fit(lines, delimiter, whole), delimiter) for delimiter in DELIMITERS]
    share, width, delimiter = max(scored, key=lambda entry: entry[:2])
    if width < 2:
        return NO_DELIMITER
    # "What, if anything, went wrong?" is a header of one column: its commas are those of a sentence.
    sentence = lines[0].count(delimiter) == lines[0].count(f"{delimiter} ")
    return NO_DELIMITER if share < _PLAUSIBLE_SHARE and sentence else delimiter


def _fit(lines: Sequence[str], delimiter: str, whole: bool) -> tuple[float, int]:
    """Share of rows as wide as the header, and that width; (0, width) if the header is one cell."""
    widths = []
    try:
        widths.extend(len(cells) for cells in _reader(lines, delimiter, True) if cells)
    except csv.Error:
        whole = False
    if not whole and len(widths) > 2:
        widths.pop()  # the sample may end within a row
    if not widths or widths[0] < 2:
        return 0.0, 1
    rows = widths[1:]
    share = sum(width == widths[0] for width in rows) / len(rows) if rows else 1.0
    return round(share, 2), widths[0]


def _well_quoted(lines: Sequence[str], whole: bool) -> bool:
    """Whether quotes at the start of lines are those of cells, not of people who quote."""
    try:
        for _ in csv.reader(lines, delimiter=NO_DELIMITER, strict=True):
            pass
    except csv.Error as error:
        return not whole and "unexpected end of data" in str(error)
    return True
