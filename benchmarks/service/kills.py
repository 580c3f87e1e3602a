"""A job whose workers and services are killed: ``python -m benchmarks.service.kills [--comments 20000 --kills 50]``."""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks.service.calling import ENDED, Caller, rows
from benchmarks.service.processes import worker_of
from benchmarks.service.server import Killable

OF_SERVICES = 0.3
"""Share of the kills that hit the service; the others hit its worker."""
AT_ITS_START = 0.3
"""Share of the kills that come while the worker may not have read anything yet."""
IN_VAIN = 3
"""Kills in a row without progress; a job that loses ten workers so is given up, as it should be."""


@dataclass(frozen=True)
class Survived:
    """What became of a job.

    Attributes:
        comments: How many were to be analysed.
        killed: Kills of the worker and of the service.
        seconds: From its submission to its end.
        ids: Ids of comments in the result, in its order.
        same: Whether the result is that of a job that nobody disturbed.
        events: Deliveries by job: how many different ones said that it was finished.
    """

    comments: int
    killed: Counter[str]
    seconds: float
    ids: list[str]
    same: bool
    events: Counter[str]

    @property
    def once(self) -> bool:
        """Whether every comment was analysed exactly once, and each job told of once."""
        whole = sorted(self.ids) == sorted(f"r{i}" for i in range(self.comments))
        return whole and self.same and set(self.events.values()) == {1} and len(self.events) == 2


def survive(
    comments: int, kills: int, folder: Path, *, seed: int = 1, database: str | None = None
) -> Survived:
    """Submit a job, kill what works on it at random, and look at what it gave.

    Args:
        comments: Comments of the job.
        kills: How often something is killed.
        folder: Where the service keeps its data.
        seed: Of chance.
        database: URL of a PostgreSQL database; None for SQLite in the folder.

    Raises:
        RuntimeError: If the job ends before it was killed so often.
    """
    given = {"database_url": database} if database else {}
    with _receiving() as (receiver, told):
        service = Killable(
            model="fast", data=folder, webhook_networks="127.0.0.0/8", webhook_http=True, **given
        )
        service.start()
        caller = Caller(service.port)
        try:
            hook = {"url": f"http://127.0.0.1:{receiver}/", "events": ["job.finished"]}
            caller("POST", "/v1/webhooks", json=hook)
            project = caller.project(rows(comments))
            begun = time.perf_counter()
            job = caller.submit(project)
            killed = _Killer(service, caller, job, random.Random(seed)).kill(kills)
            _done(caller, job)
            seconds = time.perf_counter() - begun
            second = caller.submit(project)
            _done(caller, second)
            _told(told, 2)
        finally:
            service.stop()
            caller.close()
    first, other = (_content(folder, path) for path in (job, second))
    events = Counter(of for of, _ in set(told))
    return Survived(comments, killed, seconds, first[0], first == other, events)


class _Killer:
    """Kills a service and its worker while a job runs.

    Args:
        service: The service.
        caller: Its client.
        job: Path of the job.
        dice: Chance.
    """

    def __init__(self, service: Killable, caller: Caller, job: str, dice: random.Random) -> None:
        self._service, self._caller, self._job, self._dice = service, caller, job, dice
        self._in_vain, self._reached = 0, 0

    def kill(self, kills: int) -> Counter[str]:
        """Kill so often; how often which."""
        killed: Counter[str] = Counter()
        while killed.total() < kills:
            worker = self._worker()
            taken = self._running()[
                "done"
            ]  # more than was known at the kill may have been stored before it
            if self._dice.random() < AT_ITS_START and self._in_vain < IN_VAIN:
                time.sleep(self._dice.uniform(0.0, 3.0))
            else:
                self._wait_for(kills - killed.total())
            done = self._running()["done"]
            self._in_vain = 0 if done > taken else self._in_vain + 1
            self._reached = max(done, self._reached)
            if self._dice.random() < OF_SERVICES:
                self._service.kill()
                self._service.start()
                killed["service"] += 1
            elif _kill(worker):
                killed["worker"] += 1
        return killed

    def _worker(self) -> int:
        """The worker, once it has the job."""
        while True:
            found = worker_of(self._service.pid)
            if found is not None and self._running()["state"] == "running":
                return found
            time.sleep(0.05)

    def _wait_for(self, left: int) -> None:
        """Wait until so much is done that the kills that are left are spread over the rest, more or less."""
        job = self._running()
        rest = (job["total"] or 0) - self._reached
        wanted = self._reached + max(1.0, self._dice.uniform(0.0, 2.0) * rest / (left + 1))
        while self._running()["done"] < wanted:
            time.sleep(0.05)
        time.sleep(self._dice.uniform(0.0, 0.3))

    def _running(self) -> Any:  # noqa: ANN401 - JSON
        job = self._caller("GET", self._job)
        if job["state"] in ENDED:
            raise RuntimeError(f"the job is {job['state']} before its last kill: {job['error']}")
        return job


def _kill(pid: int) -> bool:
    """Kill a process; whether it was there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def _done(caller: Caller, job: str) -> None:
    ended = caller.ended(job)
    if ended["state"] != "done":
        raise RuntimeError(f"the job is {ended['state']}: {ended['error']}")


def _content(folder: Path, job: str) -> tuple[list[str], list[Any]]:
    """Ids of the comments of a result, and its opinions."""
    from warum.table import Table

    name = job.rpartition("/")[2]
    (place,) = (path.parent for path in folder.rglob("comments.parquet") if name in str(path))
    comments = Table.read_parquet(place / "comments.parquet")
    opinions = Table.read_parquet(place / "opinions.parquet")
    return comments["comment_id"].tolist(), [
        *map(repr, comments.rows()),
        *map(repr, opinions.rows()),
    ]


@contextmanager
def _receiving() -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """A receiver of webhooks: its port, and what came: the job and the id of the delivery."""
    told: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.append((body["data"]["job"], body["id"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_address[1], told
        server.shutdown()


def _told(told: list[tuple[str, str]], jobs: int, seconds: float = 60.0) -> None:
    """Wait until so many jobs were told of; `Survived.once` says if one was not."""
    until = time.monotonic() + seconds
    while len({job for job, _ in told}) < jobs and time.monotonic() < until:
        time.sleep(0.2)


def row(found: Survived, database: str) -> str:
    """One line of the table in docs/benchmarks.md."""
    well = "every comment analysed exactly once, the same result as undisturbed, told of once"
    said = well if found.once else "NOT exactly once"
    hits = f"{found.killed['worker']} × the worker, {found.killed['service']} × the service"
    return (
        f"| killed {found.killed.total()} times at random during a job of {found.comments:,} comments, `fast`, "
        f"{database} | {said} ({hits}; {found.seconds:.0f} s) | "
        "exactly once |"
    )


def main() -> None:
    """Print the line; the exit status says whether it went well."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service.kills", description=__doc__)
    parser.add_argument("--comments", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL of its own")
    options = parser.parse_args()
    if options.postgresql:
        from tests.warum_api.databases import postgresql

        database: Any = postgresql()
    else:
        database = nullcontext()
    with tempfile.TemporaryDirectory() as name, database as url:
        found = survive(
            options.comments, options.kills, Path(name), seed=options.seed, database=url
        )
    print(row(found, "PostgreSQL" if options.postgresql else "SQLite"))
    raise SystemExit(not found.once)


if __name__ == "__main__":
    main()
