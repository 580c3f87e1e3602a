"""Without keys only this machine is answered; answers tell browsers to keep off."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from warum_api.guarding.headers import HEADERS
from warum_api.guarding.principals import Caller, host_name
from warum_api.refusing import add_handlers

BODY = {"comments": [{"id": "1", "text": "x"}]}


def _ask(client: tuple[str, int], host: str) -> httpx.Response:
    app = FastAPI()
    add_handlers(app)

    @app.get("/who")
    async def who(caller: Caller) -> str:
        return caller.tenant

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=client)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as asking:
            return await asking.get("/who", headers={"Host": host})

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("client", "host", "status"),
    [
        ("127.0.0.1", "localhost:8000", 200),
        ("::1", "[::1]:8000", 200),
        ("127.0.0.1", "127.0.0.1", 200),
        ("192.168.1.7", "localhost", 403),
        ("127.0.0.1", "evil.example", 403),
        ("127.0.0.1", "localhost.evil.example:8000", 403),
        ("127.0.0.1", "", 403),
    ],
)
def test_only_this_machine_is_answered(client: str, host: str, status: int) -> None:
    answer = _ask((client, 1234), host)
    assert answer.status_code == status
    if status == 200:
        assert answer.json() == "local"
    else:
        assert answer.json()["code"] == "not_on_loopback"


def test_names_in_the_host_header() -> None:
    assert host_name("[::1]:80") == "[::1]"
    assert host_name("a.b:80") == "a.b"


@pytest.mark.parametrize("path", ["/health/live", "/v1/analyze", "/nothing", "/openapi.json"])
def test_every_answer_carries_the_headers(service: httpx.Client, path: str) -> None:
    answer = service.get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "server" not in answer.headers


def test_other_origins_get_no_leave(service: httpx.Client) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = service.options("/v1/analyze", headers=asked)
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]
    plain = service.post(
        "/v1/analyze", content='{"comments":[]}', headers={"Content-Type": "text/plain"}
    )
    assert plain.status_code == 415
