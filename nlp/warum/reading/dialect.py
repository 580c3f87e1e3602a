"""Which delimiter a text file has and where its header ends."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from warum.errors import InputError
from warum.reading.encoding import LINE_END

# Where two fit as well, the one that is rarer within texts.
DELIMITERS = ("\t", ";", "|", ",")
# Single-column files have none; a noncharacter never splits a cell.
NO_DELIMITER = LINE_END

_EXCEL_HINT = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)
_PLAUSIBLE_SHARE = 0.5


class _Reader(Protocol):
    """What `csv.reader` makes; its type has no public name."""

    @property
    def line_num(self) -> int: ...
    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


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
    quoted = _is_quoted(lines, delimiter)
    reader = _reader(lines, delimiter, quoted)
    try:
        header = next(reader)
    except (StopIteration, csv.Error) as error:
        raise InputError(f"{name!r} has no readable header: {error or 'it ends early'}.") from None
    return Dialect(delimiter, quoted, tuple(header), skipped + reader.line_num)


def cells_of(text: str, dialect: Dialect) -> list[str]:
    """Cut one broken row into cells as far as that goes; what is left stands in the last cell."""
    lines = [f"{line}\n" for line in text.split("\n")]
    reader = _reader(lines, dialect.delimiter, dialect.quoted)
    try:
        cells = next(reader, [])
    except csv.Error:  # a cell of more than 131,072 characters
        return [text]
    left = "".join(lines[reader.line_num :]).removesuffix("\n")
    if left:
        cells[-1:] = ["\n".join([*cells[-1:], left])]
    return cells


def _reader(lines: Sequence[str], delimiter: str, quoted: bool) -> _Reader:
    if quoted:
        return csv.reader(lines, delimiter=delimiter)
    return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)


def _best(lines: Sequence[str], whole: bool) -> str:
    fits = {delimiter: _fit(lines, delimiter, whole) for delimiter in DELIMITERS}
    possible = [delimiter for delimiter, fit in fits.items() if fit.width > 1]
    if not possible:
        return NO_DELIMITER
    best = max(possible, key=lambda delimiter: fits[delimiter].share)
    # "What, if anything, went wrong?" heads one column: its commas are those of a sentence.
    sentence = lines[0].count(best) == lines[0].count(f"{best} ")
    unlikely = fits[best].share < _PLAUSIBLE_SHARE and (sentence or fits[best].uncut > 0.5)
    # A quote that is never closed swallows all rows; line by line they may fit.
    if unlikely and _share_of_lines(lines, best) >= _PLAUSIBLE_SHARE:
        unlikely = False
    return NO_DELIMITER if unlikely else best


def _share_of_lines(lines: Sequence[str], delimiter: str) -> float:
    """Share of the lines below the header that hold as many delimiters as it does, quotes or not."""
    counts = [line.count(delimiter) for line in lines if line.strip()]
    return counts[1:].count(counts[0]) / len(counts[1:]) if len(counts) > 1 else 0.0


@dataclass(frozen=True, slots=True)
class _Fit:
    """The header's width, the share of rows as wide, and the share of rows of one cell."""

    width: int
    share: float
    uncut: float


def _fit(lines: Sequence[str], delimiter: str, whole: bool) -> _Fit:
    widths: list[int] = []
    try:
        widths.extend(len(cells) for cells in _reader(lines, delimiter, True) if cells)
    except csv.Error:  # a cell of more than 131,072 characters
        whole = False
    if not whole and len(widths) > 2:
        widths.pop()  # the sample may end within a row
    if not widths:
        return _Fit(1, 0.0, 1.0)
    width, rows = widths[0], widths[1:]
    if not rows:
        return _Fit(width, 1.0, 0.0)
    share = sum(found == width for found in rows) / len(rows)
    return _Fit(width, round(share, 1), rows.count(1) / len(rows))


def _is_quoted(lines: Sequence[str], delimiter: str) -> bool:
    """Whether quotes surround cells; in some files they are text like any other character.

    They are text if more rows break under the rules of quoting than keep to them, and cutting at
    every delimiter fits better.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    broken = kept = at = 0
    while at < len(lines):
        try:
            next(reader)
            good = True
        except csv.Error as error:
            good = False
            broken += "limit" not in str(error)  # a long cell breaks no rule
        except StopIteration:
            break
        taken = lines[at : reader.line_num]
        at = reader.line_num
        if good and any(line.startswith('"') or f'{delimiter}"' in line for line in taken):
            kept += 1
    if broken <= kept:
        return True
    widths = [line.count(delimiter) for line in lines if line.strip()]
    return sum(width != widths[0] for width in widths) >= broken
