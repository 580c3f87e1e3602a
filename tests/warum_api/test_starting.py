"""A start: comments are read at once, the other rooms follow, and nothing is loaded before it is needed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from warum_api.settings import Settings
from warum_api.starting import FIRST, Starting

LATER = (
    "alembic", "altair", "duckdb", "httpcore2", "jinja2", "onnxruntime", "scipy", "sklearn", "spacy", "vl_convert",
    "warum.analysis", "warum_api.app",
)  # fmt: skip
COMMENT = {"comments": [{"id": "1", "text": "The staff were friendly."}]}


def test_what_reading_does_not_need_is_not_imported_for_it() -> None:
    program = f"""if True:
        import sys, warum.cli, warum_api.starting
        print([name for name in {LATER!r} if name in sys.modules])
    """
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def _asking(starting: Starting, work: Any) -> None:
    async def main() -> None:
        transport = httpx.ASGITransport(starting)
        async with (
            starting._first.router.lifespan_context(starting._first),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            async with asyncio.timeout(60):
                await work(client)

    asyncio.run(main())


async def _ready(client: httpx.AsyncClient) -> None:
    while (await client.get("/health/ready")).status_code != 200:
        await asyncio.sleep(0.02)


def test_comments_are_read_while_the_rooms_are_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, made = threading.Event(), Starting._made

    def waiting(self: Starting) -> FastAPI:
        assert gate.wait(30)
        return made(self)

    monkeypatch.setattr(Starting, "_made", waiting)

    async def work(client: httpx.AsyncClient) -> None:
        await _ready(client)
        assert (await client.post("/v1/analyze", json=COMMENT)).status_code == 200
        projects = asyncio.create_task(client.get("/v1/projects"))
        await asyncio.sleep(0.1)
        assert not projects.done()
        gate.set()
        assert (await projects).status_code == 200
        described = (await client.get("/openapi.json")).json()["paths"]
        assert set(FIRST) < set(described)
        assert "/v1/projects" in described
        assert (await client.post("/v1/analyze", json=COMMENT)).status_code == 200
        assert (await client.get("/v1/nothing")).status_code == 404

    _asking(Starting(Settings(model="nothing", data=tmp_path, jobs=False)), work)


def test_rooms_that_cannot_be_loaded_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Starting) -> FastAPI:
        raise RuntimeError("no")

    monkeypatch.setattr(Starting, "_made", broken)

    async def work(client: httpx.AsyncClient) -> None:
        told = await client.get("/v1/projects")
        assert (told.status_code, told.json()["code"]) == (503, "not_ready")
        told = await client.get("/health/ready")
        assert (told.status_code, "rooms" in told.json()["checks"]) == (503, True)
        assert (await client.post("/v1/analyze", json=COMMENT)).status_code == 200

    _asking(Starting(Settings(model="nothing", data=tmp_path, jobs=False)), work)


def test_it_can_end_before_it_is_loaded(tmp_path: Path) -> None:
    async def work(client: httpx.AsyncClient) -> None:
        assert (await client.get("/health/live")).status_code == 200

    _asking(Starting(Settings(model="nothing", data=tmp_path, jobs=False)), work)
