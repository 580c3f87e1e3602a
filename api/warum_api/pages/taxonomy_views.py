"""The taxonomy in use: to read, to download, to change."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request, Response

from warum.errors import ModelError
from warum.taxonomy import Taxonomy, load_taxonomy, taxonomy_of
from warum_api.guarding.principals import Principal
from warum_api.pages.doors import Reader, Sent, Writer, shell_of
from warum_api.pages.routing import page_router
from warum_api.pages.taxonomy_text import MOST, read_taxonomy, text_of
from warum_api.problems import Problem
from warum_api.projects.keeping import Keeping
from warum_api.storing.projects import Project


def taxonomy_views(keeping: Keeping) -> APIRouter:
    """The views.

    Args:
        keeping: Has the projects.
    """
    router = page_router()

    @router.get("/projects/{project}/taxonomy")
    def shown(request: Request, project: str, caller: Reader) -> Response:
        of, _ = keeping.one(caller.tenant, project)
        return _page(request, of)

    @router.get("/projects/{project}/taxonomy.yaml")
    def downloaded(project: str, caller: Reader) -> Response:
        of, _ = keeping.one(caller.tenant, project)
        saved = {"Content-Disposition": 'attachment; filename="taxonomy.yaml"'}
        return Response(text_of(of), media_type="application/yaml", headers=saved)

    @router.post("/projects/{project}/taxonomy")
    async def change(request: Request, project: str, caller: Writer, form: Sent) -> Response:
        file = form.file("file")
        data = b"" if file is None else await file.read(4 * MOST + 4)
        text = form.text("text", 2 * MOST) if file is None else data.decode("utf-8", "replace")
        return _changed(request, keeping, caller, project, text, shipped=form.text("use") == "cx")

    return router


def _changed(
    request: Request, keeping: Keeping, caller: Principal, project: str, text: str, *, shipped: bool
) -> Response:
    try:
        wanted: Any = "cx" if shipped else read_taxonomy(text)
        keeping.change(caller.tenant, caller.who, project, {"taxonomy": wanted})
    except Problem as problem:
        if problem.code not in ("broken_taxonomy", "unknown_taxonomy"):
            raise
        return _page(request, keeping.one(caller.tenant, project)[0], text, problem)
    return shell_of(request).go(request, f"/projects/{project}/taxonomy", "said_taxonomy_changed")


def _page(
    request: Request, of: Project, text: str | None = None, wrong: Problem | None = None
) -> Response:
    found = in_use(of)
    groups = groupby(found.categories, key=lambda category: category.parent)
    return shell_of(request).page(
        request, "taxonomy.html.j2", status=200 if wrong is None else wrong.status_code,
        project=of, here="taxonomy", taxonomy=found, groups=[(first, list(some)) for first, some in groups],
        text=text_of(of) if text is None else text, wrong=wrong,
    )  # fmt: skip


def in_use(of: Project) -> Taxonomy:
    """The taxonomy of a project.

    Raises:
        Problem: `broken_taxonomy`, if an older version of the service took one that this one does not.
    """
    if isinstance(of.taxonomy, str):
        return load_taxonomy(of.taxonomy)
    try:
        return taxonomy_of({"name": "own", **of.taxonomy}, origin="taxonomy")
    except ModelError as error:
        raise Problem("broken_taxonomy", str(error)) from None
