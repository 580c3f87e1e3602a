"""Query parameters that a route does not know are refused, on every route of programs and on no page."""

from __future__ import annotations

import re

import pytest
from fastapi.routing import APIRoute

from tests.warum_api.asking import Asked
from warum_api.queries import names_of

SPEC_ASKED = "/v1/projects/x/results/current/opinions"


def test_it_says_what_came_and_what_the_route_knows(ask: Asked) -> None:
    refused = ask("GET", f"{SPEC_ASKED}?polarty=negative&x=1&limit=2")
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")  # fmt: skip
    told = refused.json()
    assert (told["code"], told["came"]) == ("invalid_request", "polarty")
    said = "query polarty: is not a known parameter (was 'polarity' meant?)"
    assert told["detail"] == f"The request: {said}."
    assert told["expected"].startswith("one of: category, polarity, language, ")
    assert [fault["detail"].split()[1] for fault in told["errors"]] == ["polarty:", "x:"]
    none = ask("GET", "/v1/adapters", params={"verbose": ""}).json()
    assert none["expected"] == "no query parameters"


def test_what_is_long_is_shortened_and_what_is_much_is_counted(ask: Asked) -> None:
    told = ask("GET", "/v1/projects", params={f"{'x' * 500}{n}": "1" for n in range(30)}).json()
    assert len(told["errors"]) == 20
    assert told["detail"].endswith("(the first 20 of 30).")
    assert len(told["detail"]) < 300


def test_what_is_known_passes_and_pages_are_lenient(ask: Asked) -> None:
    assert ask("GET", "/v1/projects", params={"limit": 2}).status_code == 200
    for path in ("/health/live", "/openapi.json", "/"):
        assert ask("GET", f"{path}?utm_source=x").status_code < 400, path


def _paths(ask: Asked) -> list[tuple[str, str]]:
    spec = ask.app.openapi()["paths"]
    return [(path, method) for path in spec for method in spec[path] if path.startswith("/v1/")]


def test_it_holds_for_every_route(ask: Asked) -> None:
    paths = _paths(ask)
    assert len(paths) > 50
    for path, method in paths:
        refused = ask(method.upper(), re.sub(r"\{\w+\}", "x", path) + "?unheard_of=1")
        assert (refused.status_code, refused.json()["came"]) == (422, "unheard_of"), path


@pytest.mark.parametrize("path", ["/v1/projects/{project}/audit-plan", "/v1/jobs"])
def test_what_is_known_is_what_is_described(ask: Asked, path: str) -> None:
    described = [
        one["name"] for one in ask.app.openapi()["paths"][path]["get"]["parameters"] if one["in"] == "query"
    ]  # fmt: skip
    refused = ask("GET", f"{path}?unheard_of=1").json()
    assert refused["expected"] == f"one of: {', '.join(described)}"


def test_parameters_of_headers_and_paths_are_none_of_a_query() -> None:
    from fastapi import Header, Query

    def asked(one: str, two: str = Query(alias="three"), four: str = Header()) -> None:
        """Is never called."""

    assert names_of(APIRoute("/{one}", asked)) == ("three",)
