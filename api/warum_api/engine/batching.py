"""Batches across requests: what has arrived while the last batch was read is read together.

Nothing waits for a batch to fill, and what waits is divided among the threads. Requests take turns, a share of each at
a time, so that one comment is not behind a thousand; a thread stays free of long texts. What a comment reads as does
not depend on any of that.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from warum.records import Comment
from warum_api.engine.deadlines import Deadline
from warum_api.observing.metrics import Metrics
from warum_api.problems import Problem

LONG = 2_000
"""Characters from which on a text is long: it takes the time of dozens of short ones."""

_LEAST = 4
"""Comments that a thread takes together where so many wait; fewer are not worth dividing."""

_Key = TypeVar("_Key")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """How much is read at a time, and how much may wait.

    Attributes:
        comments: Most comments of a batch; 1 reads each by itself.
        characters: Most characters of a batch of more than one comment.
        waiting: Most comments that may wait.
        threads: Threads that read.
    """

    comments: int = 64
    characters: int = 8_000
    waiting: int = 10_000
    threads: int = 2


@dataclass(eq=False)
class _Work(Generic[_Key, _Result]):
    """The comments of one request, and what has come of them so far."""

    key: _Key
    comments: Sequence[Comment]
    done: asyncio.Future[None]
    results: list[_Result | None]
    begun: int = 0
    open: int = field(default=0)

    @property
    def next_length(self) -> int:
        return len(self.comments[self.begun].text or "")


_Part = tuple[_Work[_Key, _Result], int, int]


class Batcher(Generic[_Key, _Result]):
    """Gathers comments of many requests into batches for a few threads.

    It belongs to one event loop: all methods are called there.

    Args:
        read: Reads comments by a key, in a thread: as many results as comments, in their order.
        limits: How much is read at a time.
        metrics: Where batches are counted.
    """

    def __init__(
        self,
        read: Callable[[_Key, Sequence[Comment]], Sequence[_Result]],
        limits: BatchLimits,
        metrics: Metrics,
    ) -> None:
        self._read, self._limits, self._metrics = read, limits, metrics
        self._queue: deque[_Work[_Key, _Result]] = deque()
        self._waiting = 0
        # One executor a thread: each can be told what to read next by itself.
        self._threads = [
            ThreadPoolExecutor(1, thread_name_prefix=f"reading-{slot}")
            for slot in range(limits.threads)
        ]
        self._idle = list(range(limits.threads))
        self._seconds_each = 0.01  # of a comment, running mean

    @property
    def threads(self) -> Sequence[ThreadPoolExecutor]:
        """The threads, to load in each what it keeps for itself."""
        return self._threads

    async def read(
        self, key: _Key, comments: Sequence[Comment], deadline: Deadline
    ) -> list[_Result]:
        """Read the comments of one request.

        Args:
            key: What to read them by; only comments of one key share a batch.
            comments: Any number.
            deadline: What is not begun by then is dropped.

        Raises:
            Problem: `overloaded`, if too many comments wait; `deadline`, if the time is over.
        """
        if not comments:
            return []
        self._refuse_too_many(len(comments))
        done = asyncio.get_running_loop().create_future()
        work = _Work[_Key, _Result](key, comments, done, [None] * len(comments))
        self._queue.append(work)
        self._count(len(comments))
        self._go_on()
        try:
            async with asyncio.timeout(deadline.left):
                await work.done
        except TimeoutError:
            advice = "Send fewer comments at a time, or try again when there is less to do."
            raise deadline.passed(advice, _counted(len(comments))) from None
        finally:
            self._drop(work)
        return work.results  # type: ignore[return-value] # all filled

    def stop(self) -> None:
        """End the threads when they have finished what they read."""
        for thread in self._threads:
            thread.shutdown(wait=False, cancel_futures=True)

    def _refuse_too_many(self, coming: int) -> None:
        if self._waiting and self._waiting + coming > self._limits.waiting:
            wait = math.ceil(self._waiting * self._seconds_each / self._limits.threads)
            raise Problem(
                "overloaded",
                "Send it again later.",
                came=f"{_counted(coming)}, and {self._waiting} wait already",
                expected=f"at most {self._limits.waiting} waiting comments",
                headers={"Retry-After": str(min(max(1, wait), 600))},
            )

    def _count(self, more: int) -> None:
        self._waiting += more
        self._metrics.waiting.set(self._waiting)

    def _drop(self, work: _Work[_Key, _Result]) -> None:
        """Forget what of a work has not begun; nothing, where it is done."""
        if work.begun < len(work.comments):  # else it is in the queue no more
            self._queue.remove(work)
            self._count(work.begun - len(work.comments))
            work.begun = len(work.comments)

    def _go_on(self) -> None:
        """Give every idle thread a batch, while there are any."""
        for slot in sorted(self._idle, reverse=True):  # the first last: it is kept for short texts
            parts = list(self._batch(self._room(), short_only=slot == 0 and len(self._threads) > 1))
            if parts:
                self._idle.remove(slot)
                self._begin(slot, parts)

    def _room(self) -> int:
        """How many comments a thread takes: one that took all that waits would leave the others without work."""
        share = max(_LEAST, math.ceil(self._waiting / len(self._threads)))
        return min(self._limits.comments, share)

    def _batch(self, room: int, *, short_only: bool) -> Iterator[_Part[_Key, _Result]]:
        """The next batch, of at most `room`: a share of each work of the same key as the one that waits longest."""
        eligible = [w for w in self._queue if not short_only or w.next_length < LONG]
        if not eligible:
            return
        key = eligible[0].key
        turns = deque(w for w in eligible if w.key is key)
        characters, share = self._limits.characters, max(1, room // 4)
        first = True
        while turns and room > 0:
            work = turns.popleft()
            start = work.begun
            while work.begun < len(work.comments) and room > 0 and work.begun - start < share:
                length = work.next_length
                if not first and (length > characters or (short_only and length >= LONG)):
                    break
                first = False
                work.begun, room, characters = work.begun + 1, room - 1, characters - length
            if work.begun > start:
                self._taken(work, start)
                yield work, start, work.begun
                if work.begun < len(work.comments):
                    turns.append(work)

    def _taken(self, work: _Work[_Key, _Result], start: int) -> None:
        """Note what was taken of a work, which then goes behind the others."""
        self._queue.remove(work)
        if work.begun < len(work.comments):
            self._queue.append(work)
        work.open += work.begun - start
        self._count(start - work.begun)

    def _begin(self, slot: int, parts: Sequence[_Part[_Key, _Result]]) -> None:
        comments = [c for work, start, end in parts for c in work.comments[start:end]]
        begun = time.perf_counter()
        future = asyncio.get_running_loop().run_in_executor(
            self._threads[slot], self._read, parts[0][0].key, comments
        )

        def ended(read: asyncio.Future[Sequence[_Result]]) -> None:
            self._idle.append(slot)
            self._note(len(comments), time.perf_counter() - begun)
            self._hand_out(parts, read)
            self._go_on()

        future.add_done_callback(ended)

    def _note(self, size: int, seconds: float) -> None:
        self._seconds_each += 0.2 * (seconds / size - self._seconds_each)
        self._metrics.batch.observe(size)
        self._metrics.reading.observe(seconds)

    @staticmethod
    def _hand_out(
        parts: Sequence[_Part[_Key, _Result]], read: asyncio.Future[Sequence[_Result]]
    ) -> None:
        """Give every request its results, or the failure of the batch."""
        failed = asyncio.CancelledError() if read.cancelled() else read.exception()
        at = 0
        for work, start, end in parts:
            if failed is None:
                work.results[start:end] = read.result()[at : at + end - start]
                at += end - start
            work.open -= end - start
            if work.done.done():  # its deadline passed
                continue
            if failed is not None:
                work.done.set_exception(failed)
            elif not work.open and work.begun == len(work.comments):
                work.done.set_result(None)


def _counted(comments: int) -> str:
    return "1 comment" if comments == 1 else f"{comments} comments"
