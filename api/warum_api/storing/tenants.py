"""Tenants: whose data are whose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete

from warum_api.storing.database import now
from warum_api.storing.rows import asked, checked_name, inserting, one
from warum_api.storing.tables import audit_log, tenants


@dataclass(frozen=True, slots=True)
class Tenant:
    """Someone who has data here.

    Attributes:
        id: Name in keys and paths.
        name: Name for people.
        created_at: Since when.
    """

    id: str
    name: str
    created_at: datetime


def ensure_tenant(tenant: str, connection: Connection, name: str = "") -> Tenant:
    """The tenant, made if there is none of that id.

    Raises:
        ValueError: If the id cannot stand in a path.
    """
    row = {"id": checked_name("tenant", tenant), "name": name or tenant}
    statement = inserting(connection, tenants).values(**row, created_at=now(connection))
    connection.execute(statement.on_conflict_do_nothing())
    found = one(Tenant, connection, asked(Tenant, tenants).where(tenants.c.id == tenant))
    assert found is not None
    return found


def delete_tenant(tenant: str, connection: Connection) -> bool:
    """Delete everything of a tenant in the database; their files are deleted with `Files.delete_all`.

    Returns:
        Whether there was one.
    """
    connection.execute(delete(audit_log).where(audit_log.c.tenant == tenant))
    return connection.execute(delete(tenants).where(tenants.c.id == tenant)).rowcount > 0
