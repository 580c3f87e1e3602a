"""The pages put together: every view's router stands here, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.exceptions import HTTPException

from warum_api.auditing.room import Auditing
from warum_api.notifying.webhooks import Webhooks
from warum_api.pages.alert_views import alert_views
from warum_api.pages.assets import Assets
from warum_api.pages.audit_views import audit_views
from warum_api.pages.entering import entering_views
from warum_api.pages.file_views import file_views
from warum_api.pages.job_views import job_views
from warum_api.pages.labelling_views import labelling_views
from warum_api.pages.model_views import model_views
from warum_api.pages.project_views import project_views
from warum_api.pages.result_views import result_views
from warum_api.pages.routing import problem_of
from warum_api.pages.sessions import Sessions
from warum_api.pages.shell import Shell
from warum_api.pages.signing import signer_of
from warum_api.pages.taxonomy_views import taxonomy_views
from warum_api.pages.webhook_views import webhook_views
from warum_api.projects.keeping import Keeping
from warum_api.projects.uploading import Uploading
from warum_api.results.shelf import Shelf
from warum_api.settings import Settings
from warum_api.storing.database import Database
from warum_api.training.models import Models
from warum_api.working.submitting import Jobs

_FOR_PROGRAMS = ("/v1/", "/health/", "/metrics", "/openapi.json", "/static/")


@dataclass(frozen=True)
class Parts:
    """What the views ask: the same as the routes under `/v1`.

    Attributes:
        settings: How the service is set up.
        database: Where all is.
        keeping: Projects.
        uploading: Files.
        jobs: Jobs.
        shelf: Results.
        webhooks: Who is told.
        auditing: Audits.
        models: Own models.
    """

    settings: Settings
    database: Database
    keeping: Keeping
    uploading: Uploading
    jobs: Jobs
    shelf: Shelf
    webhooks: Webhooks
    auditing: Auditing
    models: Models


def add_pages(app: FastAPI, parts: Parts) -> None:
    """Have an app serve the pages; after its other routes and `add_handlers`."""
    assets = Assets()
    sessions = Sessions(signer_of(parts.settings), app.state.guard)
    app.state.shell = Shell(sessions, assets)
    app.include_router(assets.routes())
    for router in _views(parts):
        app.include_router(router)
    _show_missing(app)


def _views(parts: Parts) -> tuple[APIRouter, ...]:
    return (
        entering_views(),
        project_views(parts.keeping, parts.jobs),
        file_views(parts.keeping, parts.uploading, parts.jobs),
        job_views(parts.keeping, parts.jobs),
        taxonomy_views(parts.keeping),
        alert_views(parts.keeping, parts.shelf, parts.jobs, parts.webhooks),
        webhook_views(parts.keeping, parts.webhooks),
        audit_views(parts.auditing, parts.keeping, parts.jobs),
        labelling_views(parts.auditing, parts.keeping),
        model_views(parts.models, parts.keeping, parts.uploading, parts.jobs, parts.database),
        *result_views(parts.shelf, parts.keeping, parts.jobs, parts.database),
    )


def _show_missing(app: FastAPI) -> None:
    """Answer people, who look at a path that is none, with a page."""
    to_programs = app.exception_handlers[HTTPException]

    async def missing(request: Request, error: Exception) -> Response:
        wanted = "text/html" in request.headers.get("accept", "")
        if wanted and not request.url.path.startswith(_FOR_PROGRAMS):
            shell: Shell = app.state.shell
            return shell.problem(request, problem_of(request, error))
        answered: Response = await to_programs(request, error)  # type: ignore[misc] # ours is a coroutine
        return answered

    app.add_exception_handler(HTTPException, missing)
