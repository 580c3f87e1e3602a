"""Latency and throughput of `POST /v1/analyze`: ``python -m benchmarks.service.latency [--seconds 30]``."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.service.client import Load, Measured
from benchmarks.service.server import Running, empty, plain, service
from benchmarks.service.texts import bodies, short_comments

RATE, CONNECTIONS, BATCH = 50.0, 16, 100
STARTS = 5

Row = tuple[str, str, str]


@dataclass(frozen=True)
class Run:
    """How is measured.

    Attributes:
        seconds: How long each load is sent.
        baseline: An interpreter with torch, transformers, FastAPI and uvicorn; None leaves that baseline out.
    """

    seconds: float = 30.0
    baseline: Path | None = None


def table(run: Run | None = None) -> str:
    """All measurements as markdown."""
    run, loads = run or Run(), [os.getloadavg()[0]]
    rows = []
    for part in (_starts, _single, _closed, _batches, _micro_batching):
        rows += part(run)
        loads.append(os.getloadavg()[0])
    head = "| what | measured | must |\n|---|---|---|"
    told = (
        "Loopback; server and client each in a process of its own, on the same cores; "
        f"{len(short_comments()):,} short comments that all differ, {run.seconds:g} s a load after one to warm up. "
        "“Ready”: `/health/ready` says that comments are read; projects, results and pages are loaded in the seconds "
        f"behind it. Load of the machine between the parts: {', '.join(f'{x:.1f}' for x in loads)}, the "
        "measurement's own included: above the number of cores, others were at work."
    )
    return "\n".join([head, *(f"| {what} | {found} | {must} |" for what, found, must in rows), "", told])  # fmt: skip


@contextmanager
def _service(**settings: object) -> Iterator[Running]:
    """The service with a data folder of its own."""
    with tempfile.TemporaryDirectory() as folder, service(data=folder, **settings) as running:
        yield running


def send(
    running: Running, sent: list[str], seconds: float, *, connections: int, rate: float = 0.0
) -> Measured:
    """What a client measures, in a process of its own, after a second to warm up.

    Raises:
        RuntimeError: If a request fails.
    """
    _measured(Load(running.port, connections, min(1.0, seconds), sent, rate))
    return _measured(Load(running.port, connections, seconds, sent, rate))


def _measured(load: Load) -> Measured:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.service.client", "-"],
        input=json.dumps(asdict(load)), capture_output=True, text=True, check=True,
    )  # fmt: skip
    measured = Measured(**json.loads(done.stdout))
    if measured.failed:
        raise RuntimeError(f"{measured.failed} of {measured.requests} requests failed")
    return measured


def busy(running: Running, sent: list[str], run: Run) -> tuple[float, float]:
    """Requests a second in a closed loop, and milliseconds of the server's processor time for each.

    Others who are at work on the machine change the one far more than the other.
    """
    send(running, sent, 0.1, connections=CONNECTIONS)
    before = running.processor_seconds()
    load = Load(running.port, CONNECTIONS, run.seconds, sent)
    measured = _measured(load)
    spent = running.processor_seconds() - before
    return measured.rate, 1000 * spent / measured.requests


def _starts(_: Run) -> list[Row]:
    """Starts in one data folder: the first also makes the tables."""
    seconds, processor = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _start in range(STARTS):
            with service(model="auto", data=folder) as running:
                seconds.append(running.seconds)
                processor.append(running.processor_seconds())
    found = f"{statistics.median(seconds[1:]):.1f} s (fastest {min(seconds):.1f}; in an empty folder {seconds[0]:.1f})"
    found += f"; {statistics.median(processor):.1f} s of processor time"
    return [(f"start to ready, `auto`, median of {STARTS - 1}", found, "< 3 s")]


def _single(run: Run) -> list[Row]:
    sent = bodies(short_comments())
    with _service(model="auto") as running:
        _whole(running)
        opened = send(running, sent, run.seconds, connections=CONNECTIONS, rate=RATE)
        send(running, sent, run.seconds / 2, connections=CONNECTIONS)
        memory = running.megabytes()
    latency = f"p50 {opened.p50:.1f} ms, p90 {opened.p90:.1f} ms, p99 {opened.p99:.1f} ms"
    what = f"open loop, {RATE:g} short comments a second, {CONNECTIONS} connections, `auto`"
    return [
        (what, latency, "p50 ≤ 15 ms, p99 ≤ 60 ms"),
        ("memory after it and a closed loop, `auto`", f"{memory:.0f} MB", "< 700 MB"),
    ]


def _whole(running: Running) -> None:
    """Wait until all rooms are loaded."""
    running.get("/v1/projects")


def _closed(run: Run) -> list[Row]:
    """Requests a second: ours with three models, an empty route, a plain endpoint."""
    sent, rates = bodies(short_comments()), {}
    for model in ("auto", "accurate", "fast"):
        with _service(model=model) as running:
            _whole(running)
            rates[model] = busy(running, sent, run)
    with empty() as running:
        bare, least = busy(running, sent, run)
    base, why = _plain_rate(run, sent)
    against = f"{base:.0f}/s" if base else f"not measured: {why}"
    rows = []
    for model, (rate, spent) in rates.items():
        found = f"{rate:.0f} requests/s = {rate / bare:.2f} × the empty route ({bare:.0f}/s)"
        found += f", {rate / base:.1f} × the plain endpoint ({against})" if base else ""
        found += f"; processor time {spent:.1f} ms each, the empty route's {least:.1f} ms"
        rows.append((f"closed loop, {CONNECTIONS} clients, `{model}`", found, "0.5 ×, 3 ×"))
    if not base:
        rows.append(("a plain endpoint around transformers", against, ""))
    return rows


def _plain_rate(run: Run, sent: list[str]) -> tuple[float, str]:
    """Requests a second of the plain endpoint; 0 and the reason where there is none."""
    needed = "import torch, transformers, fastapi, uvicorn"
    if run.baseline is None:
        return 0.0, "--baseline-python names no interpreter"
    alone = {**os.environ, "PYTHONPATH": ""}
    asked = [str(run.baseline), "-c", needed]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, env=alone)
    if done.returncode:
        why = done.stderr.strip().splitlines()[-1:] or ["it does not start"]
        print(f"  the plain endpoint is left out: {why[0]}", flush=True)
        return 0.0, why[0]
    with tempfile.TemporaryDirectory() as folder, plain(run.baseline, Path(folder)) as running:
        return send(running, sent, run.seconds, connections=CONNECTIONS).rate, ""


def _batches(run: Run) -> list[Row]:
    texts = short_comments()
    rows = []
    for model in ("auto", "fast"):
        with _service(model=model) as running:
            _whole(running)
            measured = send(running, bodies(texts, BATCH), run.seconds, connections=2)
        served, own = measured.rate * BATCH, library_rate(model, run.seconds)
        found = f"{served:.0f} texts/s = {served / own:.0%} of the library's {own:.0f}"
        rows.append((f"batches of {BATCH}, 2 clients, `{model}`", found, "70 %"))
    return rows


def _micro_batching(run: Run) -> list[Row]:
    sent = bodies(short_comments())
    rows = []
    for model, must in (("accurate", "1.5 ×, aim 3"), ("fast", "")):
        rates = {}
        for size in (64, 1):
            with _service(model=model, batch_comments=size) as running:
                _whole(running)
                rates[size] = busy(running, sent, run)
        (on, spent_on), (off, spent_off) = rates[64], rates[1]
        found = f"{on / off:.2f} × ({on:.0f} against {off:.0f} requests/s); by processor time "
        found += f"{spent_off / spent_on:.2f} × ({spent_on:.1f} against {spent_off:.1f} ms each)"
        what = f"micro-batching on against off, `{model}`, {CONNECTIONS} clients"
        rows.append((what, found, must))
    return rows


def library_rate(model: str, seconds: float) -> float:
    """Texts a second of the library itself, in a process of its own."""
    program = (
        f"from benchmarks.service.latency import own_rate; print(own_rate({model!r}, {seconds!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def own_rate(model: str, seconds: float) -> float:
    """Texts a second of `warum.pipeline.run` in this process, models loaded before."""
    from warum.defaults import StageOptions, stages_of
    from warum.pipeline import run
    from warum.records import Comment
    from warum.taxonomy import load_taxonomy

    stages = stages_of(model, load_taxonomy(), StageOptions())
    comments = [Comment(str(i), text, i + 1) for i, text in enumerate(short_comments())]
    list(run(comments[:50], stages))
    begun, at, read = time.perf_counter(), 0, 0
    while time.perf_counter() - begun < seconds:
        part = comments[at : at + 512]
        read += len(list(run(part, stages)))
        at = (at + 512) % len(comments)
    return read / (time.perf_counter() - begun)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.service.latency", description=__doc__
    )
    parser.add_argument("--seconds", type=float, default=30.0, help="how long each load is sent")
    parser.add_argument(
        "--baseline-python", type=Path, default=None,
        help="interpreter with torch, transformers, FastAPI and uvicorn, for the plain endpoint",
    )  # fmt: skip
    options = parser.parse_args()
    print(table(Run(options.seconds, options.baseline_python)))


if __name__ == "__main__":
    main()
