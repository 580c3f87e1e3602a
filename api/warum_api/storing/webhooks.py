"""Webhooks: the addresses that are told, and what they are told of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, update

from warum_api.storing.rows import asked, many, one
from warum_api.storing.tables import webhooks


@dataclass(frozen=True)
class Webhook:
    """An address that is told.

    Attributes:
        id: Names it in paths.
        project: Whose events it is told; None for all projects.
        url: Where to.
        secrets: What deliveries are signed with, the newest first: `value`, and `until` where it ends.
        events: Which events.
        form: Of what is sent.
        language: Of the sentences in it.
        with_text: Whether texts of comments are sent.
        disabled_at: Since when nothing is sent; None while it is in use.
        disabled_reason: Why nothing is sent.
        created_at: Since when.
    """

    id: str
    project: str | None
    url: str
    secrets: tuple[Mapping[str, Any], ...] = field(repr=False)
    events: tuple[str, ...]
    form: str
    language: str
    with_text: bool
    disabled_at: datetime | None
    disabled_reason: str | None
    created_at: datetime


def add_webhook(tenant: str, connection: Connection, hook: Webhook) -> None:
    """Keep an address.

    Raises:
        sqlalchemy.exc.IntegrityError: If the tenant has no such project.
    """
    connection.execute(insert(webhooks).values(tenant=tenant, **_row(hook)))


def webhook(tenant: str, connection: Connection, webhook_id: str) -> Webhook | None:
    """One webhook of a tenant."""
    return one(Webhook, connection, asked(Webhook, webhooks).where(_is(tenant, webhook_id)))


def list_webhooks(tenant: str, connection: Connection) -> tuple[Webhook, ...]:
    """All webhooks of a tenant, oldest first."""
    c = webhooks.c
    query = asked(Webhook, webhooks).where(c.tenant == tenant)
    return many(Webhook, connection, query.order_by(c.created_at, c.id))


def change_webhook(tenant: str, connection: Connection, hook: Webhook) -> bool:
    """Put a webhook in the place of the one with its id; whether there was one."""
    here = _is(tenant, hook.id)
    return connection.execute(update(webhooks).where(here).values(**_row(hook))).rowcount > 0


def delete_webhook(tenant: str, connection: Connection, webhook_id: str) -> bool:
    """Forget an address and all that waits for it; whether there was one."""
    return connection.execute(delete(webhooks).where(_is(tenant, webhook_id))).rowcount > 0


def _row(hook: Webhook) -> dict[str, Any]:
    lists = {"events": list(hook.events), "secrets": [dict(secret) for secret in hook.secrets]}
    return {**asdict(hook), **lists}


def _is(tenant: str, webhook_id: str) -> ColumnElement[bool]:
    return (webhooks.c.tenant == tenant) & (webhooks.c.id == webhook_id)
