"""What has to be done from time to time: erasures that were interrupted, retention, and what is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
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
from warum_api.storing.local_files import LocalFiles
from warum_api.storing.tables import jobs, tenants
from warum_api.storing.uploads import abandon_uploads, forget_failed_uploads

NOTICES_KEPT = timedelta(days=30)
"""How long a delivery that is over can still be looked at."""


class Sweeper:
    """Sweeps at the start and every hour; several processes may, each finds what is left.

    Args:
        database: The tables.
        eraser: Erases.
        *more: What else is to be done each time.
        uploads_kept: For how long a file may stay unfinished to which nothing is added.
        every: Time between two sweeps.
    """

    def __init__(
        self,
        database: Database,
        eraser: Eraser,
        *more: Callable[[], object],
        uploads_kept: timedelta = timedelta(hours=48),
        every: timedelta = timedelta(hours=1),
    ) -> None:
        self._database, self._eraser, self._more = database, eraser, more
        self._uploads_kept, self._every = uploads_kept, every

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until told to stop."""
        while not stop.is_set():
            await run_sync(self.sweep)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._every.total_seconds())

    def sweep(self) -> None:
        """Do once what is to be done; what cannot be done now stands in no way of the rest."""
        for do in (
            self._eraser.finish_erasures, self._eraser.apply_retention, self._forget,
            self._clear_uploads, self._delete_parts, self._clear_leftovers, *self._more,
        ):  # fmt: skip
            try:
                done = do()
            except Exception as error:  # the database may be away for a while
                log().error("a part of the sweep failed", **places(error))
                continue
            if done:
                log().info("swept", what=getattr(do, "__name__", ""), number=done)

    def _forget(self) -> None:
        """Forget answers and notices whose time is over."""
        with self._database.writing() as connection:
            at = now(connection)
            forget_expired_keys(connection, at)
            for tenant in connection.execute(select(tenants.c.id)).scalars().all():
                delete_deliveries_before(tenant, connection, at - NOTICES_KEPT)

    def _clear_uploads(self) -> int:
        """Give up files that nobody goes on with; how many files were deleted."""
        with self._database.writing() as connection:
            before = now(connection) - self._uploads_kept
            abandoned = abandon_uploads(connection, before)
        deleted = sum(
            delete_all(one.tenant, self._eraser.files, f"{project_folder(one.project)}/uploads/{one.id}")
            for one in abandoned
        )  # fmt: skip
        with self._database.writing() as connection:
            forget_failed_uploads(connection, before)
        return deleted

    def _clear_leftovers(self) -> int:
        """Delete what killed writers left unfinished."""
        files = self._eraser.files
        return files.clear_leftovers() if isinstance(files, LocalFiles) else 0

    def _delete_parts(self) -> None:
        """Delete the parts of jobs that are done: they hold texts and are of no more use."""
        c = jobs.c
        with self._database.reading() as connection:
            query = select(c.tenant, c.project, c.id).where(c.state == "done")
            done = connection.execute(query.where(c.project.is_not(None))).all()
        for tenant, project, job in done:
            delete_all(tenant, self._eraser.files, f"{project_folder(project)}/jobs/{job}")
