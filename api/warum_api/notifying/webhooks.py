"""What a tenant may do with webhooks: ask for one, look, exchange its secret, put it back in use, remove it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from warum.caveats import Ui
from warum_api.notifying.addresses import allowed_addresses, checked_url
from warum_api.notifying.clocks import Clock, now_utc
from warum_api.notifying.events import Event, EventKind
from warum_api.notifying.publishing import delivery_of
from warum_api.notifying.sending import Sender
from warum_api.notifying.signing import new_secret
from warum_api.notifying.subscriptions import (
    Delivery,
    Form,
    Outbox,
    Secret,
    Subscription,
    Subscriptions,
)
from warum_api.problems import Problem

MOST_SUBSCRIPTIONS = 50
"""Webhooks of a tenant."""
SHOWN_DELIVERIES = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """A subscription as it is asked for; see `Subscription`."""

    url: str
    events: tuple[EventKind, ...]
    project: str | None = None
    form: Form = "json"
    language: Ui = "en"
    with_text: bool = False


class Webhooks:
    """The subscriptions of tenants.

    Args:
        subscriptions: Where they are stored.
        outbox: Where deliveries wait.
        sender: Knows which addresses may be called.
        text_allowed: Whether webhooks may carry text of comments at all.
        clock: The time.
    """

    def __init__(
        self,
        subscriptions: Subscriptions,
        outbox: Outbox,
        sender: Sender,
        *,
        text_allowed: bool = False,
        clock: Clock = now_utc,
    ) -> None:
        self._subscriptions, self._outbox = subscriptions, outbox
        self._sender, self._text_allowed, self._clock = sender, text_allowed, clock

    async def subscribe(self, tenant: str, wanted: Wanted) -> Subscription:
        """Add a subscription; its secret can be read here and never again.

        Raises:
            Problem: `refused_address`, if the URL may not be called; `invalid_request`, if there are too
                many, or text is asked for and not allowed.
        """
        if wanted.with_text and not self._text_allowed:
            raise Problem(
                "invalid_request",
                "Webhooks of this service carry no text of comments: leave with_text out.",
                came="with_text: true",
                expected="with_text: false",
            )
        if len(await self._subscriptions.of_tenant(tenant)) >= MOST_SUBSCRIPTIONS:
            raise Problem(
                "invalid_request",
                "There are too many webhooks: remove one.",
                came=f"{MOST_SUBSCRIPTIONS + 1} webhooks",
                expected=f"at most {MOST_SUBSCRIPTIONS}",
            )
        await self._check(wanted.url)
        subscription = Subscription(
            f"whk_{secrets.token_hex(16)}",
            tenant,
            wanted.url,
            tuple(dict.fromkeys(wanted.events)),
            (Secret(new_secret()),),
            self._clock(),
            wanted.project,
            wanted.form,
            wanted.language,
            wanted.with_text,
        )
        await self._subscriptions.add(subscription)
        return subscription

    async def all(self, tenant: str) -> Sequence[Subscription]:
        """A tenant's subscriptions, the oldest first."""
        return await self._subscriptions.of_tenant(tenant)

    async def one(self, tenant: str, subscription_id: str) -> Subscription:
        """One of them.

        Raises:
            Problem: `not_found`.
        """
        found = await self._subscriptions.get(tenant, subscription_id)
        if found is None:
            raise Problem("not_found", "There is no such webhook.", came=subscription_id)
        return found

    async def rotate(self, tenant: str, subscription_id: str, overlap: timedelta) -> Subscription:
        """Give it a new secret; the old one signs beside it until the overlap is over.

        Raises:
            Problem: `not_found`.
        """
        found = await self.one(tenant, subscription_id)
        rotated = found.rotated(new_secret(), self._clock(), overlap)
        await self._subscriptions.change(rotated)
        return rotated

    async def enable(self, tenant: str, subscription_id: str) -> Subscription:
        """Put one that was disabled back in use; what was dropped meanwhile is not sent.

        Raises:
            Problem: `not_found`, or `refused_address` if its URL may no longer be called.
        """
        found = await self.one(tenant, subscription_id)
        await self._check(found.url)
        enabled = replace(found, disabled=None)
        await self._subscriptions.change(enabled)
        return enabled

    async def remove(self, tenant: str, subscription_id: str) -> None:
        """Remove it with its deliveries.

        Raises:
            Problem: `not_found`.
        """
        if not await self._subscriptions.remove(tenant, subscription_id):
            raise Problem("not_found", "There is no such webhook.", came=subscription_id)

    async def test(self, tenant: str, subscription_id: str) -> Delivery:
        """Send it an event of the kind `webhook.test`.

        Raises:
            Problem: `not_found`.
        """
        found = await self.one(tenant, subscription_id)
        now = self._clock()
        event = Event(f"evt_{secrets.token_hex(16)}", "webhook.test", tenant, None, now, {})
        delivery = delivery_of(event, found, {}, now)
        await self._outbox.put([delivery])
        return delivery

    async def deliveries(self, tenant: str, subscription_id: str) -> Sequence[Delivery]:
        """Its last deliveries, the newest first.

        Raises:
            Problem: `not_found`.
        """
        await self.one(tenant, subscription_id)
        return await self._outbox.recent(tenant, subscription_id, SHOWN_DELIVERIES)

    async def _check(self, url: str) -> None:
        """Refuse a URL now that no delivery could go to; a name that is not there yet may be later."""
        try:
            target = checked_url(url, self._sender.rules)
            await allowed_addresses(
                target.host, target.port, self._sender.rules, self._sender.resolve
            )
        except OSError:
            return
        except ValueError as error:
            came, expected = getattr(error, "came", url), getattr(error, "expected", None)
            detail = getattr(error, "detail", str(error))
            raise Problem("refused_address", detail, came=came, expected=expected) from None
