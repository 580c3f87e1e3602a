"""Corrections: who changed an opinion, when, from what to what. None is ever changed or taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert

from warum_api.storing.database import now
from warum_api.storing.rows import asked, many
from warum_api.storing.tables import corrections


@dataclass(frozen=True)
class Correction:
    """A person's word on an opinion.

    Attributes:
        seq: Rises; the last correction of an opinion is the one that holds.
        comment: The comment.
        opinion: Names the opinion in its comment.
        who: Who corrected it.
        at: When.
        old: The opinion before; None if the person added it.
        new: The opinion since; None if the person took it away.
    """

    seq: int
    comment: str
    opinion: str
    who: str
    at: datetime
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None


def add_correction(
    tenant: str,
    connection: Connection,
    project: str,
    *,
    comment: str,
    opinion: str,
    who: str,
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any] | None,
) -> Correction:
    """Keep a correction.

    Raises:
        ValueError: If there is neither an opinion before nor since.
    """
    if old is None and new is None:
        raise ValueError(f"the correction of {opinion!r} has neither old nor new")
    row: dict[str, Any] = {
        "comment": comment, "opinion": opinion, "who": who, "at": now(connection),
        "old": None if old is None else dict(old), "new": None if new is None else dict(new),
    }  # fmt: skip
    statement = insert(corrections).values(tenant=tenant, project=project, **row)
    seq = connection.execute(statement.returning(corrections.c.seq)).scalar_one()
    return Correction(seq=seq, **row)


def list_corrections(
    tenant: str,
    connection: Connection,
    project: str,
    *,
    comment: str | None = None,
    after: int = 0,
    limit: int = 1_000,
) -> tuple[Correction, ...]:
    """Corrections of a project (or of one comment) in the order in which they were made.

    Args:
        tenant: Whose they are.
        connection: Any.
        project: The project.
        comment: One comment's only.
        after: Those behind this `seq`.
        limit: So many at most.
    """
    here = _of(tenant, project) & (corrections.c.seq > after)
    query = asked(Correction, corrections).where(here)
    if comment is not None:
        query = query.where(corrections.c.comment == comment)
    return many(Correction, connection, query.order_by(corrections.c.seq).limit(limit))


def _of(tenant: str, project: str) -> ColumnElement[bool]:
    return (corrections.c.tenant == tenant) & (corrections.c.project == project)
