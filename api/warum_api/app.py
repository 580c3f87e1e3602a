"""The app: the one place where the rooms are put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI

from warum_api.adapting.answering import Answering
from warum_api.adapting.managing import managing_routes
from warum_api.adapting.routes import adapter_routes
from warum_api.adapting.stored import StoredAdapters
from warum_api.auditing.room import auditing_of
from warum_api.auditing.routes import audit_routes
from warum_api.core import Core, add_middleware, add_reading, bare_app, begin
from warum_api.describing import complete_description
from warum_api.guarding.scopes import needing
from warum_api.notifying.describing import told_routes
from warum_api.notifying.room import notifying
from warum_api.notifying.routes import webhook_routes
from warum_api.pages.room import Parts, add_pages
from warum_api.projects.keeping import Keeping
from warum_api.projects.redating import Redating
from warum_api.projects.routes import project_routes, taxonomy_routes
from warum_api.projects.upload_routes import upload_routes
from warum_api.projects.uploading import Uploading
from warum_api.refusing import add_handlers
from warum_api.results.correcting_routes import correcting_routes
from warum_api.results.made_routes import made_routes
from warum_api.results.routes import result_routes
from warum_api.results.shelf import Shelf
from warum_api.settings import Settings
from warum_api.storing.counting import JobNumbers
from warum_api.storing.erasing import Eraser
from warum_api.storing.sweeping import Sweeper
from warum_api.training.models import Models
from warum_api.training.routes import model_routes
from warum_api.working.room import KINDS
from warum_api.working.routes import job_routes
from warum_api.working.submitting import Jobs
from warum_api.working.supervising import Supervisor


def create_app(settings: Settings, begun: Core | None = None) -> FastAPI:
    """The service as an ASGI app; the model is loaded when it starts.

    Args:
        settings: How it is set up.
        begun: What all rooms share, of somebody who also ends it; else it is opened, and ends with the app.

    Raises:
        StorageError: If the database or the files cannot be used.
    """
    core = begun or begin(settings)
    metrics, database, files = core.metrics, core.database, core.files
    told = notifying(settings, database)
    eraser = Eraser(database, files, prepare=Redating(database, files).prepare)
    shelf = Shelf(database, files, settings.max_copied_bytes)
    kept = timedelta(hours=settings.upload_keep_hours)
    sweeper = Sweeper(database, eraser, shelf.copies.forget_old, uploads_kept=kept)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        core.engine.start()
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as beside:
            beside.create_task(told.dispatcher.run(stop))
            beside.create_task(sweeper.run(stop))
            if settings.jobs:
                beside.create_task(Supervisor(settings, database, KINDS).run(stop))
            yield
            stop.set()
        if begun is None:
            await core.engine.stop()
            database.close()

    app = bare_app(core, lifespan)
    add_reading(app, core)
    adapters = StoredAdapters(database)
    answering = Answering(adapters, core.engine, most_characters=settings.max_field_characters)
    app.include_router(adapter_routes(answering, settings.deadline_seconds))
    app.include_router(managing_routes(adapters))
    app.include_router(
        webhook_routes(told.webhooks, reader=needing("read"), admin=needing("admin"))
    )
    app.webhooks.include_router(told_routes())
    keeping = Keeping(database, files, eraser)
    uploading = Uploading(database, files, most_bytes=settings.max_upload_bytes)
    app.include_router(project_routes(keeping))
    app.include_router(taxonomy_routes(keeping))
    app.include_router(upload_routes(uploading, keeping))
    jobs = Jobs(database)
    app.include_router(job_routes(jobs))
    app.include_router(result_routes(shelf))
    app.include_router(made_routes(shelf, database))
    app.include_router(correcting_routes(shelf, database))
    auditing, models = auditing_of(database, files, shelf), Models(database, files)
    app.include_router(audit_routes(auditing))
    app.include_router(model_routes(models))
    metrics.add(JobNumbers(database, KINDS))
    add_handlers(app)
    add_pages(
        app,
        Parts(settings, database, keeping, uploading, jobs, shelf, told.webhooks, auditing, models),
    )
    complete_description(app, keys=settings.auth != "off")
    add_middleware(app, settings, metrics)
    return app
