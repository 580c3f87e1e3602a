"""The app: the one place where the rooms are put together."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from anyio.to_thread import run_sync
from fastapi import FastAPI

from warum_api.adapting.answering import Answering
from warum_api.adapting.managing import managing_routes
from warum_api.adapting.routes import adapter_routes
from warum_api.adapting.stored import StoredAdapters
from warum_api.analyzing.analyzer import Analyzer
from warum_api.analyzing.routes import analyze_routes
from warum_api.describing import complete_description
from warum_api.engine.engine import Engine
from warum_api.guarding.bodies import BodyLimits, LimitBodies
from warum_api.guarding.guard import guard_of
from warum_api.guarding.headers import SecureHeaders
from warum_api.guarding.principals import LOCAL
from warum_api.guarding.rates import ShowRates
from warum_api.guarding.scopes import needing
from warum_api.notifying.room import notifying
from warum_api.notifying.routes import webhook_routes
from warum_api.observing.health import health_routes
from warum_api.observing.logs import set_up_logs
from warum_api.observing.metrics import Metrics
from warum_api.observing.requests import Observe
from warum_api.observing.tracing import check_tracing, telemetry
from warum_api.problems import add_handlers
from warum_api.projects.importing import Importer
from warum_api.projects.keeping import Keeping
from warum_api.projects.routes import project_routes, taxonomy_routes
from warum_api.projects.upload_routes import upload_routes
from warum_api.projects.uploading import Uploading
from warum_api.results.correcting_routes import correcting_routes
from warum_api.results.routes import result_routes
from warum_api.results.shelf import Shelf
from warum_api.settings import Settings, load_settings
from warum_api.storing.database import Database
from warum_api.storing.erasing import Eraser
from warum_api.storing.opening import open_database, open_storage
from warum_api.storing.sweeping import Sweeper
from warum_api.storing.tenants import ensure_tenant
from warum_api.working.room import KINDS
from warum_api.working.routes import job_routes
from warum_api.working.submitting import Jobs
from warum_api.working.supervising import Supervisor

DESCRIPTION = "Reads what comments say of each category of a taxonomy, in German and English, on this machine."


def create_app(settings: Settings) -> FastAPI:
    """The service as an ASGI app; the model is loaded when it starts.

    Args:
        settings: How it is set up.

    Raises:
        StorageError: If the database or the files cannot be used.
    """
    metrics = Metrics()
    engine = Engine(settings, metrics)
    database, files = open_database(settings), open_storage(settings)
    if settings.auth == "off":
        with database.writing() as connection:
            ensure_tenant(LOCAL.tenant, connection)
    told = notifying(settings, database)
    eraser = Eraser(database, files, prepare=Importer(database, files).import_all)
    sweeper = Sweeper(database, eraser)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        engine.start()
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as beside:
            beside.create_task(told.dispatcher.run(stop))
            beside.create_task(sweeper.run(stop))
            if settings.jobs:
                beside.create_task(Supervisor(settings, database, KINDS).run(stop))
            yield
            stop.set()
        await engine.stop()
        database.close()

    app = FastAPI(
        title="warum",
        version=version("warum"),
        description=DESCRIPTION,
        lifespan=lifespan,
        # Their pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        telemetry=telemetry(on=settings.tracing),
    )
    app.state.guard = guard_of(settings, database)
    _add_routes(app, settings, engine, metrics, database)
    app.include_router(
        webhook_routes(told.webhooks, reader=needing("read"), admin=needing("admin"))
    )
    keeping = Keeping(database, files, eraser)
    uploading = Uploading(database, files, most_bytes=settings.max_upload_bytes)
    app.include_router(project_routes(keeping))
    app.include_router(taxonomy_routes(keeping))
    app.include_router(upload_routes(uploading, keeping))
    app.include_router(job_routes(Jobs(database)))
    shelf = Shelf(database, files)
    app.include_router(result_routes(shelf))
    app.include_router(correcting_routes(shelf, database))
    add_handlers(app)
    complete_description(app, keys=settings.auth != "off")
    _add_middleware(app, settings, metrics)
    return app


def _add_routes(
    app: FastAPI, settings: Settings, engine: Engine, metrics: Metrics, database: Database
) -> None:
    analyzer = Analyzer(
        engine,
        metrics,
        most_comments=settings.max_comments,
        most_characters=settings.max_field_characters,
    )
    adapters = StoredAdapters(database)
    answering = Answering(adapters, engine, most_characters=settings.max_field_characters)

    async def database_missing() -> str | None:
        return await run_sync(database.missing)

    app.include_router(analyze_routes(analyzer, settings.deadline_seconds))
    app.include_router(adapter_routes(answering, settings.deadline_seconds))
    app.include_router(managing_routes(adapters))
    checks = {"model": engine.missing, "database": database_missing}
    app.include_router(health_routes(checks, metrics))


def _add_middleware(app: FastAPI, settings: Settings, metrics: Metrics) -> None:
    limits = BodyLimits(
        settings.max_body_bytes, settings.max_decompressed_bytes, settings.body_seconds
    )
    most = settings.max_upload_bytes
    of_uploads = BodyLimits(most, most, settings.upload_seconds)

    def limits_of(path: str) -> BodyLimits:
        return of_uploads if "/uploads/" in path else limits

    # The last added stands outermost.
    app.add_middleware(LimitBodies, limits_of=limits_of)
    app.add_middleware(SecureHeaders)
    app.add_middleware(ShowRates)
    app.add_middleware(Observe, metrics=metrics)


def from_environment() -> FastAPI:
    """The app of a worker process, set up from its environment."""
    settings = load_settings(Settings, os.environ)
    prepare_process(settings)
    return create_app(settings)


def prepare_process(settings: Settings) -> None:
    """Set up the logs of a process, and see to it that spans can be sent where they are wanted."""
    set_up_logs(settings.log_format)
    if settings.tracing:
        check_tracing()
