"""The routes under `/v1/webhooks`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Body, Depends, Query
from pydantic import BaseModel, Field

from warum.caveats import Ui
from warum_api.notifying.events import EventKind
from warum_api.notifying.subscriptions import Delivery, Form, State, Subscription
from warum_api.notifying.webhooks import Wanted, Webhooks
from warum_api.problems import documented
from warum_api.strict import Strict

DESCRIPTION = """\
Adds an address that is told of events. Its `secret` is in this answer and in no other.

Requests are POSTs of JSON, signed: `Warum-Signature: t=<Unix seconds>,v1=<hex>` with
HMAC-SHA256(secret, t + "." + body); while a secret is exchanged there are two `v1`, and one must be right. Refuse a
`t` more than five minutes away, and act on each `id` of a body once: it stays the same when a delivery is repeated.

A delivery that is not answered with 2xx within ten seconds is repeated, later and later, for 24 hours; then the
webhook is disabled and says why. Redirects are not followed. `https` only, to public addresses and port 443, unless
the service is set up otherwise.

`form: slack` sends the body of Slack's incoming webhooks instead, in `language`. Comments behind an alert are named
by id; `with_text` adds redacted texts, where the service allows it.
"""


class Caller(Protocol):
    """Who calls."""

    @property
    def tenant(self) -> str:
        """Whose data they see."""
        ...


Who = Callable[..., Caller | Awaitable[Caller]]
"""A FastAPI dependency that tells who calls, or refuses them."""


class WebhookIn(Strict):
    """A webhook as it is asked for."""

    url: str = Field(min_length=1, max_length=2_048, description="Where to; `https://…`.")
    events: list[EventKind] = Field(min_length=1, max_length=10, description="What it is told.")
    project: str | None = Field(
        default=None, min_length=1, max_length=200, description="Only this project; null for all."
    )
    form: Form = Field(default="json", description="Our JSON, or the body that Slack takes.")
    language: Ui = Field(default="en", description="Of the sentences in a Slack body.")
    with_text: bool = Field(default=False, description="Send redacted texts behind an alert.")


class RotationIn(Strict):
    """How a secret is exchanged."""

    overlap_hours: int = Field(
        default=24, ge=0, le=168, description="How long the old secret signs beside the new one."
    )


class DisabledOut(BaseModel):
    """Why nothing is sent."""

    at: datetime = Field(description="Since when.")
    reason: str = Field(description="In words.")


class WebhookOut(BaseModel):
    """A webhook, without its secret."""

    id: str
    url: str
    events: list[EventKind] = Field(description="What it is told of.")
    project: str | None = Field(description="Only what happens in it; null: in all.")
    form: Form = Field(description="How bodies are written.")
    language: Ui = Field(description="Of bodies in words.")
    with_text: bool = Field(description="Whether bodies carry redacted texts of comments.")
    created: datetime
    disabled: DisabledOut | None = Field(description="Null while it is in use.")


class WebhookWithSecret(WebhookOut):
    """A webhook with the secret that it has just been given."""

    secret: str = Field(description="Key of the signatures; keep it, it is not shown again.")


class DeliveryOut(BaseModel):
    """One event on its way to a webhook."""

    id: str = Field(description="Also in the header `Warum-Delivery` and as `id` of the body.")
    event: EventKind = Field(description="What happened.")
    state: State = Field(description="What has become of it.")
    attempts: int = Field(description="How often it was sent.")
    status: int | None = Field(description="HTTP status of the last answer.")
    problem: str | None = Field(description="Why the last attempt failed; null where it did not.")
    due: datetime | None = Field(description="Next attempt; null when it is over.")


_ID = "/v1/webhooks/{webhook}"
_FOUND = documented("not_found")


def webhook_routes(webhooks: Webhooks, *, reader: Who, admin: Who) -> APIRouter:
    """The routes.

    Args:
        webhooks: Answers.
        reader: Lets through who may look.
        admin: Lets through who may change.
    """
    router = APIRouter(tags=["webhooks"], prefix="")
    may_read, may_change = Depends(reader), Depends(admin)

    @router.post(
        "/v1/webhooks",
        status_code=201,
        summary="Add a webhook",
        description=DESCRIPTION,
        responses=documented("malformed_json", "invalid_request", "refused_address"),
    )
    async def subscribe(
        asked: Annotated[WebhookIn, Body(openapi_examples=_EXAMPLES)], caller: Caller = may_change
    ) -> WebhookWithSecret:
        wanted = Wanted(**{**asked.model_dump(), "events": tuple(asked.events)})
        return _with_secret(await webhooks.subscribe(caller.tenant, wanted))

    @router.get("/v1/webhooks", summary="List webhooks", responses=documented())
    async def listed(caller: Caller = may_read) -> list[WebhookOut]:
        return [_shown(s) for s in await webhooks.all(caller.tenant)]

    @router.get(_ID, summary="Show a webhook", responses=_FOUND)
    async def shown(webhook: str, caller: Caller = may_read) -> WebhookOut:
        return _shown(await webhooks.one(caller.tenant, webhook))

    @router.delete(_ID, status_code=204, summary="Remove a webhook", responses=_FOUND)
    async def removed(webhook: str, caller: Caller = may_change) -> None:
        await webhooks.remove(caller.tenant, webhook)

    @router.post(
        f"{_ID}/rotate",
        summary="Exchange its secret",
        responses=documented("malformed_json", "invalid_request", "not_found"),
    )
    async def rotated(
        webhook: str,
        asked: Annotated[RotationIn | None, Body()] = None,
        caller: Caller = may_change,
    ) -> WebhookWithSecret:
        overlap = timedelta(hours=(asked or RotationIn()).overlap_hours)
        return _with_secret(await webhooks.rotate(caller.tenant, webhook, overlap))

    @router.post(
        f"{_ID}/enable",
        summary="Put it back in use",
        responses=documented("not_found", "refused_address"),
    )
    async def enabled(webhook: str, caller: Caller = may_change) -> WebhookOut:
        return _shown(await webhooks.enable(caller.tenant, webhook))

    @router.post(f"{_ID}/test", status_code=202, summary="Send a test event", responses=_FOUND)
    async def tested(webhook: str, caller: Caller = may_change) -> DeliveryOut:
        return _delivery(await webhooks.test(caller.tenant, webhook))

    @router.get(f"{_ID}/deliveries", summary="Its last deliveries", responses=_FOUND)
    async def deliveries(
        webhook: str,
        caller: Caller = may_read,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> list[DeliveryOut]:
        return [_delivery(d) for d in (await webhooks.deliveries(caller.tenant, webhook))[:limit]]

    return router


_EXAMPLES: dict[str, Any] = {
    "alerts": {
        "summary": "Alerts as JSON",
        "value": {"url": "https://example.com/hooks/warum", "events": ["alert.raised"]},
    },
    "slack": {
        "summary": "Alerts and failed jobs in a Slack channel, in German",
        "value": {
            "url": "https://hooks.slack.com/services/T000/B000/XXXX",
            "events": ["alert.raised", "job.failed"],
            "form": "slack",
            "language": "de",
        },
    },
}


def _shown(subscription: Subscription) -> WebhookOut:
    return WebhookOut(**_fields(subscription))


def _with_secret(subscription: Subscription) -> WebhookWithSecret:
    return WebhookWithSecret(**_fields(subscription), secret=subscription.secrets[0].value)


def _fields(subscription: Subscription) -> dict[str, Any]:
    disabled = subscription.disabled
    return {
        "id": subscription.subscription_id,
        "url": subscription.url,
        "events": list(subscription.events),
        "project": subscription.project,
        "form": subscription.form,
        "language": subscription.language,
        "with_text": subscription.with_text,
        "created": subscription.created,
        "disabled": disabled and DisabledOut(at=disabled.at, reason=disabled.reason),
    }


def _delivery(delivery: Delivery) -> DeliveryOut:
    return DeliveryOut(
        id=delivery.delivery_id,
        event=delivery.kind,
        state=delivery.state,
        attempts=delivery.attempts,
        status=delivery.status,
        problem=delivery.problem,
        due=delivery.next_at if delivery.state == "waiting" else None,
    )
