"""A server in a process of its own, from its start to its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_server
from urllib.error import HTTPError, URLError

PATIENCE = 120.0  # seconds until a server that is not ready is given up


@dataclass(frozen=True)
class Running:
    """A server that is ready.

    Attributes:
        port: Where it listens, on loopback.
        pid: Its process.
        seconds: From its start until it was ready.
    """

    port: int
    pid: int
    seconds: float

    def megabytes(self) -> float:
        """Memory that it holds now; NaN where the system does not tell."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        except OSError:
            return float("nan")
        kilobytes = status.partition("VmRSS:")[2].split()[0]
        return int(kilobytes) / 1024


@contextmanager
def service(**settings: object) -> Iterator[Running]:
    """`warum serve` with these settings."""
    environment = {f"WARUM_{name.upper()}": str(value) for name, value in settings.items()}
    with _process([sys.executable, "-m", "warum", "serve", "--port"], environment) as running:
        yield running


@contextmanager
def empty() -> Iterator[Running]:
    """The empty route, served in the same way."""
    command = [
        sys.executable, "-m", "uvicorn", "benchmarks.service.empty:app", "--no-access-log", "--log-level",
        "warning", "--port",
    ]  # fmt: skip
    with _process(command, {}) as running:
        yield running


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[Running]:
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*command, str(port)],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, port, begun)
        yield Running(port, process.pid, time.perf_counter() - begun)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, begun: float) -> None:
    while time.perf_counter() - begun < PATIENCE:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode} before it was ready")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5):
                return
        except (HTTPError, URLError, OSError):
            time.sleep(0.02)
    raise RuntimeError(f"the server was not ready after {PATIENCE:g} s")
