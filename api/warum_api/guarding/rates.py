"""How often somebody may call, and the headers that say so.

Counted in the process that answers: of several workers each has its share of the limit.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from warum_api.problems import Problem

_MOST_WINDOWS = 100_000  # that are remembered before those that are over are forgotten
_NAME = "default"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a limit.

    Attributes:
        allowed: Whether this request is within it.
        limit: Requests in a window.
        window: Length of a window, in seconds.
        remaining: Requests left in this one.
        seconds: Until the next one begins.
    """

    allowed: bool
    limit: int
    window: int
    remaining: int
    seconds: int

    def headers(self) -> dict[str, str]:
        """`RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers)."""
        return {
            "RateLimit": f'"{_NAME}";r={self.remaining};t={self.seconds}',
            "RateLimit-Policy": f'"{_NAME}";q={self.limit};w={self.window}',
        }

    def refuse(self) -> Problem:
        """The problem of a request that is not within it."""
        return Problem(
            "too_many_requests",
            f"Wait {self.seconds} s, then send fewer requests.",
            expected=f"at most {self.limit} requests in {self.window} s",
            headers={"Retry-After": str(self.seconds), **self.headers()},
        )


class Rates:
    """One limit, counted by caller.

    Args:
        limit: Such as `600/minute`.
        workers: Processes that share it.

    Raises:
        ValueError: If the limit cannot be read.
    """

    def __init__(self, limit: str, workers: int = 1) -> None:
        whole: RateLimitItem = parse(limit)
        share = max(1, math.ceil(whole.amount / workers))
        self._item = type(whole)(share, whole.multiples)
        self._windows = FixedWindowRateLimiter(_Windows())

    def spend(self, who: str) -> Allowance:
        """Count a request of a caller."""
        return self._left(who, self._windows.hit(self._item, who))

    def look(self, who: str) -> Allowance:
        """Whether a request would be within the limit; nothing is counted."""
        return self._left(who, self._windows.test(self._item, who))

    def _left(self, who: str, allowed: bool) -> Allowance:
        found = self._windows.get_window_stats(self._item, who)
        seconds = max(1, math.ceil(found.reset_time - time.time()))
        window = self._item.get_expiry()
        left = max(0, found.remaining)
        return Allowance(allowed, self._item.amount, window, left, min(seconds, window))


class ShowRates:
    """The middleware that adds the headers of a request's allowance to its answer.

    Args:
        app: What it stands around.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; see the ASGI specification."""

        async def sending(message: Message) -> None:
            found = scope.get("state", {}).get("allowance")
            if message["type"] == "http.response.start" and isinstance(found, Allowance):
                own = list(message.get("headers", ()))
                names = {name.lower() for name, _ in own}
                more = [(n.lower().encode(), v.encode()) for n, v in found.headers().items()]
                message["headers"] = own + [pair for pair in more if pair[0] not in names]
            await send(message)

        await self.app(scope, receive, sending if scope["type"] == "http" else send)


class _Windows(Storage):
    """Counts in this process. That of `limits` starts a thread every 10 ms and walks over all callers."""

    STORAGE_SCHEME = ["warum"]  # noqa: RUF012 - the name that limits asks for

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, tuple[int, float]] = {}

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        return ()

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        at = time.time()
        if len(self._counts) >= _MOST_WINDOWS and key not in self._counts:
            self._counts = {k: pair for k, pair in self._counts.items() if pair[1] > at}
        count, until = self._counts.get(key, (0, 0.0))
        count, until = (count, until) if until > at else (0, at + expiry)
        self._counts[key] = (count + amount, until)
        return count + amount

    def get(self, key: str) -> int:
        count, until = self._counts.get(key, (0, 0.0))
        return count if until > time.time() else 0

    def get_expiry(self, key: str) -> float:
        return self._counts.get(key, (0, time.time()))[1]

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        count = len(self._counts)
        self._counts.clear()
        return count

    def clear(self, key: str) -> None:
        self._counts.pop(key, None)


def allow(state: Any, allowance: Allowance) -> None:  # noqa: ANN401 - Starlette's state
    """Have `ShowRates` show an allowance, and refuse the request where it is used up.

    Raises:
        Problem: `too_many_requests`.
    """
    if not allowance.allowed:
        raise allowance.refuse()
    state.allowance = allowance
