"""Who works on which job: a lease that has to be renewed, so that a dead worker's job is taken by another.

At least once: a worker that was thought dead may still work, but nothing it does counts, because whatever
ends a job asks for the lease in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from warum_api.storing.database import Database, now
from warum_api.storing.jobs import WORKERS_LOST, Also, Job, Pulse
from warum_api.storing.jobs import job as job_of
from warum_api.storing.tables import jobs


@dataclass(frozen=True)
class Leases:
    """The leases of one worker; a `Queue`.

    Attributes:
        database: Where the jobs are.
        owner: Names the worker; no two may have the same.
        length: How long a lease lasts without a heartbeat.
        clock: The time, from a connection.
    """

    database: Database
    owner: str
    length: timedelta = timedelta(seconds=30)
    clock: Callable[[Connection], datetime] = now

    def take(
        self, kinds: Collection[str], lost: Callable[[Job, Connection], None] | None = None
    ) -> Job | None:
        """Take the job that has waited longest, or one whose worker is dead; None if there is none.

        Args:
            kinds: Jobs that this worker can do.
            lost: Told, in the same transaction, of a job that is given up because its workers were lost.
        """
        with self.database.writing() as connection:
            at = self.clock(connection)
            waits = (jobs.c.state == "queued") & (jobs.c.due_at <= at)
            dead = (jobs.c.state == "running") & (jobs.c.lease_until < at)
            query = select(jobs).where(jobs.c.kind.in_(kinds), waits | dead).limit(1)
            query = query.order_by(jobs.c.due_at, jobs.c.id).with_for_update(skip_locked=True)
            while row := connection.execute(query).one_or_none():
                found = (jobs.c.tenant == row.tenant) & (jobs.c.id == row.id)
                if row.cancel:  # its worker died before it could stop
                    _set(connection, found, state="cancelled", finished_at=at)
                elif row.attempts >= row.most_attempts:  # it may be what kills them
                    _set(connection, found, state="failed", finished_at=at, error=WORKERS_LOST)
                    if lost and (given_up := job_of(row.tenant, connection, row.id)):
                        lost(given_up, connection)
                else:
                    begun = {"state": "running", "started_at": row.started_at or at}
                    _set(connection, found, attempts=row.attempts + 1, **begun, **self._lease(at))
                    return job_of(row.tenant, connection, row.id)
        return None

    def heartbeat(self, job: Job, done: int, total: int | None = None) -> Pulse:
        """Renew the lease and tell how far the job is.

        Args:
            job: The job.
            done: Units done. A job that gets on is not given up, however many workers it loses.
            total: Units in all, where it is known by now.
        """
        with self.database.writing() as connection:
            query = select(jobs.c.cancel, jobs.c.done).where(self._held(job)).with_for_update()
            row = connection.execute(query).one_or_none()
            if row is None:
                return "lost"
            values = self._lease(self.clock(connection)) | {"done": done}
            values |= {} if total is None else {"total": total}
            values |= {"attempts": 1} if done > row.done else {}
            _set(connection, self._held(job), **values)
            return "cancelled" if row.cancel else "go on"

    def finish(self, job: Job, result: Mapping[str, Any], also: Also | None = None) -> bool:
        """End a job well, if the lease still holds.

        Args:
            job: The job.
            result: What it gave.
            also: What else is stored then, such as that a result is the current one.

        Returns:
            Whether it counts; False if the lease was lost, and then nothing is stored.
        """
        with self.database.writing() as connection:
            ended = {"state": "done", "finished_at": self.clock(connection), "lease_owner": None}
            if not _set(connection, self._held(job), result=dict(result), error=None, **ended):
                return False
            if also is not None:
                also(connection)
            return True

    def fail(
        self, job: Job, error: Mapping[str, Any], again: timedelta | None = None, also: Also | None = None
    ) -> bool:  # fmt: skip
        """End a job badly; one that was to be cancelled is cancelled.

        Args:
            job: The job.
            error: A `code` and a `detail`, never text of comments.
            again: After this time it is tried once more, unless it was tried too often; None for never.
            also: What else is stored if it is given up.

        Returns:
            Whether it counts; False if the lease was lost.
        """
        with self.database.writing() as connection:
            at, held = self.clock(connection), self._held(job)
            row = connection.execute(select(jobs).where(held).with_for_update()).one_or_none()
            if row is None:
                return False
            if again is not None and not row.cancel and row.attempts < row.most_attempts:
                queued = {"state": "queued", "due_at": at + again, "lease_owner": None}
                return _set(connection, held, error=dict(error), **queued)
            state, said = ("cancelled", None) if row.cancel else ("failed", dict(error))
            _set(connection, held, state=state, error=said, finished_at=at, lease_owner=None)
            if also is not None and not row.cancel:
                also(connection)
            return True

    def let_go(self, owner: str | None = None) -> int:
        """Let others have the jobs of a worker that ends or has died, by default of this one; their number."""
        gone = (jobs.c.state == "running") & (jobs.c.lease_owner == (owner or self.owner))
        free = {"state": "queued", "lease_owner": None, "lease_until": None}
        with self.database.writing() as connection:
            return connection.execute(update(jobs).where(gone).values(**free)).rowcount

    def _lease(self, at: datetime) -> dict[str, Any]:
        return {"lease_owner": self.owner, "lease_until": at + self.length}

    def _held(self, job: Job) -> ColumnElement[bool]:
        here = (jobs.c.tenant == job.tenant) & (jobs.c.id == job.id) & (jobs.c.state == "running")
        return here & (jobs.c.lease_owner == self.owner) & (jobs.c.generation == job.generation)


def _set(connection: Connection, which: ColumnElement[bool], **values: Any) -> bool:  # noqa: ANN401
    """Change jobs; whether there was one."""
    return connection.execute(update(jobs).where(which).values(**values)).rowcount > 0
