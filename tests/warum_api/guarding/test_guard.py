"""Who calls: keys over HTTP, their tenants and scopes, and how often they may come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from warum_api.guarding.guard import Guard, Limits, guard_of
from warum_api.guarding.keys import create_key, revoke_key
from warum_api.guarding.principals import Caller
from warum_api.guarding.rates import ShowRates
from warum_api.guarding.scopes import Admin, Reader, Writer
from warum_api.refusing import add_handlers
from warum_api.settings import Settings
from warum_api.storing import api_keys
from warum_api.storing.database import Database
from warum_api.storing.tenants import ensure_tenant

Ask = Callable[..., httpx.Response]


def _app(guard: Guard) -> FastAPI:
    app = FastAPI()
    app.state.guard = guard
    add_handlers(app)

    @app.get("/who")
    async def who(caller: Caller) -> dict[str, str]:
        return {"tenant": caller.tenant, "who": caller.who}

    @app.get("/read")
    async def read(_: Reader) -> str:
        return "read"

    @app.get("/write")
    async def write(_: Writer) -> str:
        return "written"

    @app.get("/admin")
    async def admin(_: Admin) -> str:
        return "done"

    @app.get("/open")
    async def open_() -> str:
        return "open"

    app.add_middleware(ShowRates)
    return app


def _asking(guard: Guard) -> Ask:
    app = _app(guard)

    def ask(path: str = "/who", key: str | None = None, **headers: str) -> httpx.Response:
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"

        async def send() -> httpx.Response:
            # An address from afar and any name: with keys it does not matter.
            transport = httpx.ASGITransport(app, client=("203.0.113.7", 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://x.example") as c:
                return await c.get(path, headers=headers)

        return asyncio.run(send())

    return ask


def _key(database: Database, tenant: str = "a", *scopes: str, **more: Any) -> Any:
    with database.writing() as connection:
        ensure_tenant(tenant, connection)
        given = {"name": "n", "scopes": scopes or ("read",), "who": "cli", **more}
        return create_key(tenant, connection, **given)


@pytest.fixture
def ask(database: Database) -> Ask:
    return _asking(Guard(database))


def test_a_key_tells_the_tenant(database: Database, ask: Ask) -> None:
    one, other = _key(database, "a"), _key(database, "b")
    for made, tenant in ((one, "a"), (other, "b"), (one, "a")):
        assert ask(key=made.text).json() == {"tenant": tenant, "who": made.key.id}
    assert ask(**{"X-API-Key": one.text}).json()["tenant"] == "a"
    assert ask(Authorization=f"bearer   {one.text} ").json()["tenant"] == "a"
    with database.reading() as connection:
        used = api_keys.key("a", connection, one.key.id)
    assert used is not None
    assert used.used_at is not None


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": ""}, {"Authorization": "Bearer "}, {"Authorization": "Basic eDp5"},
     {"X-API-Key": " "}],
)  # fmt: skip
def test_without_a_key_nothing_is_opened(ask: Ask, headers: dict[str, str]) -> None:
    answer = ask(**headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "no_key")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert ask("/open").status_code == 200


def test_wrong_keys_open_nothing_and_are_not_shown(database: Database, ask: Ask) -> None:
    made = _key(database)
    expired = _key(database, expires_in=timedelta(microseconds=1))
    for text in (made.text[:-1] + "!", expired.text, "eyJhbGciOiJub25lIn0.e30.", "x"):
        answer = ask(key=text)
        assert (answer.status_code, answer.json()["code"]) == (401, "wrong_key")
        assert text not in answer.text
        assert "invalid_token" in answer.headers["www-authenticate"]


@pytest.mark.parametrize("scopes", [("read",), ("write",), ("admin",), ("read", "write"), ()])
def test_scopes(database: Database, ask: Ask, scopes: tuple[str, ...]) -> None:
    made = _key(database, "a", *scopes)
    allowed = set(scopes or ("read",))
    for scope in ("read", "write", "admin"):
        answer = ask(f"/{scope}", made.text)
        assert answer.status_code == (200 if scope in allowed else 403)
        if scope not in allowed:
            said = answer.json()
            assert (said["code"], said["expected"]) == ("missing_scope", scope)


def test_a_revoked_key_opens_nothing_once_it_is_forgotten(database: Database) -> None:
    made = _key(database)
    remembering, asking = _asking(Guard(database)), _asking(Guard(database, remember_seconds=0))
    assert remembering(key=made.text).status_code == asking(key=made.text).status_code == 200
    with database.writing() as connection:
        revoke_key("a", connection, made.key.id, who="cli")
    assert asking(key=made.text).status_code == 401
    assert remembering(key=made.text).status_code == 200  # for five seconds at most


def test_a_remembered_key_asks_no_database(database: Database, monkeypatch: Any) -> None:
    made, ask = _key(database), _asking(Guard(database))
    assert ask(key=made.text).status_code == 200
    monkeypatch.setattr(database, "reading", lambda: 1 / 0)
    assert ask(key=made.text).status_code == 200


def test_callers_have_a_limit_each(database: Database) -> None:
    ask = _asking(Guard(database, Limits("3/minute")))
    one, other = _key(database), _key(database)
    for left in (2, 1, 0):
        answer = ask(key=one.text)
        assert answer.status_code == 200
        assert answer.headers["ratelimit-policy"] == '"default";q=3;w=60'
        assert answer.headers["ratelimit"].startswith(f'"default";r={left};t=')
    answer = ask(key=one.text)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert answer.headers["ratelimit"].startswith('"default";r=0;t=')
    assert ask(key=other.text).status_code == 200
    assert "ratelimit" not in ask("/open").headers


def test_an_address_with_wrong_keys_has_to_wait(database: Database) -> None:
    ask = _asking(Guard(database, Limits(failures="2/minute")))
    made = _key(database)
    assert ask(key=made.text).status_code == 200
    assert [ask(key=f"x{i}").status_code for i in range(4)] == [401, 401, 429, 429]
    assert ask(key=made.text).status_code == 200  # it is known already
    assert ask().status_code == 401


def test_an_unknown_caller_of_a_service_without_guard_is_local() -> None:
    app = _app(None)  # type: ignore[arg-type]

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/who")

    assert asyncio.run(send()).json() == {"tenant": "local", "who": "local"}


def test_keys_are_asked_for_where_the_settings_say(database: Database) -> None:
    assert guard_of(Settings(), database) is None
    issuer = "http://127.0.0.1:1"
    for more in ({}, {"oidc_issuer": issuer}):
        settings = Settings.model_validate({"auth": "keys", "host": "0.0.0.0", **more})
        assert isinstance(guard_of(settings, database), Guard)
