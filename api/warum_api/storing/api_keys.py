"""API keys as they are stored: never the key itself, only its digest and the part that may be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, or_, update

from warum_api.storing.database import now
from warum_api.storing.rows import asked, many, new_id, one
from warum_api.storing.tables import api_keys

_USE_NOTED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key, without its secret.

    Attributes:
        tenant: Whose data it opens.
        id: Names it in commands and in the audit log.
        name: What it is for, in its owner's words.
        prefix: How the key begins; may be seen.
        digest: SHA-256 of the whole key, hexadecimal.
        scopes: What may be done with it.
        created_at: Since when.
        expires_at: From then on it opens nothing; None for never.
        revoked_at: When it was taken back; None if it was not.
        used_at: A time at most ten minutes before its last use; None if it was never used.
        replaced_by: The id of the key that takes its place; None if there is none.
    """

    tenant: str
    id: str
    name: str
    prefix: str
    digest: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None
    replaced_by: str | None

    def opens(self, at: datetime) -> bool:
        """Whether it is neither taken back nor expired."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


def add_key(
    tenant: str,
    connection: Connection,
    *,
    name: str,
    prefix: str,
    digest: str,
    scopes: Sequence[str],
    expires_at: datetime | None = None,
) -> ApiKey:
    """Store a new key."""
    row: dict[str, Any] = {
        "id": new_id("key"), "name": name, "prefix": prefix, "digest": digest,
        "expires_at": expires_at, "created_at": now(connection),
    }  # fmt: skip
    connection.execute(insert(api_keys).values(tenant=tenant, scopes=list(scopes), **row))
    found = key(tenant, connection, row["id"])
    assert found is not None
    return found


def key(tenant: str, connection: Connection, key_id: str) -> ApiKey | None:
    """One key of a tenant."""
    return one(ApiKey, connection, asked(ApiKey, api_keys).where(_is(tenant, key_id)))


def keys(tenant: str, connection: Connection) -> tuple[ApiKey, ...]:
    """All keys of a tenant, oldest first."""
    query = asked(ApiKey, api_keys).where(api_keys.c.tenant == tenant)
    return many(ApiKey, connection, query.order_by(api_keys.c.created_at, api_keys.c.id))


def revoke_key(tenant: str, connection: Connection, key_id: str) -> bool:
    """Take a key back at once.

    Returns:
        Whether there was one that was not taken back yet.
    """
    statement = update(api_keys).where(_is(tenant, key_id), api_keys.c.revoked_at.is_(None))
    return connection.execute(statement.values(revoked_at=now(connection))).rowcount > 0


def replace_key(tenant: str, connection: Connection, key_id: str, by: str, until: datetime) -> None:
    """Let a key expire at a time, if it does not earlier, because another takes its place."""
    statement = update(api_keys).where(_is(tenant, key_id))
    connection.execute(statement.values(replaced_by=by))
    later = or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > until)
    connection.execute(statement.where(later).values(expires_at=until))


def note_use(tenant: str, connection: Connection, key_id: str) -> None:
    """Remember that a key was used, at most every ten minutes."""
    at = now(connection)
    old = or_(api_keys.c.used_at.is_(None), api_keys.c.used_at < at - _USE_NOTED_EVERY)
    connection.execute(update(api_keys).where(_is(tenant, key_id), old).values(used_at=at))


def key_by_prefix(connection: Connection, prefix: str) -> ApiKey | None:
    """The key that begins so, of whatever tenant: this is how a caller's tenant is found."""
    return one(ApiKey, connection, asked(ApiKey, api_keys).where(api_keys.c.prefix == prefix))


def _is(tenant: str, key_id: str) -> ColumnElement[bool]:
    return (api_keys.c.tenant == tenant) & (api_keys.c.id == key_id)
