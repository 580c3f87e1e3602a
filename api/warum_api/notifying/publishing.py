"""An event becomes deliveries, one for each subscription that wants it, in the transaction of what it tells of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from warum_api.notifying.bodies import asked_texts, body_of
from warum_api.notifying.clocks import Clock, now_utc
from warum_api.notifying.events import Event
from warum_api.notifying.stored import put_deliveries, subscriptions_of
from warum_api.notifying.subscriptions import CommentTexts, Delivery, NoTexts, Subscription
from warum_api.observing.logs import log, places
from warum_api.storing.database import Database

Texts = Mapping[str, str]
"""Redacted texts by comment id."""


class Publisher:
    """Puts events into the outbox together with what they tell of: both are stored, or neither.

    Args:
        database: Who wants to be told, and where deliveries wait.
        texts: Texts of the comments behind an event, for those who asked for text.
        clock: The time.
    """

    def __init__(
        self, database: Database, texts: CommentTexts | None = None, clock: Clock = now_utc
    ) -> None:
        self._database, self._clock = database, clock
        self._texts: CommentTexts = texts or NoTexts()

    def telling(self, *events: Event) -> Callable[[Connection], None]:
        """What tells of events, to be called with the connection of a transaction.

        Those are told who want to know when it is called. An event that was told already is not told again.
        Texts are read now: none that is erased until then may be in a transaction that counts.
        """
        ready = [(event, self._texts_of(event)) for event in events]

        def tell(connection: Connection) -> None:
            for event, texts in ready:
                self._put(event, texts, connection)

        return tell

    def _put(self, event: Event, texts: Texts, connection: Connection) -> None:
        now = self._clock()
        everybody = subscriptions_of(event.tenant, connection)
        wanting = [one for one in everybody if one.wants(event.kind, event.project)]
        try:
            made = [delivery_of(event, one, texts, now) for one in wanting]
        except ValueError as error:  # too long to be sent; what it tells of holds all the same
            log().error("an event could not be told", **places(error))
            return
        put_deliveries(event.tenant, connection, made)

    def _texts_of(self, event: Event) -> Texts:
        """Texts of the comments behind an event, if anybody is sent any; without them it is told by ids."""
        try:
            with self._database.reading() as connection:
                everybody = subscriptions_of(event.tenant, connection)
            wanting = [one for one in everybody if one.wants(event.kind, event.project)]
            wanted = next((w for one in wanting if (w := asked_texts(event, one))), ())
            return self._texts.texts(event.tenant, event.project, wanted) if wanted else {}
        except Exception as error:
            log().error("texts of an event could not be read", **places(error))
            return {}


def delivery_of(event: Event, subscription: Subscription, texts: Texts, now: datetime) -> Delivery:
    """The delivery of an event to a subscription, due at once; made again, it has the same id.

    Args:
        event: What happened.
        subscription: Who is told.
        texts: Texts of the comments behind it; used only if the subscription asks for them.
        now: The time.

    Raises:
        ValueError: If the event is too long to be sent.
    """
    named = f"{event.event_id}\n{subscription.subscription_id}".encode()
    delivery_id = f"dlv_{hashlib.sha256(named).hexdigest()[:32]}"
    quoted = texts if asked_texts(event, subscription) else {}
    return Delivery(
        delivery_id,
        subscription.subscription_id,
        event.tenant,
        event.kind,
        body_of(event, subscription, delivery_id, quoted),
        next_at=now,
        created=now,
        project=event.project,
        quotes=tuple(quoted),
    )
