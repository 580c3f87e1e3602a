"""What subscribers are told: an alert was raised, a job finished, a job failed.

Events carry ids and numbers, never the text of a comment: whether text is sent is decided for each
subscription when its body is made.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from warum.alerts.alerts import Alert
from warum.taxonomy import Taxonomy

EventKind = Literal["alert.raised", "job.finished", "job.failed", "webhook.test"]
EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    Attributes:
        event_id: The same whenever the same thing is told again, so that telling twice is harmless.
        kind: What happened.
        tenant: Whose data it is about.
        project: Which of their projects; None where it is about none.
        created: When, with a time zone.
        data: What is told of it: JSON without NaN.
        comments: Ids of the comments behind it, all of them.

    Raises:
        ValueError: If `created` has no time zone, or the kind is unknown.
    """

    event_id: str
    kind: EventKind
    tenant: str
    project: str | None
    created: datetime
    data: Mapping[str, Any]
    comments: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if self.created.tzinfo is None:
            raise ValueError(f"created is {self.created!r}, expected a time with a time zone")
        if self.kind not in EVENT_KINDS:
            raise ValueError(f"kind is {self.kind!r}, expected one of {EVENT_KINDS}")


def alert_raised(
    alert: Alert, taxonomy: Taxonomy, *, tenant: str, project: str, created: datetime
) -> Event:
    """The event of an alert.

    Args:
        alert: From `warum.alerts`.
        taxonomy: Has the titles of its category.
        tenant: Whose project it is.
        project: The project.
        created: When it was raised.
    """
    titles = {ui: taxonomy.title(alert.category, ui) for ui in ("en", "de")}
    data = {
        "day": alert.day,
        "until": alert.until,
        "began": alert.began,
        "kind": alert.kind,
        "direction": alert.direction,
        "category": alert.category,
        "title": titles,
        "polarity": alert.polarity,
        "by": alert.by or None,
        "value": alert.value or None,
        "seen": alert.seen,
        "occasions": alert.occasions,
        "people": alert.people,
        "expected": {
            "value": _finite(alert.expected.value),
            "low": _finite(alert.expected.low),
            "high": _finite(alert.expected.high),
        },
        "p": _finite(alert.p),
        "method": alert.method,
        "caveats": [caveat.code for caveat in alert.caveats],
    }
    same = (tenant, project, taxonomy.hash, *(str(data[k]) for k in _SAME_ALERT))
    return Event(
        event_id("alert.raised", *same),
        "alert.raised",
        tenant,
        project,
        created,
        data,
        alert.comments,
    )


_SAME_ALERT = ("day", "kind", "direction", "category", "polarity", "by", "value")


def job_finished(
    *,
    tenant: str,
    project: str | None,
    job: str,
    what: str,
    created: datetime,
    links: Mapping[str, str],
) -> Event:
    """The event of a job that is done.

    Args:
        tenant: Whose job it is.
        project: What it was about.
        job: Its id.
        what: What it did, such as "analyze" or "report".
        created: When it was done.
        links: Where its results are: name to path or URL.
    """
    data = {"job": job, "what": what, "links": dict(links)}
    return Event(
        event_id("job.finished", tenant, job), "job.finished", tenant, project, created, data
    )


def job_failed(
    *,
    tenant: str,
    project: str | None,
    job: str,
    what: str,
    created: datetime,
    code: str,
    detail: str,
    attempt: int = 1,
) -> Event:
    """The event of a job that was given up.

    Args:
        tenant: Whose job it is.
        project: What it was about.
        job: Its id.
        what: What it should have done.
        created: When it was given up.
        code: Code of the problem, as in the problem documents.
        detail: One sentence; must hold no text of a comment.
        attempt: Which time it failed: a job may be tried again, and fail again.
    """
    data = {"job": job, "what": what, "code": code, "detail": detail, "attempt": attempt}
    return Event(
        event_id("job.failed", tenant, job, str(attempt)),
        "job.failed",
        tenant,
        project,
        created,
        data,
    )


def event_id(*parts: str) -> str:
    """The id of what these parts say: `evt_` and 32 hex digits of their SHA-256."""
    told = json.dumps(parts, ensure_ascii=True).encode("ascii")
    return f"evt_{hashlib.sha256(told).hexdigest()[:32]}"


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
