"""Routes of pages: not in OpenAPI, and what they refuse is a page too."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from warum_api.observing.logs import log, places
from warum_api.observing.requests import REQUEST_ID
from warum_api.pages.doors import shell_of
from warum_api.problems import Problem
from warum_api.refusing import of_validation, translated


class PageRoute(APIRoute):
    """A route whose refusals are pages."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request."""
        answer = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await answer(request)
            except Exception as error:
                return shell_of(request).problem(request, problem_of(request, error))

        return answered


def page_router() -> APIRouter:
    """A router for views: `@router.get("/projects/{project}/…")`."""
    return APIRouter(
        route_class=PageRoute, include_in_schema=False, default_response_class=Response
    )


def problem_of(request: Request, error: Exception) -> Problem:
    """What went wrong, as it is told; what nobody expected is logged."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        return translated(request, error)
    if isinstance(error, RequestValidationError):
        return of_validation(error.errors(), error.body)
    log().error("request failed", **places(error))
    return Problem("internal", f"Tell the operator the {REQUEST_ID} of this answer.")
