"""A worker process beside the service: started when there are jobs, and again when it is killed."""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
import sys
from contextlib import suppress

from anyio.to_thread import run_sync

from warum_api.observing.logs import log, places
from warum_api.settings import Settings, environment_of
from warum_api.storing.database import Database
from warum_api.storing.jobs import is_waiting
from warum_api.storing.leases import Leases

OWNER = "WARUM_WORKER_OWNER"
"""Names the worker for its leases, in its environment."""
IDLE_SECONDS = 60
"""After so long without a job the process ends; the next job starts another."""


class Supervisor:
    """Keeps one worker process while there is something to do.

    Args:
        settings: What the process is told.
        database: Where the jobs are.
        kinds: The jobs that it does.
    """

    def __init__(self, settings: Settings, database: Database, kinds: tuple[str, ...]) -> None:
        self._settings, self._database, self._kinds = settings, database, kinds
        self._owner = f"worker-{secrets.token_hex(6)}"
        self.process: subprocess.Popen[bytes] | None = None

    async def run(self, stop: asyncio.Event, *, seconds: float = 0.5) -> None:
        """Look after the process until told to stop; it then lets its job go."""
        while not stop.is_set():
            try:
                await run_sync(self.look)
            except Exception as error:  # the database may be away for a while
                log().error("jobs could not be looked after", **places(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), seconds)
        await run_sync(self.end)

    def look(self) -> None:
        """Free the jobs of a process that died, and start one if there is something to do."""
        if self.process is not None:
            ended = self.process.poll()
            if ended is None:
                return
            _close(self.process)
            self.process = None
            freed = Leases(self._database, self._owner).let_go()
            if ended:
                log().warning("the worker died", status=ended, jobs_freed=freed)
        with self._database.reading() as connection:
            waiting = is_waiting(connection, self._kinds)
        if waiting:
            self._start()

    def end(self) -> None:
        """End the process; it gets the time that requests get, too."""
        process, self.process = self.process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(self._settings.shutdown_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _close(process)
        Leases(self._database, self._owner).let_go()

    def _start(self) -> None:
        environment = {**os.environ, **environment_of(self._settings), OWNER: self._owner}
        environment.pop("PROMETHEUS_MULTIPROC_DIR", None)
        # Its input ends when this process does, however it ends: then the worker ends too.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "warum_api.working"], stdin=subprocess.PIPE, env=environment
        )


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
