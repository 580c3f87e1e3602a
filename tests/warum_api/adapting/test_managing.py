"""Tools are connected over the API, and what cannot be meant is said at its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.warum_api.asking import Asked
from warum_api.adapting.managing import managing_routes
from warum_api.adapting.rules import shipped_rule
from warum_api.adapting.stored import StoredAdapters
from warum_api.guarding.principals import LOCAL
from warum_api.refusing import add_handlers
from warum_api.settings import Settings
from warum_api.storing.opening import open_database
from warum_api.storing.tenants import ensure_tenant

FIELDS = {"text": "$.body"}


@pytest.fixture
def ask(tmp_path: Path) -> Asked:
    from fastapi import FastAPI

    database = open_database(Settings(data=tmp_path))
    with database.writing() as connection:
        ensure_tenant(LOCAL.tenant, connection)
    app = FastAPI()
    app.include_router(managing_routes(StoredAdapters(database)))
    add_handlers(app)
    return Asked(app)


def test_an_adapter_shows_by_what_it_routes_and_reads(ask: Asked) -> None:
    told = {"name": "r", "tool": "json", "mapping": {"fields": FIELDS}}
    made = ask("POST", "/v1/adapters", json=told)
    assert made.status_code == 201, made.text
    (listed,) = ask("GET", "/v1/adapters").json()
    assert listed == {name: value for name, value in made.json().items() if name != "secret"}
    assert listed["mapping"]["fields"] == FIELDS
    assert listed["rule"] == shipped_rule().model_dump(mode="json")


def test_a_rule_of_ones_own_is_kept(ask: Asked) -> None:
    rule = {"name": "x", "version": "2", "rows": [{"name": "all", "when": {}, "urgency": "low"}]}
    told = {"name": "f", "tool": "freshdesk", "rule": rule}
    assert ask("POST", "/v1/adapters", json=told).status_code == 201
    (listed,) = ask("GET", "/v1/adapters").json()
    assert (listed["rule"]["name"], listed["rule"]["rows"][0]["urgency"]) == ("x", "low")


@pytest.mark.parametrize(
    ("how", "pointer", "said"),
    [
        ({"mapping": {"fields": {"text": "$.["}}}, "/mapping/fields/text", "is no JSONPath"),
        ({"mapping": {"fields": FIELDS, "foo": 1}}, "/mapping/foo", "is not a known key"),
        ({"mapping": {}}, "/mapping/fields", "is missing"),
        ({"rule": {"name": "x", "version": "1", "rows": [{"name": "a", "when": {}}]}},
         "/rule/rows/0/urgency", "is missing"),
        ({"rule": {"name": "x", "version": "1", "rows": [
            {"name": "a", "when": {"intent": ["moan"]}, "urgency": "low"}]}},
         "/rule/rows/0/when", "intent 'moan' is not known"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_place(
    ask: Asked, how: dict[str, Any], pointer: str, said: str
) -> None:
    problem = ask("POST", "/v1/adapters", json={"name": "r", "tool": "json", **how}).json()
    assert problem["code"] == "invalid_request"
    fault = problem["errors"][0]
    assert fault["pointer"] == pointer
    assert said in fault["detail"]
    assert "pydantic" not in str(problem)


@pytest.mark.parametrize("tool", ["json", "freshdesk"])
def test_a_mapping_belongs_to_json(ask: Asked, tool: str) -> None:
    how = {} if tool == "json" else {"mapping": {"fields": FIELDS}}
    problem = ask("POST", "/v1/adapters", json={"name": "r", "tool": tool, **how}).json()
    assert (problem["code"], "mapping" in problem["detail"]) == ("invalid_request", True)
    assert problem["came"]
    assert problem["expected"]
