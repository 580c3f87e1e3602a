"""The route `POST /v1/analyze`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Header, Request, Response

from warum.caveats import Ui
from warum_api.analyzing.analyzer import Analyzer
from warum_api.analyzing.examples import ANALYZED, REQUESTS
from warum_api.analyzing.schemas import AnalyzeReply, AnalyzeRequest
from warum_api.engine.deadlines import Deadline
from warum_api.guarding.principals import Caller
from warum_api.observing.requests import note
from warum_api.problems import Problem, documented

DESCRIPTION = """\
Reads 1 to 1,000 comments and answers at once, in the order of the request.

- **One bad comment is an error entry in its place** (`{"id", "error"}`), never a failed request.
- **The same request gets the same bytes.** What a comment reads as does not depend on the others. Request id and
  time stand in the headers `X-Request-ID` and `Server-Timing`.
- An id may stand twice: `results[i]` belongs to `comments[i]`.
- What a comment says of itself (`language`, `question`, `source`) wins over what is said of all.
- Titles and messages come in English, or in German with `Accept-Language: de`.
- Personal data (e-mail addresses, phone, account and card numbers) is blacked out in `evidence`.
- The body may be compressed with gzip.
"""


def analyze_routes(analyzer: Analyzer, deadline: float) -> APIRouter:
    """The route, answered by an analyzer.

    Args:
        analyzer: Answers.
        deadline: Most seconds that a request may take.
    """
    router = APIRouter(tags=["analyze"])

    @router.post(
        "/v1/analyze",
        summary="Read comments",
        description=DESCRIPTION,
        response_class=Response,
        dependencies=[Depends(json_only)],
        responses={
            200: {
                "model": AnalyzeReply,
                "description": "What was read; `results[i]` belongs to `comments[i]`.",
                "content": {"application/json": {"examples": ANALYZED}},
                "headers": {
                    "Content-Language": {
                        "description": "Language of titles and messages.",
                        "schema": {"type": "string", "enum": ["en", "de"]},
                    }
                },
            },
            **documented(
                "malformed_json", "undecodable_body", "not_on_loopback", "body_timeout",
                "body_too_large", "unsupported_media_type", "invalid_request", "unknown_taxonomy",
                "broken_taxonomy", "not_ready", "overloaded", "deadline",
            ),
        },
    )  # fmt: skip
    async def analyze(
        request: Request,
        caller: Caller,
        asked: Annotated[AnalyzeRequest, Body(openapi_examples=REQUESTS)],
        accept_language: Annotated[
            str | None,
            Header(description="Language of titles and messages: `de`, else English."),
        ] = None,
        x_deadline_ms: Annotated[
            int | None,
            Header(
                ge=1,
                le=3_600_000,
                description="Milliseconds that the request may take, if fewer than the service allows.",
            ),
        ] = None,
    ) -> Response:
        ui = preferred(accept_language)
        seconds = min(deadline, x_deadline_ms / 1000) if x_deadline_ms else deadline
        done = await analyzer.analyze(asked, ui=ui, deadline=Deadline.after(seconds))
        note(request.scope, tenant=caller.tenant, comments=len(asked.comments))
        return Response(
            done.body,
            media_type="application/json",
            headers={"content-language": ui, "vary": "Accept-Language"},
        )

    return router


async def json_only(request: Request) -> None:
    """Refuse a body that does not say that it is JSON.

    Raises:
        Problem: `unsupported_media_type`.
    """
    came = request.headers.get("content-type", "")
    kind = came.partition(";")[0].strip().lower()
    if kind != "application/json" and not (
        kind.startswith("application/") and kind.endswith("+json")
    ):
        raise Problem(
            "unsupported_media_type",
            "Send JSON, and say so.",
            came=f"Content-Type: {came}" if came else "no Content-Type",
            expected="Content-Type: application/json",
        )


def preferred(accept_language: str | None) -> Ui:
    """The language out of `Accept-Language` that titles come in: German where it is wanted more than English."""
    best: tuple[float, Ui] = (0.0, "en")
    for part in (accept_language or "").split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        primary = name.strip().partition("-")[0].lower()
        if primary in ("de", "en") and weight > best[0]:
            best = (weight, "de" if primary == "de" else "en")
    return best[1]
