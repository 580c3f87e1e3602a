"""Adapters: which support tools are connected, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, update

from warum_api.storing.rows import asked, many, one
from warum_api.storing.tables import adapters


@dataclass(frozen=True)
class StoredAdapter:
    """A tool that is connected.

    Attributes:
        tenant: Whose.
        id: Stands in its URL; random.
        name: Name for people.
        tool: Which tool.
        secrets: What its requests are checked with.
        rule: The routing rule as an object; None for the shipped one.
        taxonomy: Name of a shipped taxonomy, or one as an object; None for the default.
        mapping: Where things stand in its JSON; None where the tool has a form of its own.
        language: Language of comments that name none.
        created_at: Since when.
    """

    tenant: str
    id: str
    name: str
    tool: str
    secrets: tuple[str, ...] = field(repr=False)
    rule: Mapping[str, Any] | None
    taxonomy: str | Mapping[str, Any] | None
    mapping: Mapping[str, Any] | None
    language: str | None
    created_at: datetime


def add_adapter(tenant: str, connection: Connection, adapter: StoredAdapter) -> None:
    """Keep an adapter."""
    row = {**asdict(adapter), "tenant": tenant, "secrets": list(adapter.secrets)}
    connection.execute(insert(adapters).values(**row))


def find_adapter(connection: Connection, adapter_id: str) -> StoredAdapter | None:
    """The adapter of this id, whoever's: its id is the first half of what opens it."""
    query = asked(StoredAdapter, adapters).where(adapters.c.id == adapter_id)
    return one(StoredAdapter, connection, query)


def adapter(tenant: str, connection: Connection, adapter_id: str) -> StoredAdapter | None:
    """One adapter of a tenant."""
    query = asked(StoredAdapter, adapters).where(_is(tenant, adapter_id))
    return one(StoredAdapter, connection, query)


def list_adapters(tenant: str, connection: Connection) -> tuple[StoredAdapter, ...]:
    """All adapters of a tenant, oldest first."""
    c = adapters.c
    query = asked(StoredAdapter, adapters).where(c.tenant == tenant)
    return many(StoredAdapter, connection, query.order_by(c.created_at, c.id))


def set_adapter_secrets(
    tenant: str, connection: Connection, adapter_id: str, secrets: tuple[str, ...]
) -> bool:
    """Exchange the secrets of an adapter; whether there was one."""
    statement = update(adapters).where(_is(tenant, adapter_id))
    return connection.execute(statement.values(secrets=list(secrets))).rowcount > 0


def delete_adapter(tenant: str, connection: Connection, adapter_id: str) -> bool:
    """Disconnect a tool; whether there was one."""
    return connection.execute(delete(adapters).where(_is(tenant, adapter_id))).rowcount > 0


def _is(tenant: str, adapter_id: str) -> ColumnElement[bool]:
    return (adapters.c.tenant == tenant) & (adapters.c.id == adapter_id)
