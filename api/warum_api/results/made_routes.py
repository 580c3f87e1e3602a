"""The routes by which what a job `report` made is downloaded."""

from __future__ import annotations

from fastapi import APIRouter, Response

from warum_api.guarding.scopes import Reader
from warum_api.problems import Problem
from warum_api.results.documenting import files_documented, json_documented
from warum_api.results.rendering import TYPES, html_answer
from warum_api.results.shelf import Shelf
from warum_api.storing.database import Database
from warum_api.storing.results import REPORT, result_of_job

_JOB = "/v1/jobs/{job}"


def made_routes(shelf: Shelf, database: Database) -> APIRouter:
    """The routes.

    Args:
        shelf: Has the files.
        database: Knows which job made them.
    """
    router = APIRouter(tags=["jobs"])

    def made(tenant: str, job: str, name: str) -> bytes:
        with database.reading() as connection:
            stored = result_of_job(tenant, connection, job, REPORT)
        if stored is None:
            raise Problem("not_found", "No job `report` of that id is done.", came=job)
        found = shelf.find(tenant, stored.project, str(stored.version), REPORT)
        return shelf.file(found, name)

    @router.get(
        f"{_JOB}/report",
        summary="The report that a job made, one HTML document",
        response_class=Response,
        responses=files_documented("text/html"),
    )
    def report(job: str, caller: Reader) -> Response:
        return html_answer(made(caller.tenant, job, "report.html").decode("utf-8"))

    @router.get(
        f"{_JOB}/why",
        summary="The answer that stands in that report",
        response_class=Response,
        responses=json_documented({"type": "object"}),
    )
    def why(job: str, caller: Reader) -> Response:
        body = made(caller.tenant, job, "why.json")
        headers = {"Cache-Control": "private, no-cache"}
        return Response(body, headers=headers, media_type=TYPES["json"])

    return router
