"""Requests that may be sent again: what the first one was answered is answered again.

Claim the key, do the work and store the answer in one `Database.writing()`: then a request that died on the
way has left nothing, and a second one that comes at the same time waits for the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Connection, delete, select, update

from warum_api.storing.database import now
from warum_api.storing.rows import inserting
from warum_api.storing.tables import idempotency

Claim = Literal["new", "pending", "other"]
"""`new`: do it; `pending`: another request with the key is at it; `other`: the key was used for another request."""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What the first request was answered.

    Attributes:
        status: The HTTP status.
        body: The body; empty where it was erased since.
    """

    status: int
    body: bytes


def claim_key(
    tenant: str,
    connection: Connection,
    key: str,
    request: str,
    *,
    project: str | None = None,
    keep: timedelta = timedelta(hours=24),
) -> Claim | StoredAnswer:
    """Take a key for a request, or learn what the request was answered before.

    Args:
        tenant: Who calls.
        connection: One that writes.
        key: The `Idempotency-Key`.
        request: SHA-256 of method, path and body, hexadecimal.
        project: The project that the request is about.
        keep: For how long the answer is kept.
    """
    at = now(connection)
    connection.execute(delete(idempotency).where(_is(tenant, key), idempotency.c.expires_at <= at))
    row = {"project": project, "request": request, "created_at": at, "expires_at": at + keep}
    statement = inserting(connection, idempotency).values(tenant=tenant, key=key, **row)
    statement = statement.on_conflict_do_nothing()
    if connection.execute(statement.returning(idempotency.c.key)).first() is not None:
        return "new"
    c = idempotency.c
    found = connection.execute(select(c.request, c.status, c.body).where(_is(tenant, key))).one()
    if found.request != request:
        return "other"
    return "pending" if found.status is None else StoredAnswer(found.status, found.body or b"")


def store_answer(tenant: str, connection: Connection, key: str, status: int, body: bytes) -> None:
    """Keep the answer of a claimed key. It must not hold text of comments, only ids and counts."""
    values = {"status": status, "body": body}
    connection.execute(update(idempotency).where(_is(tenant, key)).values(**values))


def let_go_of_key(tenant: str, connection: Connection, key: str) -> bool:
    """Give a claimed key back, because the request failed in a way that may pass.

    Returns:
        Whether it was claimed and not yet answered.
    """
    open_ = _is(tenant, key) & idempotency.c.status.is_(None)
    return connection.execute(delete(idempotency).where(open_)).rowcount > 0


def forget_expired_keys(connection: Connection, at: datetime) -> int:
    """Delete the keys of all tenants whose time is over; their number."""
    return connection.execute(delete(idempotency).where(idempotency.c.expires_at <= at)).rowcount


def _is(tenant: str, key: str) -> ColumnElement[bool]:
    return (idempotency.c.tenant == tenant) & (idempotency.c.key == key)
