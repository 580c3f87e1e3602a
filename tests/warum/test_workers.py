"""Worker processes answer in order, pass on what is raised, and leave nothing behind."""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from functools import partial

import pytest

from warum.workers import Start, WorkerError, _sendable, ask_workers

# What workers call must stand in a module that they can import: here in the standard library.
ROOT = partial(partial, math.sqrt)
START: Start = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"


@pytest.mark.parametrize("start", multiprocessing.get_all_start_methods())
def test_answers_come_in_the_order_of_the_questions(start: Start) -> None:
    squares = [at * at for at in range(40)]
    assert list(ask_workers(ROOT, squares, workers=2, start=start)) == [float(n) for n in range(40)]
    assert multiprocessing.active_children() == []


def test_slow_answers_do_not_change_the_order() -> None:
    sizes = [2_000_000, 1, 1_000_000, 2]  # what takes longer comes first
    sums = ask_workers(partial(partial, sum), map(range, sizes), workers=2, start=START)
    assert list(sums) == [sum(range(size)) for size in sizes]


def test_questions_are_taken_when_there_is_time_for_them() -> None:
    taken: list[int] = []

    def questions() -> Iterator[int]:
        for at in range(100):
            taken.append(at)
            yield at

    answers = ask_workers(ROOT, questions(), workers=2, start=START)
    next(answers)
    assert len(taken) <= 5
    answers.close()  # type: ignore[attr-defined] # a generator
    assert multiprocessing.active_children() == []


def test_no_questions_no_answers() -> None:
    assert list(ask_workers(ROOT, [], workers=2, start=START)) == []


def test_what_a_worker_raises_is_raised_here() -> None:
    answers = ask_workers(ROOT, [4, -1, 9], workers=2, start=START)
    assert next(answers) == 2.0
    with pytest.raises(ValueError, match="math domain error") as raised:
        next(answers)
    assert any("In worker process" in note for note in raised.value.__notes__)
    assert multiprocessing.active_children() == []


def test_what_making_raises_is_raised_here() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        list(ask_workers(partial(int, "x"), [1], workers=1, start=START))


def test_an_exception_that_cannot_be_sent_is_told() -> None:
    class Local(Exception):  # noqa: N818
        pass

    error = _sendable(Local("broken"))
    assert isinstance(error, WorkerError)
    assert str(error) == "Local: broken"


def test_a_worker_that_dies_is_noticed() -> None:
    with pytest.raises(WorkerError, match=r"ended with status 3\..*fewer workers"):
        list(ask_workers(partial(partial, os._exit), [3], workers=1, start=START))
    assert multiprocessing.active_children() == []


def test_what_cannot_be_sent_to_workers_is_refused() -> None:
    with pytest.raises(WorkerError, match=r"cannot be sent.*top level"):
        list(ask_workers(lambda: math.sqrt, [1], workers=1, start=START))


def test_a_failing_question_ends_the_workers() -> None:
    def questions() -> Iterator[int]:
        yield 1
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        list(ask_workers(ROOT, questions(), workers=1, start=START))
    assert multiprocessing.active_children() == []


@pytest.mark.skipif(sys.platform == "win32", reason="no process groups")
def test_ctrl_c_ends_all_at_once() -> None:
    script = textwrap.dedent("""
        import time
        from functools import partial
        from warum.workers import ask_workers

        if __name__ == "__main__":
            for seconds in ask_workers(partial(partial, time.sleep), [0, 60, 60], workers=2):
                print("answered", flush=True)
    """)
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "answered\n"
        os.killpg(running.pid, signal.SIGINT)
        _, errors = running.communicate(timeout=20)
    assert running.returncode != 0
    assert errors.rstrip().endswith("KeyboardInterrupt")
    assert errors.count("Traceback") == 1  # no worker adds its own
    assert _ended_within(5, running.pid)


def _ended_within(seconds: float, group: int) -> bool:
    """Whether no process of a group is left after a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
