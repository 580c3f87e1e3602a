"""The service under mixed load for a long time: ``python -m benchmarks.service.soak [--seconds 3600]``.

Four clients that never rest: one sends comments, one keeps projects (upload, job, results, correction, erasure,
deletion), one looks (health, metrics, lists, OpenAPI), one sends what is malformed. What the service holds is looked
at twice a second. Growth is told by medians, of the second third of the time against the last: the first third fills
caches.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import httpx

from benchmarks.service.calling import Caller, rows
from benchmarks.service.processes import Held, held
from benchmarks.service.server import Killable

EVERY = 0.5  # seconds between two looks
ROWS = 60  # comments of a project

SLACK_MB, SLACK_SHARE = 8.0, 0.02
"""Memory may be so much more at the end, or this share of it, whichever is more: allocators do not give all back."""
SLACK_FILES, SLACK_THREADS = 3.0, 1.0
"""Files and threads may differ by so many: a request is under way at some looks and not at others."""
PATIENCE = 120.0  # seconds that a round may take after the end

Round = Callable[[Caller], None]


@dataclass
class Soaked:
    """What was seen.

    Attributes:
        seconds: How long.
        requests: Requests that were answered.
        errors: What went wrong, at most ten.
        looks: What the service held, in time.
    """

    seconds: float = 0.0
    requests: int = 0
    errors: list[str] = field(default_factory=list)
    looks: list[Held] = field(default_factory=list)

    @property
    def before(self) -> Held:
        """The median of the second third."""
        third = len(self.looks) // 3
        return _median(self.looks[third : 2 * third])

    @property
    def after(self) -> Held:
        """The median of the last third."""
        return _median(self.looks[-(len(self.looks) // 3) :])

    def growth(self) -> list[str]:
        """What has grown; empty if nothing has."""
        first, last = self.before, self.after
        most = max(SLACK_MB, SLACK_SHARE * first.megabytes)
        grown = {
            "memory": last.megabytes - first.megabytes > most,
            "open files": last.files - first.files > SLACK_FILES,
            "threads": last.threads - first.threads > SLACK_THREADS,
        }
        return [name for name, more in grown.items() if more]


def soak(seconds: float, folder: Path, *, model: str = "fast") -> Soaked:
    """Load a service.

    Args:
        seconds: How long, after each client has gone round once.
        folder: Where the service keeps its data.
        model: Reads the comments.
    """
    service, found = Killable(model=model, data=folder), Soaked()
    service.start()
    stop = threading.Event()
    clients = [_Client(service.port, one, stop) for one in (_reads, _keeps, _looks, _errs)]
    try:
        for client in clients:
            client.thread.start()
        for client in clients:
            client.warm.wait(PATIENCE)
        begun, before = time.perf_counter(), sum(client.calls for client in clients)
        while time.perf_counter() - begun < seconds and service.alive:
            found.looks.append(held(service.pid))
            time.sleep(EVERY)
        found.seconds = time.perf_counter() - begun
        found.requests = sum(client.calls for client in clients) - before
    finally:
        stop.set()
        for client in clients:
            client.thread.join(PATIENCE)
        died = not service.alive
        service.stop()
    found.errors = ["the service died"] * died + [e for client in clients for e in client.errors]
    return found


class _Client:
    """A client that goes round and round until it is told to stop.

    Args:
        port: Of the service.
        rounds: What it does.
        stop: Set when it is to stop.
    """

    def __init__(
        self, port: int, rounds: Callable[[], Iterator[Round]], stop: threading.Event
    ) -> None:
        self._caller, self._rounds, self._stop = Caller(port), rounds, stop
        self.errors: list[str] = []
        self.warm = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    @property
    def calls(self) -> int:
        """Requests that were answered."""
        return self._caller.calls

    def _run(self) -> None:
        for one in self._rounds():
            try:
                one(self._caller)
            except (RuntimeError, TimeoutError, httpx.HTTPError) as error:
                self.errors = [*self.errors, f"{type(error).__name__}: {error}"][:10]
            self.warm.set()
            if self._stop.is_set():
                break
        self._caller.close()


def _reads() -> Iterator[Round]:
    """Sends comments: one, a batch, with a taxonomy of its own."""
    from benchmarks.service.texts import short_comments

    texts = short_comments()
    yield lambda call: _read_all(call, texts)
    own = {"categories": [{"code": "time", "title": "Waiting", "description": "Waited too long."}]}
    for turn in cycle(range(len(texts) - 20)):
        some = texts[turn : turn + (20 if turn % 10 == 0 else 1)]
        body = {"comments": [{"id": i, "text": text} for i, text in enumerate(some)]}
        more = {"taxonomy": own} if turn % 25 == 0 else {}
        yield lambda call, asked={**body, **more}: call("POST", "/v1/analyze", json=asked)


def _read_all(call: Caller, texts: Sequence[str]) -> None:
    """Fill the caches of words, which have bounds: until then memory rises with every new word."""
    for at in range(0, len(texts), 500):
        some = [{"id": i, "text": text} for i, text in enumerate(texts[at : at + 500])]
        call("POST", "/v1/analyze", json={"comments": some})


def _keeps() -> Iterator[Round]:
    """Makes projects, analyses them, looks at them, and deletes them again."""
    data = rows(ROWS)
    while True:
        yield lambda call: _project(call, data)


def _project(call: Caller, data: bytes) -> None:
    project = call.project(data)
    new = {"id": "x1", "text": "Great staff", "customer": "kim", "fields": {"nps": 9}}
    call("POST", f"{project}/comments", json={"comments": [new]})
    if call.ended(call.submit(project))["state"] != "done":
        raise RuntimeError("the job was not done")
    for name in ("summary", "drivers", "opinions", "trends", "report"):
        call("GET", f"{project}/results/current/{name}")
    call("GET", f"{project}/results/current/opinions", headers={"Accept": "text/csv"})
    call("POST", f"{project}/erasures", json={"customer": "kim"})
    call("DELETE", project)


def _looks() -> Iterator[Round]:
    """Looks at everything that can be looked at without a project."""
    for path in cycle(
        ("/health/live", "/health/ready", "/metrics", "/openapi.json", "/v1/projects", "/v1/jobs", "/v1/audit-log")
    ):  # fmt: skip
        yield lambda call, path=path: call("GET", path)
        time.sleep(0.02)


def _errs() -> Iterator[Round]:
    """Sends what is refused."""
    wrong: Sequence[tuple[str, str, bytes]] = (
        ("POST", "/v1/analyze", b'{"comments": ['),
        ("POST", "/v1/analyze", b'{"comments": []}'),
        ("GET", "/v1/projects/none/results/current/summary", b""),
        ("POST", "/v1/projects", b'{"name": ""}'),
        ("PUT", "/v1/projects", b""),
        ("GET", "/nowhere", b""),
    )
    for method, path, body in cycle(wrong):
        yield lambda call, m=method, p=path, b=body: call.refused(m, p, b)
        time.sleep(0.02)


def _median(looks: Sequence[Held]) -> Held:
    return Held(
        statistics.median(one.megabytes for one in looks),
        statistics.median(one.files for one in looks),
        statistics.median(one.threads for one in looks),
    )


def row(found: Soaked, model: str) -> str:
    """One line of the table in docs/benchmarks.md."""
    first, last = found.before, found.after
    grown = ", ".join(found.growth()) or "nothing"
    return (
        f"| soak of {found.seconds:.0f} s, mixed load, `{model}` | "
        f"{found.requests:,} requests, {len(found.errors)} errors; "
        f"memory {first.megabytes:.0f} → {last.megabytes:.0f} MB, open files {first.files:g} → {last.files:g}, "
        f"threads {first.threads:g} → {last.threads:g}: {grown} has grown | no growth, no error |"
    )  # fmt: skip


def main() -> None:
    """Print the line; the exit status says whether it went well."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3_600.0)
    parser.add_argument("--model", default="fast")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        found = soak(options.seconds, Path(name), model=options.model)
    print(row(found, options.model))
    for error in found.errors:
        print(error)
    raise SystemExit(bool(found.errors or found.growth()))


if __name__ == "__main__":
    main()
