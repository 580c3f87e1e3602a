"""How a job tells that it is alive and how far it is, and learns that it has to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol

from sqlalchemy import Connection

from warum_api.notifying.events import Event
from warum_api.observing.logs import log, places
from warum_api.storing.jobs import Job, Pulse, Queue


class StoppedError(Exception):
    """The job is to stop.

    Attributes:
        why: `cancelled`, `lost` (somebody else has it) or `leaving` (the worker is told to end).
    """

    def __init__(self, why: str) -> None:
        super().__init__(f"the job is to stop: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Done:
    """What a job gave.

    Attributes:
        result: Counts, names and links; never text of comments.
        also: What is stored in the same transaction as the end of the job.
        links: Where its results are, for those who are told.
        events: What else is told, once it counts.
        after: Called once all that is told.
    """

    result: Mapping[str, Any]
    also: Callable[[Connection], None] | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    after: Callable[[], object] | None = None


class Handler(Protocol):
    """Does jobs of one kind."""

    def __call__(self, job: Job, beat: Beat) -> Done:
        """Do a job; done twice, it gives the same."""


class Beat:
    """The heart of a job: beats by itself between the times that the job tells how far it is.

    Args:
        queue: Where it is told.
        job: The job.
        leaving: Set when the worker is told to end.
        seconds: Time between two beats.
    """

    def __init__(
        self, queue: Queue, job: Job, leaving: threading.Event, seconds: float = 10.0
    ) -> None:
        self._queue, self._job, self._leaving, self._seconds = queue, job, leaving, seconds
        self._done, self._total = job.done, job.total
        self._pulse: Pulse = "go on"
        self._over = threading.Event()
        self._one = threading.Lock()
        self._thread = threading.Thread(target=self._by_itself, daemon=True)

    def __enter__(self) -> Beat:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def tell(self, done: int, total: int) -> None:
        """Say how far the job is; one that goes through what was done before has not got on yet.

        Raises:
            StoppedError: If it is to stop.
        """
        self._done, self._total = max(done, self._done), total
        self._tell()
        if self._pulse != "go on":
            raise StoppedError(self._pulse)
        if self._leaving.is_set() and done < total:
            raise StoppedError("leaving")

    def _tell(self) -> None:
        with self._one:
            self._pulse = self._queue.heartbeat(self._job, self._done, self._total)

    def _by_itself(self) -> None:
        while not self._over.wait(self._seconds):
            try:
                self._tell()
            except Exception as error:  # the database may be away for a moment
                log().warning("a job could not be heard", job=self._job.id, **places(error))


def moment(at: datetime | None) -> str | None:
    """A time as ISO, if there is one."""
    return None if at is None else at.isoformat()
