"""What comes first: the engine, the database, and the routes that read comments and say how the service is.

It imports little, so that a process reads comments before the other rooms are loaded; see `starting`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from importlib.metadata import version

from anyio.to_thread import run_sync
from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute

from warum_api.analyzing.analyzer import Analyzer
from warum_api.analyzing.routes import analyze_routes
from warum_api.engine.engine import Engine
from warum_api.engine.warming import Warming
from warum_api.guarding.bodies import BodyLimits, LimitBodies
from warum_api.guarding.guard import Guard, guard_of
from warum_api.guarding.headers import SecureHeaders
from warum_api.guarding.paths import RefuseNul
from warum_api.guarding.principals import LOCAL
from warum_api.guarding.rates import ShowRates
from warum_api.observing.health import Check, health_routes
from warum_api.observing.metrics import Metrics
from warum_api.observing.requests import Observe
from warum_api.observing.tracing import telemetry
from warum_api.queries import known_query
from warum_api.settings import Settings
from warum_api.storing.database import Database
from warum_api.storing.files import Files
from warum_api.storing.opening import open_database, open_storage
from warum_api.storing.tenants import ensure_tenant

DESCRIPTION = "Reads what comments say of each category of a taxonomy, in German and English, on this machine.\n\n\
Keys of a body and query parameters that a route does not know are refused (`invalid_request`), never ignored."
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, eq=False)
class Core:
    """What all rooms share.

    Attributes:
        settings: How the service is set up.
        metrics: Where is counted.
        engine: Reads comments.
        database: The database, with the tables of this program.
        files: The files.
        guard: Who may call; None where there are no keys.
    """

    settings: Settings
    metrics: Metrics
    engine: Engine
    database: Database
    files: Files
    guard: Guard | None


def begin(settings: Settings, warming: Warming | None = None) -> Core:
    """Open what all rooms share.

    Args:
        settings: How the service is set up.
        warming: Loads the model already.

    Raises:
        StorageError: If the database or the files cannot be used.
    """
    metrics = Metrics()
    engine = Engine(settings, metrics, warming)
    database, files = open_database(settings), open_storage(settings)
    if settings.auth == "off":
        with database.writing() as connection:
            ensure_tenant(LOCAL.tenant, connection)
    return Core(settings, metrics, engine, database, files, guard_of(settings, database))


def bare_app(core: Core, lifespan: Lifespan) -> FastAPI:
    """An app without routes."""
    app = FastAPI(
        title="warum",
        version=version("warum"),
        description=DESCRIPTION,
        lifespan=lifespan,
        dependencies=[Depends(known_query)],
        generate_unique_id_function=_named,
        redirect_slashes=False,  # it would answer with an address made of the caller's Host
        # Their pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        telemetry=telemetry(on=core.settings.tracing),
    )
    app.state.guard = core.guard
    return app


def _named(route: APIRoute) -> str:
    """Name an operation as generated clients call it: `jobs_submit`."""
    return "_".join(dict.fromkeys([*map(str, route.tags[:1]), route.name]))


def add_reading(app: FastAPI, core: Core, checks: Mapping[str, Check] | None = None) -> None:
    """Add the routes that read comments, and those that operators ask.

    Args:
        app: The app.
        core: What they ask.
        checks: What else has to be there before the service is ready.
    """
    settings = core.settings
    analyzer = Analyzer(
        core.engine,
        core.metrics,
        most_comments=settings.max_comments,
        most_characters=settings.max_field_characters,
    )

    async def database_missing() -> str | None:
        return await run_sync(core.database.missing)

    asked = {"model": core.engine.missing, "database": database_missing, **(checks or {})}
    app.include_router(analyze_routes(analyzer, settings.deadline_seconds))
    app.include_router(health_routes(asked, core.metrics))


def add_middleware(app: FastAPI, settings: Settings, metrics: Metrics) -> None:
    """Have requests limited, guarded by headers, and observed."""
    limits = BodyLimits(
        settings.max_body_bytes, settings.max_decompressed_bytes, settings.body_seconds
    )
    most = settings.max_upload_bytes
    of_uploads = BodyLimits(most, most, settings.upload_seconds)

    def limits_of(path: str) -> BodyLimits:
        return of_uploads if "/uploads/" in path else limits

    # The last added stands outermost.
    app.add_middleware(LimitBodies, limits_of=limits_of)
    app.add_middleware(RefuseNul)
    app.add_middleware(SecureHeaders)
    app.add_middleware(ShowRates)
    app.add_middleware(Observe, metrics=metrics)
