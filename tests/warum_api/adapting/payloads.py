"""Bodies as the tools document them, made up, and what signs them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def zendesk_event(kind: str = "ticket.comment_added", **changed: Any) -> dict[str, Any]:
    comment = {
        "id": "99001",
        "body": "The app crashes when I pay.\n\nSent from my iPhone",
        "is_public": True,
        "author": {"id": "555", "is_staff": False, "name": "Ann Example"},
    }
    return {
        "account_id": 123,
        "id": "0b7ce1f0-0000-4000-8000-000000000001",
        "subject": "zen:ticket:5158",
        "time": "2026-03-01T11:59:00.123456789Z",
        "type": f"zen:event-type:{kind}",
        "zendesk_event_version": "2022-11-06",
        "detail": {
            "id": "5158", "subject": "Payment", "description": "I cannot pay.", "requester_id": "555",
            "status": "OPEN", "priority": "NORMAL", "tags": ["vip"], "via": {"channel": "email"}, "is_public": True,
        },
        "event": {"comment": {**comment, **changed}} if kind == "ticket.comment_added" else {},
    }  # fmt: skip


def freshdesk_event(**changed: Any) -> dict[str, Any]:
    return {
        "freshdesk_webhook": {
            "ticket_id": 11,
            "ticket_subject": "Payment",
            "ticket_description": "<div>Ich kann nicht bezahlen.<br>-- <br>Ann</div>",
            "ticket_latest_public_comment": "",
            "ticket_contact_email": "ann@example.org",
            "ticket_priority": "Low",
            "triggered_event": "{ticket_action:created}",
            **changed,
        }
    }


def zendesk_headers(body: bytes, secret: str, at: str = "2026-03-01T11:59:00Z") -> dict[str, str]:
    digest = hmac.new(secret.encode(), at.encode() + body, hashlib.sha256).digest()
    return {
        "x-zendesk-webhook-signature": base64.b64encode(digest).decode(),
        "x-zendesk-webhook-signature-timestamp": at,
    }
