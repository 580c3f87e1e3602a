"""The routes of jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from warum_api.guarding.scopes import Reader, Writer
from warum_api.problems import documented
from warum_api.storing.jobs import Job, JobState
from warum_api.working.submitting import Jobs


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class QuestionIn(_Strict):
    """What is asked of the "why", as the options of `warum why`."""

    before: str | None = Field(default=None, max_length=40, description="First period of a change.")
    after: str | None = Field(default=None, max_length=40, description="Second period.")
    compare: str | None = Field(default=None, max_length=300, description="`COLUMN=A,B`.")
    since: str | None = Field(default=None, max_length=40)
    until: str | None = Field(default=None, max_length=40)
    where: list[str] = Field(default=[], max_length=20, description="Each `COLUMN=VALUE`.")
    segment: str | None = Field(default=None, max_length=200)
    by_polarity: bool = False
    level_model: Literal["linear", "ordered", "multinomial"] | None = None
    what_if: list[str] = Field(default=[], max_length=20, description="Each `CATEGORY=-33%`.")
    value_per_point: float | None = None
    cost: float | None = Field(default=None, ge=0)
    level: float = Field(default=0.95, ge=0.5, lt=1, description="Of the intervals.")
    draws: int = Field(default=1_000, ge=200, le=10_000, description="Bootstrap draws.")
    seed: int = Field(default=0, ge=0, le=2**31)
    ui: Literal["en", "de"] = Field(default="en", description="Language of the report.")
    control: list[str] = Field(default=[], max_length=20)


class AnalyzeJob(_Strict):
    """Read all comments of a project and estimate what lies behind its scores."""

    kind: Literal["analyze"]
    model: Literal["auto", "accurate", "fast"] | None = Field(
        default=None, description="Left out: the service's."
    )
    min_group: int | None = Field(default=None, ge=1, le=1_000, description="Least group shown.")
    satisfied_from: float | None = Field(default=None, description="For CSAT.")


class WhyJob(_Strict):
    """Ask for the reasons, from the current result."""

    kind: Literal["why"]
    question: QuestionIn = QuestionIn()
    alerts: bool = Field(
        default=False,
        description="Go on from the last such job: what has gone wrong since is told to webhooks, each once. "
        "The first one tells nothing and sets the beginning.",
    )


class FailedOut(BaseModel):
    """Why a job failed."""

    code: str
    detail: str


class JobOut(BaseModel):
    """A job."""

    id: str
    project: str | None
    kind: str
    state: JobState
    done: int = Field(description="Units done, such as comments read.")
    total: int | None = Field(description="Null while unknown.")
    cancelling: bool
    result: dict[str, Any] | None = Field(description="Counts and `links`, once it is done.")
    error: FailedOut | None
    created: datetime
    started: datetime | None
    finished: datetime | None


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
            AnalyzeJob | WhyJob, Body(discriminator="kind", openapi_examples=_EXAMPLES)
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


_EXAMPLES: dict[str, Any] = {
    "analyze": {"summary": "Analyse the project", "value": {"kind": "analyze"}},
    "why": {
        "summary": "Why the metric moved",
        "value": {"kind": "why", "question": {"before": "2026-Q1", "after": "2026-Q2"}},
    },
}


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
