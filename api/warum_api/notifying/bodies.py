"""The bytes that a subscriber gets for an event; the same event gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from warum_api.notifying.events import Event
from warum_api.notifying.slack import slack_body
from warum_api.notifying.subscriptions import Subscription

MOST_BODY_BYTES = 64 * 1024
MOST_COMMENTS = 100
"""Comments behind an event that are named; `comments_total` says how many there are."""
MOST_TEXTS, MOST_TEXT = 20, 500
"""Texts that are sent where they are asked for, and characters of each."""


def body_of(
    event: Event, subscription: Subscription, delivery_id: str, texts: Mapping[str, str]
) -> bytes:
    """The body of a delivery, at most 64 KiB: texts are left out first, then ids, if it were longer.

    Args:
        event: What happened.
        subscription: Says in which form, and whether with text.
        delivery_id: Becomes `id`.
        texts: Redacted texts of the comments by id; used only if the subscription asks for text.
    """
    told = dict(texts) if subscription.with_text else {}
    named = event.comments[:MOST_COMMENTS]
    for comments, quoted in ((named, told), (named, {}), (named[:10], {}), ((), {})):
        if subscription.form == "slack":
            made = slack_body(event, subscription.language, comments=comments, texts=quoted)
        else:
            made = _json_body(event, delivery_id, comments, quoted)
        body = json.dumps(made, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode(
            "utf-8", "replace"
        )  # half a character cannot be sent
        if len(body) <= MOST_BODY_BYTES:
            return body
    raise ValueError(
        f"the event {event.event_id} has {len(body)} bytes, expected {MOST_BODY_BYTES}"
    )


def asked_texts(event: Event, subscription: Subscription) -> Sequence[str]:
    """Ids of the comments whose texts the body of this subscription shows."""
    return event.comments[:MOST_TEXTS] if subscription.with_text else ()


def _json_body(
    event: Event, delivery_id: str, comments: Sequence[str], texts: Mapping[str, str]
) -> dict[str, Any]:
    data = dict(event.data)
    if event.kind == "alert.raised":
        data["comments"] = [_comment(comment, texts) for comment in comments]
        data["comments_total"] = len(event.comments)
    return {
        "id": delivery_id,
        "event": event.event_id,
        "type": event.kind,
        "created": event.created.isoformat(),
        "project": event.project,
        "data": data,
    }


def _comment(comment: str, texts: Mapping[str, str]) -> dict[str, str]:
    if comment not in texts:
        return {"id": comment}
    return {"id": comment, "text": texts[comment][:MOST_TEXT]}
