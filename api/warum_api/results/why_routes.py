"""The routes of what jobs `why` have answered: each answer is a version of its own."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from warum_api.guarding.scopes import Reader
from warum_api.results.documenting import (
    Accept,
    Known,
    RowsOut,
    files_documented,
    json_documented,
    tables_documented,
)
from warum_api.results.rendering import (
    TYPES,
    etag_of,
    form_of,
    html_answer,
    json_answer,
    not_modified,
    table_answer,
    unchanged,
)
from warum_api.results.shelf import Found, Shelf
from warum_api.results.tables import change

_WHY = "/v1/projects/{project}/why"
Version = Annotated[
    str,
    Query(
        max_length=20, description="A `version` of the kind `why`, or `current`: the last answer."
    ),
]


def add_why(router: APIRouter, shelf: Shelf) -> None:
    """Add the routes.

    Args:
        router: Where to.
        shelf: Has the results.
    """

    def find(caller: Reader, project: str, version: str) -> Found:
        return shelf.find(caller.tenant, project, version, "why")

    @router.get(
        _WHY,
        summary="The answer of a job `why`: level, change, shares, alerts, …",
        response_class=Response,
        responses=json_documented({"type": "object"}),
    )
    def why(
        project: str, caller: Reader, version: Version = "current", known: Known = None
    ) -> Response:
        found = find(caller, project, version)
        etag = etag_of(found.state, "why")
        if unchanged(etag, known):
            return not_modified(etag)
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        return Response(shelf.file(found, "why.json"), headers=headers, media_type=TYPES["json"])

    @router.get(
        f"{_WHY}/report",
        summary="The report with that answer, one HTML document",
        response_class=Response,
        responses=files_documented("text/html"),
    )
    def why_report(project: str, caller: Reader, version: Version = "current") -> Response:
        return html_answer(
            shelf.file(find(caller, project, version), "report.html").decode("utf-8")
        )

    @router.get(
        f"{_WHY}/change",
        summary="The parts of a change: of the periods or groups that the job compared",
        description="`waterfall`: the bars, which add up to the change with those of the segments' mix; "
        "`adjusted`: the same with everything else held equal; `segments`: what changed shares of segments "
        "did. Missing where the job named neither periods nor groups.",
        response_class=Response,
        responses=tables_documented(RowsOut),
    )
    def changing(
        project: str, caller: Reader, version: Version = "current",
        part: Literal["waterfall", "adjusted", "segments"] = "waterfall",
        score: Annotated[str | None, Query(max_length=200)] = None,
        accept: Accept = None, known: Known = None,
    ) -> Response:  # fmt: skip
        form = form_of(accept)
        found = find(caller, project, version)
        etag = etag_of(found.state, form, "change", part, score)
        if unchanged(etag, known):
            return not_modified(etag)
        table = change(shelf.why(found), part, score)
        if form != "json":
            return table_answer(table, form, f"change_{part}", etag)
        return json_answer({"items": list(table.rows())}, etag)
