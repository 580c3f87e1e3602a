"""`/health/live`, `/health/ready` and `/metrics`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from warum_api.observing.metrics import Metrics
from warum_api.problems import Problem, documented


class Check(Protocol):
    """Something that has to be there before the service can work."""

    async def __call__(self) -> str | None:
        """None if it is there, else what is missing, in one sentence."""


class Alive(BaseModel):
    """The process answers."""

    model_config = ConfigDict(json_schema_extra={"example": {"status": "alive"}})

    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    """Everything is there."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"status": "ready", "checks": {"model": "ready"}}}
    )

    status: Literal["ready"] = "ready"
    checks: dict[str, Literal["ready"]] = Field(description="What was looked at.")


def health_routes(checks: Mapping[str, Check], metrics: Metrics) -> APIRouter:
    """The routes that operators ask.

    Args:
        checks: What has to be there, by name.
        metrics: What `/metrics` shows.
    """
    router = APIRouter(tags=["operation"])

    @router.get("/health/live", summary="Is the process alive?", responses=documented())
    async def live() -> Alive:
        return Alive()

    @router.get(
        "/health/ready", summary="Can it work?", responses=documented("not_ready")
    )  # fmt: skip
    async def ready() -> Ready:
        missing = {name: why for name, check in checks.items() if (why := await check())}
        if missing:
            told = {name: missing.get(name, "ready") for name in checks}
            detail = " ".join(missing.values())
            raise Problem("not_ready", detail, headers={"Retry-After": "1"}, checks=told)
        return Ready(checks=dict.fromkeys(checks, "ready"))

    @router.get(
        "/metrics",
        summary="Prometheus metrics",
        response_class=Response,
        responses={
            200: {
                "description": "The text format of Prometheus.",
                "content": {"text/plain": {"schema": {"type": "string"}}},
            },
            **documented(),
        },
    )
    def numbers() -> Response:  # in a thread: the database may be asked
        page, media_type = metrics.page()
        return Response(page, headers={"content-type": media_type})

    return router
