from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.warum_api.adapting.payloads import freshdesk_event
from warum_api.adapting.freshdesk import freshdesk_message, verify_shared_secret
from warum_api.adapting.tickets import Message, Skipped
from warum_api.problems import Problem


def basic(password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"any:{password}".encode()).decode()}


@pytest.mark.parametrize(
    "headers", [{"x-warum-secret": "s"}, {"x-warum-secret": "old"}, basic("s")]
)
def test_the_shared_secret_opens(headers: dict[str, str]) -> None:
    verify_shared_secret(headers, ["s", "old"])


@pytest.mark.parametrize(
    "headers",
    [{}, {"x-warum-secret": ""}, {"x-warum-secret": "S"}, {"x-warum-secret": "é"}, basic("t"), basic(""),
     {"authorization": "Basic é"}, {"authorization": "Bearer s"}],
)  # fmt: skip
def test_nothing_else_does(headers: dict[str, str]) -> None:
    with pytest.raises(Problem) as refused:
        verify_shared_secret(headers, ["s"])
    assert refused.value.code == "bad_signature"


def test_a_new_ticket_by_its_description() -> None:
    message = freshdesk_message(freshdesk_event(ticket_latest_public_comment="Ann : <p>older</p>"))
    assert isinstance(message, Message)
    assert (message.message_id, message.customer, message.subject) == (
        11,
        "ann@example.org",
        "Payment",
    )
    assert "bezahlen" in (message.text or "")


def test_an_answer_by_the_comment_without_its_author() -> None:
    text = "Ann Example : <div>Immer noch kaputt</div>"
    message = freshdesk_message(
        freshdesk_event(triggered_event="", ticket_latest_public_comment=text)
    )
    assert isinstance(message, Message)
    assert message.text == text
    assert text[message.skip :] == "<div>Immer noch kaputt</div>"


def test_the_advanced_editor_needs_no_wrapping() -> None:
    message = freshdesk_message({"ticket_id": "7", "ticket_description": "Zu langsam"})
    assert isinstance(message, Message)
    assert message.text == "Zu langsam"


@pytest.mark.parametrize(
    ("event", "code"),
    [("{reply_sent:sent}", "staff"), ("{note_type:public}", "staff"), ("{note_type:private}", "private"),
     ("{status:{from:2,to:4}}", "other_event"), ("{priority:{from:1,to:4}}", "other_event")],
)  # fmt: skip
def test_what_no_customer_wrote_is_left_alone(event: str, code: str) -> None:
    assert freshdesk_message(freshdesk_event(triggered_event=event)) == Skipped(code, 11)


@pytest.mark.parametrize(
    ("payload", "pointer"),
    [
        (None, ""),
        ({}, "/ticket_id"),
        ({"freshdesk_webhook": 1}, "/freshdesk_webhook"),
        (freshdesk_event(ticket_id=None), "/freshdesk_webhook/ticket_id"),
        (freshdesk_event(ticket_description={}), "/freshdesk_webhook/ticket_description"),
        ({"ticket_id": 1}, "/ticket_description"),
    ],
)
def test_other_bodies_are_a_problem_that_names_the_place(payload: Any, pointer: str) -> None:
    with pytest.raises(Problem) as refused:
        freshdesk_message(payload)
    assert refused.value.extensions["errors"][0]["pointer"] == pointer
