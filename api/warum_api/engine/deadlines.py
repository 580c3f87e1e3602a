"""When a request has to be answered."""

from __future__ import annotations

import time
from dataclasses import dataclass

from warum_api.problems import Problem


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point in time, and how long that was away when the request came.

    Attributes:
        seconds: Time that the request was given.
        until: The point, on the monotonic clock.
    """

    seconds: float
    until: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """A deadline so many seconds from now."""
        return cls(seconds, time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """Seconds that are left, at least 0."""
        return max(0.0, self.until - time.monotonic())

    def passed(self, detail: str, came: str | None = None) -> Problem:
        """The problem that it passed.

        Args:
            detail: What to do.
            came: What took so long.
        """
        return Problem("deadline", detail, came=came, expected=f"done within {self.seconds:g} s")
