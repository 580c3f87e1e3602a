"""What the columns of an uploaded file would be taken for."""

from __future__ import annotations

import tempfile
from pathlib import Path

from warum.errors import WarumError
from warum.reading.columns import choose_columns
from warum.reading.files import read_files
from warum_api.problems import Problem
from warum_api.projects.forms import ColumnSeen, PreviewOut
from warum_api.projects.imported_names import as_it_came
from warum_api.projects.importing import options_of
from warum_api.projects.keeping import Keeping
from warum_api.projects.uploading import Uploading

SHOWN = 20


def preview(tenant: str, keeping: Keeping, uploading: Uploading, project: str, upload: str) -> PreviewOut:  # fmt: skip
    """The first rows of a file, and what its columns would be taken for, by the columns of its project.

    Raises:
        Problem: `not_found`; `conflict`, if it is not there yet; `unreadable_file`.
    """
    of, _ = keeping.one(tenant, project)
    with tempfile.TemporaryDirectory() as folder:
        path = uploading.sample(tenant, project, upload, Path(folder))
        try:
            raw = read_files([path], encoding=of.columns.get("encoding"), sheet=of.columns.get("sheet"))  # fmt: skip
        except WarumError as error:
            said = str(error).replace(str(path.parent), "").replace("'/", "'")
            raise Problem("unreadable_file", said) from None
        raw, held = as_it_came(raw, path)
    try:
        detected = choose_columns(raw, held.options(options_of(of.columns))).detected
        taken, problem = [ColumnSeen(role=d.role, column=d.column, how=d.how) for d in detected], None  # fmt: skip
    except WarumError as error:
        taken, problem = [], str(error)
    cells = [column[:SHOWN].tolist() for column in raw.columns.values()]
    return PreviewOut(
        columns=list(raw.columns),
        rows=[list(row) for row in zip(*cells, strict=True)],
        taken=taken,
        problem=problem,
        notes=list(raw.notes),
        fixed=list(held.columns) if held.imported else None,
    )
