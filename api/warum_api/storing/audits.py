"""Audit samples: comments drawn with known probabilities, and what people saw in them.

The texts stay where they are; `warum.audit.sheet` makes the sheet of both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, null, update

from warum_api.storing.database import now
from warum_api.storing.rows import asked, many, new_id, one
from warum_api.storing.tables import audit_labels, audit_samples

Label = tuple[str, str | None]
"""A category and its polarity, as `warum.gold.records.Judgement`."""


@dataclass(frozen=True)
class AuditSample:
    """A draw.

    Attributes:
        id: Names it in paths.
        facts: Model, taxonomy, its hash, seed and frame, as the audit sheet has them.
        created_at: When it was drawn.
    """

    id: str
    facts: Mapping[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Drawn:
    """A comment that was drawn.

    Attributes:
        comment: Its id.
        unit: What was drawn with it.
        probability: With which the unit was drawn.
    """

    comment: str
    unit: str
    probability: float


@dataclass(frozen=True, slots=True)
class Labelled(Drawn):
    """A comment that was drawn, and what a person saw in it.

    Attributes:
        position: Place in the order of labelling, from 0.
        labels: What was seen; None while nobody has looked.
        note: What the person remarked.
        who: Who; None while nobody has looked.
        at: When; None likewise.
    """

    position: int = 0
    labels: tuple[Label, ...] | None = None
    note: str = ""
    who: str | None = None
    at: datetime | None = None


def add_sample(
    tenant: str,
    connection: Connection,
    project: str,
    facts: Mapping[str, Any],
    drawn: Sequence[Drawn],
) -> AuditSample:
    """Keep a draw, in the order in which it is to be labelled."""
    row: dict[str, Any] = {"id": new_id("smp"), "facts": dict(facts), "created_at": now(connection)}
    connection.execute(insert(audit_samples).values(tenant=tenant, project=project, **row))
    rows = [
        {
            "tenant": tenant, "project": project, "sample": row["id"], "position": position,
            "comment": one.comment, "unit": one.unit, "probability": one.probability, "note": "",
        }
        for position, one in enumerate(drawn)
    ]  # fmt: skip
    if rows:
        connection.execute(insert(audit_labels), rows)
    return AuditSample(**row)


def sample(tenant: str, connection: Connection, project: str, sample_id: str) -> AuditSample | None:
    """One draw of a project."""
    c = audit_samples.c
    query = asked(AuditSample, audit_samples).where(c.tenant == tenant, c.project == project)
    return one(AuditSample, connection, query.where(c.id == sample_id))


def list_samples(tenant: str, connection: Connection, project: str) -> tuple[AuditSample, ...]:
    """The draws of a project, newest first."""
    c = audit_samples.c
    query = asked(AuditSample, audit_samples).where(c.tenant == tenant, c.project == project)
    return many(AuditSample, connection, query.order_by(c.created_at.desc(), c.id))


def labels_of(
    tenant: str, connection: Connection, project: str, sample_id: str
) -> tuple[Labelled, ...]:
    """The comments of a draw in the order of labelling."""
    query = asked(Labelled, audit_labels).where(_of(tenant, project, sample_id))
    found = many(Labelled, connection, query.order_by(audit_labels.c.position))
    return tuple(_with_pairs(one) for one in found)


def set_labels(
    tenant: str,
    connection: Connection,
    project: str,
    sample_id: str,
    comment: str,
    *,
    labels: Sequence[Label] | None,
    who: str,
    note: str = "",
) -> bool:
    """Keep what a person saw in a comment, or take it back with None.

    Returns:
        Whether the comment is in the draw.
    """
    seen = labels is not None
    values = {
        "labels": [list(label) for label in labels] if labels is not None else null(),
        "note": note, "who": who if seen else None, "at": now(connection) if seen else None,
    }  # fmt: skip
    here = _of(tenant, project, sample_id) & (audit_labels.c.comment == comment)
    return connection.execute(update(audit_labels).where(here).values(**values)).rowcount > 0


def _with_pairs(row: Labelled) -> Labelled:
    if row.labels is None:
        return row
    pairs = tuple((category, polarity) for category, polarity in row.labels)
    return Labelled(
        row.comment, row.unit, row.probability, row.position, pairs, row.note, row.who, row.at
    )


def _of(tenant: str, project: str, sample_id: str) -> ColumnElement[bool]:
    c = audit_labels.c
    return (c.tenant == tenant) & (c.project == project) & (c.sample == sample_id)
