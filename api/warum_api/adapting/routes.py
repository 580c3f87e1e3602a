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

    part: Literal["intent", "emotion", "polarity", "category", "otherwise"] = Field(
        description="What was compared; `otherwise`: the last row, which asks for nothing."
    )
    came: str | None = Field(description="What the text was read as; null where it was not told.")
    confidence: float | None = Field(description="The model's probability of it, 0..1.")
    expected: list[str] = Field(description="What the row asks for, any of them.")
    least: float | None = Field(description="The probability that the row asks for.")


class WhyOut(BaseModel):
    """Which part of the rule fired."""

    row: str = Field(description="The row of the rule that set the urgency.")
    held: list[HeldOut] = Field(description="Its conditions, each with what came.")
    owner_from: Literal["category", "fallback"] | None = Field(
        description="Null where there is no owner."
    )
    sentences: list[str] = Field(description="The same in English or German.")


class EvidenceOut(BaseModel):
    """What gave the category."""

    text: str = Field(description="With personal data blacked out.")
    start: int = Field(
        description="In the text as it was sent, HTML included; in the subject, if that was read."
    )
    end: int = Field(description="Behind its last character.")


class CutOut(BaseModel):
    """A part of the text that was not read: places in the text as it was sent."""

    start: int
    end: int = Field(description="Behind its last character.")
    reason: Reason = Field(description="Why it was not read.")


class RoutedOut(BaseModel):
    """Where a message belongs."""

    id: str | int = Field(description="Of the message, as the tool names it.")
    ticket: str | int | None = Field(description="As the tool names it.")
    customer: str | int | None = Field(description="As the tool names them.")
    date: str | None = Field(description="As it was sent.")
    score: float | None = Field(description="As it was sent; never read from the text.")
    category: str | None = Field(
        description="Code of the surest category; null where there is none."
    )
    title: str | None = Field(description="Of the category.")
    owner: str | None = Field(description="Who looks after the category, as the taxonomy says.")
    urgency: Urgency = Field(description="By the rule.")
    priority: str | int | None = Field(description="The urgency as the tool's own API takes it.")
    confidence: float | None = Field(description="Of the category.")
    evidence: EvidenceOut | None
    language: str | None = Field(description="ISO 639-1 code.")
    polarity: Literal["negative", "neutral", "positive"] | None = Field(
        description="Of the whole text."
    )
    emotion: str | None = Field(description="Null where the model tells none.")
    intent: str | None = Field(description="Null where the model tells none.")
    why: WhyOut
    read: Literal["text", "subject"] = Field(
        description="What was read: the text, or the subject where it has none."
    )
    cut: list[CutOut] = Field(description="What was left out of the text, such as quoted mails.")


class BadOut(BaseModel):
    """Why a message was not read."""

    code: Literal["invalid_record", "text_too_long", "unreadable"] = Field(description="Stable.")
    message: str = Field(description="What is wrong.")
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

    code: Literal["staff", "private", "other_event"] = Field(description="Stable.")
    message: str = Field(description="The same in words.")


class AdaptedOut(BaseModel):
    """What was read, and where it belongs."""

    model: NamedOut
    taxonomy: NamedOut
    rule: NamedOut
    ticket: str | int | None = Field(description="As the tool names it; null where there is none.")
    skipped: SkippedOut | None = Field(description="Null where something was read.")
    results: list[RoutedOut | BadEntry] = Field(
        description="One per message, in the order of the request."
    )


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
