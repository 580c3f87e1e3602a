"""Webhooks of Zendesk: events of tickets, and bodies that a trigger or an automation writes.

Two forms are read.

1. Event subscriptions, `zen:event-type:ticket.created` and `zen:event-type:ticket.comment_added`, in the form of
   version 2022-11-06 (https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events). Subscribe to
   one of the two, or the first comment is read twice. What an agent wrote and what is private is not read.
2. A trigger with the action "Notify active webhook" and this JSON body:

        {"ticket_id": "{{ticket.id}}", "comment": "{{ticket.latest_public_comment}}",
         "subject": "{{ticket.title}}", "requester_id": "{{ticket.requester.id}}",
         "language": "{{ticket.requester.language}}", "updated_at": "{{ticket.updated_at_with_timestamp}}"}

   with the condition that the requester commented: who wrote a comment does not stand in such a body.

Every request is signed: `X-Zendesk-Webhook-Signature` is base64(HMAC-SHA256(secret, timestamp + body)), the
timestamp stands in `X-Zendesk-Webhook-Signature-Timestamp`
(https://developer.zendesk.com/documentation/webhooks/verifying/). One that is more than five minutes old is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from warum.stages.language import language_code
from warum_api.adapting.tickets import Message, Skipped, id_in, part, text_in, unusable
from warum_api.problems import Problem

SIGNATURE = "x-zendesk-webhook-signature"
TIMESTAMP = "x-zendesk-webhook-signature-timestamp"
TOLERANCE_SECONDS = 300
_EVENT = "zen:event-type:"
_CREATED, _COMMENTED = "ticket.created", "ticket.comment_added"


def verify_zendesk(
    headers: Mapping[str, str], body: bytes, secrets: Sequence[str], *, now: datetime
) -> None:
    """Check that a request comes from Zendesk, and is not an old one.

    Args:
        headers: By lower-case name.
        body: The body as it came.
        secrets: Signing secrets of the webhook; several while one is exchanged.
        now: The time, with a time zone.

    Raises:
        Problem: `bad_signature`.
    """
    signature, timestamp = headers.get(SIGNATURE, ""), headers.get(TIMESTAMP, "")
    try:
        came = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        came = b""
    signed = timestamp.encode("utf-8", "replace") + body
    right = [hmac.new(s.encode("utf-8"), signed, hashlib.sha256).digest() for s in secrets]
    fits = [hmac.compare_digest(came, digest) for digest in right]
    if not any(fits):
        raise Problem(
            "bad_signature",
            "Set up the webhook with the signing secret that Zendesk shows for it.",
            came="a signature that does not fit" if signature else f"no {SIGNATURE}",
            expected="base64(HMAC-SHA256(secret, timestamp + body))",
        )
    try:
        sent = datetime.fromisoformat(timestamp)
    except ValueError:
        sent = datetime.min.replace(tzinfo=UTC)
    sent = sent.replace(tzinfo=UTC) if sent.tzinfo is None else sent
    if abs((now - sent).total_seconds()) > TOLERANCE_SECONDS:
        raise Problem(
            "bad_signature",
            "The signature is of another time: is this an old request, or is a clock wrong?",
            came=timestamp,
            expected=f"within {TOLERANCE_SECONDS} s of {now.isoformat(timespec='seconds')}",
        )


def zendesk_message(payload: object) -> Message | Skipped:
    """The message in a request.

    Args:
        payload: The body, parsed.

    Raises:
        Problem: `invalid_request`, if it is of neither form.
    """
    if not isinstance(payload, Mapping):
        raise unusable("", payload, "an object")
    kind = payload.get("type")
    if isinstance(kind, str) and kind.startswith(_EVENT):
        return _from_event(payload, kind.removeprefix(_EVENT))
    if "ticket_id" in payload:
        return _from_trigger(payload)
    raise unusable("/type", kind, "zen:event-type:ticket.…, or a body with ticket_id and comment")


def _from_event(payload: Mapping[str, Any], kind: str) -> Message | Skipped:
    detail = part(payload, "detail", "")
    ticket = id_in(detail, "id", "/detail")
    if kind not in (_CREATED, _COMMENTED):
        return Skipped("other_event", ticket)
    if ticket is None:
        raise unusable("/detail/id", None, "the id of the ticket")
    via = detail.get("via")
    channel = via.get("channel") if isinstance(via, Mapping) else None
    created = Message(
        ticket,
        text_in(detail, "description", "/detail"),
        mail=channel != "chat",
        ticket=ticket,
        customer=id_in(detail, "requester_id", "/detail"),
        date=text_in(payload, "time", ""),
        source="ticket",
        subject=text_in(detail, "subject", "/detail"),
    )
    if kind == _CREATED:
        return created
    return _with_comment(created, part(part(payload, "event", ""), "comment", "/event"))


def _with_comment(ticket: Message, comment: Mapping[str, Any]) -> Message | Skipped:
    """A comment that was added to a ticket."""
    at = "/event/comment"
    author = comment.get("author")
    customer = ticket.customer
    if isinstance(author, Mapping):
        if author.get("is_staff") is True:
            return Skipped("staff", ticket.ticket)
        customer = id_in(author, "id", f"{at}/author") or customer
    if comment.get("is_public") is False:
        return Skipped("private", ticket.ticket)
    message_id = id_in(comment, "id", at)
    return replace(
        ticket,
        message_id=ticket.message_id if message_id is None else message_id,
        text=text_in(comment, "body", at),
        customer=customer,
    )


def _from_trigger(payload: Mapping[str, Any]) -> Message:
    ticket = id_in(payload, "ticket_id", "")
    if ticket is None:
        raise unusable("/ticket_id", payload["ticket_id"], "the id of the ticket")
    if "comment" not in payload:
        raise unusable("/comment", None, "the text of the comment")
    message_id = id_in(payload, "comment_id", "")
    return Message(
        ticket if message_id is None else message_id,
        text_in(payload, "comment", ""),
        ticket=ticket,
        customer=id_in(payload, "requester_id", ""),
        date=text_in(payload, "updated_at", ""),
        language=language_code(text_in(payload, "language", "")),
        source="ticket",
        subject=text_in(payload, "subject", ""),
    )
