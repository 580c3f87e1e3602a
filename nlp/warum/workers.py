"""Worker processes that answer questions, in order, with no more under way than needed."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing.connection import Connection, wait
from queue import SimpleQueue
from typing import Any, Literal, TypeVar

from warum.errors import WarumError

Start = Literal["spawn", "forkserver", "fork"]
_Question = TypeVar("_Question")
_Answer = TypeVar("_Answer")

_AHEAD = 2  # questions under way for each worker: one is answered, one waits
_PATIENCE = 5.0  # seconds for a worker to end by itself


class WorkerError(WarumError):
    """A worker process ended, or could not start."""


def ask_workers(
    make: Callable[[], Callable[[_Question], _Answer]],
    questions: Iterable[_Question],
    *,
    workers: int,
    start: Start = "spawn",
) -> Iterator[_Answer]:
    """Answer questions in several processes.

    Args:
        make: Called once in each worker; gives what answers. It must be possible to pickle it: a
            function of a module's top level, or a `functools.partial` of one. What uses threads should
            be made with as many as its share of the processor's cores.
        questions: Any number; they are taken when workers have time for them, and pickled.
        workers: Number of processes.
        start: How they start. "spawn" imports the program anew: a script must be guarded by
            `if __name__ == "__main__":`. "forkserver" does so too, and connects to a local socket. "fork"
            starts at once, but may hang in a program with threads.

    Yields:
        One answer for each question, in their order.

    Raises:
        WorkerError: If `make` cannot be pickled, or a worker ends before its work. What is raised in a
            worker is raised here, with a note of where it came from.
    """
    context = multiprocessing.get_context(start)
    made = _pickled(make)
    team: list[_Worker] = []
    threads = ThreadPoolExecutor(workers, thread_name_prefix="warum-worker")
    finished = False
    try:
        team += [_Worker(context, made) for _ in range(workers)]
        yield from _in_order(threads, team, iter(questions))
        finished = True
    finally:
        for worker in team:
            worker.end(at_once=not finished)
        threads.shutdown(cancel_futures=True)


def _in_order(
    threads: ThreadPoolExecutor, team: list[_Worker], questions: Iterator[Any]
) -> Iterator[Any]:
    idle: SimpleQueue[_Worker] = SimpleQueue()
    for worker in team:
        idle.put(worker)

    def ask(question: Any) -> Any:  # noqa: ANN401 - whatever was asked
        worker = idle.get()
        try:
            return worker.ask(question)
        finally:
            idle.put(worker)

    asked: deque[Future[Any]] = deque()
    for question in islice(questions, _AHEAD * len(team)):
        asked.append(threads.submit(ask, question))
    while asked:
        answer = asked.popleft().result()
        for question in islice(questions, 1):
            asked.append(threads.submit(ask, question))
        yield answer


class _Worker:
    """A process, and the connection to it."""

    def __init__(self, context: Any, made: bytes) -> None:  # noqa: ANN401 - one class per way to start
        self._connection, far = context.Pipe()
        self._process = context.Process(target=_serve, args=(far, made), daemon=True)
        try:
            with _no_interrupt():
                self._process.start()
        except (OSError, EOFError, RuntimeError) as error:
            self._connection.close()
            raise _ended(f"could not start: {error}") from error
        finally:
            far.close()

    def ask(self, question: Any) -> Any:  # noqa: ANN401 - whatever was asked
        """The answer, or the worker's exception raised."""
        try:
            self._connection.send_bytes(pickle.dumps(question, pickle.HIGHEST_PROTOCOL))
            answered, answer = pickle.loads(self._connection.recv_bytes())  # noqa: S301 - our own
        except (OSError, EOFError) as error:
            self._process.join(_PATIENCE)
            raise _ended(f"ended with status {self._process.exitcode}") from error
        if not answered:
            raise answer
        return answer

    def end(self, *, at_once: bool) -> None:
        """End the process; by itself if there is time."""
        if not at_once:
            with suppress(OSError):
                self._connection.send_bytes(b"")
                self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(_PATIENCE)
        self._connection.close()


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Ctrl-C waits: a process that starts meanwhile waits too, until it ignores it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # it would let Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, made: bytes) -> None:
    """Answer until the connection or the program that asks ends."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C ends the program that asks, and it ends us
    parent = multiprocessing.parent_process()
    answering: Callable[[Any], Any] | None = None
    while parent is None or connection in wait([connection, parent.sentinel]):
        try:
            question = connection.recv_bytes()
        except EOFError:
            return
        if not question:
            return
        try:
            if answering is None:
                answering = pickle.loads(made)()  # noqa: S301 - our own bytes
                # Records hold no circles: looking for such takes a tenth of the time.
                gc.set_threshold(100_000)
            answer = answering(pickle.loads(question))  # noqa: S301 - our own bytes
            answer = pickle.dumps((True, answer), pickle.HIGHEST_PROTOCOL)
        except Exception as error:
            answer = pickle.dumps((False, _sendable(error)), pickle.HIGHEST_PROTOCOL)
        connection.send_bytes(answer)


def _sendable(error: Exception) -> Exception:
    """The exception with its traceback as a note; another where it cannot be sent."""
    note = f"In worker process {os.getpid()}:\n{''.join(traceback.format_exception(error))}"
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    except Exception:  # pickling runs the exception's own code
        error = WorkerError(f"{type(error).__name__}: {error}")
    error.add_note(note)
    return error


def _ended(how: str) -> WorkerError:
    return WorkerError(
        f"A worker process {how}.",
        hint="Memory may be short: ask for fewer workers. A script that asks for more than one must do so "
        'under `if __name__ == "__main__":`.',
    )


def _pickled(make: Callable[[], Any]) -> bytes:
    try:
        return pickle.dumps(make, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise WorkerError(
            f"{make!r} cannot be sent to worker processes: {error}.",
            hint="Give a function of a module's top level, or a functools.partial of one.",
        ) from error
