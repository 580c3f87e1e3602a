"""When a delivery that failed is tried again: later and later, not in step with others, for a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class RetryPlan:
    """Exponential backoff with jitter.

    Attributes:
        first: Wait after the first failure.
        longest: Longest wait.
        give_up: Time after the first attempt at which the last one is made.

    Raises:
        ValueError: If a time is not positive.
    """

    first: timedelta = timedelta(seconds=10)
    longest: timedelta = timedelta(hours=4)
    give_up: timedelta = timedelta(hours=24)

    def __post_init__(self) -> None:
        for name in ("first", "longest", "give_up"):
            if getattr(self, name) <= timedelta(0):
                raise ValueError(f"{name} is {getattr(self, name)}, expected more than 0")

    def again(
        self,
        attempts: int,
        *,
        began: datetime,
        now: datetime,
        chance: float,
        asked: timedelta | None = None,
    ) -> datetime | None:
        """When to try again.

        Args:
            attempts: Attempts made, at least 1.
            began: When the first was made.
            now: When the last one failed.
            chance: A random number 0..1: waits lie between half of the backoff and all of it.
            asked: What the receiver asked for by `Retry-After`; counts if it is longer than the backoff.

        Returns:
            The time, at most `give_up` after `began`; None when that time is over.
        """
        end = began + self.give_up
        if now >= end:
            return None
        # Twice as long each time; the exponent is bounded so that no attempt overflows.
        doubled: int = 2 ** min(max(attempts, 1) - 1, 30)
        backoff = min(self.longest, self.first * doubled)
        wait = backoff * (0.5 + 0.5 * chance)
        if asked is not None:
            wait = min(max(wait, asked), max(self.longest, wait))
        return min(now + wait, end)
