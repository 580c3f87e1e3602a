"""Everything that is in a project, as files that `warum.analyze` reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warum.errors import InputError
from warum.reading.records import ReadOptions, RejectedRow
from warum.store import parquet_metadata
from warum.table import Column, Table, strings
from warum_api.projects.importing import (
    CUSTOMER,
    DATE,
    ID,
    NAMED,
    ROWS,
    Importer,
    file_name,
    left_out,
    options_of,
    upload_folder,
)
from warum_api.storing.comments import StoredComment, list_comments
from warum_api.storing.database import Database
from warum_api.storing.files import Files, fetch
from warum_api.storing.projects import Project
from warum_api.storing.uploads import list_uploads

APPENDED = "appended.parquet"
_PAGE = 5_000
_FIELDS = {ID: "id", CUSTOMER: "customer"}
"""Our names, and those of the fields of appended comments."""


@dataclass(frozen=True)
class Gathered:
    """What is in a project.

    Attributes:
        paths: The files.
        read: What is said of their columns.
        left_out: Rows of uploads that could not be read.
        named: Of each file, our names of ids and customers to those that it came with.
        columns: All further columns, by their own names.
    """

    paths: list[Path]
    read: ReadOptions
    left_out: list[RejectedRow]
    named: list[dict[str, str]]
    columns: list[str]


def gather(
    tenant: str,
    of: Project,
    database: Database,
    files: Files,
    folder: Path,
    *,
    uploads: Sequence[str],
    until: int,
) -> Gathered:
    """Copy what is in a project to a local folder.

    Args:
        tenant: Whose.
        of: The project.
        database: Where its appended comments are.
        files: Where its uploads are.
        folder: Where to.
        uploads: Ids of the uploads that count; those that are gone are left out.
        until: The last appended comment that counts.

    Raises:
        InputError: If there is nothing in the project.
        WarumError: If an upload cannot be read.
    """
    importer = Importer(database, files)
    paths: list[Path] = []
    broken: list[RejectedRow] = []
    named: list[dict[str, str]] = []
    with database.reading() as connection:
        there = [u for u in list_uploads(tenant, connection, of.id) if u.id in uploads]
    for upload in there:
        importer.import_one(tenant, of, upload)
        place = folder / upload.id
        place.mkdir()
        stored = f"{upload_folder(of.id, upload.id)}/{ROWS}"
        path = fetch(tenant, files, stored, place / f"{file_name(upload)}.parquet")
        broken += left_out(path, upload.name)
        named.append(json.loads(parquet_metadata(path).get(NAMED, "{}")))
        _without_date(path)
        paths.append(path)
    options = options_of(of.columns)
    appended = appended_table(tenant, of, database, options, until)
    if appended is not None:
        appended.write_parquet(folder / APPENDED, {})
        paths.append(folder / APPENDED)
        named.append({ours: name for ours, name in _FIELDS.items() if ours in appended})
    if not paths:
        raise InputError(
            "There is nothing in the project.", hint="Upload a file or append comments."
        )
    columns = list(dict.fromkeys(n for path in paths for n in Table.read_parquet(path).columns))
    customer = CUSTOMER if CUSTOMER in columns else None
    read = replace(options, id=ID, customer=customer, encoding=None, sheet=None)
    further = [name for name in columns if name not in _FIELDS]
    return Gathered(paths, read, broken, named, further)


def appended_table(
    tenant: str, of: Project, database: Database, options: ReadOptions, until: int
) -> Table | None:
    """The appended comments of a project as rows; None if there are none."""
    found = list(_appended(tenant, of.id, database, until))
    if not found:
        return None
    text, date = (options.text or ("comment",))[0], options.date or "date"
    columns: dict[str, Column] = {
        ID: strings([c.id for c in found]),
        text: strings([c.text for c in found]),
    }
    if any(c.customer for c in found):
        columns[CUSTOMER] = strings([c.customer for c in found])
    if any(c.date for c in found):
        columns[date] = strings([_day(c.date) for c in found])
    names = dict.fromkeys(name for c in found for name in c.fields)
    for name in names:
        if name not in columns:
            columns[name] = strings([_cell(c.fields, name) for c in found])
    return Table(columns)


def _appended(tenant: str, project: str, database: Database, until: int) -> Iterator[StoredComment]:
    after = 0
    while True:
        with database.reading() as connection:
            some = list_comments(tenant, connection, project, after=after, until=until, limit=_PAGE)
        yield from some
        if len(some) < _PAGE:
            return
        after = some[-1].seq


def _day(date: datetime | None) -> str | None:
    if date is None:
        return None
    date = date.astimezone(UTC)
    return date.date().isoformat() if date.time() == datetime.min.time() else date.isoformat()


def _cell(row: Mapping[str, Any], name: str) -> str | None:
    """A value as a file would have it."""
    value = row.get(name)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if float(value).is_integer() else repr(value)


def _without_date(path: Path) -> None:
    """Take away the date in our form: its column stands there under its own name."""
    table = Table.read_parquet(path)
    if DATE in table:
        kept = {name: table[name] for name in table.columns if name != DATE}
        Table(kept).write_parquet(path, {})
