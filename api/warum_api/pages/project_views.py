"""The projects: their list, a new one, what is set about one, and its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from warum_api.guarding.principals import Principal
from warum_api.pages.doors import Admin, Reader, Sent, Writer, shell_of
from warum_api.pages.routing import page_router
from warum_api.pages.taxonomy_text import MOST, read_taxonomy
from warum_api.problems import Problem
from warum_api.projects.forms import ProjectIn
from warum_api.projects.keeping import Keeping
from warum_api.storing.jobs import Job
from warum_api.working.submitting import Jobs

PAGE = 50
_FIELDS = ("name", "taxonomy", "taxonomy_text", "text", "score", "retention_days")


def project_views(keeping: Keeping, jobs: Jobs) -> APIRouter:
    """The views.

    Args:
        keeping: Has the projects.
        jobs: Tells what was last done with each.
    """
    router = page_router()

    @router.get("/")
    async def start(request: Request) -> Response:
        return shell_of(request).go(request, "/projects")

    @router.get("/projects")
    def listed(request: Request, caller: Reader, after: str | None = None) -> Response:
        found = keeping.some(caller.tenant, after, PAGE + 1)
        following = found[PAGE - 1].id if len(found) > PAGE else None
        return shell_of(request).page(
            request, "projects.html.j2", projects=found[:PAGE], last=_last(jobs, caller), after=after,
            following=following,
        )  # fmt: skip

    @router.get("/projects/new")
    def new(request: Request, caller: Writer) -> Response:  # noqa: ARG001 - has to be one
        return _new(request, dict.fromkeys(_FIELDS, ""))

    @router.post("/projects/new")
    def add(request: Request, caller: Writer, form: Sent) -> Response:
        fields = {name: form.text(name, 2 * MOST) for name in _FIELDS}
        try:
            made = keeping.add(caller.tenant, caller.who, wanted_of(fields))
        except Problem as problem:
            if problem.status_code != 422:
                raise
            return _new(request, fields, problem)
        return shell_of(request).go(request, f"/projects/{made.id}/upload", "said_project_added")

    _add_settings(router, keeping)
    return router


def _add_settings(router: APIRouter, keeping: Keeping) -> None:
    @router.get("/projects/{project}/settings")
    def settings(request: Request, project: str, caller: Reader) -> Response:
        return _settings(request, keeping, caller, project)

    @router.post("/projects/{project}/settings")
    def change(request: Request, project: str, caller: Writer, form: Sent) -> Response:
        try:
            asked = {
                "name": form.text("name"),
                "retention_days": _days(form.text("retention_days")),
            }
            keeping.change(caller.tenant, caller.who, project, _checked(asked))
        except Problem as problem:
            if problem.code != "invalid_request":
                raise
            return _settings(request, keeping, caller, project, problem)
        return shell_of(request).go(request, f"/projects/{project}/settings", "said_saved")

    @router.post("/projects/{project}/erase")
    def erase(request: Request, project: str, caller: Admin, form: Sent) -> Response:
        name, which = form.text("erased"), form.text("which")
        if not (form.text("sure") and name and which in ("customer", "comment")):
            return _settings(request, keeping, caller, project, _unsure("erase"))
        one = {"customer": None, "comment": None, which: name}
        done = keeping.erase(caller.tenant, caller.who, project, **one)
        return shell_of(request).go(
            request, f"/projects/{project}/settings", "said_erased", done.comments
        )

    @router.post("/projects/{project}/delete")
    def delete(request: Request, project: str, caller: Admin, form: Sent) -> Response:
        found, _ = keeping.one(caller.tenant, project)
        if form.text("name") != found.name.strip():
            return _settings(request, keeping, caller, project, _unsure("delete"))
        keeping.delete(caller.tenant, caller.who, project)
        return shell_of(request).go(request, "/projects", "said_project_deleted")


def _new(request: Request, fields: Mapping[str, str], wrong: Problem | None = None) -> Response:
    status = 200 if wrong is None else wrong.status_code
    return shell_of(request).page(
        request, "project_new.html.j2", status=status, fields=fields, wrong=wrong
    )


def _settings(
    request: Request, keeping: Keeping, caller: Principal, project: str, wrong: Problem | None = None
) -> Response:  # fmt: skip
    found, appended = keeping.one(caller.tenant, project)
    return shell_of(request).page(
        request, "project_settings.html.j2", status=200 if wrong is None else wrong.status_code,
        project=found, here="settings", appended=appended, wrong=wrong,
    )  # fmt: skip


def _last(jobs: Jobs, caller: Principal) -> Mapping[str, Job]:
    """The newest job of each project, among the tenant's newest."""
    newest: dict[str, Job] = {}
    for job in jobs.all(caller.tenant, None, 200):
        if job.project is not None:
            newest.setdefault(job.project, job)
    return newest


def wanted_of(fields: Mapping[str, str]) -> dict[str, Any]:
    """A project as the form asks for it.

    Args:
        fields: The fields of the form, by name.

    Raises:
        Problem: `invalid_request` or `broken_taxonomy`.
    """
    own = fields["taxonomy"] == "own"
    scores = [line.strip() for line in fields["score"].splitlines() if line.strip()]
    columns = {"text": fields["text"] or None, "score": scores or None}
    return _checked({
        "name": fields["name"],
        "taxonomy": read_taxonomy(fields["taxonomy_text"]) if own else "cx",
        "columns": {name: said for name, said in columns.items() if said is not None},
        "retention_days": _days(fields["retention_days"]),
    })  # fmt: skip


def _checked(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the API would take, too.

    Raises:
        Problem: `invalid_request`.
    """
    try:
        found = ProjectIn.model_validate({"name": "-", **asked})
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        field = str(wrong["loc"][0])
        raise Problem(
            "invalid_request", f"{field}: {wrong['msg']}.", came=asked.get(field)
        ) from None
    said = {**found.model_dump(exclude={"columns"}), "columns": found.columns.said()}
    return {name: said[name] for name in asked}


def _days(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise Problem("invalid_request", "The days to keep comments for are no number.", came=text)
    return int(text)


def _unsure(what: str) -> Problem:
    return Problem("invalid_request", "Nothing was done: the confirmation is missing.", what=what)
