"""Audit samples: comments drawn with known probabilities, and what people saw in them.

The texts stay where they are; `warum_api.auditing.sheets` makes the sheet of both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, select

from warum_api.storing.audit_tables import audit_drawn, audit_labels, audit_samples
from warum_api.storing.database import now
from warum_api.storing.rows import asked, inserting, many, new_id, one

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
        digest: Of its text, see `warum.audit.sheet.text_digest`; None if unknown.
    """

    comment: str
    unit: str
    probability: float
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a person saw in a comment that was drawn.

    Attributes:
        comment: Its id.
        labeller: The name that they label under.
        labels: What was seen.
        note: What they remarked.
        who: Whose key or session it came with.
        created_at: When they said so first.
        changed_at: When they said so last.
    """

    comment: str
    labeller: str
    labels: tuple[Label, ...]
    note: str
    who: str
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Labeller:
    """Somebody who labels a sample.

    Attributes:
        labeller: Their name.
        labelled: Comments that they have looked at.
    """

    labeller: str
    labelled: int


def new_sample_id() -> str:
    """An id for a draw whose files are written before its rows."""
    return new_id("smp")


def add_sample(
    tenant: str,
    connection: Connection,
    project: str,
    facts: Mapping[str, Any],
    drawn: Sequence[Drawn],
    *,
    named: str | None = None,
) -> AuditSample:
    """Keep a draw, in the order in which it is to be labelled, under an id of `new_sample_id`."""
    row: dict[str, Any] = {
        "id": named or new_sample_id(),
        "facts": dict(facts),
        "created_at": now(connection),
    }
    connection.execute(insert(audit_samples).values(tenant=tenant, project=project, **row))
    rows = [
        {
            "tenant": tenant, "project": project, "sample": row["id"], "position": position,
            "comment": one.comment, "unit": one.unit, "probability": one.probability,
            "digest": one.digest,
        }
        for position, one in enumerate(drawn)
    ]  # fmt: skip
    if rows:
        connection.execute(insert(audit_drawn), rows)
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


def delete_sample(tenant: str, connection: Connection, project: str, sample_id: str) -> bool:
    """Forget a draw with all its labels.

    Returns:
        Whether there was one.
    """
    c = audit_samples.c
    here = (c.tenant == tenant) & (c.project == project) & (c.id == sample_id)
    return connection.execute(delete(audit_samples).where(here)).rowcount > 0


def drawn_of(
    tenant: str, connection: Connection, project: str, sample_id: str
) -> tuple[Drawn, ...]:
    """The comments of a draw in the order of labelling."""
    query = asked(Drawn, audit_drawn).where(_of(audit_drawn, tenant, project, sample_id))
    return many(Drawn, connection, query.order_by(audit_drawn.c.position))


def labels_of(
    tenant: str,
    connection: Connection,
    project: str,
    sample_id: str,
    *,
    labeller: str | None = None,
) -> tuple[Labelled, ...]:
    """What people saw, or one of them, in the order in which they said so."""
    query = asked(Labelled, audit_labels).where(_of(audit_labels, tenant, project, sample_id))
    if labeller is not None:
        query = query.where(audit_labels.c.labeller == labeller)
    found = many(
        Labelled, connection, query.order_by(audit_labels.c.created_at, audit_labels.c.comment)
    )
    return tuple(_with_pairs(one) for one in found)


def labellers_of(
    tenant: str, connection: Connection, project: str, sample_id: str
) -> tuple[Labeller, ...]:
    """Who labels a draw, in the order in which they began."""
    c = audit_labels.c
    query = select(c.labeller, func.count()).where(_of(audit_labels, tenant, project, sample_id))
    query = query.group_by(c.labeller).order_by(func.min(c.created_at), c.labeller)
    return tuple(Labeller(name, int(n)) for name, n in connection.execute(query))


def set_labels(
    tenant: str,
    connection: Connection,
    project: str,
    sample_id: str,
    comment: str,
    *,
    labeller: str,
    labels: Sequence[Label] | None,
    who: str,
    note: str = "",
) -> bool:
    """Keep what a person saw in a comment, or take it back with None; done twice, it is the same.

    Returns:
        Whether the comment is in the draw.
    """
    held = _of(audit_drawn, tenant, project, sample_id) & (audit_drawn.c.comment == comment)
    if connection.execute(select(audit_drawn.c.comment).where(held)).first() is None:
        return False
    c, at = audit_labels.c, now(connection)
    if labels is None:
        mine = _of(audit_labels, tenant, project, sample_id) & (c.comment == comment)
        connection.execute(delete(audit_labels).where(mine, c.labeller == labeller))
        return True
    said = {"labels": [list(label) for label in labels], "note": note, "who": who, "changed_at": at}
    row = {"tenant": tenant, "project": project, "sample": sample_id, "comment": comment}
    statement = inserting(connection, audit_labels).values(
        **row, labeller=labeller, created_at=at, **said
    )
    keys = [*row, "labeller"]
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=said))
    return True


def _with_pairs(row: Labelled) -> Labelled:
    pairs = tuple((category, polarity) for category, polarity in row.labels)
    return Labelled(
        row.comment, row.labeller, pairs, row.note, row.who, row.created_at, row.changed_at
    )


def _of(table: Table, tenant: str, project: str, sample_id: str) -> ColumnElement[bool]:
    c = table.c
    return (c.tenant == tenant) & (c.project == project) & (c.sample == sample_id)
