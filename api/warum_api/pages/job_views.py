"""Jobs: started, watched, cancelled, tried again."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from warum_api.guarding.principals import Principal
from warum_api.pages.doors import Reader, Sent, Writer, shell_of
from warum_api.pages.routing import page_router
from warum_api.problems import Problem
from warum_api.projects.keeping import Keeping
from warum_api.storing.jobs import Job
from warum_api.working.submitting import Jobs

_ID = "/projects/{project}/jobs/{job}"


def job_views(keeping: Keeping, jobs: Jobs) -> APIRouter:
    """The views.

    Args:
        keeping: Has the projects.
        jobs: Has the jobs.
    """
    router = page_router()

    @router.post("/projects/{project}/jobs")
    def start(request: Request, project: str, caller: Writer, _: Sent) -> Response:
        made = jobs.submit(caller.tenant, caller.who, project, "analyze", {})
        return shell_of(request).go(request, _ID.format(project=project, job=made.id))

    @router.get(_ID)
    def watched(request: Request, project: str, job: str, caller: Reader) -> Response:
        of, _ = keeping.one(caller.tenant, project)
        facts = facts_of(job_of(jobs, caller, project, job))
        return shell_of(request).page(
            request, "job.html.j2", project=of, here="data", project_id=of.id, **facts
        )

    @router.get(f"{_ID}/state")
    def state(request: Request, project: str, job: str, caller: Reader) -> Response:
        facts = facts_of(job_of(jobs, caller, project, job))
        return shell_of(request).page(request, "job_state.html.j2", project_id=project, **facts)

    @router.post(f"{_ID}/cancel")
    def cancel(request: Request, project: str, job: str, caller: Writer, _: Sent) -> Response:
        jobs.cancel(caller.tenant, caller.who, job_of(jobs, caller, project, job).id)
        return shell_of(request).go(request, _ID.format(project=project, job=job))

    @router.post(f"{_ID}/retry")
    def retry(request: Request, project: str, job: str, caller: Writer, _: Sent) -> Response:
        jobs.retry(caller.tenant, job_of(jobs, caller, project, job).id)
        return shell_of(request).go(request, _ID.format(project=project, job=job))

    return router


def job_of(jobs: Jobs, caller: Principal, project: str, job: str) -> Job:
    """A job of a project.

    Raises:
        Problem: `not_found`.
    """
    found = jobs.one(caller.tenant, job)
    if found.project != project:
        raise Problem("not_found", "There is no such job.", came=job)
    return found


def facts_of(job: Job) -> dict[str, Any]:
    """What is shown of a job.

    Returns:
        The job; what is done of it (0..100), None while nobody knows; and whether it goes on.
    """
    share = None if not job.total else min(100, int(100 * job.done / job.total))
    ended = job.state in ("done", "failed", "cancelled")
    return {"job": job, "share": share, "ended": ended, "stopping": job.cancel and not ended}
