"""The service holds under load: nothing grows, nothing fails. And the soak would tell if it did."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from benchmarks.service.processes import Held, held, worker_of
from benchmarks.service.soak import Soaked, row, soak

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux's /proc")


@pytest.mark.parametrize(
    "seconds", [30.0, pytest.param(3_600.0, marks=pytest.mark.full)], ids=["short", "hour"]
)
def test_nothing_grows_and_nothing_fails(tmp_path: Path, seconds: float) -> None:
    found = soak(seconds, tmp_path)
    assert found.errors == []
    assert found.growth() == [], row(found, "fast")
    assert found.requests > seconds
    assert found.seconds >= seconds


@pytest.mark.parametrize(
    ("look", "grown"),
    [
        (lambda i: Held(500.0, 30, 20), []),
        (lambda i: Held(500.0 + (i % 2) * 50, 30 + i % 3, 20 + i % 2), []),
        (lambda i: Held(500.0 + i / 2, 30, 20), ["memory"]),
        (lambda i: Held(500.0, 30 + i // 5, 20), ["open files"]),
        (lambda i: Held(500.0, 30, 20 + i // 10), ["threads"]),
        (lambda i: Held(500.0 + min(i, 25) * 9, 30 + min(i, 25), 20), []),
    ],
)
def test_growth_is_told_from_noise_and_from_caches_that_fill(
    look: Callable[[int], Held], grown: list[str]
) -> None:
    found = Soaked(60.0, 1_000, looks=[look(i) for i in range(90)])
    assert found.growth() == grown
    assert all(name in row(found, "fast") for name in grown or ["nothing"])


def test_what_this_process_holds() -> None:
    before = held(os.getpid())
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    with Path(os.devnull).open("rb"):
        during = held(os.getpid())
    stop.set()
    thread.join()
    assert during.threads == before.threads + 1
    assert during.files == before.files + 1
    assert during.megabytes > 1
    assert worker_of(os.getpid()) is None
