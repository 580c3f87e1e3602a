"""An event becomes deliveries, one for each subscription that wants it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

from warum_api.notifying.bodies import asked_texts, body_of
from warum_api.notifying.events import Event
from warum_api.notifying.subscriptions import (
    CommentTexts,
    Delivery,
    NoTexts,
    Outbox,
    Subscription,
    Subscriptions,
)

Clock = Callable[[], datetime]
"""The time, with a time zone."""


def now_utc() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)


class Publisher:
    """Puts events into the outbox.

    Args:
        subscriptions: Who wants to be told.
        outbox: Where deliveries wait.
        texts: Texts of the comments behind an event, for those who asked for text.
        clock: The time.
    """

    def __init__(
        self,
        subscriptions: Subscriptions,
        outbox: Outbox,
        *,
        texts: CommentTexts | None = None,
        clock: Clock = now_utc,
    ) -> None:
        self._subscriptions, self._outbox, self._clock = subscriptions, outbox, clock
        self._texts: CommentTexts = texts or NoTexts()

    async def publish(self, event: Event) -> int:
        """Tell those who want to know; an event that was told already is not told again.

        Returns:
            To how many subscriptions.
        """
        everybody = await self._subscriptions.of_tenant(event.tenant)
        wanting = [s for s in everybody if s.wants(event.kind, event.project)]
        await self._outbox.put([await self.delivery(event, s) for s in wanting])
        return len(wanting)

    async def delivery(self, event: Event, subscription: Subscription) -> Delivery:
        """The delivery of an event to a subscription, due at once."""
        named = f"{event.event_id}\n{subscription.subscription_id}".encode()
        delivery_id = f"dlv_{hashlib.sha256(named).hexdigest()[:32]}"
        wanted = asked_texts(event, subscription)
        texts = await self._texts.texts(event.tenant, event.project, wanted) if wanted else {}
        now = self._clock()
        return Delivery(
            delivery_id,
            subscription.subscription_id,
            event.tenant,
            event.kind,
            body_of(event, subscription, delivery_id, texts),
            next_at=now,
            created=now,
            project=event.project,
            quotes=tuple(texts),
        )
