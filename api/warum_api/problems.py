"""Everything that the service refuses, as problem documents (RFC 9457) of one shape.

A code is looked up in `CATALOGUE`, which fixes its status and title; what came and what was expected is said
where the problem is raised. Request ids stand in headers only, so that the same request gets the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
LONGEST_CAME = 120  # characters of what came that are sent back


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its HTTP status, and a title that never changes."""

    status: int
    title: str


CATALOGUE: Mapping[str, Kind] = MappingProxyType({
    "malformed_json": Kind(400, "The body is no JSON"),
    "undecodable_body": Kind(400, "The body cannot be decompressed"),
    "bad_request": Kind(400, "The request cannot be understood"),
    "no_key": Kind(401, "A key is needed"),
    "wrong_key": Kind(401, "The key opens nothing"),
    "bad_signature": Kind(401, "The signature or the shared secret is not right"),
    "not_on_loopback": Kind(403, "Without keys the service answers on loopback only"),
    "foreign_form": Kind(403, "The form does not come from our own page"),
    "missing_scope": Kind(403, "The key does not allow this"),
    "not_found": Kind(404, "There is nothing at this path"),
    "method_not_allowed": Kind(405, "The path does not know this method"),
    "not_acceptable": Kind(406, "None of the accepted types can be sent"),
    "body_timeout": Kind(408, "The body did not arrive in time"),
    "conflict": Kind(409, "What is asked for contradicts what is stored"),
    "key_in_use": Kind(409, "The Idempotency-Key belongs to another request"),
    "body_too_large": Kind(413, "The body is too large"),
    "unsupported_media_type": Kind(415, "The body is of a type that is not read here"),
    "invalid_request": Kind(422, "The request is not of the expected form"),
    "unknown_taxonomy": Kind(422, "There is no such taxonomy"),
    "broken_taxonomy": Kind(422, "The taxonomy cannot be used"),
    "unreadable_file": Kind(422, "The file cannot be read"),
    "refused_address": Kind(422, "This address is not called"),
    "too_many_requests": Kind(429, "Too many requests"),
    "internal": Kind(500, "Something went wrong in the service"),
    "not_ready": Kind(503, "The service is not ready"),
    "issuer_silent": Kind(503, "The issuer of the token does not answer"),
    "overloaded": Kind(503, "The service has too much to do"),
    "deadline": Kind(504, "The deadline passed"),
})  # fmt: skip


class Problem(HTTPException):
    """A refusal, raised anywhere below a route.

    Args:
        code: A key of `CATALOGUE`.
        detail: One sentence: what is wrong and what to do.
        came: What came, shortened; None where there is nothing to show.
        expected: What was expected; None likewise.
        headers: Headers of the response, such as `Retry-After`.
        **extensions: Further members of the document.

    Raises:
        KeyError: If the code is not in the catalogue.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        came: object = None,
        expected: str | None = None,
        headers: Mapping[str, str] | None = None,
        **extensions: Any,  # noqa: ANN401 - whatever JSON can hold
    ) -> None:
        kind = CATALOGUE[code]
        super().__init__(kind.status, detail, dict(headers or {}))
        self.code, self.kind = code, kind
        self.came = None if came is None else shortened(came)
        self.expected, self.extensions = expected, extensions

    def document(self) -> dict[str, Any]:
        """The problem document; members that say nothing are left out."""
        said = {
            "type": f"urn:warum:problem:{self.code}",
            "title": self.kind.title,
            "status": self.kind.status,
            "code": self.code,
            "detail": self.detail,
            "came": self.came,
            "expected": self.expected,
            **self.extensions,
        }
        return {name: value for name, value in said.items() if value is not None}

    def response(self) -> Response:
        """The response that carries it."""
        body = json.dumps(self.document(), ensure_ascii=True).encode("ascii")
        return Response(body, self.kind.status, dict(self.headers or {}), MEDIA_TYPE)


def shortened(value: object) -> str:
    """A value as it is shown in a problem: text as it is, the rest as JSON, at most 120 characters."""
    if isinstance(value, bytes):
        value = value[: LONGEST_CAME + 1].decode("utf-8", "replace")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= LONGEST_CAME else text[:LONGEST_CAME] + "…"


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    model_config = ConfigDict(frozen=True)

    pointer: str = Field(
        description="JSON Pointer (RFC 6901) to the place in the body; empty where it is not in the body."
    )
    detail: str = Field(description="What was expected there.")
    came: str | None = Field(default=None, description="What stood there, shortened.")


class ProblemDocument(BaseModel):
    """A refusal (RFC 9457, `application/problem+json`)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "urn:warum:problem:unknown_taxonomy",
                "title": "There is no such taxonomy",
                "status": 422,
                "code": "unknown_taxonomy",
                "detail": "Name a built-in taxonomy, or send one as an object.",
                "came": "retail",
                "expected": "one of: cx",
            }
        }
    )

    type: str = Field(description="URN of the kind of problem.")
    title: str = Field(description="The kind of problem in words; the same for each of its kind.")
    status: int = Field(description="The HTTP status.", ge=400, le=599)
    code: str = Field(
        description="Short name of the kind of problem; stable.",
        json_schema_extra={"enum": list(CATALOGUE)},
    )
    detail: str = Field(description="What is wrong here, and what to do.")
    came: str | None = Field(default=None, description="What came, shortened.")
    expected: str | None = Field(default=None, description="What was expected.")
    errors: list[Fault] | None = Field(
        default=None, description="With `invalid_request`: each thing that is wrong."
    )


def documented(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The problems of a route, for its `responses` in OpenAPI.

    Args:
        *codes: Codes that the route itself can answer with; those that every route can (`internal`,
            `method_not_allowed`, …) are in `default`.
    """
    by_status: dict[int | str, list[str]] = {}
    for code in codes:
        by_status.setdefault(CATALOGUE[code].status, []).append(code)
    listed = {
        status: _documented("; ".join(f"`{c}`: {CATALOGUE[c].title}" for c in found))
        for status, found in by_status.items()
    }
    return {**listed, "default": _documented("Any other problem, such as `internal`.")}


def _documented(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    return {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}
