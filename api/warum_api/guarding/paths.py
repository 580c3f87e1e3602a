"""Paths and queries that cannot be meant: with NUL, which no database takes as text."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from warum_api.problems import Problem


class RefuseNul:
    """The middleware that refuses them.

    Args:
        app: What it stands around.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; see the ASGI specification."""
        answer = self.app
        if scope["type"] == "http":
            if "\x00" in scope["path"]:
                answer = _PATH.response()
            elif b"%00" in scope["query_string"] or b"\x00" in scope["query_string"]:
                answer = _QUERY.response()
        await answer(scope, receive, send)


_PATH = Problem("not_found", "No path holds NUL.", came="%00")
_QUERY = Problem("invalid_request", "Leave NUL out of the query.", came="%00")
