"""Projects: a data set, the taxonomy it is read with, and which column is what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from warum_api.storing.database import now
from warum_api.storing.rows import asked, many, new_id, one
from warum_api.storing.tables import projects


@dataclass(frozen=True)
class Project:
    """A project.

    Attributes:
        id: Names it in paths.
        name: Name for people.
        taxonomy: Name of a built-in taxonomy, or one as an object.
        columns: Which column of the uploads is what.
        retention_days: After how many days comments are erased; None for never.
        created_at: Since when.
        changed_at: When any of this was changed last.
        model: What its comments are read with: a shipped model's name or the id of an own one; None for the
            service's.
    """

    id: str
    name: str
    taxonomy: str | Mapping[str, Any]
    columns: Mapping[str, Any]
    retention_days: int | None
    created_at: datetime
    changed_at: datetime
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A project whose comments are kept for a limited time.

    Attributes:
        tenant: Whose it is.
        project: Its id.
        days: For how many days.
    """

    tenant: str
    project: str
    days: int


def add_project(
    tenant: str,
    connection: Connection,
    *,
    name: str,
    taxonomy: str | Mapping[str, Any] = "cx",
    columns: Mapping[str, Any] | None = None,
    retention_days: int | None = None,
    model: str | None = None,
) -> Project:
    """Make a project.

    Raises:
        ValueError: If the days are fewer than 1.
    """
    at, project = now(connection), new_id("prj")
    row: dict[str, Any] = {
        "name": name, "taxonomy": taxonomy, "columns": dict(columns or {}),
        "retention_days": _days(retention_days), "created_at": at, "changed_at": at, "model": model,
    }  # fmt: skip
    connection.execute(insert(projects).values(tenant=tenant, id=project, **row))
    return Project(id=project, **row)


def project(tenant: str, connection: Connection, project_id: str) -> Project | None:
    """One project of a tenant."""
    return one(Project, connection, asked(Project, projects).where(_is(tenant, project_id)))


def list_projects(
    tenant: str, connection: Connection, *, after: str | None = None, limit: int = 100
) -> tuple[Project, ...]:
    """Projects of a tenant by id, those behind `after`."""
    query = asked(Project, projects).where(projects.c.tenant == tenant)
    if after is not None:
        query = query.where(projects.c.id > after)
    return many(Project, connection, query.order_by(projects.c.id).limit(limit))


def change_project(
    tenant: str,
    connection: Connection,
    project_id: str,
    **changes: Any,  # noqa: ANN401 - checked below
) -> Project | None:
    """Change some of `name`, `taxonomy`, `columns`, `retention_days` and `model`.

    Returns:
        The project as it is then; None if there is none.

    Raises:
        ValueError: If something else is to be changed, or the days are fewer than 1.
    """
    wrong = sorted(changes.keys() - {"name", "taxonomy", "columns", "retention_days", "model"})
    if wrong:
        raise ValueError(f"{wrong[0]!r} of a project cannot be changed")
    if "retention_days" in changes:
        _days(changes["retention_days"])
    statement = update(projects).where(_is(tenant, project_id))
    connection.execute(statement.values(**changes, changed_at=now(connection)))
    return project(tenant, connection, project_id)


def delete_project(tenant: str, connection: Connection, project_id: str) -> bool:
    """Delete a project with all its rows; its files are deleted with `Files.delete_all`.

    Returns:
        Whether there was one.
    """
    return connection.execute(delete(projects).where(_is(tenant, project_id))).rowcount > 0


def lock_project(tenant: str, connection: Connection, project_id: str) -> bool:
    """Have other transactions that lock the same project wait for the end of this one; whether it is there."""
    query = select(projects.c.id).where(_is(tenant, project_id)).with_for_update()
    return connection.execute(query).first() is not None


def kept_for_a_time(connection: Connection) -> tuple[Kept, ...]:
    """The projects of all tenants that have a retention, for the sweep that erases what is overdue."""
    c = projects.c
    query = select(c.tenant, c.id, c.retention_days).where(c.retention_days.is_not(None))
    found = connection.execute(query.order_by(c.tenant, c.id))
    return tuple(Kept(tenant, project_id, days) for tenant, project_id, days in found)


def _is(tenant: str, project_id: str) -> ColumnElement[bool]:
    return (projects.c.tenant == tenant) & (projects.c.id == project_id)


def _days(days: int | None) -> int | None:
    if days is not None and days < 1:
        raise ValueError(f"retention_days is {days}, expected at least 1, or none for ever")
    return days
