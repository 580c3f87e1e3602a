from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from fastapi import FastAPI

from tests.warum_api.adapting.payloads import NOW, freshdesk_event, zendesk_event, zendesk_headers
from tests.warum_api.adapting.readings import Words
from warum_api.adapting.adapters import Adapter
from warum_api.adapting.answering import Answering
from warum_api.adapting.mapping import JsonMapping
from warum_api.adapting.routes import adapter_routes
from warum_api.adapting.rules import shipped_rule
from warum_api.refusing import add_handlers

MAPPING = JsonMapping.model_validate(
    {
        "records": "$[*]",
        "fields": {"text": "$.body", "id": "$.id", "score": "$.stars"},
        "mail": True,
    }
)
RULE = shipped_rule()
SECRET = {"x-warum-secret": "s"}


class Shelf:
    """Adapters in memory."""

    adapters = (
        Adapter("z1", "acme", "zendesk", ("s",), RULE),
        Adapter("f1", "acme", "freshdesk", ("s",), RULE, language="de"),
        Adapter("j1", "acme", "json", ("s",), RULE, mapping=MAPPING),
    )

    async def find(self, adapter_id: str) -> Adapter | None:
        return next((a for a in self.adapters if a.adapter_id == adapter_id), None)


class Service:
    def __init__(self, most_characters: int = 1_000) -> None:
        self.words = Words()
        answering = Answering(
            Shelf(), self.words, most_characters=most_characters, clock=lambda: NOW
        )
        self.app = FastAPI()
        self.app.include_router(adapter_routes(answering, 30.0))
        add_handlers(self.app)

    def __call__(self, path: str, body: bytes, headers: dict[str, str]) -> Any:
        import httpx

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.post(f"/v1/adapters/{path}", content=body, headers=headers)

        return asyncio.run(ask())

    def zendesk(self, payload: Any, **headers: str) -> Any:
        body = json.dumps(payload).encode()
        return self("zendesk/z1", body, {**zendesk_headers(body, "s"), **headers})

    def json(self, payload: Any) -> Any:
        return self("json/j1", json.dumps(payload).encode(), SECRET)


def test_a_ticket_of_zendesk_comes_back_routed() -> None:
    service = Service()
    answer = service.zendesk(zendesk_event())
    assert answer.status_code == 200
    body = answer.json()
    assert (body["ticket"], body["skipped"]) == ("5158", None)
    assert body["rule"] == {"name": "default", "version": "1"}
    (result,) = body["results"]
    assert (result["category"], result["title"]) == ("digital.app", "App")
    assert (result["owner"], result["urgency"], result["priority"]) == (
        "Mobile team",
        "high",
        "high",
    )
    assert result["why"]["row"] == "furious"
    assert service.words.read_texts == ["The app crashes when I pay."]  # without the footer
    text = zendesk_event()["event"]["comment"]["body"]
    evidence = result["evidence"]
    assert text[evidence["start"] : evidence["end"]] == evidence["text"] == "crash"
    (cut,) = result["cut"]
    assert text[cut["start"] : cut["end"]] == "Sent from my iPhone"


def test_the_same_request_gets_the_same_bytes() -> None:
    first, second = (Service().zendesk(zendesk_event()) for _ in range(2))
    assert first.content == second.content


def test_a_ticket_of_freshdesk_in_german() -> None:
    service = Service()
    text = "Ann Example : <p>Ich kann nicht <b>bezahlen</b>.</p>"
    payload = freshdesk_event(triggered_event="", ticket_latest_public_comment=text)
    answer = service(
        "freshdesk/f1", json.dumps(payload).encode(), {**SECRET, "accept-language": "de-DE"}
    )
    (result,) = answer.json()["results"]
    assert answer.headers["content-language"] == "de"
    assert (result["urgency"], result["priority"], result["language"]) == ("high", 3, "de")
    assert result["why"]["sentences"][2] == "Zuständig: Mobile team, für die Kategorie."
    assert service.words.read_texts == ["Ich kann nicht bezahlen."]
    assert text[result["evidence"]["start"] : result["evidence"]["end"]] == "bezahlen"


def test_the_subject_is_read_where_the_text_holds_nothing() -> None:
    payload = freshdesk_event(
        ticket_description="<div>-- <br>Ann</div>", ticket_subject="I cannot pay"
    )
    (result,) = Service()("freshdesk/f1", json.dumps(payload).encode(), SECRET).json()["results"]
    assert result["read"] == "subject"
    assert result["evidence"] == {"text": "pay", "start": 9, "end": 12}


def test_what_an_agent_wrote_is_not_read() -> None:
    service = Service()
    answer = service.zendesk(zendesk_event(author={"id": "1", "is_staff": True}))
    assert answer.status_code == 200
    assert answer.json()["skipped"]["code"] == "staff"
    assert answer.json()["results"] == []
    assert service.words.read_texts == []


def test_any_json_with_a_bad_record_in_the_middle() -> None:
    service = Service(most_characters=50)
    records = [
        {"id": "a", "body": "It is expensive\n-- \nAnn", "stars": 2},
        {"id": "b", "body": 5},
        {"id": "c", "body": "x" * 51},
        {"id": "d", "body": "unreadable"},
        {"id": "e", "body": ""},
    ]
    results = service.json(records).json()["results"]
    assert [r["id"] for r in results] == ["a", "b", "c", "d", "e"]
    assert (results[0]["category"], results[0]["score"], results[0]["priority"]) == (
        "price.level",
        2.0,
        None,
    )
    assert results[1]["error"]["errors"][0]["pointer"] == "/1/body"
    assert [r["error"]["code"] for r in results[1:4]] == [
        "invalid_record",
        "text_too_long",
        "unreadable",
    ]
    assert (results[4]["category"], results[4]["urgency"]) == (None, "normal")
    assert service.words.read_texts == ["It is expensive", "unreadable", ""]


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        ("zendesk/z1", {}, 401, "bad_signature"),
        ("zendesk/z1", SECRET, 401, "bad_signature"),
        ("freshdesk/f1", {"x-warum-secret": "t"}, 401, "bad_signature"),
        ("json/j1", {}, 401, "bad_signature"),
        ("json/none", SECRET, 404, "not_found"),
        ("freshdesk/j1", SECRET, 404, "not_found"),  # of another tool
        ("json/j1", SECRET, 400, "malformed_json"),
    ],
)
def test_problems(path: str, headers: dict[str, str], status: int, code: str) -> None:
    service = Service()
    answer = service(path, b"{no json", headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert service.words.read_texts == []


def test_a_body_that_is_nested_deep_is_a_problem() -> None:
    answer = Service()("json/j1", b"[" * 200_000, SECRET)
    assert answer.json()["code"] == "malformed_json"


@pytest.mark.parametrize(
    "how",
    [
        {"secrets": ()},
        {"secrets": ("",)},
        {"secrets": ("s", "")},
        {"tool": "json"},
        {"mapping": MAPPING},
    ],
)
def test_an_adapter_checks_itself(how: dict[str, Any]) -> None:
    given = {
        "adapter_id": "x",
        "tenant": "acme",
        "tool": "zendesk",
        "secrets": ("s",),
        "rule": RULE,
    }
    with pytest.raises(ValueError, match=r"secret|mapping"):
        Adapter(**{**given, **how})


def test_secrets_are_not_shown() -> None:
    assert "hidden-secret" not in repr(Adapter("x", "acme", "zendesk", ("hidden-secret",), RULE))


def test_openapi_tells_bodies_and_problems() -> None:
    schema = Service().app.openapi()
    assert sorted(schema["paths"]) == [
        "/v1/adapters/freshdesk/{adapter}",
        "/v1/adapters/json/{adapter}",
        "/v1/adapters/zendesk/{adapter}",
    ]
    for path in schema["paths"].values():
        assert path["post"]["requestBody"]["content"]["application/json"]["example"]
        assert {"200", "401", "404", "422", "default"} <= path["post"]["responses"].keys()
