"""A file that was uploaded becomes rows in Parquet: fast to read again, and single rows can be erased.

In them the columns of ids and customers have names of our own (`warum_id`, `warum_customer`), and the date stands
once more as ISO (`warum_date`): an erasure finds them whatever the file called them.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from warum.errors import ColumnError, UsageError
from warum.given_options import read_options
from warum.reading.cells import Cells
from warum.reading.columns import choose_columns
from warum.reading.dates import read_dates
from warum.reading.files import read_files
from warum.reading.records import RawTable, ReadOptions, RejectedRow
from warum.stages.redaction import redact
from warum.store import parquet_metadata
from warum.table import Column, Table, strings
from warum_api.projects.importing_labels import read_labels
from warum_api.storing.database import Database
from warum_api.storing.files import PIECE, Files, fetch, project_folder
from warum_api.storing.projects import Project, project
from warum_api.storing.uploads import Upload, list_uploads

ID, CUSTOMER, DATE = "warum_id", "warum_customer", "warum_date"
SOURCE, ROWS = "source", "rows.parquet"
BROKEN, BROKEN_LINES = "warum_broken", "warum_broken_lines"
"""In their metadata: how many rows could not be read by reason, and the first line of each."""
NAMED = "warum_named"
"""In the metadata of imported rows: our names of ids and customers to those that the file had."""
DATED = "warum_dated"
"""In the metadata of imported rows: what `warum_date` was made of, see `dated`."""


def upload_folder(project_id: str, upload_id: str) -> str:
    """Where the bytes of an upload lie: `source` as it came, then `rows.parquet` instead."""
    return f"{project_folder(project_id)}/uploads/{upload_id}"


class Importer:
    """Makes rows of uploads.

    Args:
        database: Where the uploads are noted.
        files: Where their bytes are.
    """

    def __init__(self, database: Database, files: Files) -> None:
        self._database, self._files = database, files

    def import_all(self, tenant: str, project_id: str) -> None:
        """Make rows of all uploads of a project that are complete; done again, it does nothing.

        Raises:
            WarumError: If one cannot be read.
        """
        with self._database.reading() as connection:
            found = project(tenant, connection, project_id)
            uploads = list_uploads(tenant, connection, project_id)
        for upload in uploads if found is not None else ():
            if upload.state == "complete" and found is not None:
                self.import_one(tenant, found, upload)

    def import_one(self, tenant: str, of: Project, upload: Upload) -> None:
        """Make rows of one upload.

        Raises:
            WarumError: If the file cannot be read.
        """
        folder = upload_folder(of.id, upload.id)
        there = {file.path for file in self._files.list(tenant, folder)}
        if f"{folder}/{SOURCE}" not in there:
            return
        with tempfile.TemporaryDirectory() as here:
            path = fetch(tenant, self._files, f"{folder}/{SOURCE}", Path(here) / file_name(upload))
            target = Path(here) / "made"
            table, said = _read(path, of, upload)
            table.write_parquet(target, said)
            self._files.put(tenant, f"{folder}/{ROWS}", pieces(target))
        self._files.delete(tenant, f"{folder}/{SOURCE}")


def options_of(columns: Mapping[str, Any]) -> ReadOptions:
    """The columns of a project as options of reading.

    Raises:
        UsageError: If one is unknown or cannot be meant.
    """
    given = {name: value for name, value in columns.items() if value is not None}
    for refused in ("join", "on", "join_agg"):
        if refused in given:
            raise UsageError(f"There is no option {refused!r}.", hint="Upload joined files.")
    return read_options(**given)


def without_own_names(options: ReadOptions) -> ReadOptions:
    """The options as they hold for imported rows."""
    return replace(options, id=ID, customer=None, encoding=None, sheet=None)


def rows_of(raw: RawTable, options: ReadOptions, name: str) -> Table:
    """Rows with our names.

    Args:
        raw: The rows of a file.
        options: What is said of its columns; what is left open is looked for.
        name: Begins the ids of rows where the file has none, or they are personal data.
    """
    single = roles_of(raw, options)
    columns: dict[str, Column] = dict(raw.columns)
    id_, customer, date = single.get("id"), single.get("customer"), single.get("date")
    made: dict[str, Column] = {ID: _ids(raw, id_, name)}
    if customer is not None:
        made[CUSTOMER] = columns.pop(customer)
    if id_ is not None:
        columns.pop(id_, None)
    if date is not None and date in columns:
        made[DATE] = iso_dates(columns[date], date, options)
    return Table({**made, **{n: c for n, c in columns.items() if n not in made}})


def iso_dates(cells: Column, header: str, options: ReadOptions) -> Column:
    """A column of dates in ISO; None where one cannot be read, or may be two."""
    days = read_dates(Cells.of(cells), header, options.date_format).date
    return strings([None if np.isnat(day) else str(day) for day in days])


def dated(header: str | None, options: ReadOptions) -> str:
    """What dates are made of, for the metadata: the column, what was asked for, and its format."""
    return json.dumps({"column": header, "asked": options.date, "format": options.date_format})


def _read(path: Path, of: Project, upload: Upload) -> tuple[Table, dict[str, str]]:
    """The rows of a file with our names, and what its metadata say of them."""
    if upload.purpose == "labels":
        table, raw = read_labels(path, of)
        return table, _said(raw)
    raw = read_files([path], encoding=of.columns.get("encoding"), sheet=of.columns.get("sheet"))
    options = options_of(of.columns)
    single = roles_of(raw, options)
    named = {
        ours: single[role] for role, ours in (("id", ID), ("customer", CUSTOMER)) if role in single
    }
    said = {**_said(raw), NAMED: json.dumps(named), DATED: dated(single.get("date"), options)}
    return rows_of(raw, options, upload.id), said


def roles_of(raw: RawTable, options: ReadOptions) -> Mapping[Any, str]:
    """Role of one column to the column; only what was named, where the rest is in doubt."""
    given = {r: getattr(options, r) for r in ("id", "customer", "date") if getattr(options, r)}
    here = {role: header for role, header in given.items() if header in raw.columns}
    try:
        return {**choose_columns(raw, options).single, **here}
    except (ColumnError, UsageError):  # said when it is analysed
        return here


def _ids(raw: RawTable, header: str | None, name: str) -> Column:
    own = strings([f"{name}-{row}" for row in raw.row.tolist()])
    if header is None:
        return own
    given = raw.columns[header].tolist()
    if any(v is not None and not v.isdigit() and redact(v) != v for v in dict.fromkeys(given)):
        return own
    return strings([o if v is None else v for v, o in zip(given, own.tolist(), strict=True)])


def _said(raw: RawTable) -> dict[str, str]:
    """Counts of what could not be read, and in which line first: never what it was."""
    broken = Counter(row.code for row in raw.rejected)
    first = {row.code: row.line for row in reversed(raw.rejected)}
    counts, lines = json.dumps(dict(broken)), json.dumps(first)
    return {BROKEN: counts, BROKEN_LINES: lines} if broken else {}


def left_out(path: Path, name: str) -> list[RejectedRow]:
    """Rows of an upload that could not be read when it was imported, without what stood in them.

    Args:
        path: Its imported rows.
        name: What the file was called.
    """
    said = parquet_metadata(path)
    counts: dict[str, int] = json.loads(said.get(BROKEN, "{}"))
    lines: dict[str, int] = json.loads(said.get(BROKEN_LINES, "{}"))
    found = []
    for code, count in counts.items():
        line = lines.get(code, 0)
        message = f"First in line {line} of {name}." if line else ""
        found += [RejectedRow(name, 0, line, code, message, {})] * count
    return found


def file_name(upload: Upload) -> str:
    """A name for a local copy, with the endings of the file as it came."""
    plain = "".join(c if c.isalnum() or c in "._- " else "_" for c in upload.name)[-80:]
    return plain.lstrip(".") or "file"


def pieces(path: Path) -> Iterator[bytes]:
    """A local file in pieces."""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
