"""A service that reads comments as soon as the model is there, while its other rooms are still being loaded.

Projects, results and pages bring the whole library with them, estimates and charts included. A request for them waits
these seconds; from then on one app answers everything.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from multiprocessing import parent_process
from threading import Thread

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from warum_api.core import add_middleware, add_reading, bare_app, begin
from warum_api.engine.warming import Warming, settle, warm
from warum_api.observing.logs import log, places, set_up_logs
from warum_api.observing.tracing import check_tracing
from warum_api.problems import Problem
from warum_api.refusing import add_handlers
from warum_api.settings import Settings, load_settings

FIRST = ("/v1/analyze", "/health/live", "/health/ready", "/metrics")
"""Paths that are answered from the start."""
_BROKEN = "A part of the service could not be loaded; the log says why."


class Starting:
    """The service as an ASGI app.

    Args:
        settings: How it is set up.
        warming: Loads the model already.

    Raises:
        StorageError: If the database or the files cannot be used.
    """

    def __init__(self, settings: Settings, warming: Warming | None = None) -> None:
        self._core = begin(settings, warming)
        self._first = bare_app(self._core, self._lifespan)
        add_reading(self._first, self._core, {"rooms": self._missing})
        add_handlers(self._first)
        add_middleware(self._first, settings, self._core.metrics)
        self._whole: ASGIApp | None = None
        self._loading: asyncio.Task[None] | None = None
        self._loaded = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] == "lifespan" or (self._whole is None and scope["path"] in FIRST):
            await self._first(scope, receive, send)
            return
        await self._loaded.wait()
        answer = self._whole
        if answer is None:
            answer = Problem("not_ready", _BROKEN).response()
        await answer(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        self._core.engine.start()
        stop = asyncio.Event()
        self._loading = asyncio.create_task(self._load(stop))
        yield
        stop.set()
        if not self._loaded.is_set():
            self._loading.cancel()
        with suppress(asyncio.CancelledError):
            await self._loading
        await self._core.engine.stop()
        self._core.database.close()

    async def _load(self, stop: asyncio.Event) -> None:
        await self._core.engine.loaded()
        try:
            whole = await asyncio.to_thread(self._made)
        except Exception as error:
            log().critical("the service could not be loaded", **places(error))
            self._loaded.set()
            return
        finally:
            settle()
        async with whole.router.lifespan_context(whole):
            self._whole = whole
            self._loaded.set()
            await stop.wait()

    def _made(self) -> FastAPI:
        from warum_api.app import create_app

        return create_app(self._core.settings, self._core)

    async def _missing(self) -> str | None:
        if self._loaded.is_set() and self._whole is None:
            return _BROKEN
        return None


def from_environment() -> Starting:
    """The app of a worker process, set up from its environment."""
    settings = load_settings(Settings, os.environ)
    prepare_process(settings)
    Thread(target=_end_with_parent, daemon=True).start()
    return Starting(settings, warm(settings.model))


def _end_with_parent() -> None:
    """Finish when the process that started this one is gone: killed, it tells nobody, and the port would stay taken."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def prepare_process(settings: Settings) -> None:
    """Set up the logs of a process, and see to it that spans can be sent where they are wanted."""
    set_up_logs(settings.log_format)
    if settings.tracing:
        check_tracing()
