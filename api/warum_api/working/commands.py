"""The command `warum work`."""

from __future__ import annotations

import os
import signal
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

for _library in (
    "fastapi",
    "sqlalchemy",
    "structlog",
):  # said where the command line imports this module
    if find_spec(_library) is None:
        raise ImportError(f"{_library} is not installed", name=_library)


def work(
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="End when there is no job left.")
    ] = False,
    config: Annotated[
        Path | None, typer.Option(help="YAML file of settings, as `warum serve` has it.")
    ] = None,
) -> None:
    """Do the jobs of the service in a process of its own; several may run, on several machines too."""
    from warum_api.observing.logs import set_up_logs
    from warum_api.settings import Settings, load_settings
    from warum_api.unknown_names import check_model, warn_of_variables
    from warum_api.working.room import KINDS, worker_of

    settings = load_settings(Settings, os.environ, config)
    check_model(settings.model)
    warn_of_variables(os.environ)
    set_up_logs(settings.log_format)
    worker = worker_of(settings)
    earlier = {
        told: signal.signal(told, lambda *_: worker.leaving.set())
        for told in (signal.SIGTERM, signal.SIGINT)
    }
    typer.echo(f"warum works: jobs of the kinds {', '.join(KINDS)}.", err=True)
    try:
        if until_idle:
            worker.run(idle=0.2, go_on=lambda waited: not waited)
        else:
            worker.run()
    finally:  # a program that called this goes on
        for told, handler in earlier.items():
            signal.signal(told, handler)
