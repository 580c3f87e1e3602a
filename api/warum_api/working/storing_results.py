"""Where what a job gave lies, and how it becomes the current result."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from warum.errors import InputError
from warum_api.projects.importing import pieces
from warum_api.storing.database import Database
from warum_api.storing.files import Files, fetch, project_folder
from warum_api.storing.jobs import Job
from warum_api.storing.projects import Project, project
from warum_api.storing.results import publish_result


def result_path(project_id: str, job: Job) -> str:
    """Where a job's result lies: each generation has its own."""
    return f"{project_folder(project_id)}/results/{job.id}-{job.generation}"


def put_folder(tenant: str, files: Files, folder: Path, path: str) -> None:
    """Store the files of a local folder, those below it too."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            files.put(tenant, f"{path}/{file.relative_to(folder).as_posix()}", pieces(file))


def get_folder(tenant: str, files: Files, path: str, folder: Path) -> Path:
    """Copy stored files to a local folder."""
    for file in files.list(tenant, path):
        to = folder / file.path.removeprefix(f"{path}/")
        to.parent.mkdir(parents=True, exist_ok=True)
        fetch(tenant, files, file.path, to)
    return folder


def publish(
    job: Job,
    project_id: str,
    path: str,
    facts: Mapping[str, Any],
    kind: str,
    connection: Connection,
) -> None:
    """Make what a job gave the current result of its kind."""
    publish_result(
        job.tenant, connection, project_id, path=path, facts=facts, kind=kind, job=job.id
    )


def project_of(job: Job, database: Database) -> Project:
    """The project of a job.

    Raises:
        InputError: If it was deleted meanwhile.
    """
    with database.reading() as connection:
        found = project(job.tenant, connection, job.project or "")
    if found is None:
        raise InputError("The project is no more.")
    return found
