"""The routes to which support tools send their webhooks."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, Field

from warum.caveats import Ui
from warum_api.adapting.adapters import Ready, Tool
from warum_api.adapting.answering import Answering
from warum_api.adapting.excerpts import Reason
from warum_api.adapting.rules import Urgency
from warum_api.engine.deadlines import Deadline
from warum_api.problems import Fault, documented

_PROBLEMS = documented(
    "malformed_json", "bad_signature", "not_found", "body_too_large", "invalid_request",
    "not_ready", "overloaded", "deadline",
)  # fmt: skip

ZENDESK = """\
Reads what a customer wrote in a ticket and says where it belongs. Takes the events `ticket.created` and
`ticket.comment_added` (subscribe to one of them), and bodies of triggers with `ticket_id` and `comment`. What agents
write is not read. Requests are checked by Zendesk's signature and its time.
"""
FRESHDESK = """\
Reads what a customer wrote in a ticket and says where it belongs. Takes what automation rules send, from the simple
and the advanced editor. The shared secret comes as `X-Warum-Secret` or as the password of HTTP Basic.
"""
JSON = """\
Reads messages out of any JSON, by the adapter's mapping (JSONPath, RFC 9535), and says where each belongs. A record
that cannot be used is an error entry in its place. The shared secret comes as `X-Warum-Secret` or as the password of
HTTP Basic.
"""


class HeldOut(BaseModel):
    """A condition of the row that fired."""

    part: Literal["intent", "emotion", "polarity", "category", "otherwise"]
    came: str | None
    confidence: float | None
    expected: list[str]
    least: float | None = Field(description="The probability that the row asks for.")


class WhyOut(BaseModel):
    """Which part of the rule fired."""

    row: str = Field(description="The row of the rule that set the urgency.")
    held: list[HeldOut] = Field(description="Its conditions, each with what came.")
    owner_from: Literal["category", "fallback"] | None
    sentences: list[str] = Field(description="The same in English or German.")


class EvidenceOut(BaseModel):
    """What gave the category."""

    text: str = Field(description="With personal data blacked out.")
    start: int = Field(
        description="In the text as it was sent, HTML included; in the subject, if that was read."
    )
    end: int


class CutOut(BaseModel):
    """A part of the text that was not read: places in the text as it was sent."""

    start: int
    end: int
    reason: Reason


class RoutedOut(BaseModel):
    """Where a message belongs."""

    id: str | int
    ticket: str | int | None
    customer: str | int | None
    date: str | None
    score: float | None
    category: str | None
    title: str | None
    owner: str | None = Field(description="Who looks after the category, as the taxonomy says.")
    urgency: Urgency
    priority: str | int | None = Field(description="The urgency as the tool's own API takes it.")
    confidence: float | None = Field(description="Of the category.")
    evidence: EvidenceOut | None
    language: str | None
    polarity: Literal["negative", "neutral", "positive"] | None
    emotion: str | None
    intent: str | None
    why: WhyOut
    read: Literal["text", "subject"]
    cut: list[CutOut]


class BadOut(BaseModel):
    """Why a message was not read."""

    code: Literal["invalid_record", "text_too_long", "unreadable"]
    message: str
    errors: list[Fault] | None = None


class BadEntry(BaseModel):
    """Stands in the place of a result."""

    id: str | int | None
    error: BadOut


class NamedOut(BaseModel):
    """Something with a name and a version or hash."""

    name: str
    version: str | None = None
    hash: str | None = None


class SkippedOut(BaseModel):
    """Why there was nothing to read."""

    code: Literal["staff", "private", "other_event"]
    message: str


class AdaptedOut(BaseModel):
    """What was read, and where it belongs."""

    model: NamedOut
    taxonomy: NamedOut
    rule: NamedOut
    ticket: str | int | None
    skipped: SkippedOut | None
    results: list[RoutedOut | BadEntry]


def adapter_routes(answering: Answering[Ready], deadline_seconds: float) -> APIRouter:
    """One route for each tool.

    Args:
        answering: Answers.
        deadline_seconds: Most seconds that a request may take.
    """
    router = APIRouter(tags=["adapters"])

    def add(tool: Tool, summary: str, description: str) -> None:
        async def adapted(
            request: Request,
            adapter: str,
            accept_language: Annotated[
                str | None, Header(description="Of titles and sentences: `de`, else English.")
            ] = None,
        ) -> Response:
            deadline = Deadline.after(deadline_seconds)
            ui: Ui = "de" if (accept_language or "").lower().startswith("de") else "en"
            body = await answering.answer(
                tool, adapter, dict(request.headers), await request.body(), ui=ui, deadline=deadline
            )
            return Response(body, media_type="application/json", headers={"content-language": ui})

        adapted.__name__ = f"from_{tool}"
        router.post(
            f"/v1/adapters/{tool}/{{adapter}}",
            summary=summary,
            description=description,
            response_class=Response,
            responses={200: {"model": AdaptedOut, "description": "Read."}, **_PROBLEMS},
            openapi_extra={"requestBody": _BODIES[tool]},
        )(adapted)

    add("zendesk", "Take a webhook of Zendesk", ZENDESK)
    add("freshdesk", "Take a webhook of Freshdesk", FRESHDESK)
    add("json", "Take any JSON by a mapping", JSON)
    return router


def _body(example: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    media = {"schema": {}, "example": example}
    return {"required": True, "content": {"application/json": media}}


_BODIES: dict[Tool, dict[str, Any]] = {
    "zendesk": _body({"ticket_id": "35436", "comment": "The app crashes when I pay.", "requester_id": "20978392"}),
    "freshdesk": _body({"freshdesk_webhook": {"ticket_id": 11, "ticket_description": "<div>The app crashes.</div>"}}),
    "json": _body({"reviews": [{"id": 7, "body": "Great service", "stars": 5}]}),
}  # fmt: skip
