"""Erase comments from the tables: their rows, and all that people and the service noted of them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, Table, delete, select, update

from warum_api.storing.audit_tables import audit_drawn
from warum_api.storing.rows import portions
from warum_api.storing.tables import (
    comments,
    corrections,
    deliveries,
    idempotency,
    results,
)


def erase_rows(
    tenant: str, connection: Connection, project: str, ids: Collection[str]
) -> frozenset[str]:
    """Delete comments, and the corrections, audit labels and deliveries that hold something of them.

    All results of the project count as stale from then on, and stored answers to requests about the project
    lose their bodies.

    Args:
        tenant: Whose they are.
        connection: One that writes.
        project: The project.
        ids: Ids of comments, of the table or of files.

    Returns:
        The ids that stood in the table.
    """
    found: set[str] = set()
    for some in portions(sorted(ids)):
        here = (comments.c.tenant == tenant) & (comments.c.project == project)
        gone = delete(comments).where(here, comments.c.id.in_(some)).returning(comments.c.id)
        found.update(connection.execute(gone).scalars())
        for table in (corrections, audit_drawn):  # labels go with what was drawn
            _delete(tenant, connection, project, table, some)
    _delete_quoting(tenant, connection, project, frozenset(ids))
    shown = (results.c.tenant == tenant) & (results.c.project == project)
    connection.execute(update(results).where(shown).values(stale=True))
    told = (idempotency.c.tenant == tenant) & (idempotency.c.project == project)
    answered = told & idempotency.c.body.is_not(None)
    connection.execute(update(idempotency).where(answered).values(body=b""))
    return frozenset(found)


def _delete(
    tenant: str, connection: Connection, project: str, table: Table, ids: list[str]
) -> None:
    here = (table.c.tenant == tenant) & (table.c.project == project)
    connection.execute(delete(table).where(here, table.c.comment.in_(ids)))


def _delete_quoting(tenant: str, connection: Connection, project: str, ids: frozenset[str]) -> None:
    """Delete the deliveries that quote one of the comments."""
    c = deliveries.c
    query = select(c.id, c.quotes).where(c.tenant == tenant, c.project == project)
    quoting = [row.id for row in connection.execute(query) if not ids.isdisjoint(row.quotes)]
    for some in portions(quoting):
        connection.execute(delete(deliveries).where(c.tenant == tenant, c.id.in_(some)))
