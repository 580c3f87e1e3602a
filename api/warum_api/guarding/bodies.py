"""Limits of a request's body, before anything reads it: bytes, time, and what a compressed one grows to.

The body is never gathered here: it passes in pieces, so that a route may stream it.
"""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from warum_api.problems import Problem

_PIECE = 2**16  # decompressed bytes that are handed on at a time


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """What a body may be.

    Attributes:
        sent: Most bytes as they are sent.
        decompressed: Most bytes of a compressed one, once decompressed.
        seconds: Time in which all of it must have arrived.
    """

    sent: int
    decompressed: int
    seconds: float


class LimitBodies:
    """The middleware that refuses bodies that are too large, too slow or compressed in an unknown way.

    Args:
        app: What it stands around.
        limits_of: The limits of a path.
    """

    def __init__(self, app: ASGIApp, limits_of: Callable[[str], BodyLimits]) -> None:
        self.app, self.limits_of = app, limits_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; see the ASGI specification."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limits = self.limits_of(scope["path"])
        try:
            length, coding = _announced(scope)
            if length > limits.sent:
                raise _too_large(length, limits.sent)
            body = _Body(receive, limits, decompress=coding == "gzip")
        except Problem as problem:
            await problem.response()(scope, receive, send)
            return
        if coding == "gzip":
            scope["headers"] = [h for h in scope["headers"] if h[0] not in _OF_CODING]
        await self.app(scope, body.receive, send)


_OF_CODING = (b"content-encoding", b"content-length")
_CLOSE = {"Connection": "close"}  # the rest of the body is not read


def _announced(scope: Scope) -> tuple[int, str]:
    """The length that the headers announce (0 where they do not) and the coding."""
    length, coding = 0, ""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            length = int(value)
        elif name == b"content-encoding":
            coding = value.decode("latin-1").strip().lower()
    if coding not in ("", "identity", "gzip"):
        raise Problem(
            "unsupported_media_type",
            "Send the body as it is, or compressed with gzip.",
            came=f"Content-Encoding: {coding}",
            expected="identity or gzip",
        )
    return length, coding


class _Body:
    """A body on its way in."""

    def __init__(self, receive: Receive, limits: BodyLimits, *, decompress: bool) -> None:
        self._receive, self._limits = receive, limits
        self._sent = self._grown = 0
        self._ended = False
        self._until = time.monotonic() + limits.seconds
        # 16 more than the usual bits of the window: with the header of gzip
        self._unpack = zlib.decompressobj(16 + zlib.MAX_WBITS) if decompress else None
        self._packed = b""
        self._pending = False

    async def receive(self) -> Message:
        """The next message, see the ASGI specification.

        Raises:
            Problem: If the body is too large, too slow or broken.
        """
        if self._pending:
            return self._piece(b"")
        if self._ended:  # what comes now is the end of the connection, which may be far away
            return await self._receive()
        try:
            async with asyncio.timeout(max(0.0, self._until - time.monotonic())):
                message = await self._receive()
        except TimeoutError:
            raise Problem(
                "body_timeout",
                "Send the body faster.",
                expected=f"all of it within {self._limits.seconds:g} s",
                headers=_CLOSE,
            ) from None
        if message["type"] != "http.request":
            return message
        data = message.get("body", b"")
        self._ended = not message.get("more_body", False)
        self._sent += len(data)
        if self._sent > self._limits.sent:
            raise _too_large(self._sent, self._limits.sent)
        return message if self._unpack is None else self._piece(data)

    def _piece(self, data: bytes) -> Message:
        """The next piece of a compressed body, decompressed."""
        unpack = self._unpack
        assert unpack is not None
        try:
            out = unpack.decompress(self._packed + data, _PIECE)
        except zlib.error:
            raise _broken("it is none") from None
        if unpack.unused_data:
            raise _broken("there is something behind its end")
        self._packed = unpack.unconsumed_tail
        # A full piece may have left some inside, though nothing is left to put in.
        self._pending = not unpack.eof and (bool(self._packed) or len(out) == _PIECE)
        self._grown += len(out)
        if self._grown > self._limits.decompressed:
            raise _too_large(self._grown, self._limits.decompressed, "decompressed ")
        if self._ended and self._sent and not self._pending and not unpack.eof:
            raise _broken("it is cut off")
        more = self._pending or not self._ended
        return {"type": "http.request", "body": out, "more_body": more}


def _too_large(size: int, limit: int, how: str = "") -> Problem:
    return Problem(
        "body_too_large",
        "Send fewer comments at a time.",
        came=f"at least {size} {how}bytes",
        expected=f"at most {limit} {how}bytes",
        headers=_CLOSE,
    )


def _broken(why: str) -> Problem:
    return Problem("undecodable_body", f"The body says that it is gzip, but {why}.")
