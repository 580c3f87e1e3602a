"""The command `warum serve`."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from warum.errors import UsageError

if TYPE_CHECKING:
    from warum_api.settings import Settings

NEEDED = ("fastapi", "uvicorn", "structlog", "prometheus_client")

# The command line imports this module at every start, and says what to install where this fails. The libraries
# themselves are imported when the command runs.
for _library in NEEDED:
    if find_spec(_library) is None:
        raise ImportError(f"{_library} is not installed", name=_library)


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; default: 127.0.0.1.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on; default: 8000; 0 takes a free one.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes; each loads the model. Default: 1.")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(help="YAML file of settings; the environment (WARUM_PORT, …) wins over it."),
    ] = None,
) -> None:
    """Serve the API: POST /v1/analyze, described in /openapi.json."""
    from warum_api.settings import Settings, load_settings
    from warum_api.unknown_names import check_model, warn_of_variables

    given = {"host": host, "port": port, "workers": workers}
    settings = load_settings(Settings, os.environ, config, given=given)
    check_model(settings.model)
    listening = _listen(settings.host, settings.port)
    address = listening.getsockname()
    shown = f"[{address[0]}]" if ":" in address[0] else address[0]
    who = (
        "Without API keys it answers this machine only."
        if settings.auth == "off"
        else "It answers who has a key: `warum keys create NAME` makes one."
    )
    told = f"warum serves http://{shown}:{address[1]} with the model {settings.model!r}. {who}"
    typer.echo(told, err=True)
    warn_of_variables(os.environ)
    sys.stderr.flush()
    if settings.workers == 1:
        _run_one(settings, listening)
    else:
        _run_several(settings, listening, config)


def _listen(host: str, port: int) -> socket.socket:
    """The socket, bound before anything heavy is loaded.

    Raises:
        UsageError: If the address cannot be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with ExitStack() as undone:
            made = undone.enter_context(socket.socket(family, kind, protocol))
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(address)
            undone.pop_all()
    except OSError as error:
        raise UsageError(
            f"The address {host}, port {port}, cannot be had: {error}.",
            hint="Is something else listening there? Choose another --port.",
        ) from None
    made.set_inheritable(True)
    return made


def _run_one(settings: Settings, listening: socket.socket) -> None:
    from warum_api.engine.warming import warm

    warming = warm(settings.model)  # before the libraries of the service are imported
    import uvicorn

    from warum_api.starting import Starting, prepare_process

    prepare_process(settings)
    config = uvicorn.Config(Starting(settings, warming), workers=1, **options_of(settings))
    uvicorn.Server(config).run(sockets=[listening])


def _run_several(settings: Settings, listening: socket.socket, config: Path | None) -> None:
    """Run worker processes, which set themselves up from the environment as it is left here."""
    # The workers' metrics are added up through files in a folder; read when the library is imported.
    with tempfile.TemporaryDirectory(prefix="warum-metrics-") as shared:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = shared
        if config is not None:
            os.environ["WARUM_CONFIG"] = str(config.resolve())
        for name in ("host", "port", "workers"):
            os.environ[f"WARUM_{name.upper()}"] = str(getattr(settings, name))
        import uvicorn
        from uvicorn.supervisors import Multiprocess

        from warum_api.observing.logs import set_up_logs

        set_up_logs(settings.log_format)
        made = uvicorn.Config(
            "warum_api.starting:from_environment",
            factory=True,
            workers=settings.workers,
            **options_of(settings),
        )
        Multiprocess(made, sockets=[listening]).run()


def options_of(settings: Settings) -> dict[str, Any]:
    """What uvicorn is told besides the app and the workers."""
    return {
        "log_config": None,  # ours is set up already
        "access_log": False,  # `Observe` writes it
        "server_header": False,
        "proxy_headers": False,
        "timeout_graceful_shutdown": settings.shutdown_seconds,
    }
