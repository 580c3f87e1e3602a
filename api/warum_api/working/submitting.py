"""What a tenant may do with jobs: submit, look, cancel, try again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from warum_api.problems import Problem
from warum_api.storing.audit_log import note_event
from warum_api.storing.database import Database
from warum_api.storing.jobs import Job, cancel_job, job, list_jobs, retry_job, submit_job
from warum_api.storing.projects import project
from warum_api.working.preparing import JobKind, prepared

MOST_ATTEMPTS = 10
"""How often a job is taken without getting on before it counts as what kills its workers."""
MOST_WAITING = 100
"""Jobs of a tenant that may wait or run."""


class Jobs:
    """The jobs of tenants.

    Args:
        database: Where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def submit(
        self, tenant: str, who: str, project_id: str, kind: JobKind, params: Mapping[str, Any]
    ) -> Job:
        """Queue a job on a project.

        Raises:
            Problem: `not_found`, also of what the parameters name; `conflict`, if there is nothing to work on;
                `too_many_requests`.
        """
        with self._database.writing() as connection:
            of = project(tenant, connection, project_id)
            if of is None:
                raise Problem("not_found", "There is no such project.", came=project_id)
            waiting = [
                one
                for one in list_jobs(tenant, connection, limit=1_000)
                if one.state in ("queued", "running")
            ]
            if len(waiting) >= MOST_WAITING:
                raise Problem(
                    "too_many_requests",
                    "Wait for jobs to end.",
                    came=f"{len(waiting)} jobs wait or run",
                    expected=f"fewer than {MOST_WAITING}",
                    headers={"Retry-After": "60"},
                )
            given = prepared(tenant, connection, of, kind, params)
            made = submit_job(
                tenant, connection, kind, given, project=project_id, most_attempts=MOST_ATTEMPTS
            )
            note_event(
                tenant, connection, "job_submitted", who=who, project=project_id, thing=made.id
            )
        return made

    def one(self, tenant: str, job_id: str) -> Job:
        """One job.

        Raises:
            Problem: `not_found`.
        """
        with self._database.reading() as connection:
            return _there(job(tenant, connection, job_id), job_id)

    def all(self, tenant: str, project_id: str | None, limit: int) -> tuple[Job, ...]:
        """The newest jobs, of one project or of all."""
        with self._database.reading() as connection:
            return list_jobs(tenant, connection, project=project_id, limit=limit)

    def cancel(self, tenant: str, who: str, job_id: str) -> Job:
        """Stop a job; one that runs stops soon.

        Raises:
            Problem: `not_found`.
        """
        with self._database.writing() as connection:
            found = _there(cancel_job(tenant, connection, job_id), job_id)
            note_event(
                tenant, connection, "job_cancelled", who=who, project=found.project, thing=job_id
            )
        return found

    def retry(self, tenant: str, job_id: str) -> Job:
        """Queue a failed or cancelled job again; it goes on with what it has stored.

        Raises:
            Problem: `not_found`; `conflict`, if it neither failed nor was cancelled.
        """
        with self._database.writing() as connection:
            before = _there(job(tenant, connection, job_id), job_id)
            if before.state not in ("failed", "cancelled"):
                raise Problem(
                    "conflict",
                    "Only what failed or was cancelled is tried again.",
                    came=before.state,
                    expected="failed or cancelled",
                )
            return _there(retry_job(tenant, connection, job_id), job_id)


def _there(found: Job | None, job_id: str) -> Job:
    if found is None:
        raise Problem("not_found", "There is no such job.", came=job_id)
    return found
