"""The parts of this room put together, as the settings have it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from warum_api.notifying.room import notifying
from warum_api.results.shelf import Shelf
from warum_api.results.texts import ResultTexts
from warum_api.settings import Settings
from warum_api.storing.database import Database
from warum_api.storing.files import Files
from warum_api.storing.leases import Leases
from warum_api.storing.opening import open_database, open_storage
from warum_api.working.beating import Handler
from warum_api.working.worker import Worker

KINDS = ("analyze", "why", "report", "train")


def handlers_of(settings: Settings, database: Database, files: Files) -> Mapping[str, Handler]:
    """Who does which kind of job."""
    from warum_api.working.analysing import Analysing  # they import the models
    from warum_api.working.explaining import Explaining
    from warum_api.working.reporting import Reporting
    from warum_api.working.training import Training

    return {
        "analyze": Analysing(settings, database, files),
        "why": Explaining(database, files),
        "report": Reporting(database, files),
        "train": Training(database, files),
    }


def worker_of(settings: Settings, owner: str | None = None) -> Worker:
    """A worker of a process of its own.

    Args:
        settings: Where the jobs and the files are.
        owner: Names it for its leases; None for a new name.
    """
    database, files = open_database(settings), open_storage(settings)
    queue = Leases(database, owner or f"worker-{secrets.token_hex(6)}")
    told = notifying(settings, database, ResultTexts(Shelf(database, files)))
    return Worker(queue, handlers_of(settings, database, files), told.publisher)
