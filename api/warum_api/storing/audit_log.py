"""The audit log: that something happened, who did it and when, and never what it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, insert

from warum_api.storing.database import now
from warum_api.storing.rows import asked, many
from warum_api.storing.tables import audit_log

Action = Literal[
    "key_created", "key_rotated", "key_revoked",
    "project_created", "project_changed", "project_deleted",
    "uploaded", "appended", "comment_erased", "customer_erased", "retention_applied",
    "job_submitted", "job_cancelled", "opinion_corrected", "sample_drawn", "sample_labelled",
    "sample_deleted", "model_deleted",
    "webhook_created", "webhook_deleted", "adapter_created", "adapter_deleted", "exported",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    Attributes:
        seq: Rises.
        at: When.
        who: Id of the key, or the subject of the token; `local` without keys, `cli` from a command.
        action: What was done.
        project: To which project; None if to none.
        thing: Id that the service made for what it was done to (a key, a job, an upload); never an id or
            a name that came with the data.
        count: How many comments or rows; None where nothing was counted.
    """

    seq: int
    at: datetime
    who: str
    action: Action
    project: str | None
    thing: str | None
    count: int | None


def note_event(
    tenant: str,
    connection: Connection,
    action: Action,
    *,
    who: str,
    project: str | None = None,
    thing: str | None = None,
    count: int | None = None,
) -> None:
    """Write down that something happened, in the transaction in which it does."""
    row = {"who": who, "action": action, "project": project, "thing": thing, "count": count}
    connection.execute(insert(audit_log).values(tenant=tenant, at=now(connection), **row))


def list_events(
    tenant: str, connection: Connection, *, before: int | None = None, limit: int = 100
) -> tuple[Event, ...]:
    """What happened, newest first, up to (and without) `before`."""
    query = asked(Event, audit_log).where(audit_log.c.tenant == tenant)
    if before is not None:
        query = query.where(audit_log.c.seq < before)
    return many(Event, connection, query.order_by(audit_log.c.seq.desc()).limit(limit))


def forget_events_before(tenant: str, connection: Connection, moment: datetime) -> int:
    """Delete what happened before a moment; the number."""
    old = (audit_log.c.tenant == tenant) & (audit_log.c.at < moment)
    return connection.execute(delete(audit_log).where(old)).rowcount
