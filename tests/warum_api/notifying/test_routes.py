from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI, Header

from tests.warum_api.notifying.kept import Clock, Kept
from tests.warum_api.notifying.test_sending import Names
from warum_api.notifying.addresses import AddressRules
from warum_api.notifying.routes import webhook_routes
from warum_api.notifying.sending import Sender
from warum_api.notifying.webhooks import Webhooks
from warum_api.refusing import add_handlers

GOOD = {"url": "https://hooks.example.org/warum", "events": ["alert.raised"]}


@dataclass(frozen=True)
class Someone:
    tenant: str


async def someone(x_tenant: str = Header(default="acme")) -> Someone:
    return Someone(x_tenant)


class Service:
    def __init__(self, *, text_allowed: bool = False, names: Names | None = None) -> None:
        self.clock = Clock()
        self.kept = Kept(self.clock)
        self.subscriptions, self.outbox = self.kept.subscriptions, self.kept.outbox
        sender = Sender(AddressRules(), resolve=names or Names(["93.184.216.34"]))
        webhooks = Webhooks(
            self.subscriptions, self.outbox, sender, text_allowed=text_allowed, clock=self.clock
        )
        self.app = FastAPI()
        self.app.include_router(webhook_routes(webhooks, reader=someone, admin=someone))
        add_handlers(self.app)

    def __call__(self, method: str, path: str, json: Any = None, tenant: str = "acme") -> Any:
        import httpx

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.request(method, path, json=json, headers={"x-tenant": tenant})

        return asyncio.run(ask())


def test_the_life_of_a_webhook() -> None:
    ask = Service()
    made = ask("POST", "/v1/webhooks", GOOD)
    assert made.status_code == 201
    first = made.json()["secret"]
    path = f"/v1/webhooks/{made.json()['id']}"
    assert first.startswith("whsec_")
    assert "secret" not in ask("GET", path).json()
    assert [w["url"] for w in ask("GET", "/v1/webhooks").json()] == [GOOD["url"]]
    rotated = ask("POST", f"{path}/rotate", {"overlap_hours": 1}).json()["secret"]
    kept = ask.kept.subscription(made.json()["id"])
    assert kept.secrets_at(ask.clock()) == (rotated, first)
    assert kept.secrets_at(ask.clock() + timedelta(hours=1)) == (rotated,)
    assert rotated not in repr(kept)
    tested = ask("POST", f"{path}/test")
    assert (tested.status_code, tested.json()["event"]) == (202, "webhook.test")
    assert [d["id"] for d in ask("GET", f"{path}/deliveries").json()] == [tested.json()["id"]]
    assert ask("POST", f"{path}/enable").json()["disabled"] is None
    assert ask("DELETE", path).status_code == 204
    assert ask("GET", path).status_code == 404


@pytest.mark.parametrize(("method", "end"), [
    ("GET", ""), ("DELETE", ""), ("POST", "/rotate"), ("POST", "/enable"), ("POST", "/test"), ("GET", "/deliveries"),
])  # fmt: skip
def test_another_tenant_finds_nothing(method: str, end: str) -> None:
    ask = Service()
    webhook = ask("POST", "/v1/webhooks", GOOD).json()["id"]
    answer = ask(method, f"/v1/webhooks/{webhook}{end}", tenant="mallory")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert ask("GET", "/v1/webhooks", tenant="mallory").json() == []


@pytest.mark.parametrize(
    ("url", "came"),
    [
        ("http://example.org/", "http"),
        ("https://127.0.0.1/", "127.0.0.1"),
        ("https://example.org:22/", "22"),
        ("https://a:b@example.org/", "a URL with @ or #"),
    ],
)
def test_addresses_that_are_not_called_are_refused_at_once(url: str, came: str) -> None:
    answer = Service()("POST", "/v1/webhooks", {**GOOD, "url": url})
    assert answer.status_code == 422
    problem = answer.json()
    assert (problem["code"], problem["came"]) == ("refused_address", came)
    assert problem["expected"]


def test_a_name_of_a_private_address_is_refused_and_one_that_is_not_there_yet_is_not() -> None:
    refused = Service(names=Names(["10.0.0.1"]))("POST", "/v1/webhooks", GOOD)
    assert refused.json()["came"] == "hooks.example.org = 10.0.0.1"
    assert Service(names=Names([]))("POST", "/v1/webhooks", GOOD).status_code == 201


@pytest.mark.parametrize(
    "change",
    [
        {"events": []},
        {"events": ["job.started"]},
        {"form": "xml"},
        {"more": 1},
        {"url": 7},
        {"with_text": True},
    ],
)
def test_what_cannot_be_meant_is_a_problem(change: dict[str, object]) -> None:
    answer = Service()("POST", "/v1/webhooks", {**GOOD, **change})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_text_where_it_is_allowed() -> None:
    answer = Service(text_allowed=True)("POST", "/v1/webhooks", {**GOOD, "with_text": True})
    assert answer.json()["with_text"] is True


def test_there_are_not_endlessly_many() -> None:
    ask = Service()
    for _ in range(50):
        assert ask("POST", "/v1/webhooks", GOOD).status_code == 201
    assert ask("POST", "/v1/webhooks", GOOD).status_code == 422


def test_every_route_says_what_can_go_wrong() -> None:
    schema = Service().app.openapi()
    operations: list[Any] = [o for p in schema["paths"].values() for o in p.values()]
    assert len(operations) == 8
    assert all("default" in o["responses"] for o in operations)
