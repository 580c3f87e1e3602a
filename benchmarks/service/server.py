"""A server in a process of its own, from its start to its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_server
from urllib.error import HTTPError, URLError

PATIENCE = 120.0  # seconds until a server that is not ready is given up
SERVE = [sys.executable, "-m", "warum", "serve", "--port"]
_ALONE = "import typer; from warum_api.serving import serve; typer.run(serve)"
SERVE_ALONE = [sys.executable, "-c", _ALONE, "--port"]
"""The same command, whether or not its entry point is installed."""


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

    def processor_seconds(self) -> float:
        """Processor time that it has used; NaN where the system does not tell."""
        try:
            told = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        except OSError:
            return float("nan")
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")

    def get(self, path: str) -> bytes:
        """What is at a path."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=120) as answer:
            body: bytes = answer.read()
        return body


class Killable:
    """`warum serve` that is killed and started again, at the same port.

    Args:
        **settings: Its settings.
    """

    def __init__(self, **settings: object) -> None:
        self._settings = settings
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        begun = time.perf_counter()
        self.process = _started([*SERVE_ALONE, str(self.port)], _environment(self._settings))
        try:
            _wait(self.process, self.port, begun)
        except RuntimeError:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        """Its process."""
        assert self.process is not None
        return self.process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """Kill it as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it as an operator would."""
        if self.process is not None:
            _end(self.process)


@contextmanager
def service(**settings: object) -> Iterator[Running]:
    """`warum serve` with these settings."""
    with _process(SERVE, _environment(settings)) as running:
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
def plain(interpreter: Path, folder: Path) -> Iterator[Running]:
    """A plain endpoint around a pipeline of transformers, see `plain.py`.

    Args:
        interpreter: A Python with torch, transformers, FastAPI and uvicorn.
        folder: Where its model is, or will be.
    """
    program = Path(__file__).with_name("plain.py")
    with _process([str(interpreter), str(program), str(folder)], {"PYTHONPATH": ""}) as running:
        yield running


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[Running]:
    port, begun = _free_port(), time.perf_counter()
    process = _started([*command, str(port)], environment)
    try:
        _wait(process, port, begun)
        yield Running(port, process.pid, time.perf_counter() - begun)
    finally:
        _end(process)


def _free_port() -> int:
    with create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def _environment(settings: Mapping[str, object]) -> dict[str, str]:
    return {f"WARUM_{name.upper()}": str(value) for name, value in settings.items()}


def _started(command: list[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
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
