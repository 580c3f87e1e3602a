"""Subscriptions and the outbox in the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, cast

from anyio.to_thread import run_sync
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from warum.caveats import Ui
from warum_api.notifying.clocks import Clock, now_utc
from warum_api.notifying.events import EventKind
from warum_api.notifying.subscriptions import Delivery, Disabled, Form, Secret, Subscription
from warum_api.problems import Problem
from warum_api.storing import deliveries as rows
from warum_api.storing import webhooks as hooks
from warum_api.storing.database import Database


class StoredSubscriptions:
    """Subscriptions in the database; see `Subscriptions`.

    Args:
        database: The database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, subscription: Subscription) -> None:
        """See `Subscriptions`.

        Raises:
            Problem: `invalid_request`, if it names a project that is not there.
        """

        def add() -> None:
            with self._database.writing() as connection:
                hooks.add_webhook(subscription.tenant, connection, _hook(subscription))

        try:
            await run_sync(add)
        except IntegrityError:
            raise Problem(
                "invalid_request",
                "Name a project of yours, or leave it out for all.",
                came=subscription.project,
                expected="the id of a project",
            ) from None

    async def get(self, tenant: str, subscription_id: str) -> Subscription | None:
        """See `Subscriptions`."""

        def get() -> Subscription | None:
            with self._database.reading() as connection:
                found = hooks.webhook(tenant, connection, subscription_id)
            return None if found is None else _subscription(tenant, found)

        return await run_sync(get)

    async def of_tenant(self, tenant: str) -> Sequence[Subscription]:
        """See `Subscriptions`."""

        def of_tenant() -> list[Subscription]:
            with self._database.reading() as connection:
                return subscriptions_of(tenant, connection)

        return await run_sync(of_tenant)

    async def change(self, subscription: Subscription) -> None:
        """See `Subscriptions`."""

        def change() -> None:
            with self._database.writing() as connection:
                hooks.change_webhook(subscription.tenant, connection, _hook(subscription))

        await run_sync(change)

    async def remove(self, tenant: str, subscription_id: str) -> bool:
        """See `Subscriptions`."""

        def remove() -> bool:
            with self._database.writing() as connection:
                return hooks.delete_webhook(tenant, connection, subscription_id)

        return await run_sync(remove)


class StoredOutbox:
    """The outbox in the database; see `Outbox`.

    Args:
        database: The database.
        clock: The time.
    """

    def __init__(self, database: Database, clock: Clock = now_utc) -> None:
        self._database, self._clock = database, clock

    async def put(self, deliveries: Sequence[Delivery]) -> None:
        """See `Outbox`."""

        def put() -> None:
            with self._database.writing() as connection:
                for tenant, some in _by_tenant(deliveries):
                    put_deliveries(tenant, connection, some)

        if deliveries:
            await run_sync(put)

    async def claim(self, now: datetime, limit: int, lease: timedelta) -> Sequence[Delivery]:
        """See `Outbox`."""

        def claim() -> list[Delivery]:
            # Most of the time there is nothing, and to see that needs no lock.
            with self._database.reading() as connection:
                if not rows.is_due(connection, now):
                    return []
            with self._database.writing() as connection:
                taken = rows.take_deliveries(connection, now, most=limit, for_=lease)
            return [_delivery(one.tenant, one) for one in taken]

        return await run_sync(claim)

    async def record(self, delivery: Delivery) -> None:
        """See `Outbox`."""

        def record() -> None:
            with self._database.writing() as connection:
                rows.record_delivery(delivery.tenant, connection, _row(delivery))

        await run_sync(record)

    async def drop(self, tenant: str, subscription_id: str, problem: str) -> None:
        """See `Outbox`."""

        def drop() -> None:
            with self._database.writing() as connection:
                at = self._clock()
                rows.drop_deliveries(tenant, connection, subscription_id, at=at, problem=problem)

        await run_sync(drop)

    async def recent(self, tenant: str, subscription_id: str, limit: int) -> Sequence[Delivery]:
        """See `Outbox`."""

        def recent() -> list[Delivery]:
            with self._database.reading() as connection:
                found = rows.list_deliveries(tenant, connection, subscription_id, limit=limit)
            return [_delivery(tenant, one) for one in found]

        return await run_sync(recent)


def subscriptions_of(tenant: str, connection: Connection) -> list[Subscription]:
    """A tenant's subscriptions, the oldest first."""
    return [_subscription(tenant, hook) for hook in hooks.list_webhooks(tenant, connection)]


def put_deliveries(tenant: str, connection: Connection, deliveries: Sequence[Delivery]) -> None:
    """Store deliveries of a tenant; those whose id is known already are left as they are."""
    rows.queue_deliveries(tenant, connection, [_row(one) for one in deliveries])


def _by_tenant(deliveries: Sequence[Delivery]) -> Iterator[tuple[str, list[Delivery]]]:
    ordered = sorted(deliveries, key=lambda one: one.tenant)
    for tenant, some in groupby(ordered, key=lambda one: one.tenant):
        yield tenant, list(some)


def _hook(subscription: Subscription) -> hooks.Webhook:
    disabled = subscription.disabled
    return hooks.Webhook(
        id=subscription.subscription_id,
        project=subscription.project,
        url=subscription.url,
        secrets=tuple(
            {"value": s.value, "until": s.until and s.until.isoformat()}
            for s in subscription.secrets
        ),
        events=subscription.events,
        form=subscription.form,
        language=subscription.language,
        with_text=subscription.with_text,
        disabled_at=None if disabled is None else disabled.at,
        disabled_reason=None if disabled is None else disabled.reason,
        created_at=subscription.created,
    )


def _subscription(tenant: str, hook: hooks.Webhook) -> Subscription:
    at, reason = hook.disabled_at, hook.disabled_reason
    return Subscription(
        hook.id,
        tenant,
        hook.url,
        cast("tuple[EventKind, ...]", hook.events),
        tuple(
            Secret(s["value"], None if s["until"] is None else datetime.fromisoformat(s["until"]))
            for s in hook.secrets
        ),
        hook.created_at,
        hook.project,
        cast("Form", hook.form),
        cast("Ui", hook.language),
        hook.with_text,
        None if at is None else Disabled(at, reason or ""),
    )


_NAMES = {
    "delivery_id": "id", "subscription_id": "webhook", "kind": "event", "next_at": "due_at",
    "began": "began_at", "created": "created_at",
}  # fmt: skip


def _row(delivery: Delivery) -> rows.Delivery:
    values = {f.name: getattr(delivery, f.name) for f in fields(Delivery) if f.name != "tenant"}
    return rows.Delivery(**{_NAMES.get(name, name): value for name, value in values.items()})


def _delivery(tenant: str, row: rows.Delivery) -> Delivery:
    values: dict[str, Any] = {
        f.name: getattr(row, _NAMES.get(f.name, f.name))
        for f in fields(Delivery)
        if f.name != "tenant"
    }
    return Delivery(tenant=tenant, **values)
