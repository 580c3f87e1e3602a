"""What a sample was drawn from, kept beside it: names of units, without those that were erased since.

An erasure takes a unit out of the data and out of what could be drawn alike, so that the rest of the sample stays one
of the rest of the data. What was added later had no chance of being drawn, and that is seen by the names.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from warum.audit.sheet import name_of_frame
from warum.table import Table, strings
from warum_api.storing.errors import NoFileError
from warum_api.storing.files import Files, fetch, project_folder

UNITS = "frame.parquet"


def audit_folder(project: str, sample: str) -> str:
    """Where the files of a draw lie."""
    return f"{project_folder(project)}/audits/{sample}"


def put_frame(tenant: str, files: Files, project: str, sample: str, units: Sequence[str]) -> None:
    """Keep the names of all units that could be drawn: each is the least `comment_id` in it."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / UNITS
        Table({"comment_id": strings(list(units))}).write_parquet(path, {})
        files.put(tenant, f"{audit_folder(project, sample)}/{UNITS}", path.read_bytes())


def frame_name(tenant: str, files: Files, project: str, sample: str, *, otherwise: str) -> str:
    """The name of what could be drawn, as far as it was not erased.

    Args:
        tenant: Whose.
        files: Where it lies.
        project: The project.
        sample: The draw.
        otherwise: Its name at the draw, where the units were not kept.
    """
    with tempfile.TemporaryDirectory() as name:
        try:
            path = fetch(
                tenant, files, f"{audit_folder(project, sample)}/{UNITS}", Path(name) / UNITS
            )
        except NoFileError:
            return otherwise
        return name_of_frame(Table.read_parquet(path)["comment_id"].tolist())
