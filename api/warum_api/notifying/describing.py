"""What subscribers get, for the `webhooks` of OpenAPI; never answered here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header
from pydantic import BaseModel, Field

from warum_api.notifying.events import EventKind
from warum_api.notifying.signing import DELIVERY_HEADER, EVENT_HEADER, SIGNATURE_HEADER

TOLD = """\
Sent to the `url` of a webhook with `form: json`. Check `Warum-Signature` (see "Add a webhook"), refuse a time more than
five minutes away, act on each `id` once, and answer 2xx within ten seconds; anything else is tried again for a day.
"""


class EventBody(BaseModel):
    """What a webhook is told."""

    id: str = Field(description="Of the delivery: the same when it is repeated.")
    event: str = Field(description="Of what happened: the same for all who are told of it.")
    type: EventKind = Field(description="What happened.")
    created: datetime = Field(description="When.")
    project: str | None = Field(description="Where; null for a test.")
    data: dict[str, Any] = Field(
        description="`alert.raised`: category, what was seen and expected, ids of comments. `job.finished`: `job`, "
        "`what` and `links`. `job.failed`: `job`, `what`, `code`, `detail` and `attempt`."
    )


def told_routes() -> APIRouter:
    """The bodies that are sent, as routes of nobody: for `app.webhooks`."""
    router = APIRouter(tags=["webhooks"])

    @router.post(
        "event",
        operation_id="webhooks_event",
        summary="An event",
        description=TOLD,
        status_code=204,
    )
    def event(
        body: Annotated[EventBody, Body(openapi_examples=_EXAMPLES)],
        signature: Annotated[str, Header(alias=SIGNATURE_HEADER, description="`t=…,v1=…`")],
        delivery: Annotated[str, Header(alias=DELIVERY_HEADER, description="`id` of the body.")],
        kind: Annotated[str, Header(alias=EVENT_HEADER, description="`type` of the body.")],
    ) -> None:
        """Describes only."""

    return router


def _example(kind: EventKind, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "dlv_2c6e0d5b9a7f4e31",
        "event": "evt_5257a869e7ecebeda32affa62cdca3fa",
        "type": kind,
        "created": "2026-03-02T06:00:00+00:00",
        "project": "prj_9fb01f0665c84b7283be",
        "data": data,
    }


_JOB = "job_73ed1b27df42c1dc3f56"
_EXAMPLES: dict[str, Any] = {
    "alert": {
        "summary": "More complaints of one kind than chance explains",
        "value": _example(
            "alert.raised",
            {
                "day": "2026-03-01", "until": "2026-03-01", "began": "2026-03-01",
                "kind": "spike", "direction": "rise",
                "category": "digital.stability",
                "title": {"en": "Stability and speed online", "de": "Stabilität und Tempo"},
                "polarity": "negative", "by": "branch", "value": "Lindenau",
                "seen": 14, "occasions": 60, "people": 57,
                "expected": {"value": 3.1, "low": 0.0, "high": 7.0},
                "p": 0.000004, "method": "beta-binomial, lord", "caveats": [],
                "comments": [{"id": "R0043"}, {"id": "R0044"}], "comments_total": 14,
            },
        ),
    },
    "finished": {
        "summary": "A job is done",
        "value": _example(
            "job.finished",
            {"job": _JOB, "what": "report", "links": {"report": f"/v1/jobs/{_JOB}/report"}},
        ),
    },
    "failed": {
        "summary": "A job was given up",
        "value": _example(
            "job.failed",
            {"job": _JOB, "what": "analyze", "code": "column",
             "detail": "The file has no column 'comment'.", "attempt": 1},
        ),
    },
}  # fmt: skip
