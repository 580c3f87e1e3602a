"""Latency and throughput of `POST /v1/analyze`: ``python -m benchmarks.service.latency [--seconds 30]``."""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict

from benchmarks.service.client import Load, Measured
from benchmarks.service.server import Running, empty, service

RATE, CONNECTIONS, BATCH = 50.0, 16, 100
SHORT = 120  # characters of a short comment


def table(seconds: float = 30.0) -> str:
    """All measurements as markdown.

    Args:
        seconds: How long each load is sent.
    """
    rows = [*_single(seconds), *_batches(seconds), *_micro_batching(seconds)]
    head = "| what | measured | must |\n|---|---|---|"
    return "\n".join([head, *(f"| {what} | {found} | {must} |" for what, found, must in rows)])


Row = tuple[str, str, str]


def short_comments() -> list[str]:
    """Short comments of the bundled example, German and English."""
    from warum.example import example_path

    with example_path().open(encoding="utf-8", newline="") as file:
        texts = [row["comment"] for row in csv.DictReader(file)]
    return [text for text in texts if text and len(text) <= SHORT]


def bodies(texts: Sequence[str], size: int = 1) -> list[str]:
    """Bodies of requests of so many comments."""
    parts = [texts[i : i + size] for i in range(0, len(texts) - size + 1, size)]
    return [
        json.dumps({"comments": [{"id": str(i), "text": t} for i, t in enumerate(part)]})
        for part in parts
    ]


def send(
    running: Running, sent: list[str], seconds: float, *, connections: int, rate: float = 0.0
) -> Measured:
    """What a client measures, in a process of its own, after a second to warm up."""
    for duration in (min(1.0, seconds), seconds):
        load = Load(running.port, connections, duration, sent, rate)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.service.client", "-"],
            input=json.dumps(asdict(load)), capture_output=True, text=True, check=True,
        )  # fmt: skip
    measured = Measured(**json.loads(done.stdout))
    if measured.failed:
        raise RuntimeError(f"{measured.failed} of {measured.requests} requests failed")
    return measured


def _single(seconds: float) -> list[Row]:
    sent = bodies(short_comments())
    with service(model="auto") as running:
        start = running.seconds
        opened = send(running, sent, seconds, connections=CONNECTIONS, rate=RATE)
        closed = send(running, sent, seconds, connections=CONNECTIONS)
        memory = running.megabytes()
    with empty() as running:
        bare = send(running, sent, seconds, connections=CONNECTIONS)
    latency = f"p50 {opened.p50:.1f} ms, p90 {opened.p90:.1f} ms, p99 {opened.p99:.1f} ms"
    return [
        ("start to ready, `auto`", f"{start:.1f} s", "< 3 s"),
        ("memory after it, `auto`", f"{memory:.0f} MB", "< 700 MB"),
        (
            f"open loop, {RATE:g} short comments a second, {CONNECTIONS} connections",
            latency, "p50 ≤ 15 ms, p99 ≤ 60 ms",
        ),
        (
            f"closed loop, {CONNECTIONS} clients",
            f"{closed.rate:.0f} requests/s = {closed.rate / bare.rate:.2f} × an empty route ({bare.rate:.0f}/s)",
            "0.5 ×",
        ),
    ]  # fmt: skip


def _batches(seconds: float) -> list[Row]:
    texts = short_comments()
    with service(model="auto") as running:
        measured = send(running, bodies(texts, BATCH), seconds, connections=2)
    served, own = measured.rate * BATCH, library_rate("auto", seconds)
    found = f"{served:.0f} texts/s = {served / own:.0%} of the library's {own:.0f}"
    return [(f"batches of {BATCH}, 2 clients, `auto`", found, "70 %")]


def _micro_batching(seconds: float) -> list[Row]:
    sent = bodies(short_comments())
    rates = {}
    for size in (64, 1):
        with service(model="accurate", batch_comments=size) as running:
            rates[size] = send(running, sent, seconds, connections=CONNECTIONS).rate
    found = f"{rates[64] / rates[1]:.2f} × ({rates[64]:.0f} against {rates[1]:.0f} requests/s)"
    return [("micro-batching on against off, `accurate`, 16 clients", found, "1.5 ×, aim 3")]


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
    begun, read = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        # In batches that differ from the one before: a reader does not read again what it has just read.
        read += len(list(run(comments, stages, batch_size=len(comments) // 2)))
    return read / (time.perf_counter() - begun)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.service.latency", description=__doc__
    )
    parser.add_argument("--seconds", type=float, default=30.0, help="how long each load is sent")
    print(table(parser.parse_args().seconds))


if __name__ == "__main__":
    main()
