"""What the framework refuses by itself, said as problems: unknown paths, bodies that are no JSON, odd values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from warum_api.problems import Fault, Problem, shortened


def add_handlers(app: FastAPI) -> None:
    """Answer every refusal of the app, FastAPI's own included, with a problem document."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return (error if isinstance(error, Problem) else translated(request, error)).response()

    async def invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return of_validation(error.errors(), error.body).response()

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, invalid)


def translated(request: Request, error: HTTPException) -> Problem:
    """A refusal of the framework as a problem."""
    codes = {status: code for code, status in _OF_FRAMEWORK}
    code = codes.get(error.status_code, "bad_request" if error.status_code < 500 else "internal")
    headers = {**(error.headers or {})}
    if code == "malformed_json":
        return Problem(code, "Send UTF-8 JSON, nested less than a few hundred levels deep.")
    if code == "method_not_allowed":
        allowed = _methods_of(request)
        headers = {"Allow": allowed}
        detail = f"{request.url.path} is not asked with {request.method}."
        return Problem(code, detail, came=request.method, expected=allowed, headers=headers)
    detail = "/openapi.json lists all paths." if code == "not_found" else str(error.detail)
    came = request.url.path if code == "not_found" else None
    return Problem(code, detail, came=came, headers=headers)


def _methods_of(request: Request) -> str:
    """The methods of a path, in alphabetical order.

    Each is tried: the framework names those of the first route that has the path, and its routers name none.
    """
    found = [
        method
        for method in _METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]
    return ", ".join(found)


_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


_OF_FRAMEWORK = (
    ("malformed_json", 400),
    ("not_found", 404),
    ("method_not_allowed", 405),
    ("body_too_large", 413),
    ("unsupported_media_type", 415),
    ("too_many_requests", 429),
)


def of_validation(errors: Sequence[Any], body: object) -> Problem:
    """Pydantic's errors about a request as one problem."""
    first = errors[0]
    if first["type"] == "json_invalid":
        where, why = first["loc"][-1], first.get("ctx", {}).get("error", "no JSON")
        return Problem("malformed_json", f"{why} at character {where}.", expected="a JSON object")
    faults = [_fault(error, body).model_dump(exclude_none=True) for error in errors[:20]]
    more = "" if len(errors) <= 20 else f" (the first 20 of {len(errors)})"
    return Problem(
        "invalid_request",
        f"{faults[0]['pointer'] or 'The request:'} {faults[0]['detail']}{more}.",
        came=faults[0].get("came"),
        errors=faults,
    )


_WORDING = {
    "missing": "is missing",
    "extra_forbidden": "is not a known key",
    "string_type": "must be a string",
    "string_unicode": "holds half a character (a lone surrogate)",
    "int_type": "must be a whole number",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    "string_too_short": "must have at least {min_length} character(s)",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length}, not {actual_length}",
    "too_long": "must have at most {max_length}, not {actual_length}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "greater_than": "must be more than {gt}",
    "less_than": "must be less than {lt}",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "literal_error": "must be {expected}",
}


def wording(error: Mapping[str, Any]) -> str:
    """What is wrong by one of pydantic's errors, to stand behind the place where it is."""
    template = _WORDING.get(error["type"])
    if template is None:
        return str(error["msg"]).removeprefix("Value error, ")
    return template.format(**error.get("ctx", {}))


def _fault(error: Mapping[str, Any], body: object) -> Fault:
    came = error.get("input")
    missing = error["type"] == "missing"
    where, said = error["loc"], wording(error)
    in_body = where[:1] in (("body",), ["body"])
    return Fault(
        pointer=pointer(where, body) if in_body else "",
        detail=said if in_body else f"{' '.join(map(str, where))}: {said}",
        came=None if missing or came is None or came == body else shortened(came),
    )


def pointer(place: Sequence[int | str], body: object) -> str:
    """The JSON Pointer to a place in the body.

    Args:
        place: Where pydantic says it is: "body", then the keys, with names of alternatives of a union
            between them.
        body: The body, which tells keys from such names.
    """
    parts, here = [], body
    steps = place[1:]
    for last, step in ((i == len(steps) - 1, step) for i, step in enumerate(steps)):
        if isinstance(here, Mapping) and (step in here or last):
            here = here.get(step)
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            continue
        parts.append(str(step).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{part}" for part in parts)
