"""Taxonomies by name and from a request."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from warum.defaults import StageOptions
from warum_api.engine.compiling import Compiler
from warum_api.problems import Problem


def taxonomy(code: str = "speed", **more: Any) -> dict[str, Any]:
    category = {"code": code, "title": "Speed", "description": "How fast it is", **more}
    return {"name": "mine", "categories": [category]}


def compiler(kept: int = 16) -> Compiler:
    return Compiler("nothing", StageOptions(), kept=kept)


@pytest.mark.parametrize("name", ["cxx", "../cx", "/etc/passwd", "cx.yaml", ""])
def test_a_name_is_never_a_path(name: str) -> None:
    with pytest.raises(Problem) as refused:
        asyncio.run(compiler().named(name))
    assert refused.value.code == "unknown_taxonomy"
    assert refused.value.document()["expected"] == "one of: cx"


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"categories": []},
        taxonomy("speed", stage="later"),
        taxonomy("speed", examples=5),
        taxonomy("speed", examples={"en": 5}),
        taxonomy("speed", owner=5),
        taxonomy("speed", owner=" "),
        taxonomy(""),
        {**taxonomy(), "parents": [1]},
        {"categories": taxonomy()["categories"] * 2},
    ],
)
def test_a_broken_taxonomy_is_a_problem(broken: dict[str, Any]) -> None:
    with pytest.raises(Problem) as refused:
        asyncio.run(compiler().inline(broken))
    assert refused.value.code == "broken_taxonomy"
    assert "'taxonomy'" in refused.value.detail


def test_a_taxonomy_is_made_ready_once_and_the_oldest_goes() -> None:
    async def work() -> None:
        made = compiler(kept=2)
        first = await made.inline(taxonomy("a"))
        assert await made.inline(taxonomy("a")) is first
        assert await made.named("cx") is await made.named("cx")
        await made.inline(taxonomy("b"))
        assert await made.inline(taxonomy("a")) is first
        await made.inline(taxonomy("c"))  # b was not asked for longest
        assert await made.inline(taxonomy("a")) is first

    asyncio.run(work())


def test_another_owner_is_another_entry_with_the_same_hash() -> None:
    async def work() -> None:
        made = compiler()
        a, b = await made.inline(taxonomy(owner="a")), await made.inline(taxonomy(owner="b"))
        assert (a.taxonomy["speed"].owner, b.taxonomy["speed"].owner) == ("a", "b")
        assert a.taxonomy.hash == b.taxonomy.hash

    asyncio.run(work())
