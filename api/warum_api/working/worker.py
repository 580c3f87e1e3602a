"""A worker: takes jobs one after the other, and never lets one go unnoticed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from warum.errors import WarumError
from warum_api.notifying.events import Event, job_failed, job_finished
from warum_api.notifying.publishing import Publisher
from warum_api.observing.logs import log, places
from warum_api.storing.errors import ConflictError, StorageError
from warum_api.storing.jobs import WORKERS_LOST, Also, Job, Queue
from warum_api.working.beating import Beat, Done, Handler, StoppedError

_MOST_FAILURES = 5
"""How often a job is taken before a failure is final; one that workers do not survive is tried longer."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=5)


class Worker:
    """Does jobs.

    Args:
        queue: Where they are.
        handlers: Who does which kind.
        publisher: Told what became of them; None if nobody is.
        seconds: Time between two heartbeats.
    """

    def __init__(
        self,
        queue: Queue,
        handlers: Mapping[str, Handler],
        publisher: Publisher | None = None,
        *,
        seconds: float = 10.0,
    ) -> None:
        self._queue, self._handlers, self._publisher = queue, handlers, publisher
        self._seconds = seconds
        self.leaving = threading.Event()

    def run(self, *, idle: float = 1.0, go_on: Callable[[float], bool] = lambda _: True) -> None:
        """Do jobs until `leaving` is set; what is begun is let go for others then.

        Args:
            idle: Seconds between two looks while there is nothing to do.
            go_on: Told for how many seconds there was nothing to do; whether to look again.
        """
        waited = 0.0
        try:
            while not self.leaving.is_set() and go_on(waited):
                if self.run_one():
                    waited = 0.0
                else:
                    self.leaving.wait(idle)
                    waited += idle
        finally:
            self._queue.let_go()

    def run_one(self) -> bool:
        """Do a job, if there is one."""
        job = self._queue.take(tuple(self._handlers), self._lost)
        if job is None:
            return False
        log().info("job taken", job=job.id, kind=job.kind, attempt=job.attempts)
        with Beat(self._queue, job, self.leaving, self._seconds) as beat:
            self._do(job, beat)
        return True

    def _do(self, job: Job, beat: Beat) -> None:
        try:
            done = self._handlers[job.kind](job, beat)
            also = self._with_events(done.also, *done.events, _finished(job, done))
            if self._queue.finish(job, done.result, also) and done.after is not None:
                done.after()
        except StoppedError as stopped:
            if stopped.why == "cancelled":
                self._queue.fail(job, {"code": "cancelled", "detail": "It was cancelled."})
            elif stopped.why == "leaving":
                self._queue.let_go()
            log().info("job stopped", job=job.id, why=stopped.why)
        except Exception as error:
            self._failed(job, error)

    def _failed(self, job: Job, error: Exception) -> None:
        """Give a job up, or have it tried again where that may help."""
        passing = isinstance(error, (ConflictError, StorageError, SQLAlchemyError, OSError))
        known = isinstance(error, WarumError) and not passing
        code = type(error).__name__.removesuffix("Error").lower() if known else "internal"
        detail = str(error) if known else "Something went wrong in the service; its log says what."
        wait = min(_FIRST_WAIT * 2 ** max(job.attempts - 1, 0), _LONGEST_WAIT)
        again = None if known or job.attempts >= _MOST_FAILURES else wait
        told = {"code": code, "detail": detail}
        log().error("job failed", job=job.id, kind=job.kind, again=again is not None, **places(error))  # fmt: skip
        self._queue.fail(job, told, again, self._with_events(None, _given_up(job, code, detail)))

    def _lost(self, job: Job, connection: Connection) -> None:
        """Tell of a job that was given up because no worker survived it."""
        given_up = _given_up(job, WORKERS_LOST["code"], WORKERS_LOST["detail"])
        self._with_events(None, given_up)(connection)

    def _with_events(self, also: Also | None, *events: Event) -> Also:
        """What is stored with the end of a job, and what is told of it: both count, or neither."""
        tell = None if self._publisher is None else self._publisher.telling(*events)

        def store(connection: Connection) -> None:
            for one in (also, tell):
                if one is not None:
                    one(connection)

        return store


def _finished(job: Job, done: Done) -> Event:
    at = datetime.now(UTC)
    return job_finished(
        tenant=job.tenant, project=job.project, job=job.id, what=job.kind, created=at, links=done.links
    )  # fmt: skip


def _given_up(job: Job, code: str, detail: str) -> Event:
    return job_failed(
        tenant=job.tenant, project=job.project, job=job.id, what=job.kind,
        created=datetime.now(UTC), code=code, detail=detail, attempt=job.attempts,
    )  # fmt: skip
