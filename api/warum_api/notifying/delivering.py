"""The worker that sends what waits in the outbox, tries again, and gives up after a day."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from warum_api.notifying.clocks import Clock, now_utc
from warum_api.notifying.retrying import RetryPlan
from warum_api.notifying.sending import Outcome, Sender
from warum_api.notifying.signing import DELIVERY_HEADER, EVENT_HEADER, SIGNATURE_HEADER, sign
from warum_api.notifying.subscriptions import (
    Delivery,
    Disabled,
    Outbox,
    State,
    Subscription,
    Subscriptions,
)
from warum_api.observing.logs import log, places

CLAIMED = 64
"""Deliveries that a worker takes at a time."""
RECENT = 50


class Dispatcher:
    """Sends deliveries; a subscriber that hangs holds up its own and no others'.

    A delivery is sent at least once: a worker that dies between sending and noting it sends again, with
    the same delivery id, by which receivers tell.

    Args:
        subscriptions: Where to, and the secrets.
        outbox: What waits.
        sender: Sends.
        plan: When to try again.
        clock: The time.
        chance: A random number 0..1.
        at_once: Subscribers that are called at the same time.
        lease: How long taken deliveries are out of other workers' sight; longer than a round may take.
    """

    def __init__(
        self,
        subscriptions: Subscriptions,
        outbox: Outbox,
        sender: Sender,
        *,
        plan: RetryPlan | None = None,
        clock: Clock = now_utc,
        chance: Callable[[], float] = random.random,
        at_once: int = 8,
        lease: timedelta = timedelta(minutes=15),
    ) -> None:
        self._subscriptions, self._outbox, self._sender = subscriptions, outbox, sender
        self._plan, self._clock, self._chance = plan or RetryPlan(), clock, chance
        self._at_once, self._lease = at_once, lease
        self._stop: asyncio.Event | None = None

    async def run(self, stop: asyncio.Event, *, idle_seconds: float = 1.0) -> None:
        """Send until told to stop; the requests under way are finished, what was taken is given back."""
        self._stop = stop
        while not stop.is_set():
            try:
                sent = await self.send_due()
            except Exception as error:  # the outbox may be away for a while
                log().error("webhooks could not be sent", **places(error))
                sent = 0
            if not sent:
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), idle_seconds)

    async def send_due(self) -> int:
        """Send what is due now.

        Returns:
            How many deliveries were taken.
        """
        taken = await self._outbox.claim(self._clock(), CLAIMED, self._lease)
        room = asyncio.Semaphore(self._at_once)

        async def send(deliveries: Sequence[Delivery]) -> None:
            async with room:
                await self._to_one(deliveries)

        def whose(delivery: Delivery) -> tuple[str, str]:
            return delivery.tenant, delivery.subscription_id

        groups = [list(group) for _, group in groupby(sorted(taken, key=whose), key=whose)]
        done = await asyncio.gather(*(send(group) for group in groups), return_exceptions=True)
        for error in done:
            if isinstance(error, BaseException):
                log().error("a webhook could not be sent", **places(error))
        return len(taken)

    async def _to_one(self, deliveries: Sequence[Delivery]) -> None:
        """Send to one subscription in turn; after a failure the others wait for the next time too."""
        for i, delivery in enumerate(deliveries):
            if self._stop is not None and self._stop.is_set():
                await self._outbox.record(delivery)
                continue
            subscription = await self._subscriptions.get(delivery.tenant, delivery.subscription_id)
            if subscription is None or subscription.disabled is not None:
                await self._outbox.record(
                    self._closed(delivery, "dropped", "The webhook is not in use.")
                )
                continue
            after = await self._attempt(delivery, subscription)
            if after.state == "waiting":
                for other in deliveries[i + 1 :]:
                    await self._outbox.record(replace(other, next_at=after.next_at))
                return

    async def _attempt(self, delivery: Delivery, subscription: Subscription) -> Delivery:
        now = self._clock()
        headers = {
            SIGNATURE_HEADER: sign(
                delivery.body, subscription.secrets_at(now), int(now.timestamp())
            ),
            DELIVERY_HEADER: delivery.delivery_id,
            EVENT_HEADER: delivery.kind,
        }
        outcome = await self._sender.send(subscription.url, headers, delivery.body)
        tried = replace(
            delivery,
            attempts=delivery.attempts + 1,
            began=delivery.began or now,
            status=outcome.status,
            problem=outcome.problem,
        )
        log().info(
            "webhook",
            delivery=delivery.delivery_id,
            kind=delivery.kind,
            status=outcome.status,
            attempt=tried.attempts,
            seconds=round(outcome.seconds, 3),
        )
        after = self._after(tried, outcome)
        await self._outbox.record(after)
        if after.state == "failed" and (outcome.gone or not await self._took_others(after)):
            await self._disable(subscription, after)
        return after

    async def _took_others(self, failed: Delivery) -> bool:
        """Whether the subscriber took anything since this was first tried: then it is not dead."""
        others = await self._outbox.recent(failed.tenant, failed.subscription_id, RECENT)
        began = failed.began or failed.next_at
        return any(other.state == "delivered" and other.next_at >= began for other in others)

    def _closed(self, delivery: Delivery, state: State, problem: str | None) -> Delivery:
        """A delivery that is over; its body may hold text and is not kept."""
        return replace(delivery, state=state, problem=problem, body=b"", next_at=self._clock())

    def _after(self, tried: Delivery, outcome: Outcome) -> Delivery:
        if outcome.delivered:
            return self._closed(tried, "delivered", None)
        assert tried.began is not None
        again = self._plan.again(
            tried.attempts,
            began=tried.began,
            now=self._clock(),
            chance=self._chance(),
            asked=outcome.retry_after,
        )
        if again is None or outcome.gone:
            return self._closed(tried, "failed", tried.problem)
        return replace(tried, next_at=again)

    async def _disable(self, subscription: Subscription, failed: Delivery) -> None:
        reason = f"{failed.problem} ({failed.attempts} attempts since {_minute(failed.began)})"
        at = self._clock()
        # Read again: it may have been changed while the request was under way.
        current = await self._subscriptions.get(subscription.tenant, subscription.subscription_id)
        if current is None or current.url != subscription.url:
            return
        await self._subscriptions.change(replace(current, disabled=Disabled(at, reason)))
        await self._outbox.drop(current.tenant, current.subscription_id, f"Disabled: {reason}")
        log().warning("webhook disabled", webhook=current.subscription_id, attempts=failed.attempts)


def _minute(at: datetime | None) -> str:
    return "" if at is None else at.strftime("%Y-%m-%d %H:%M")
