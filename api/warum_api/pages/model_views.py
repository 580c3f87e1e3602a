"""Own models of a project: trained on labels or corrections, their figures, and what the project reads with."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from warum_api.guarding.principals import Principal
from warum_api.pages.doors import Reader, Sent, Writer, shell_of
from warum_api.pages.routing import page_router
from warum_api.pages.visits import visit_of
from warum_api.problems import Problem
from warum_api.projects.importing_labels import taxonomy_of_project
from warum_api.projects.keeping import Keeping
from warum_api.projects.uploading import Uploading
from warum_api.results.correcting import all_corrections
from warum_api.storing.database import Database
from warum_api.training.forms import whole_fields
from warum_api.training.models import Models
from warum_api.working.submitting import Jobs

LIST = "/projects/{project}/models"
ONE = LIST + "/{model}"
SHIPPED = ("auto", "accurate", "fast")
_PIECE = 2**20


def model_views(
    models: Models, keeping: Keeping, uploading: Uploading, jobs: Jobs, database: Database
) -> APIRouter:
    """The views.

    Args:
        models: Has the models.
        keeping: Has the projects.
        uploading: Has the files of labels.
        jobs: Trains.
        database: Has the corrections.
    """
    router = page_router()

    @router.get(LIST)
    def listed(request: Request, project: str, caller: Reader) -> Response:
        of, _ = keeping.one(caller.tenant, project)
        said = all_corrections(caller.tenant, database, project)
        files = [one for one in uploading.all(caller.tenant, project) if one.purpose == "labels"]
        return shell_of(request).page(
            request, "models.html.j2", project=of, here="models", shipped=SHIPPED,
            models=[whole_fields(one) for one in models.all(caller.tenant, project)],
            corrected=len({one.comment for one in said}), files=files,
        )  # fmt: skip

    @router.get(ONE)
    def one(request: Request, project: str, model: str, caller: Reader) -> Response:
        of, _ = keeping.one(caller.tenant, project)
        found, ui = whole_fields(models.one(caller.tenant, project, model)), visit_of(request).ui
        taxonomy = taxonomy_of_project(of)
        return shell_of(request).page(
            request, "model.html.j2", project=of, here="models", model=found,
            title=lambda code: taxonomy.title(code, ui), few=set(found["few"]),
        )  # fmt: skip

    @router.get(f"{ONE}/card")
    def card(project: str, model: str, caller: Reader) -> Response:
        text = models.card(caller.tenant, project, model)
        headers = {"Content-Disposition": 'attachment; filename="CARD.md"'}
        return Response(text.encode("utf-8"), media_type="text/markdown", headers=headers)

    _add_changes(router, models, keeping)
    _add_training(router, uploading, jobs)
    return router


def _add_changes(router: APIRouter, models: Models, keeping: Keeping) -> None:
    @router.post(f"{LIST}/use")
    def use(request: Request, project: str, caller: Writer, form: Sent) -> Response:
        named = form.text("model", 64)
        own = {one.id for one in models.all(caller.tenant, project)}
        if named and named not in own and named not in SHIPPED:
            raise Problem("invalid_request", "There is no such model.", came=named)
        keeping.change(caller.tenant, caller.who, project, {"model": named or None})
        return shell_of(request).go(request, LIST.format(project=project), "said_model_used")

    @router.post(f"{ONE}/delete")
    def delete(request: Request, project: str, model: str, caller: Writer, _: Sent) -> Response:
        models.delete(caller.tenant, caller.who, project, model)
        return shell_of(request).go(request, LIST.format(project=project), "said_model_deleted")


def _add_training(router: APIRouter, uploading: Uploading, jobs: Jobs) -> None:
    @router.post(f"{LIST}/labels")
    async def labels(request: Request, project: str, caller: Writer, form: Sent) -> Response:
        file = form.file("file")
        if file is None:
            return shell_of(request).go(request, LIST.format(project=project), "said_no_file")
        await _take(uploading, caller, project, file)
        return shell_of(request).go(request, LIST.format(project=project), "said_labels_there")

    @router.post(f"{LIST}/labels/{{upload}}/delete")
    def forget(request: Request, project: str, upload: str, caller: Writer, _: Sent) -> Response:
        uploading.delete(caller.tenant, project, upload)
        return shell_of(request).go(request, LIST.format(project=project), "said_file_deleted")

    @router.post(f"{LIST}/train")
    def train(request: Request, project: str, caller: Writer, form: Sent) -> Response:
        base = form.text("base", 20)
        if base not in ("accurate", "auto"):
            raise Problem(
                "invalid_request", "Choose a base.", came=base, expected="accurate or auto"
            )
        params = {
            "labels": form.text("labels", 64), "name": form.text("name", 200), "base": base,
            "columns": {}, "skip_bad": bool(form.text("skip_bad")),
        }  # fmt: skip
        made = jobs.submit(caller.tenant, caller.who, project, "train", params)
        return shell_of(request).go(request, f"/projects/{project}/jobs/{made.id}")


async def _take(uploading: Uploading, caller: Principal, project: str, file: UploadFile) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        while piece := await file.read(_PIECE):
            yield piece

    name = (file.filename or "labels")[-255:]
    begun = uploading.begin(
        caller.tenant, project, name=name, size=file.size, sha256=None, purpose="labels"
    )
    await uploading.put(caller.tenant, project, begun.id, pieces(), at=0, last=True, who=caller.who)
