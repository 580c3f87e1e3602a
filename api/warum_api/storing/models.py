"""Own models of projects: trained by a job; their folders lie in `Files`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, update

from warum_api.storing.database import now
from warum_api.storing.rows import asked, many, new_id, one
from warum_api.storing.tables import models

PREFIX = "mdl"
"""Ids of own models begin with it; no shipped model's name does."""


@dataclass(frozen=True)
class StoredModel:
    """A model that was trained on labels of a project.

    Attributes:
        id: Names it in paths, and in the results that it reads.
        name: Name for people.
        version: Hash of all that decides what it reads.
        path: Folder in `Files`.
        facts: Base, taxonomy and cross-validated figures; never text.
        stale: Whether texts that it was trained on were erased since: train it again.
        job: The job that made it.
        created_at: When.
    """

    id: str
    name: str
    version: str
    path: str
    facts: Mapping[str, Any]
    stale: bool
    job: str | None
    created_at: datetime


def new_model_id() -> str:
    """An id for a model."""
    return new_id(PREFIX)


def add_model(
    tenant: str,
    connection: Connection,
    project: str,
    *,
    model_id: str,
    name: str,
    version: str,
    path: str,
    facts: Mapping[str, Any],
    job: str | None = None,
) -> StoredModel:
    """Keep a model. Called in `Queue.finish(also=…)`, it counts once."""
    row: dict[str, Any] = {
        "id": model_id, "name": name, "version": version, "path": path, "facts": dict(facts),
        "stale": False, "job": job, "created_at": now(connection),
    }  # fmt: skip
    connection.execute(insert(models).values(tenant=tenant, project=project, **row))
    return StoredModel(**row)


def model(tenant: str, connection: Connection, project: str, model_id: str) -> StoredModel | None:
    """One model of a project."""
    query = asked(StoredModel, models).where(_of(tenant, project), models.c.id == model_id)
    return one(StoredModel, connection, query)


def list_models(tenant: str, connection: Connection, project: str) -> tuple[StoredModel, ...]:
    """The models of a project, newest first."""
    query = asked(StoredModel, models).where(_of(tenant, project))
    return many(StoredModel, connection, query.order_by(models.c.created_at.desc(), models.c.id))


def mark_stale(tenant: str, connection: Connection, project: str, paths: Collection[str]) -> None:
    """Note that texts were erased which the models in these folders were trained on."""
    here = _of(tenant, project) & models.c.path.in_(list(paths))
    connection.execute(update(models).where(here).values(stale=True))


def delete_model(tenant: str, connection: Connection, project: str, model_id: str) -> bool:
    """Forget a model; its folder is deleted from `Files`.

    Returns:
        Whether there was one.
    """
    here = _of(tenant, project) & (models.c.id == model_id)
    return connection.execute(delete(models).where(here)).rowcount > 0


def _of(tenant: str, project: str) -> ColumnElement[bool]:
    return (models.c.tenant == tenant) & (models.c.project == project)
