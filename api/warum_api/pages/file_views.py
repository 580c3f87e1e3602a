"""The data of a project: its files, how one comes in, and what its columns are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import UploadFile

from warum.errors import UsageError
from warum.report.column_words import column_reason
from warum.result import ColumnUse
from warum_api.guarding.principals import Principal
from warum_api.pages.column_choices import (
    NEEDED,
    choices_of,
    columns_of,
    comments_first,
    taken_as,
    twice,
    with_scale,
)
from warum_api.pages.doors import OWN_SCRIPT, Form, Reader, Sent, Writer, shell_of
from warum_api.pages.routing import page_router
from warum_api.pages.visits import visit_of
from warum_api.problems import Problem
from warum_api.projects.forms import Complete, PreviewOut, UploadIn
from warum_api.projects.keeping import Keeping
from warum_api.projects.previewing import preview
from warum_api.projects.uploading import Uploading
from warum_api.storing.uploads import Upload
from warum_api.working.submitting import Jobs

PIECE = 2**20
_DATA = "/projects/{project}/upload"
_ALL = "/projects/{project}/uploads"
_ID = _ALL + "/{upload}"


def file_views(keeping: Keeping, uploading: Uploading, jobs: Jobs) -> APIRouter:
    """The views.

    Args:
        keeping: Has the projects.
        uploading: Has their files.
        jobs: Starts the analysis.
    """
    router = page_router()

    @router.get(_DATA)
    def data(request: Request, project: str, caller: Reader) -> Response:
        of, appended = keeping.one(caller.tenant, project)
        return shell_of(request).page(
            request, "data.html.j2", project=of, here="data", appended=appended,
            uploads=_data(uploading, caller, project),
            jobs=jobs.all(caller.tenant, project, 10),
        )  # fmt: skip

    @router.get("/projects/{project}/columns")
    def columns(request: Request, project: str, caller: Reader) -> Response:
        newest = [one.id for one in _data(uploading, caller, project) if one.state == "complete"]
        place = _ID.format(project=project, upload=newest[-1]) if newest else _DATA.format(project=project)  # fmt: skip
        return shell_of(request).go(request, place)

    @router.post(f"{_ALL}/new")
    async def whole(request: Request, project: str, caller: Writer, form: Sent) -> Response:
        file = form.file("file")
        if file is None:
            return shell_of(request).go(request, _DATA.format(project=project), "said_no_file")
        done = await _take(uploading, caller, project, file)
        return shell_of(request).go(request, _ID.format(project=project, upload=done.id))

    _add_pieces(router, uploading)
    _add_preview(router, keeping, uploading, jobs)
    return router


def _data(uploading: Uploading, caller: Principal, project: str) -> list[Upload]:
    """The files of comments, oldest first."""
    return [one for one in uploading.all(caller.tenant, project) if one.purpose == "data"]


def _add_pieces(router: APIRouter, uploading: Uploading) -> None:
    """For `upload.js`: a file in pieces, as under `/v1`, for who is signed in."""

    @router.post(_ALL, dependencies=[OWN_SCRIPT])
    def begin(project: str, caller: Writer, asked: Annotated[UploadIn, Body()]) -> JSONResponse:
        return _shown(uploading.begin(caller.tenant, project, **asked.model_dump()))

    @router.get(f"{_ID}/state")
    def state(project: str, upload: str, caller: Reader) -> JSONResponse:
        return _shown(uploading.one(caller.tenant, project, upload))

    @router.patch(_ID, dependencies=[OWN_SCRIPT])
    async def put(
        request: Request,
        project: str,
        upload: str,
        caller: Writer,
        upload_offset: Annotated[int, Header(ge=0, le=2**53)],
        upload_complete: Annotated[Complete, Header()] = "?0",
    ) -> JSONResponse:
        done = await uploading.put(
            caller.tenant, project, upload, request.stream(),
            at=upload_offset, last=upload_complete == "?1", who=caller.who,
        )  # fmt: skip
        return _shown(done)


def _add_preview(router: APIRouter, keeping: Keeping, uploading: Uploading, jobs: Jobs) -> None:
    @router.get(_ID)
    def previewed(request: Request, project: str, upload: str, caller: Reader) -> Response:
        return _preview(request, keeping, uploading, caller, project, upload)

    @router.post(f"{_ID}/columns")
    def chosen(request: Request, project: str, upload: str, caller: Writer, form: Sent) -> Response:
        seen = preview(caller.tenant, keeping, uploading, project, upload)
        wrong = _keep(form, seen, keeping, caller, project)
        if wrong is not None:
            return _preview(request, keeping, uploading, caller, project, upload, wrong, form)
        if form.text("then") == "start":
            made = jobs.submit(caller.tenant, caller.who, project, "analyze", {})
            return shell_of(request).go(request, f"/projects/{project}/jobs/{made.id}")
        return shell_of(request).go(request, _ID.format(project=project, upload=upload), "said_columns")  # fmt: skip

    @router.post(f"{_ID}/delete")
    def delete(request: Request, project: str, upload: str, caller: Writer, _: Sent) -> Response:
        uploading.delete(caller.tenant, project, upload)
        return shell_of(request).go(request, _DATA.format(project=project), "said_file_deleted")


def _keep(
    form: Form, seen: PreviewOut, keeping: Keeping, caller: Principal, project: str
) -> Problem | None:
    """Keep what was chosen for the columns, where it differs from what they are taken for anyway."""
    chosen, taken = _chosen(form, seen), taken_as(seen)
    if (role := twice(chosen)) is not None:
        return Problem("invalid_request", "Choose one column for it.", twice=role)
    if NEEDED not in chosen.values():
        return Problem("invalid_request", "Choose a column of comments.", needed=True)
    of, _ = keeping.one(caller.tenant, project)
    columns = dict(of.columns) if chosen == taken else columns_of(chosen, taken, of.columns)
    try:
        columns = with_scale(
            columns, lower=bool(form.text("lower")), missing=form.text("missing", 200)
        )
    except UsageError as error:
        return Problem("invalid_request", str(error), missing=True)
    if columns != of.columns:
        keeping.change(caller.tenant, caller.who, project, {"columns": columns})
    return None


def _chosen(form: Form, seen: PreviewOut) -> dict[str, str]:
    """Column to what the form says of it; what stands since the first analysis stays."""
    taken, free = taken_as(seen), choices_of(seen)
    said = {column: form.text(f"role.{i}") for i, column in enumerate(seen.columns)}
    chosen = {column: choice for column, choice in said.items() if choice and choice in free}
    return chosen | {column: taken[column] for column in seen.fixed or () if column in taken}


def _preview(
    request: Request, keeping: Keeping, uploading: Uploading, caller: Principal, project: str, upload: str,
    wrong: Problem | None = None, form: Form | None = None,
) -> Response:  # fmt: skip
    of, _ = keeping.one(caller.tenant, project)
    file = uploading.one(caller.tenant, project, upload)
    seen, unreadable = None, None
    if file.state == "complete":
        try:
            seen = preview(caller.tenant, keeping, uploading, project, upload)
        except Problem as problem:
            if problem.code != "unreadable_file":
                raise
            unreadable = problem
    return shell_of(request).page(
        request, "preview.html.j2", status=200 if wrong is None else wrong.status_code,
        project=of, here="data", upload=file, seen=seen, unreadable=unreadable, wrong=wrong,
        lower=bool(form.text("lower") if form else of.columns.get("lower_is_better")),
        missing=form.text("missing", 200) if form else of.columns.get("missing") or "",
        **_columns_shown(request, seen, form),
    )  # fmt: skip


def _columns_shown(request: Request, seen: PreviewOut | None, form: Form | None) -> dict[str, Any]:
    """What the columns are taken for, or what a form that was refused said of them."""
    if seen is None:
        return {}
    ui = visit_of(request).ui
    how = {
        one.column: column_reason(ColumnUse(one.role, one.column, one.how, one.how == "given"), ui)
        for one in reversed(seen.taken)
    }
    taken = taken_as(seen) if form is None else _chosen(form, seen)
    order = comments_first(seen.columns, taken)
    return {"choices": choices_of(seen), "taken": taken, "how": how, "order": order}


async def _take(uploading: Uploading, caller: Principal, project: str, file: UploadFile) -> Upload:
    """A file that came with a form, where the browser runs no scripts."""

    async def pieces() -> AsyncIterator[bytes]:
        while piece := await file.read(PIECE):
            yield piece

    name = (file.filename or "file")[-255:]
    begun = uploading.begin(caller.tenant, project, name=name, size=file.size, sha256=None)
    return await uploading.put(
        caller.tenant, project, begun.id, pieces(), at=0, last=True, who=caller.who
    )


def _shown(upload: Upload) -> JSONResponse:
    return JSONResponse({
        "id": upload.id, "received": upload.received, "state": upload.state,
        "page": _ID.format(project=upload.project, upload=upload.id),
    })  # fmt: skip
