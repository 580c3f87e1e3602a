"""Webhooks of Freshdesk: what an automation rule sends.

Freshdesk wraps what was ticked in the simple editor as `{"freshdesk_webhook": {"ticket_id": …, …}}`, each
placeholder by its name (https://support.freshdesk.com/support/solutions/articles/132589); the advanced editor sends
the JSON that was written, which is read with the same names, wrapped or not:

    {"ticket_id": {{ticket.id}}, "ticket_subject": "{{ticket.subject}}",
     "ticket_description": "{{ticket.description}}", "ticket_latest_public_comment": "{{ticket.latest_public_comment}}",
     "ticket_contact_email": "{{ticket.contact.email}}", "triggered_event": "{{triggered_event}}"}

On a new ticket its description is read, else the latest public comment, whose author stands before it
("Ann Example : <div>…"). Answers and notes of agents (`reply_sent`, `note_type`) are not read; let the rule run
for events performed by the requester, because some bodies do not say.

Freshdesk signs nothing: a secret that is shared is sent along, as the custom header `X-Warum-Secret`, or as the
password of "Requires Authentication" (the user name does not matter).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Any

from warum_api.adapting.tickets import Message, Skipped, id_in, part, text_in, unusable
from warum_api.problems import Problem

SECRET = "x-warum-secret"  # noqa: S105 - the name of the header
_AUTHOR = re.compile(r"\s*[^<>\n:]{1,100}? : (?=\S)")
_BY_AGENTS = ("reply_sent", "note_type")
_CHANGES = ("status", "priority", "responder", "group", "type", "due_by", "tag")
_IDS = (
    "ticket_contact_unique_external_id",
    "ticket_requester_id",
    "ticket_contact_email",
    "ticket_requester_email",
)


def verify_shared_secret(headers: Mapping[str, str], secrets: Sequence[str]) -> None:
    """Check the secret that came along.

    Args:
        headers: By lower-case name.
        secrets: Secrets that are accepted; several while one is exchanged.

    Raises:
        Problem: `bad_signature`.
    """
    came = headers.get(SECRET) or _password(headers.get("authorization", ""))
    given = (came or "").encode("utf-8", "replace")
    fits = [hmac.compare_digest(given, secret.encode("utf-8")) for secret in secrets]
    if not came or not any(fits):
        raise Problem(
            "bad_signature",
            "Send the shared secret of this adapter.",
            came="another secret" if came else "no secret",
            expected="the header X-Warum-Secret, or the password of HTTP Basic",
            headers={"WWW-Authenticate": 'Basic realm="warum"'},
        )


def freshdesk_message(payload: object) -> Message | Skipped:
    """The message in a request.

    Args:
        payload: The body, parsed.

    Raises:
        Problem: `invalid_request`, if it is of another form.
    """
    if not isinstance(payload, Mapping):
        raise unusable("", payload, "an object")
    wrapped = "freshdesk_webhook" in payload
    at = "/freshdesk_webhook" if wrapped else ""
    body = part(payload, "freshdesk_webhook", "") if wrapped else payload
    ticket = id_in(body, "ticket_id", at)
    if ticket is None:
        raise unusable(f"{at}/ticket_id", body.get("ticket_id"), "the id of the ticket")
    event = (text_in(body, "triggered_event", at) or "").strip("{} ")
    if event.startswith(_BY_AGENTS):
        return Skipped("private" if "private" in event else "staff", ticket)
    if event.startswith(_CHANGES):
        return Skipped("other_event", ticket)
    text, skip = _text(body, at, created=event.startswith("ticket_action:created"))
    return Message(
        ticket,
        text,
        skip=skip,
        ticket=ticket,
        customer=_customer(body, at),
        source="ticket",
        subject=text_in(body, "ticket_subject", at),
    )


def _text(body: Mapping[str, Any], at: str, *, created: bool) -> tuple[str | None, int]:
    """The text, and how many characters Freshdesk has put before it."""
    names = ("ticket_description", "ticket_latest_public_comment")
    if not any(name in body for name in names):
        raise unusable(
            f"{at}/ticket_description", None, "the text, or ticket_latest_public_comment"
        )
    description, comment = (text_in(body, name, at) for name in names)
    if comment and comment.strip() and not (created and description):
        author = _AUTHOR.match(comment)
        return comment, author.end() if author else 0
    return description, 0


def _customer(body: Mapping[str, Any], at: str) -> str | int | None:
    return next((found for name in _IDS if (found := id_in(body, name, at)) is not None), None)


def _password(authorization: str) -> str | None:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(value.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    return decoded.partition(":")[2] or None
