"""Jobs as their tenants see them: submitted, looked at, cancelled, tried again. Workers use `leases`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from sqlalchemy import ColumnElement, Connection, case, delete, insert, null, select, update

from warum_api.storing.database import now
from warum_api.storing.rows import asked, many, new_id, one
from warum_api.storing.tables import jobs

JobState = Literal["queued", "running", "done", "failed", "cancelled"]
ENDED: tuple[JobState, ...] = ("done", "failed", "cancelled")
Pulse = Literal["go on", "cancelled", "lost"]
"""`cancelled`: stop, then `fail` the job; `lost`: stop, somebody else has it."""
Also = Callable[[Connection], None]
"""What else is stored in a transaction; if it raises, nothing of it is."""
WORKERS_LOST = {"code": "workers_lost", "detail": "Every worker that took it was lost."}
"""Why a job is given up that was taken too often without getting on."""


@dataclass(frozen=True)
class Job:
    """Work that takes longer than a request.

    Attributes:
        tenant: Whose it is.
        project: What it works on; None if on no project.
        id: Names it in paths.
        kind: What is to be done, such as `analyze`.
        params: How; never text of comments nor names of customers.
        state: `queued`, `running`, `done`, `failed` or `cancelled`.
        done: Units done, such as comments read.
        total: Units in all; None while unknown.
        generation: Rises when the job has to begin anew, because comments were erased meanwhile: what an
            earlier generation has stored must not be used.
        attempts: Times it was taken since it last got on.
        cancel: Whether it is to stop.
        result: What it gave, once done.
        error: Why it failed: a `code` and a `detail`, never text of comments.
        created_at: When it was submitted.
        started_at: When it was taken first; None before.
        finished_at: When it ended; None before.
    """

    tenant: str
    project: str | None
    id: str
    kind: str
    params: Mapping[str, Any]
    state: JobState
    done: int
    total: int | None
    generation: int
    attempts: int
    cancel: bool
    result: Mapping[str, Any] | None
    error: Mapping[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class Queue(Protocol):
    """Where workers get jobs from; `leases.Leases` is one and says what each of these does."""

    def take(
        self, kinds: Collection[str], lost: Callable[[Job, Connection], None] | None = None
    ) -> Job | None:
        """A job to work on."""

    def heartbeat(self, job: Job, done: int, total: int | None = None) -> Pulse:
        """Say that the worker is alive and how far it is."""

    def finish(self, job: Job, result: Mapping[str, Any], also: Also | None = None) -> bool:
        """End a job well."""

    def fail(
        self,
        job: Job,
        error: Mapping[str, Any],
        again: timedelta | None = None,
        also: Also | None = None,
    ) -> bool:
        """End a job badly."""

    def let_go(self, owner: str | None = None) -> int:
        """Let others have a worker's jobs."""


def submit_job(
    tenant: str,
    connection: Connection,
    kind: str,
    params: Mapping[str, Any],
    *,
    project: str | None = None,
    total: int | None = None,
    most_attempts: int = 5,
) -> Job:
    """Queue a job.

    Args:
        tenant: Whose it is.
        connection: One that writes.
        kind: What is to be done.
        params: How.
        project: The project it works on.
        total: Units in all, if known.
        most_attempts: How often it is taken without getting on before it counts as failed.
    """
    at, job_id = now(connection), new_id("job")
    row: dict[str, Any] = {
        "project": project, "kind": kind, "params": dict(params), "state": "queued", "done": 0,
        "total": total, "generation": 0, "attempts": 0, "most_attempts": most_attempts,
        "cancel": False, "due_at": at, "created_at": at,
    }  # fmt: skip
    connection.execute(insert(jobs).values(tenant=tenant, id=job_id, **row))
    found = job(tenant, connection, job_id)
    assert found is not None
    return found


def job(tenant: str, connection: Connection, job_id: str) -> Job | None:
    """One job of a tenant."""
    return one(Job, connection, asked(Job, jobs).where(_is(tenant, job_id)))


def is_waiting(connection: Connection, kinds: Collection[str]) -> bool:
    """Whether there is a job of any tenant that a worker could take."""
    at, c = now(connection), jobs.c
    waits = (c.state == "queued") & (c.due_at <= at)
    dead = (c.state == "running") & (c.lease_until < at)
    query = select(c.id).where(c.kind.in_(kinds), waits | dead).limit(1)
    return connection.execute(query).first() is not None


def list_jobs(
    tenant: str, connection: Connection, *, project: str | None = None, limit: int = 100
) -> tuple[Job, ...]:
    """Jobs of a tenant (or of one of its projects), newest first."""
    query = asked(Job, jobs).where(jobs.c.tenant == tenant)
    if project is not None:
        query = query.where(jobs.c.project == project)
    return many(Job, connection, query.order_by(jobs.c.created_at.desc(), jobs.c.id).limit(limit))


def cancel_job(tenant: str, connection: Connection, job_id: str) -> Job | None:
    """Stop a job: at once if nobody works on it, else the worker learns it with its next heartbeat.

    Returns:
        The job as it is then; None if there is none.
    """
    queued, at = jobs.c.state == "queued", now(connection)
    values = {
        "cancel": True,
        "state": case((queued, "cancelled"), else_=jobs.c.state),
        "finished_at": case((queued, at), else_=jobs.c.finished_at),
    }
    going = _is(tenant, job_id) & jobs.c.state.not_in(ENDED)
    connection.execute(update(jobs).where(going).values(**values))
    return job(tenant, connection, job_id)


def retry_job(tenant: str, connection: Connection, job_id: str) -> Job | None:
    """Queue a failed or cancelled job again; it goes on with what it has stored.

    Returns:
        The job as it is then, unchanged if it neither failed nor was cancelled; None if there is none.
    """
    ended = _is(tenant, job_id) & jobs.c.state.in_(("failed", "cancelled"))
    connection.execute(update(jobs).where(ended).values(**_again(now(connection))))
    return job(tenant, connection, job_id)


def restart_jobs(tenant: str, connection: Connection, project: str) -> tuple[str, ...]:
    """Have the unfinished jobs of a project begin anew, because comments they may have read are erased.

    Their workers lose the lease: what they still do is not taken.

    Returns:
        The ids of those jobs.
    """
    here = (jobs.c.tenant == tenant) & (jobs.c.project == project)
    going = here & jobs.c.state.in_(("queued", "running"))
    ids = tuple(connection.execute(select(jobs.c.id).where(going).with_for_update()).scalars())
    values = _again(now(connection)) | {"generation": jobs.c.generation + 1, "done": 0}
    del values["cancel"]
    connection.execute(update(jobs).where(here, jobs.c.id.in_(ids)).values(**values))
    return ids


def delete_jobs_before(tenant: str, connection: Connection, moment: datetime) -> tuple[str, ...]:
    """Forget the jobs that ended before a moment; their ids, so that their files can be deleted."""
    old = (jobs.c.tenant == tenant) & jobs.c.state.in_(ENDED) & (jobs.c.finished_at < moment)
    return tuple(connection.execute(delete(jobs).where(old).returning(jobs.c.id)).scalars())


def _again(at: datetime) -> dict[str, Any]:
    return {
        "state": "queued", "cancel": False, "attempts": 0, "lease_owner": None, "lease_until": None,
        "error": null(), "result": null(), "finished_at": None, "due_at": at,
    }  # fmt: skip


def _is(tenant: str, job_id: str) -> ColumnElement[bool]:
    return (jobs.c.tenant == tenant) & (jobs.c.id == job_id)
