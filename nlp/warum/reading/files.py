"""The door for files: any source becomes text columns, broken rows are counted and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from warum.errors import InputError, UsageError
from warum.reading.delimited import read_delimited
from warum.reading.encoding import text_file
from warum.reading.exports import unwrap_export
from warum.reading.frames import read_frame
from warum.reading.jsonfiles import looks_like_json, read_json
from warum.reading.localfile import LocalFile, fetch, is_named_delimited, is_named_json
from warum.reading.parquetfiles import read_parquet
from warum.reading.part import Part
from warum.reading.records import RawTable
from warum.reading.screening import screen
from warum.reading.stacking import stack
from warum.reading.workbooks import read_workbook
from warum.table import Table


def read_files(
    sources: Sequence[str | Path | object], *, encoding: str | None = None, sheet: str | None = None
) -> RawTable:
    """Read files and frames into one table of text.

    Formats are told by content first: csv and tsv (UTF-8, UTF-16, cp1252; comma, semicolon, tab,
    bar), JSON lines, a JSON array, Parquet and workbooks, each also as .gz. Several sources are
    stacked by header. Nothing is lost: rows in = rows of the result + its rejected rows.

    Args:
        sources: Paths, "-" for standard input, or frames (pandas, polars, pyarrow, `Table`,
            mapping of lists). A single source may stand alone.
        encoding: Encoding of all text files; None finds it.
        sheet: Sheet to read of all workbooks; None takes the only filled one.

    Raises:
        InputError: If a source is missing, a folder, empty, unreadable, broken, of an unknown
            format, has no rows, or a workbook has several filled sheets.
        UsageError: If there is no source or the encoding is unknown.
    """
    if isinstance(sources, (str, Path, Table, Mapping)) or not isinstance(sources, Sequence):
        sources = [sources]
    if not sources:
        raise UsageError("No file was given.", hint="Name at least one, or - for standard input.")
    with TemporaryDirectory(prefix="warum-") as name:
        parts = [
            _part(source, _fresh(Path(name), i), _frame_name(i, len(sources)), encoding, sheet)
            for i, source in enumerate(sources, start=1)
        ]
    table = stack(parts)
    if not len(table):
        first = table.rejected[0]
        raise InputError(
            f"None of the {len(table.rejected)} rows can be read; the first, in line {first.line}"
            f" of {first.file!r}: {first.message}",
            hint="Check the delimiter, the quotes and the encoding (--encoding).",
        )
    return table


def _fresh(folder: Path, number: int) -> Path:
    inner = folder / str(number)
    inner.mkdir()
    return inner


def _frame_name(number: int, count: int) -> str:
    return "table" if count == 1 else f"table {number}"


def _part(
    source: object, folder: Path, frame_name: str, encoding: str | None, sheet: str | None
) -> Part:
    if isinstance(source, (str, Path)):
        part = _from_file(fetch(source, folder), folder, encoding, sheet)
    else:
        part = read_frame(source, frame_name)
    return screen(unwrap_export(part))


def _from_file(file: LocalFile, folder: Path, encoding: str | None, sheet: str | None) -> Part:
    if file.kind == "parquet":
        part = read_parquet(file.name, file.path)
    elif file.kind == "workbook":
        part = read_workbook(file.name, file.path, sheet)
    else:
        part = _from_text(file, folder, encoding)
    return _with_notes(part, file.notes)


def _from_text(file: LocalFile, folder: Path, encoding: str | None) -> Part:
    text = text_file(file.name, file.path, encoding)
    if not is_named_json(file) and not looks_like_json(text):
        return read_delimited(text, folder)
    part = read_json(text, folder)
    if is_named_delimited(file):
        return _with_notes(
            part, (f"'{file.name}' is not {file.ending} but JSON; it was read as such.",)
        )
    return part


def _with_notes(part: Part, notes: tuple[str, ...]) -> Part:
    return replace(part, notes=(*notes, *part.notes)) if notes else part
