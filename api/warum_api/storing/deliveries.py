"""Deliveries: what is to be sent to webhooks. One is taken for a time, and survives a killed sender."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, delete, select, update

from warum_api.storing.rows import asked, inserting, many
from warum_api.storing.tables import deliveries, webhooks

DeliveryState = Literal["waiting", "delivered", "failed", "dropped"]
ENDED: tuple[DeliveryState, ...] = ("delivered", "failed", "dropped")


@dataclass(frozen=True)
class Delivery:
    """Something to be sent, or sent.

    Attributes:
        id: The same in every attempt, so that the receiver knows a repetition.
        webhook: Where to.
        project: What it is about; None if about no project.
        event: Which event.
        body: The bytes that are sent; empty once it is over, because they may hold text.
        quotes: Ids of comments that the body quotes: with one of them it is erased.
        state: `waiting`, `delivered`, `failed` (given up) or `dropped` (never sent).
        attempts: How often it was tried.
        due_at: When it is tried next; when it ended, once it is over.
        began_at: When it was first tried.
        status: HTTP status of the last answer; None if there was none.
        problem: What went wrong last.
        created_at: Since when.
    """

    id: str
    webhook: str
    project: str | None
    event: str
    body: bytes = field(repr=False)
    quotes: tuple[str, ...]
    state: DeliveryState
    attempts: int
    due_at: datetime
    began_at: datetime | None
    status: int | None
    problem: str | None
    created_at: datetime


@dataclass(frozen=True)
class TakenDelivery(Delivery):
    """A delivery of whoever it is.

    Attributes:
        tenant: Whose it is.
    """

    tenant: str


def queue_deliveries(tenant: str, connection: Connection, new: Sequence[Delivery]) -> int:
    """Keep what is to be sent. What is known already, or goes to a webhook that is gone, is left out.

    Returns:
        How many are new.
    """
    query = select(webhooks.c.id).where(webhooks.c.tenant == tenant).with_for_update(read=True)
    there = set(connection.execute(query).scalars())
    rows = [{"tenant": tenant, **_row(one)} for one in new if one.webhook in there]
    if not rows:
        return 0
    statement = inserting(connection, deliveries).on_conflict_do_nothing()
    return len(connection.execute(statement.returning(deliveries.c.id), rows).all())


def is_due(connection: Connection, at: datetime) -> bool:
    """Whether anything of any tenant waits to be sent."""
    c = deliveries.c
    free = c.leased_until.is_(None) | (c.leased_until <= at)
    query = select(c.id).where(c.state == "waiting", c.due_at <= at, free).limit(1)
    return connection.execute(query).first() is not None


def take_deliveries(
    connection: Connection, at: datetime, *, most: int = 64, for_: timedelta = timedelta(minutes=15)
) -> tuple[TakenDelivery, ...]:
    """Take what is due, of all tenants, the longest due first; what is not recorded in time is due again.

    Args:
        connection: One that writes.
        at: The time.
        most: So many at most.
        for_: For how long nobody else gets them.
    """
    c = deliveries.c
    free = c.leased_until.is_(None) | (c.leased_until <= at)
    query = select(c.tenant, c.id).where(c.state == "waiting", c.due_at <= at, free)
    query = query.order_by(c.due_at, c.created_at, c.id).limit(most)
    keys = connection.execute(query.with_for_update(skip_locked=True)).all()
    taken: list[TakenDelivery] = []
    for tenant, delivery in keys:
        here = _is(tenant, delivery)
        connection.execute(update(deliveries).where(here).values(leased_until=at + for_))
        taken += many(TakenDelivery, connection, asked(TakenDelivery, deliveries).where(here))
    return tuple(taken)


def record_delivery(tenant: str, connection: Connection, delivery: Delivery) -> bool:
    """Put a delivery in the place of the one with its id, for others to take; whether there was one."""
    here = _is(tenant, delivery.id)
    values = {**_row(delivery), "leased_until": None}
    return connection.execute(update(deliveries).where(here).values(**values)).rowcount > 0


def drop_deliveries(
    tenant: str, connection: Connection, webhook_id: str, *, at: datetime, problem: str
) -> int:
    """Send nothing more of what waits for a webhook; the number."""
    c = deliveries.c
    waiting = (c.tenant == tenant) & (c.webhook == webhook_id) & (c.state == "waiting")
    over = {"state": "dropped", "body": b"", "problem": problem, "due_at": at}
    return connection.execute(update(deliveries).where(waiting).values(**over)).rowcount


def list_deliveries(
    tenant: str, connection: Connection, webhook_id: str, *, limit: int = 100
) -> tuple[Delivery, ...]:
    """What was and is to be sent to a webhook, newest first."""
    c = deliveries.c
    query = asked(Delivery, deliveries).where(c.tenant == tenant, c.webhook == webhook_id)
    return many(Delivery, connection, query.order_by(c.created_at.desc(), c.id).limit(limit))


def delete_deliveries_before(tenant: str, connection: Connection, moment: datetime) -> int:
    """Forget deliveries that ended before a moment; their number."""
    c = deliveries.c
    old = (c.tenant == tenant) & c.state.in_(ENDED) & (c.due_at < moment)
    return connection.execute(delete(deliveries).where(old)).rowcount


def _row(delivery: Delivery) -> dict[str, Any]:
    values = {**asdict(delivery), "quotes": list(delivery.quotes)}
    values.pop("tenant", None)
    return values


def _is(tenant: str, delivery: str) -> ColumnElement[bool]:
    return (deliveries.c.tenant == tenant) & (deliveries.c.id == delivery)
