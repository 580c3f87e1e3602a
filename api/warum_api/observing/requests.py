"""Around every request: its id, its time, a line in the log, the metrics, and an answer whatever goes wrong."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from warum_api.observing.logs import log, places
from warum_api.observing.metrics import Metrics
from warum_api.problems import Problem

REQUEST_ID = "X-Request-ID"
_GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{1,100}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = ("/health", "/metrics")
UNKNOWN = "(unknown)"


class Observe:
    """The outermost middleware.

    Args:
        app: What it stands around.
        metrics: Where requests are counted.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; see the ASGI specification."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        begun, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                spent = (time.perf_counter() - begun) * 1000
                message["headers"] = [
                    *message.get("headers", ()),
                    (REQUEST_ID.lower().encode(), request_id.encode()),
                    (b"server-timing", f"app;dur={spent:.1f}".encode()),
                ]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, sending)
            except Exception as error:  # the last place that can still answer
                log().error("request failed", **places(error))
                if not status:
                    detail = f"Tell the operator the {REQUEST_ID} of this answer."
                    await Problem("internal", detail).response()(scope, receive, sending)
            self._note(scope, status, time.perf_counter() - begun)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        """Count and log a request; the path as its route has it, so that nothing of a caller is kept."""
        path = getattr(scope.get("route"), "path", UNKNOWN)
        method = scope["method"] if scope["method"] in _METHODS else UNKNOWN
        self.metrics.requests.labels(method, path, str(status)).inc()
        self.metrics.seconds.labels(method, path).observe(seconds)
        if not path.startswith(_QUIET) or status >= 500:
            facts: dict[str, Any] = scope.get("state", {}).get("facts", {})
            spent = round(seconds * 1000, 1)
            log().info("request", method=method, path=path, status=status, ms=spent, **facts)


def note(scope: Scope, **facts: int | str) -> None:
    """Add counts and codes to the line that a request leaves in the log.

    Args:
        scope: The request's.
        **facts: Never the text of a comment, nor anything else that a caller wrote.
    """
    scope.setdefault("state", {}).setdefault("facts", {}).update(facts)


def _request_id(scope: Scope) -> str:
    """The id that the caller gave where it is a plain one, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _GIVEN_ID.fullmatch(value):
            return bytes(value).decode("ascii")
    return uuid.uuid4().hex
