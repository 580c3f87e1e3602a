"""Query parameters that a route does not know: a filter that is misspelt would else show everything, without a word."""

from __future__ import annotations

from difflib import get_close_matches

from fastapi import Request, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute

from warum_api.problems import LONGEST_CAME, Fault, Problem

STRICT = "/v1/"
"""Paths of programs; a person's browser may bring parameters of others to a page."""


async def known_query(request: Request) -> None:
    """The dependency of the whole app, so that it holds for every route to come.

    Raises:
        Problem: `invalid_request`, which names what came and what the route knows.
    """
    route = request.scope.get("route")
    if (
        not request.scope["query_string"]
        or not request.scope["path"].startswith(STRICT)
        or not isinstance(route, APIRoute)
    ):
        return
    known = names_of(route)
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known]
    if not unknown:
        return
    faults = [
        Fault(pointer="", detail=f"query {_short(name)}: is not a known parameter{_meant(name, known)}")
        for name in unknown[:20]
    ]  # fmt: skip
    more = "" if len(unknown) <= 20 else f" (the first 20 of {len(unknown)})"
    raise Problem(
        "invalid_request",
        f"The request: {faults[0].detail}{more}.",
        came=unknown[0],
        expected=f"one of: {', '.join(known)}" if known else "no query parameters",
        errors=[fault.model_dump(exclude_none=True) for fault in faults],
    )


def names_of(route: APIRoute) -> tuple[str, ...]:
    """The query parameters that a route knows, in its order."""
    asked = get_flat_params(route.dependant)
    return tuple(field.alias for field in asked if isinstance(field.field_info, params.Query))


def _meant(name: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(name[:LONGEST_CAME], known, 1)
    return f" (was {near[0]!r} meant?)" if near else ""


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_CAME else name[:LONGEST_CAME] + "…"
