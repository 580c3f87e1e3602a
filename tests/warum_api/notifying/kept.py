"""Subscriptions and an outbox in a real database, and what is in them."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import select

from tests.warum_api.databases import NewDatabase, new_sqlite
from warum_api.notifying.stored import (
    StoredOutbox,
    StoredSubscriptions,
    _delivery,
    _hook,
    _subscription,
)
from warum_api.notifying.subscriptions import Delivery, Secret, Subscription
from warum_api.storing import deliveries, tables
from warum_api.storing.database import Database
from warum_api.storing.rows import asked, many
from warum_api.storing.tenants import ensure_tenant
from warum_api.storing.webhooks import add_webhook, change_webhook, webhook

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PROJECTS = ("shop", "another")


class Clock:
    """A clock that is set by hand."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@cache
def _new() -> tuple[tempfile.TemporaryDirectory[str], NewDatabase]:
    folder = tempfile.TemporaryDirectory()
    return folder, new_sqlite(Path(folder.name))


class Kept:
    """A database with the tenants `acme` and `else`, each with the projects `shop` and `another`."""

    def __init__(self, clock: Clock, *subscriptions: Subscription) -> None:
        self.database = Database(_new()[1]())
        self.subscriptions = StoredSubscriptions(self.database)
        self.outbox = StoredOutbox(self.database, clock)
        with self.database.writing() as connection:
            for tenant in ("acme", "else"):
                ensure_tenant(tenant, connection)
                for project in PROJECTS:
                    values = {
                        "taxonomy": "cx",
                        "columns": {},
                        "created_at": NOON,
                        "changed_at": NOON,
                    }
                    row = tables.projects.insert().values(
                        tenant=tenant, id=project, name="", **values
                    )
                    connection.execute(row)
            for one in subscriptions:
                add_webhook(one.tenant, connection, _hook(one))

    def subscription(self, name: str = "whk_1", tenant: str = "acme") -> Subscription:
        with self.database.reading() as connection:
            found = webhook(tenant, connection, name)
        assert found is not None
        return _subscription(tenant, found)

    def replace(self, subscription: Subscription) -> None:
        with self.database.writing() as connection:
            assert change_webhook(subscription.tenant, connection, _hook(subscription))

    @property
    def deliveries(self) -> list[Delivery]:
        query = asked(deliveries.TakenDelivery, tables.deliveries)
        with self.database.reading() as connection:
            found = many(
                deliveries.TakenDelivery, connection, query.order_by(tables.deliveries.c.id)
            )
        return [_delivery(one.tenant, one) for one in found]

    @property
    def leased(self) -> int:
        c = tables.deliveries.c
        with self.database.reading() as connection:
            return len(connection.execute(select(c.id).where(c.leased_until.is_not(None))).all())

    @property
    def only(self) -> Delivery:
        (delivery,) = self.deliveries
        return delivery


def subscribed(url: str, **how: object) -> Subscription:
    """A subscription of the tenant `acme` to everything."""
    given: dict[str, object] = {
        "subscription_id": "whk_1",
        "tenant": "acme",
        "url": url,
        "events": ("alert.raised", "job.finished", "job.failed", "webhook.test"),
        "secrets": (Secret("whsec_one"),),
        "created": NOON,
    }
    return Subscription(**{**given, **how})  # type: ignore[arg-type]
