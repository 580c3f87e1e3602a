"""Results: where each version lies in `Files`, and which one is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from warum_api.storing.database import now
from warum_api.storing.errors import ConflictError
from warum_api.storing.projects import lock_project
from warum_api.storing.rows import asked, many, one
from warum_api.storing.tables import erasures, results

ANALYSIS, REPORT = "analysis", "report"
UNUSED = "unused"
"""Among the facts of an analysis: the columns that nothing was made of."""


@dataclass(frozen=True)
class StoredResult:
    """One version of a project's result.

    Attributes:
        project: The project.
        kind: What it is a result of, such as `analysis`.
        version: 1, 2, …
        path: Folder in `Files`.
        facts: Counts and names, never text of comments.
        current: Whether it is the one that is shown.
        stale: Whether comments were erased from it since: shares and drivers have to be computed anew.
        job: The job that made it; None if none did.
        created_at: When.
    """

    project: str
    kind: str
    version: int
    path: str
    facts: Mapping[str, Any]
    current: bool
    stale: bool
    job: str | None
    created_at: datetime


def publish_result(
    tenant: str,
    connection: Connection,
    project: str,
    *,
    path: str,
    facts: Mapping[str, Any],
    kind: str = ANALYSIS,
    job: str | None = None,
) -> StoredResult:
    """Make a result the one that is shown. Called in `Queue.finish(also=…)`, it counts once.

    Raises:
        ConflictError: If comments are being erased from the project, which the result may still hold: its job
            begins anew.
    """
    lock_project(tenant, connection, project)
    check_not_erasing(tenant, connection, project)
    here = _of(tenant, project) & (results.c.kind == kind)
    last = connection.execute(select(func.max(results.c.version)).where(here)).scalar_one()
    connection.execute(update(results).where(here, results.c.current).values(current=False))
    row: dict[str, Any] = {
        "project": project, "kind": kind, "version": (last or 0) + 1, "path": path, "job": job,
        "facts": dict(facts), "current": True, "stale": False, "created_at": now(connection),
    }  # fmt: skip
    connection.execute(insert(results).values(tenant=tenant, **row))
    return StoredResult(**row)


def check_not_erasing(tenant: str, connection: Connection, project: str) -> None:
    """Refuse to store what may hold a comment that is being erased; called with the project locked.

    Raises:
        ConflictError: If an erasure is under way.
    """
    if connection.execute(select(erasures.c.id).where(_erasing(tenant, project)).limit(1)).first():
        raise ConflictError(f"Comments are being erased from the project {project!r}.")


def current_result(
    tenant: str, connection: Connection, project: str, kind: str = ANALYSIS
) -> StoredResult | None:
    """The result that is shown; None if there is none yet."""
    query = asked(StoredResult, results).where(_of(tenant, project), results.c.kind == kind)
    return one(StoredResult, connection, query.where(results.c.current))


def result_version(
    tenant: str, connection: Connection, project: str, version: int, kind: str = ANALYSIS
) -> StoredResult | None:
    """One version."""
    query = asked(StoredResult, results).where(_of(tenant, project), results.c.kind == kind)
    return one(StoredResult, connection, query.where(results.c.version == version))


def result_of_job(
    tenant: str, connection: Connection, job_id: str, kind: str
) -> StoredResult | None:
    """What a job gave of a kind; None if it gave none."""
    query = asked(StoredResult, results).where(results.c.tenant == tenant, results.c.job == job_id)
    return one(StoredResult, connection, query.where(results.c.kind == kind))


def list_results(tenant: str, connection: Connection, project: str) -> tuple[StoredResult, ...]:
    """All versions of all kinds, newest first."""
    query = asked(StoredResult, results).where(_of(tenant, project))
    order = (results.c.created_at.desc(), results.c.version.desc())
    return many(StoredResult, connection, query.order_by(*order))


def delete_old_results(
    tenant: str, connection: Connection, project: str, before: datetime
) -> tuple[str, ...]:
    """Forget versions made before a moment that are not shown; their folders, to be deleted from `Files`."""
    old = _of(tenant, project) & ~results.c.current & (results.c.created_at < before)
    return tuple(connection.execute(delete(results).where(old).returning(results.c.path)).scalars())


def _erasing(tenant: str, project: str) -> ColumnElement[bool]:
    return (erasures.c.tenant == tenant) & (erasures.c.project == project)


def _of(tenant: str, project: str) -> ColumnElement[bool]:
    return (results.c.tenant == tenant) & (results.c.project == project)
