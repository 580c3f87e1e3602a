from __future__ import annotations

import json
from typing import Any

import pytest

from tests.warum_api.adapting.payloads import NOW, zendesk_event, zendesk_headers
from warum_api.adapting.tickets import Message, Skipped
from warum_api.adapting.zendesk import verify_zendesk, zendesk_message
from warum_api.problems import Problem

BODY = json.dumps(zendesk_event()).encode()


def test_a_request_of_zendesk_is_accepted() -> None:
    verify_zendesk(zendesk_headers(BODY, "s"), BODY, ["s"], now=NOW)
    verify_zendesk(zendesk_headers(BODY, "old"), BODY, ["new", "old"], now=NOW)
    verify_zendesk(zendesk_headers(b"", "s"), b"", ["s"], now=NOW)


def test_the_signature_is_that_of_zendesks_documentation() -> None:
    # base64(HMACSHA256(TIMESTAMP + BODY)), computed with openssl for this timestamp, body and secret
    headers = zendesk_headers(b'{"a":1}', "secret", "2026-03-01T12:00:00Z")
    assert len(headers["x-zendesk-webhook-signature"]) == 44
    verify_zendesk(headers, b'{"a":1}', ["secret"], now=NOW)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {
            "x-zendesk-webhook-signature": "AAAA",
            "x-zendesk-webhook-signature-timestamp": "2026-03-01T12:00:00Z",
        },
        {"x-zendesk-webhook-signature": "é", "x-zendesk-webhook-signature-timestamp": "x"},
        zendesk_headers(BODY, "another"),
        zendesk_headers(BODY + b" ", "s"),
        zendesk_headers(BODY, "s", "2026-03-01T11:54:59Z"),
        zendesk_headers(BODY, "s", "2026-03-01T12:05:01Z"),
        zendesk_headers(BODY, "s", "yesterday"),
    ],
)
def test_other_requests_are_refused(headers: dict[str, str]) -> None:
    with pytest.raises(Problem) as refused:
        verify_zendesk(headers, BODY, ["s"], now=NOW)
    assert refused.value.code == "bad_signature"


def test_a_comment_that_was_added() -> None:
    message = zendesk_message(zendesk_event())
    assert isinstance(message, Message)
    assert (message.message_id, message.ticket, message.customer) == ("99001", "5158", "555")
    assert (message.text or "").startswith("The app crashes")
    assert (message.mail, message.subject) == (True, "Payment")


def test_a_ticket_that_was_created() -> None:
    message = zendesk_message(zendesk_event("ticket.created"))
    assert isinstance(message, Message)
    assert (message.message_id, message.text) == ("5158", "I cannot pay.")


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (zendesk_event(author={"id": "1", "is_staff": True}), "staff"),
        (zendesk_event(is_public=False), "private"),
        (zendesk_event("ticket.status_changed"), "other_event"),
    ],
)
def test_what_no_customer_wrote_is_left_alone(payload: Any, code: str) -> None:
    assert zendesk_message(payload) == Skipped(code, "5158")


def test_the_body_of_a_trigger() -> None:
    message = zendesk_message(
        {
            "ticket_id": "7",
            "comment": "Too slow",
            "requester_id": 9,
            "language": "English",
            "subject": "Hi",
        }
    )
    assert isinstance(message, Message)
    assert (message.message_id, message.customer, message.language) == ("7", 9, "en")


@pytest.mark.parametrize(
    ("payload", "pointer"),
    [
        ([], ""),
        ({}, "/type"),
        ({"type": "zen:event-type:ticket.created"}, "/detail"),
        ({"type": "zen:event-type:ticket.created", "detail": {}}, "/detail/id"),
        (
            {"type": "zen:event-type:ticket.created", "detail": {"id": 1, "description": 5}},
            "/detail/description",
        ),
        ({**zendesk_event(), "event": {}}, "/event/comment"),
        (zendesk_event(body=["x"]), "/event/comment/body"),
        ({"ticket_id": None, "comment": "x"}, "/ticket_id"),
        ({"ticket_id": True, "comment": "x"}, "/ticket_id"),
        ({"ticket_id": 1}, "/comment"),
    ],
)
def test_other_bodies_are_a_problem_that_names_the_place(payload: Any, pointer: str) -> None:
    with pytest.raises(Problem) as refused:
        zendesk_message(payload)
    assert refused.value.code == "invalid_request"
    assert refused.value.extensions["errors"][0]["pointer"] == pointer
