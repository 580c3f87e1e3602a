"""The dates of imported rows follow the project: they are made anew where it names another column since.

Retention goes by them, so they are looked at before everything that is erased, whoever changed the columns.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from warum.reading.files import read_files
from warum.reading.records import RawTable, ReadOptions
from warum.store import parquet_metadata
from warum.table import Table
from warum_api.projects.imported_names import as_it_came
from warum_api.projects.importing import (
    DATE,
    DATED,
    ROWS,
    Importer,
    dated,
    iso_dates,
    options_of,
    pieces,
    roles_of,
    upload_folder,
)
from warum_api.storing.database import Database
from warum_api.storing.files import Files, delete_all, fetch
from warum_api.storing.projects import Project, project
from warum_api.storing.uploads import list_uploads, upload


class Redating:
    """Brings the uploads of a project into the form that an erasure needs.

    Args:
        database: Where the uploads are noted.
        files: Where their bytes are.
    """

    def __init__(self, database: Database, files: Files) -> None:
        self._database, self._files = database, files
        self._importer = Importer(database, files)

    def prepare(self, tenant: str, project_id: str) -> None:
        """Make rows of all complete uploads, with dates of the column that the project names now.

        Raises:
            WarumError: If a file cannot be read.
        """
        self._importer.import_all(tenant, project_id)
        with self._database.reading() as connection:
            of = project(tenant, connection, project_id)
            uploads = list_uploads(tenant, connection, project_id)
        for one in uploads:
            if of is not None and one.state == "complete" and one.purpose == "data":
                # An erasure rewrites the same files: neither may bring back what the other took out.
                with self._database.alone("erasing"):
                    self._redate(tenant, of, one.id)

    def _redate(self, tenant: str, of: Project, upload_id: str) -> None:
        folder = upload_folder(of.id, upload_id)
        if all(file.path != f"{folder}/{ROWS}" for file in self._files.list(tenant, folder)):
            return
        with tempfile.TemporaryDirectory() as here:
            path = fetch(tenant, self._files, f"{folder}/{ROWS}", Path(here) / "rows.parquet")
            said, options = parquet_metadata(path), options_of(of.columns)
            raw, held = as_it_came(read_files([path]), path)
            before: dict[str, Any] = json.loads(said.get(DATED, "{}"))
            header = _header(raw, held.options(options), before)
            now = dated(header, options)
            if json.loads(now) == before:
                return
            kept = {name: value for name, value in said.items() if name != "ARROW:schema"}
            made = _with_dates(Table.read_parquet(path), header, options)
            made.write_parquet(Path(here) / "made", {**kept, DATED: now})
            self._files.put(tenant, f"{folder}/{ROWS}", pieces(Path(here) / "made"))
        with self._database.reading() as connection:
            there = upload(tenant, connection, of.id, upload_id)
        if there is None:  # deleted meanwhile
            delete_all(tenant, self._files, folder)


def _header(raw: RawTable, options: ReadOptions, before: Mapping[str, Any]) -> str | None:
    """The column of dates; a file that nothing more is said of keeps the one it was imported with.

    What made it out then, the form of an export, may be gone with the names of ids and customers.
    """
    found = roles_of(raw, options).get("date")
    if found is None and options.date is None and before.get("asked") is None:
        known = before.get("column")
        return known if known in raw.columns else None
    return found


def _with_dates(rows: Table, header: str | None, options: ReadOptions) -> Table:
    columns = {name: rows[name] for name in rows.columns if name != DATE}
    if header is not None and header in columns:
        columns[DATE] = iso_dates(columns[header], header, options)
    return Table(columns)
