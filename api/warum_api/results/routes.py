"""The routes of results."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from warum.table import Table
from warum_api.guarding.scopes import Reader
from warum_api.problems import Problem, documented
from warum_api.results.asking import Sort, Wanted, opinions
from warum_api.results.documenting import (
    Accept,
    Known,
    RowsOut,
    files_documented,
    json_documented,
    tables_documented,
)
from warum_api.results.rendering import (
    etag_of,
    form_of,
    html_answer,
    json_answer,
    not_modified,
    table_answer,
    unchanged,
)
from warum_api.results.shelf import Found, Shelf
from warum_api.results.tables import drivers, quotes, trends
from warum_api.results.why_routes import add_why
from warum_api.storing.results import StoredResult
from warum_api.strict import Day

Some = Annotated[list[str], Query(max_length=50, description="May stand several times.")]
_PROJECT = "/v1/projects/{project}"
_RESULT = _PROJECT + "/results/{version}"


class VersionOut(BaseModel):
    """A version of a result."""

    version: int = Field(description="Counts up from 1 in each kind.")
    kind: str = Field(description="`analysis` or `why`.")
    current: bool = Field(description="Whether it is the one that is shown.")
    stale: bool = Field(description="Comments were erased since: analyse the project again.")
    facts: dict[str, Any] = Field(description="Counts, and what it was made with.")
    job: str | None = Field(description="That made it.")
    created: datetime


class PageOut(BaseModel):
    """Some rows."""

    items: list[dict[str, Any]] = Field(description="One opinion each, with its comment.")
    total: int = Field(description="Rows on all pages.")
    next: str | None = Field(description="`cursor` of the next page; null on the last.")
    suppressed: bool = Field(description="Nothing is shown, because it would be of too few people.")


class QuotesOut(BaseModel):
    """Typical comments."""

    items: list[dict[str, Any]] = Field(description="One comment each; `marks` are its evidence.")
    suppressed: bool = Field(description="Nothing is shown, because it would be of too few people.")


def result_routes(shelf: Shelf) -> APIRouter:
    """The routes.

    Args:
        shelf: Has the results.
    """
    router = APIRouter(tags=["results"])
    _add_whole(router, shelf)
    _add_opinions(router, shelf)
    _add_tables(router, shelf)
    add_why(router, shelf)
    return router


def _add_whole(router: APIRouter, shelf: Shelf) -> None:
    @router.get(
        f"{_PROJECT}/results", summary="Versions of results, newest first",
        responses=documented("not_found", "invalid_request"),
    )  # fmt: skip
    def versions(project: str, caller: Reader) -> list[VersionOut]:
        return [_shown(one) for one in shelf.versions(caller.tenant, project)]

    @router.get(
        f"{_RESULT}/summary",
        summary="Everything in short, as summary.json of `warum analyze`",
        response_class=Response,
        responses=json_documented({"type": "object"}),
    )
    def summary(project: str, version: str, caller: Reader, known: Known = None) -> Response:
        found = shelf.find(caller.tenant, project, version)
        etag = etag_of(found.state, "summary")
        if unchanged(etag, known):
            return not_modified(etag)
        return json_answer(shelf.taken_up(found).summary.to_dict(), etag)

    @router.get(
        f"{_RESULT}/report",
        summary="The report, one HTML document",
        response_class=Response,
        responses=files_documented("text/html"),
    )
    def report(
        project: str, version: str, caller: Reader, ui: Literal["en", "de"] = "en"
    ) -> Response:
        found = shelf.find(caller.tenant, project, version)
        return html_answer(shelf.taken_up(found).html(ui=ui))


def _add_opinions(router: APIRouter, shelf: Shelf) -> None:
    @router.get(
        f"{_RESULT}/opinions",
        summary="Opinions with their comments",
        description="JSON comes in pages; CSV and Parquet hold all rows, unless `limit` is given.",
        response_class=Response,
        responses=tables_documented(PageOut),
    )
    def listed(
        project: str,
        version: str,
        caller: Reader,
        category: Some = [],  # noqa: B006 - FastAPI copies it
        polarity: Annotated[list[Literal["negative", "neutral", "positive"]], Query()] = [],  # noqa: B006
        language: Some = [],  # noqa: B006
        source: Some = [],  # noqa: B006
        since: Annotated[Day | None, Query(description="First day.")] = None,
        until: Annotated[Day | None, Query(description="Last day.")] = None,
        where: Annotated[list[str], Query(max_length=20, description="Each `COLUMN=VALUE`.")] = [],  # noqa: B006
        sort: Annotated[Sort, Query(description="With `-` the greatest first.")] = "row",
        cursor: Annotated[str | None, Query(max_length=100, description="`next` of a page.")] = None,
        limit: Annotated[int | None, Query(ge=1, le=1_000, description="Rows of a page: 50.")] = None,
        accept: Accept = None,
        known: Known = None,
    ) -> Response:  # fmt: skip
        form = form_of(accept)
        found = shelf.find(caller.tenant, project, version)
        wanted = Wanted(
            category=category, polarity=polarity, language=language, source=source,
            since=None if since is None else since.isoformat(),
            until=None if until is None else until.isoformat(),
            where=where, sort=sort, start=_start(cursor, found),
            limit=limit or (50 if form == "json" else None),
        )  # fmt: skip
        etag = etag_of(found.state, form, repr(wanted))
        if unchanged(etag, known):
            return not_modified(etag)
        with shelf.folder(found) as folder:
            some = opinions(folder, wanted, found.corrections)
        if form != "json":
            return table_answer(some.table, form, "opinions", etag)
        behind = wanted.start + len(some.table)
        page = PageOut(
            items=list(some.table.rows()),
            total=some.total,
            next=f"{found.state[:12]}.{behind}" if behind < some.total else None,
            suppressed=some.suppressed,
        )
        return json_answer(page.model_dump(mode="json"), etag)

    @router.get(
        f"{_RESULT}/quotes",
        summary="Typical comments of a category and polarity",
        response_class=Response,
        responses=json_documented(None, QuotesOut),
    )
    def quoted(
        project: str,
        version: str,
        caller: Reader,
        category: Annotated[str, Query(min_length=1, max_length=200)],
        polarity: Literal["negative", "neutral", "positive"],
        most: Annotated[int, Query(ge=1, le=50)] = 5,
        known: Known = None,
    ) -> Response:
        found = shelf.find(caller.tenant, project, version)
        etag = etag_of(found.state, category, polarity, most)
        if unchanged(etag, known):
            return not_modified(etag)
        return json_answer(quotes(shelf.taken_up(found), category, polarity, most), etag)


def _add_tables(router: APIRouter, shelf: Shelf) -> None:
    def answer(
        caller: Any, project: str, version: str, accept: str | None, known: str | None,  # noqa: ANN401
        name: str, asked: tuple[object, ...], make: Callable[[Found], Table],
    ) -> Response:  # fmt: skip
        form = form_of(accept)
        found = shelf.find(caller.tenant, project, version)
        etag = etag_of(found.state, form, name, *asked)
        if unchanged(etag, known):
            return not_modified(etag)
        table = make(found)
        if form != "json":
            return table_answer(table, form, name, etag)
        return json_answer({"items": list(table.rows())}, etag)

    @router.get(
        f"{_RESULT}/drivers",
        summary="What moves the scores",
        response_class=Response,
        responses=tables_documented(RowsOut),
    )
    def driving(
        project: str, version: str, caller: Reader,
        score: Annotated[str | None, Query(max_length=200)] = None,
        accept: Accept = None, known: Known = None,
    ) -> Response:  # fmt: skip
        return answer(
            caller, project, version, accept, known, "drivers", (score,),
            lambda found: drivers(shelf.taken_up(found), score),
        )  # fmt: skip

    @router.get(
        f"{_RESULT}/trends",
        summary="The metric over time and by segment",
        response_class=Response,
        responses=tables_documented(RowsOut),
    )
    def trending(
        project: str, version: str, caller: Reader,
        score: Annotated[str | None, Query(max_length=200)] = None,
        by: Annotated[str | None, Query(max_length=200, description="A segment, or `period`.")] = None,
        accept: Accept = None, known: Known = None,
    ) -> Response:  # fmt: skip
        return answer(
            caller, project, version, accept, known, "trends", (score, by),
            lambda found: trends(shelf.taken_up(found), score, by),
        )  # fmt: skip


def _start(cursor: str | None, found: Found) -> int:
    """Where the page of a cursor begins.

    Raises:
        Problem: `conflict`, if the result has changed since; `invalid_request`, if it is no cursor.
    """
    if cursor is None:
        return 0
    state, dot, start = cursor.partition(".")
    if not dot or not (start.isascii() and start.isdigit()) or len(start) > 12:
        raise Problem("invalid_request", "This is no cursor.", came=cursor, expected="`next` of a page")  # fmt: skip
    if state != found.state[:12]:
        raise Problem("conflict", "The result has changed: begin with the first page.", came=cursor)
    return int(start)


def _shown(stored: StoredResult) -> VersionOut:
    return VersionOut(
        version=stored.version,
        kind=stored.kind,
        current=stored.current,
        stale=stored.stale,
        facts=dict(stored.facts),
        job=stored.job,
        created=stored.created_at,
    )
