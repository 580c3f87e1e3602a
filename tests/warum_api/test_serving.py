"""The command `warum serve`, as a process of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from warum.errors import UsageError
from warum_api.serving import _listen

# The command line with the command as its entry point registers it, whether or not that is installed.
PROGRAM = """
from warum import cli
from warum_api.serving import serve
cli._add_plugins = lambda: cli.app.command("serve")(serve)
cli.main()
"""


@contextmanager
def serve(
    *options: str, **environment: str
) -> Iterator[tuple[subprocess.Popen[str], int, list[str]]]:
    """The process, the port it took, and what it logs."""
    command = [sys.executable, "-c", PROGRAM, "serve", "--port", "0", *options]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, "WARUM_MODEL": "nothing", **environment}
    )  # fmt: skip
    assert process.stderr is not None
    lines: list[str] = []
    first = process.stderr.readline()
    reader = threading.Thread(target=lambda: lines.extend(process.stderr or ()))
    reader.start()
    try:
        found = re.search(r"http://127\.0\.0\.1:(\d+)", first)
        assert found, first
        assert ("who has a key" if "WARUM_AUTH" in environment else "this machine only") in first
        yield process, int(found[1]), lines
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stderr.close()


@contextmanager
def ready(port: int) -> Iterator[httpx.Client]:
    """A client of a service that is ready."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        for _ in range(1200):
            with suppress(httpx.TransportError):
                if client.get("/health/ready").status_code == 200:
                    break
            time.sleep(0.05)
        yield client


BODY = {"comments": [{"id": "1", "text": "Great staff"}]}


def test_it_serves_logs_json_and_ends_when_it_is_told(tmp_path: Path) -> None:
    config = tmp_path / "warum.yaml"
    config.write_text("max_comments: 3\n")
    with serve("--config", str(config)) as (process, port, lines):
        with ready(port) as client:
            assert client.post("/v1/analyze", json=BODY).status_code == 200
            many = {"comments": BODY["comments"] * 4}
            assert client.post("/v1/analyze", json=many).json()["expected"] == "1 to 3 comments"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) in (0, -signal.SIGTERM)
        time.sleep(0.1)
        events = [json.loads(line) for line in lines]
    assert "ready" in {event["event"] for event in events}
    request = next(event for event in events if event.get("path") == "/v1/analyze")
    assert (request["status"], request["comments"], request["tenant"]) == (200, 1, "local")


def test_with_keys_it_answers_who_has_one() -> None:
    with serve(WARUM_AUTH="keys") as (_, port, _), ready(port) as client:
        refused = client.post("/v1/analyze", json=BODY)
        assert (refused.status_code, refused.json()["code"]) == (401, "no_key")


def test_what_was_taken_is_finished_at_the_end() -> None:
    with serve(WARUM_MODEL="fast") as (process, port, _), ready(port) as client:
        text = "The staff was friendly but the app is slow. " * 20
        body = {"comments": [{"id": i, "text": text} for i in range(1000)]}
        answers: list[int] = []
        sender = threading.Thread(
            target=lambda: answers.append(client.post("/v1/analyze", json=body).status_code)
        )
        sender.start()
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        sender.join(60)
        assert answers == [200]
        assert process.wait(20) in (0, -signal.SIGTERM)


def _analyzed(client: httpx.Client) -> int:
    """Requests that were counted, by all workers together."""
    page = client.get("/metrics").text
    found = re.findall(r"warum_requests_total\{[^}]*analyze[^}]*\} (\d+)", page)
    return sum(map(int, found))


def test_workers_do_not_outlive_a_service_that_is_killed() -> None:
    with serve("--workers", "2") as (process, port, _):
        with ready(port):
            pass
        process.kill()
        process.wait()
        for _ in range(300):
            try:
                httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=5)
            except httpx.ConnectError:
                return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
    pytest.fail("somebody still answers")


def test_several_workers_share_port_and_metrics() -> None:
    with serve("--workers", "2") as (process, port, _):
        with ready(port) as client:
            for _ in range(40):
                with httpx.Client(base_url=client.base_url, timeout=60) as other:
                    answer = other.post("/v1/analyze", json=BODY)
                    assert answer.status_code in (200, 503)  # the other may still be loading
            # A request is counted when its answer is on its way: the last may not be yet.
            for _ in range(100):
                if (counted := _analyzed(client)) == 40:
                    break
                time.sleep(0.1)
            assert counted == 40
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "0.0.0.0"], "loopback only"),
        (["--port", "99999"], "'port'"),
        (["--workers", "0"], "'workers'"),
        (["--config", "/no/such.yaml"], "such.yaml"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_two_lines(options: list[str], said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "serve", *options], capture_output=True, text=True
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("warum: ")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) <= 2


def test_a_port_that_is_taken_is_said() -> None:
    first = _listen("127.0.0.1", 0)
    first.listen()
    with first, pytest.raises(UsageError, match="cannot be had"):
        _listen("127.0.0.1", first.getsockname()[1])


def test_the_command_is_registered_and_loads_nothing_heavy() -> None:
    heavy = ("fastapi", "uvicorn", "onnxruntime")
    program = f"import sys, warum_api.serving; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_without_the_extra_the_module_says_what_is_missing() -> None:
    program = (
        "import importlib.util as u; find = u.find_spec; "
        "u.find_spec = lambda name, *a: None if name == 'structlog' else find(name, *a); "
        "import warum_api.serving"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "ImportError: structlog is not installed" in done.stderr
