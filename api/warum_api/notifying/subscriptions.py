"""Who wants to be told what, what is on its way to them, and the seams to where both are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol, get_args

from warum.caveats import Ui
from warum_api.notifying.events import EVENT_KINDS, EventKind

Form = Literal["json", "slack"]
FORMS: tuple[Form, ...] = get_args(Form)
State = Literal["waiting", "delivered", "failed", "dropped"]


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret to sign with.

    Attributes:
        value: The secret.
        until: When it stops to be used; None for the current one.
    """

    value: str = field(repr=False)
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Disabled:
    """Why nothing is sent any more.

    Attributes:
        at: Since when.
        reason: One sentence for the tenant.
    """

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """An address that is told of some events.

    Attributes:
        subscription_id: `whk_…`.
        tenant: Who asked.
        url: Where to.
        events: What it is told; `webhook.test` always.
        secrets: The newest first; never empty.
        created: When it was asked for.
        project: Only this project; None for all.
        form: Our JSON, or the body that Slack takes.
        language: Of the sentences in a Slack body.
        with_text: Whether the texts of the comments behind an alert are sent, redacted as stored.
        disabled: Why nothing is sent; None while it is in use.

    Raises:
        ValueError: If there is no event, no secret, or one of another kind.
    """

    subscription_id: str
    tenant: str
    url: str
    events: tuple[EventKind, ...]
    secrets: tuple[Secret, ...]
    created: datetime
    project: str | None = None
    form: Form = "json"
    language: Ui = "en"
    with_text: bool = False
    disabled: Disabled | None = None

    def __post_init__(self) -> None:
        if not self.events or set(self.events) - set(EVENT_KINDS):
            raise ValueError(f"events is {self.events!r}, expected some of {EVENT_KINDS}")
        if not self.secrets:
            raise ValueError("secrets is empty, expected at least one")

    def wants(self, kind: EventKind, project: str | None) -> bool:
        """Whether it is told of an event of this kind about this project."""
        if self.disabled is not None:
            return False
        return kind in self.events and (self.project is None or self.project == project)

    def secrets_at(self, now: datetime) -> tuple[str, ...]:
        """The secrets in force, the newest first."""
        return tuple(s.value for s in self.secrets if s.until is None or now < s.until)

    def rotated(self, secret: str, now: datetime, overlap: timedelta) -> Subscription:
        """With a new secret; the current one is used beside it until the overlap is over.

        Args:
            secret: The new secret.
            now: The time.
            overlap: How long both sign. An older one that still did is dropped: two sign at most.
        """
        kept = Secret(self.secrets[0].value, now + overlap)
        return replace(self, secrets=(Secret(secret), kept))


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one subscription.

    Attributes:
        delivery_id: The same for the same event and subscription, hence also for all attempts.
        subscription_id: To whom.
        tenant: Whose.
        kind: What happened.
        body: What is sent, the same bytes at each attempt; empty once it has arrived or was given up,
            because it may hold text of comments.
        next_at: When it is due; once it is over, when that was.
        created: Since when it is there.
        project: What it is about; None if about no project.
        quotes: Ids of the comments whose text the body holds: with one of them it has to be erased.
        state: `waiting` until it is `delivered`, `failed` for good or `dropped` unsent.
        attempts: How often it was tried.
        began: When it was first tried.
        status: HTTP status of the last answer, if any.
        problem: What went wrong at last; None if nothing did.
    """

    delivery_id: str
    subscription_id: str
    tenant: str
    kind: EventKind
    body: bytes = field(repr=False)
    next_at: datetime
    created: datetime
    project: str | None = None
    quotes: tuple[str, ...] = ()
    state: State = "waiting"
    attempts: int = 0
    began: datetime | None = None
    status: int | None = None
    problem: str | None = None


class Subscriptions(Protocol):
    """Where subscriptions are stored; a tenant never sees another's."""

    async def add(self, subscription: Subscription) -> None:
        """Store a new one."""
        ...

    async def get(self, tenant: str, subscription_id: str) -> Subscription | None:
        """One of a tenant's; None if there is none."""
        ...

    async def of_tenant(self, tenant: str) -> Sequence[Subscription]:
        """All of a tenant's, the oldest first."""
        ...

    async def change(self, subscription: Subscription) -> None:
        """Replace the one with this tenant and id; nothing happens if it is gone."""
        ...

    async def remove(self, tenant: str, subscription_id: str) -> bool:
        """Remove one with its deliveries; False if there was none."""
        ...


class Outbox(Protocol):
    """Where deliveries wait; several workers may share it."""

    async def put(self, deliveries: Sequence[Delivery]) -> None:
        """Store deliveries; those whose id is known already are left as they are."""
        ...

    async def claim(self, now: datetime, limit: int, lease: timedelta) -> Sequence[Delivery]:
        """Take waiting ones that are due, the longest due first, and make them due again after the lease.

        No two workers may take the same before its lease is over.
        """
        ...

    async def record(self, delivery: Delivery) -> None:
        """Replace the one with this id, and end its lease."""
        ...

    async def drop(self, tenant: str, subscription_id: str, problem: str) -> None:
        """Drop what still waits for a subscription: state `dropped`, the body emptied."""
        ...

    async def recent(self, tenant: str, subscription_id: str, limit: int) -> Sequence[Delivery]:
        """A subscription's last deliveries, the newest first."""
        ...


class CommentTexts(Protocol):
    """Where the texts behind an alert come from."""

    def texts(self, tenant: str, project: str | None, comments: Sequence[str]) -> Mapping[str, str]:
        """Redacted texts by comment id; those that are gone are missing."""
        ...


class NoTexts:
    """Texts where there are none: webhooks name comments by id only."""

    def texts(
        self,
        tenant: str,  # noqa: ARG002 - the protocol's
        project: str | None,  # noqa: ARG002
        comments: Sequence[str],  # noqa: ARG002
    ) -> Mapping[str, str]:
        """None of them."""
        return {}
