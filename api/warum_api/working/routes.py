"""The routes of jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response
from pydantic import BaseModel, Field

from warum_api.guarding.scopes import Reader, Writer
from warum_api.problems import documented
from warum_api.storing.jobs import Job, JobState
from warum_api.working.forms import EXAMPLES, AnalyzeJob, ReportJob, TrainJob, WhyJob
from warum_api.working.submitting import Jobs


class FailedOut(BaseModel):
    """Why a job failed."""

    code: str = Field(description="Stable.")
    detail: str = Field(description="What is wrong, and what to do.")


class JobOut(BaseModel):
    """A job."""

    id: str
    project: str | None
    kind: str = Field(description="`analyze`, `why`, `report` or `train`.")
    state: JobState = Field(description="What has become of it.")
    done: int = Field(description="Units done, such as comments read.")
    total: int | None = Field(description="Null while unknown.")
    cancelling: bool = Field(description="Whether it was asked to stop, and has not yet.")
    result: dict[str, Any] | None = Field(description="Counts and `links`, once it is done.")
    error: FailedOut | None = Field(description="Null unless it failed.")
    created: datetime
    started: datetime | None = Field(description="Null while it waits.")
    finished: datetime | None = Field(description="Null while it is not over.")


_ID = "/v1/jobs/{job}"
_FOUND = documented("not_found", "invalid_request")


def job_routes(jobs: Jobs) -> APIRouter:
    """The routes.

    Args:
        jobs: Answers.
    """
    router = APIRouter(tags=["jobs"])

    @router.post(
        "/v1/projects/{project}/jobs",
        status_code=202,
        summary="Submit a job",
        description="`Location` of the answer says where its progress is. It survives a restart of the service.",
        responses=documented(
            "malformed_json", "missing_scope", "not_found", "conflict", "invalid_request", "too_many_requests"
        ),
    )  # fmt: skip
    def submit(
        project: str,
        asked: Annotated[
            AnalyzeJob | WhyJob | ReportJob | TrainJob,
            Body(discriminator="kind", openapi_examples=EXAMPLES),
        ],
        caller: Writer,
        response: Response,
    ) -> JobOut:
        params = asked.model_dump(exclude={"kind"}, exclude_none=True)
        made = jobs.submit(caller.tenant, caller.who, project, asked.kind, params)
        response.headers["Location"] = f"/v1/jobs/{made.id}"
        return _shown(made)

    @router.get("/v1/jobs", summary="List jobs, newest first", responses=_FOUND)
    def listed(
        caller: Reader,
        project: Annotated[str | None, Query(max_length=64)] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> list[JobOut]:
        return [_shown(one) for one in jobs.all(caller.tenant, project, limit)]

    @router.get(_ID, summary="State, progress and result of a job", responses=_FOUND)
    def one(job: str, caller: Reader) -> JobOut:
        return _shown(jobs.one(caller.tenant, job))

    @router.post(
        f"{_ID}/cancel",
        status_code=202,
        summary="Stop a job",
        responses=documented("missing_scope", "not_found", "invalid_request"),
    )
    def cancel(job: str, caller: Writer) -> JobOut:
        return _shown(jobs.cancel(caller.tenant, caller.who, job))

    @router.post(
        f"{_ID}/retry",
        status_code=202,
        summary="Try a failed or cancelled job again",
        responses=documented("missing_scope", "not_found", "conflict", "invalid_request"),
    )
    def retry(job: str, caller: Writer) -> JobOut:
        return _shown(jobs.retry(caller.tenant, job))

    return router


def _shown(job: Job) -> JobOut:
    error = job.error
    return JobOut(
        id=job.id,
        project=job.project,
        kind=job.kind,
        state=job.state,
        done=job.done,
        total=job.total,
        cancelling=job.cancel and job.state == "running",
        result=None if job.result is None else dict(job.result),
        error=None if error is None else FailedOut(code=error["code"], detail=error["detail"]),
        created=job.created_at,
        started=job.started_at,
        finished=job.finished_at,
    )
