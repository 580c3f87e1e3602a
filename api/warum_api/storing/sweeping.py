"""What has to be done from time to time: erasures that were interrupted, retention, and what is over."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

from anyio.to_thread import run_sync
from sqlalchemy import select

from warum_api.observing.logs import log, places
from warum_api.storing.database import Database, now
from warum_api.storing.deliveries import delete_deliveries_before
from warum_api.storing.erasing import Eraser
from warum_api.storing.files import delete_all, project_folder
from warum_api.storing.idempotency import forget_expired_keys
from warum_api.storing.tables import jobs, tenants

NOTICES_KEPT = timedelta(days=30)
"""How long a delivery that is over can still be looked at."""


class Sweeper:
    """Sweeps at the start and every hour; several processes may, each finds what is left.

    Args:
        database: The tables.
        eraser: Erases.
        every: Time between two sweeps.
    """

    def __init__(
        self, database: Database, eraser: Eraser, every: timedelta = timedelta(hours=1)
    ) -> None:
        self._database, self._eraser, self._every = database, eraser, every

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until told to stop."""
        while not stop.is_set():
            try:
                await run_sync(self.sweep)
            except Exception as error:  # the database may be away for a while
                log().error("the sweep failed", **places(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._every.total_seconds())

    def sweep(self) -> None:
        """Do once what is to be done."""
        finished = self._eraser.finish_erasures()
        erased = self._eraser.apply_retention()
        with self._database.writing() as connection:
            at = now(connection)
            forget_expired_keys(connection, at)
            for tenant in connection.execute(select(tenants.c.id)).scalars().all():
                delete_deliveries_before(tenant, connection, at - NOTICES_KEPT)
        self._delete_parts()
        if finished or erased:
            log().info("swept", erasures_finished=finished, comments_erased=erased)

    def _delete_parts(self) -> None:
        """Delete the parts of jobs that are done: they hold texts and are of no more use."""
        c = jobs.c
        with self._database.reading() as connection:
            query = select(c.tenant, c.project, c.id).where(c.state == "done")
            done = connection.execute(query.where(c.project.is_not(None))).all()
        for tenant, project, job in done:
            delete_all(tenant, self._eraser.files, f"{project_folder(project)}/jobs/{job}")
