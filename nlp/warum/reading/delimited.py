"""Text files of delimited cells: csv, tsv, and lists of comments with a header."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TextIO

from warum.errors import InputError
from warum.reading.csvrows import CsvRows, Unparsed, parse_lines
from warum.reading.dialect import NO_DELIMITER, Dialect, cells_of, find_dialect
from warum.reading.encoding import BAD, GIANT, TextFile
from warum.reading.numberedlines import number_lines
from warum.reading.part import BrokenRow, Cells, Part, as_raw, name_columns

_HEAD_CHARACTERS = 500_000
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def read_delimited(file: TextFile, folder: Path) -> Part:
    """Read a delimited text file.

    Args:
        file: The file and its encoding.
        folder: For temporary files.

    Returns:
        All rows with as many cells as the header; the others as broken rows with the codes
        `ragged`, `quote` or `too_large`. Lines are those where a row begins. Line breaks within
        cells are single line feeds.

    Raises:
        InputError: If there is no header, or no row below it.
    """
    with file.open() as stream:
        head, whole = _head(stream)
        dialect = find_dialect(head, whole=whole, name=file.name)
        numbered = folder / "numbered"
        rest = chain(head[dialect.lines :], stream)
        number_lines(rest, numbered, dialect.lines + 1, dialect)
    rows = parse_lines(numbered, dialect, folder)
    header = name_columns([cell.replace(BAD, "�") for cell in dialect.header], file=file.name)
    broken = [_broken(row, dialect, header.names) for row in rows.unparsed]
    _refuse_empty(file, dialect, rows)
    return Part(
        name=file.name,
        columns=dict(zip(header.names, rows.columns, strict=True)),
        line=rows.line,
        broken=broken,
        unnamed=header.unnamed,
        caveats=file.caveats,
        notes=(*file.notes, *header.notes, *_quote_note(file, dialect)),
        encoding=file.encoding,
    )


def _quote_note(file: TextFile, dialect: Dialect) -> tuple[str, ...]:
    if dialect.quoted:
        return ()
    return (f"In '{file.name}' quotes are part of the text; they do not surround cells.",)


def _head(stream: TextIO) -> tuple[list[str], bool]:
    """The first lines, and whether they are all."""
    lines: list[str] = []
    size = 0
    for line in stream:
        lines.append(line)
        size += len(line)
        if size > _HEAD_CHARACTERS:
            return lines, False
    return lines, True


def _refuse_empty(file: TextFile, dialect: Dialect, rows: CsvRows) -> None:
    if not rows.line and not rows.unparsed:
        shown = ", ".join(cell.strip() for cell in dialect.header)[:200]
        raise InputError(
            f"{file.name!r} has a header ({shown}) but no rows.",
            hint="Check whether the export was filtered or cut off.",
        )


def _broken(row: Unparsed, dialect: Dialect, names: tuple[str, ...]) -> BrokenRow:
    cells: Cells = [*cells_of(row.text, dialect)]
    code, message = _reason(row, dialect, len(cells))
    return BrokenRow(row.line, code, message, as_raw(names, cells))


def _reason(row: Unparsed, dialect: Dialect, found: int) -> tuple[str, str]:
    if GIANT in row.text or "LINE SIZE" in row.reason:
        return "too_large", "The line is too long to be a row of comments; it was not read."
    if "QUOTE" in row.reason or (not row.reason and '"' in row.text):
        return (
            "quote",
            'A quote is opened and not closed, or stands inside a quoted cell undoubled ("").',
        )
    expected = len(dialect.header)
    between = _NAMES.get(dialect.delimiter, f"{dialect.delimiter!r}")
    if dialect.delimiter == NO_DELIMITER or found == expected:
        return "ragged", "The line could not be cut into cells."
    return "ragged", f"{found} cells between {between}, expected {expected} as in the header."
