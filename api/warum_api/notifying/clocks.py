"""The time, as a seam for tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""The time, with a time zone."""


def now_utc() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)
