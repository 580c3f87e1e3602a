"""What is shown, as files: the report, the summary, drivers and the parts of a change."""

from __future__ import annotations

from fastapi import APIRouter, Query, Request, Response

from warum_api.pages.doors import Reader
from warum_api.pages.reasons import Reasons, Shown
from warum_api.pages.routing import page_router
from warum_api.pages.visits import visit_of
from warum_api.problems import Problem
from warum_api.results.rendering import Form, etag_of, html_answer, json_answer, table_answer
from warum_api.results.tables import change, drivers

_TABLES: dict[str, Form] = {"csv": "csv", "parquet": "parquet"}


def download_views(reasons: Reasons) -> APIRouter:
    """The views.

    Args:
        reasons: Finds what is shown.
    """
    router = page_router()

    def find(caller: Reader, project: str, version: str | None) -> Shown:
        shown = reasons.shown(caller.tenant, project, version)
        if shown is None:
            raise Problem("not_found", "Nothing has been analysed yet.")
        return shown

    @router.get("/projects/{project}/download/report.html")
    def report(
        request: Request,
        project: str,
        caller: Reader,
        version: str | None = Query(default=None, max_length=20),
    ) -> Response:
        shown = find(caller, project, version)
        analysis = reasons.analysis(shown)
        return html_answer(analysis.html(ui=visit_of(request).ui, why=reasons.answer(shown)))

    @router.get("/projects/{project}/download/summary.json")
    def summary(
        project: str,
        caller: Reader,
        version: str | None = Query(default=None, max_length=20),
    ) -> Response:
        shown = find(caller, project, version)
        told = reasons.analysis(shown).summary.to_dict()
        answer = json_answer(told, etag_of(shown.then.state, shown.asked))
        answer.headers["Content-Disposition"] = 'attachment; filename="summary.json"'
        return answer

    @router.get("/projects/{project}/download/{table}.{form}")
    def table(
        project: str,
        table: str,
        form: str,
        caller: Reader,
        version: str | None = Query(default=None, max_length=20),
    ) -> Response:
        if form not in _TABLES:
            raise Problem(
                "not_found", "There is no such file.", came=form, expected="csv or parquet"
            )
        shown = find(caller, project, version)
        if table == "drivers":
            found = drivers(reasons.analysis(shown), None)
        else:
            answer, (name, _, part) = reasons.answer(shown), table.partition("_")
            if name != "change" or answer is None:
                raise Problem("not_found", "There is no such table.", came=table)
            found = change(answer, part, None)
        return table_answer(found, _TABLES[form], table, etag_of(shown.then.state, table, form))

    return router
