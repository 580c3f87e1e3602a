"""Logs of all libraries come in one form, without the messages of exceptions."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from warum_api.observing.logs import log, places, set_up_logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    loggers = {n: logging.getLogger(n) for n in ("uvicorn", "uvicorn.error", "uvicorn.access")}
    kept = {n: (list(one.handlers), one.propagate) for n, one in loggers.items()}
    yield
    root.handlers, _ = before
    root.setLevel(before[1])
    for name, (handlers, propagate) in kept.items():
        loggers[name].handlers, loggers[name].propagate = handlers, propagate
    structlog.reset_defaults()


def test_json_lines_hold_the_request_id(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("json")
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        log().info("request", status=200)
        logging.getLogger("uvicorn.error").warning("from %s", "uvicorn")
    own, other = map(json.loads, capsys.readouterr().err.splitlines())
    assert (own["event"], own["status"], own["request_id"]) == ("request", 200, "r1")
    assert (other["event"], other["level"], other["request_id"]) == (
        "from uvicorn",
        "warning",
        "r1",
    )


def test_a_traceback_of_a_library_loses_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("json")
    try:
        raise ValueError("Frau Geheim")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("failed")
    printed = capsys.readouterr().err
    assert "Geheim" not in printed
    line = json.loads(printed)
    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["at"][0]


def test_for_a_terminal_they_are_plain(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("console")
    log().info("ready", model="fast")
    assert "model=fast" in capsys.readouterr().err


def test_places_name_the_causes() -> None:
    try:
        try:
            {}["Geheim"]
        except KeyError as error:
            raise RuntimeError("Geheim") from error
    except RuntimeError as error:
        told = places(error)
    assert (told["error"], told["causes"]) == ("RuntimeError", ["KeyError"])
    assert "Geheim" not in str(told)
