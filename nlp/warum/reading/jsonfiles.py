"""JSON: one object per line, an array of objects, or an object that holds one such array.

DuckDB cuts arrays into objects without holding the whole file; lines are taken one by one, so that
a broken line is one rejected row with its number. What an object means is read by Python's json,
which keeps integers of any size and tells where a line is broken.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from warum.errors import InputError
from warum.reading.celltext import as_text
from warum.reading.encoding import BAD, GIANT, TextFile
from warum.reading.part import BrokenRow, Cells, Part, name_columns
from warum.table import connect, literal

_SAMPLE_LINES = 50
_MOST_LINE = 50_000_000
_MOST_OBJECT_BYTES = 32_000_000
_BATCH = 2_000


def looks_like_json(file: TextFile) -> bool:
    """Whether a text file begins as JSON does: with an object or an array."""
    first = _first_line(file)
    if first in ("[", "{"):
        return True
    if not first.startswith(("[", "{")):
        return False
    return isinstance(_loaded(first), dict) or first.replace(" ", "").startswith(("[{", '{"'))


def read_json(file: TextFile, folder: Path) -> Part:
    """Read a JSON file of any of the three forms.

    Args:
        file: The file and its encoding.
        folder: For temporary files.

    Returns:
        One row per object; keys are columns in first-seen order, missing keys None. Lines that are
        no JSON object are broken rows with the code `json`. `line` is the line of JSON lines, else
        the row's number.

    Raises:
        InputError: If no object can be read, or an object holds several arrays of objects.
    """
    first = _first_line(file)
    if first.startswith("{") and isinstance(_loaded(first), dict) and not _is_wrapper(file, first):
        return _part(file, _from_lines(file))
    return _part(file, _from_document(file, _utf8(file, folder)))


def _first_line(file: TextFile) -> str:
    lines = (line.strip() for _, line in islice(file.lines(), _SAMPLE_LINES))
    return next((line for line in lines if line), "")


def _is_wrapper(file: TextFile, first: str) -> bool:
    """Whether the only line is an object that holds an array of objects."""
    filled = (line for _, line in file.lines() if line.strip())
    return len(list(islice(filled, 2))) == 1 and bool(_arrays(_loaded(first)))


def _loaded(text: str) -> Any:  # noqa: ANN401 - JSON may be anything
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _from_lines(file: TextFile) -> Iterator[tuple[int, str]]:
    for number, line in file.lines():
        text = line.strip()
        if text:
            yield number, text if len(text) <= _MOST_LINE else GIANT


def _from_document(file: TextFile, path: Path) -> Iterator[tuple[int, str]]:
    form = "array" if _first_line(file).startswith("[") else "unstructured"
    # DuckDB sets aside twice this much, and a document of one object is as large as the file.
    most = (
        _MOST_OBJECT_BYTES if form == "array" else max(_MOST_OBJECT_BYTES, path.stat().st_size + 1)
    )
    query = (
        f"SELECT json::VARCHAR FROM read_json_objects({literal(str(path))}, format='{form}',"  # noqa: S608
        f" maximum_object_size={most})"
    )
    try:
        with connect() as connection:
            connection.execute(query)
            batches = iter(lambda: connection.fetchmany(_BATCH), [])
            texts: Iterable[str] = (text for batch in batches for (text,) in batch)
            if form == "unstructured":
                texts = _unwrapped(file, texts)
            yield from enumerate(texts, start=1)
    except duckdb.Error as error:
        said = str(error).replace(f' in file "{path}"', "").splitlines()[0].strip()
        raise InputError(
            f"{file.name!r} is broken JSON: {said}",
            hint="Is the file complete? JSON lines may hold broken lines, an array may not.",
        ) from None


def _unwrapped(file: TextFile, texts: Iterable[str]) -> Iterator[str]:
    """The objects of a stream of them; of a single one the array that it holds."""
    found = list(texts)
    only: Any = _loaded(found[0]) if len(found) == 1 else None
    arrays = _arrays(only)
    if len(arrays) > 1:
        raise InputError(
            f"{file.name!r} holds several arrays of objects: {', '.join(arrays)}.",
            hint="Save the one to read as a file of its own.",
        )
    if not arrays:
        yield from found
        return
    for entry in only[arrays[0]]:
        yield json.dumps(entry, ensure_ascii=False)


def _arrays(loaded: Any) -> list[str]:  # noqa: ANN401 - JSON may be anything
    if not isinstance(loaded, dict):
        return []
    return [
        key
        for key, value in loaded.items()
        if isinstance(value, list) and value and isinstance(value[0], dict)
    ]


def _utf8(file: TextFile, folder: Path) -> Path:
    """The file as DuckDB reads it: UTF-8 without a mark."""
    if file.encoding == "utf-8":
        with file.path.open("rb") as stream, file.open() as text:
            if stream.read(3) != b"\xef\xbb\xbf" and all(BAD not in line for line in text):
                return file.path
    target = folder / "utf8.json"
    with target.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(f"{line}\n" for _, line in file.lines())
    return target


def _part(file: TextFile, texts: Iterable[tuple[int, str]]) -> Part:
    columns: dict[str, Cells] = {}
    lines: list[int] = []
    broken: list[BrokenRow] = []
    for line, text in texts:
        entry = _object(line, text)
        if isinstance(entry, BrokenRow):
            broken.append(entry)
            continue
        for key in entry:
            cells = columns.setdefault(key, [])
            cells.extend([None] * (len(lines) - len(cells)))
            cells.append(as_text(entry[key]))
        lines.append(line)
    for cells in columns.values():
        cells.extend([None] * (len(lines) - len(cells)))
    if not lines:
        said = f" ({broken[0].message})" if broken else ""
        raise InputError(
            f"{file.name!r} holds no JSON objects{said}.", hint="Expected one object per response."
        )
    header = name_columns(list(columns), file=file.name)
    return Part(
        name=file.name,
        columns=dict(zip(header.names, columns.values(), strict=True)),
        line=lines,
        broken=broken,
        unnamed=header.unnamed,
        caveats=file.caveats,
        notes=(*file.notes, *header.notes),
        encoding=file.encoding,
    )


def _object(line: int, text: str) -> dict[str, Any] | BrokenRow:
    if text == GIANT:
        message = "The line is too long to be a row of comments; it was not read."
        return BrokenRow(line, "too_large", message, {"line": None})
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError) as error:
        code = "encoding" if BAD in text else "json"
        return BrokenRow(line, code, f"No readable JSON: {error}.", {"line": text})
    if isinstance(entry, dict):
        return entry
    message = f"Expected a JSON object, got {type(entry).__name__}."
    return BrokenRow(line, "json", message, {"line": text})
