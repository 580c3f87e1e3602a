"""Where commands print: results to standard output, what is being done to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console


def let_go_of_output() -> None:
    """Write no more to standard output: its reader has left."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Terminal(Console):
    """Where a summary is printed; a reader that has left (`| head`) is no error of ours."""

    def on_broken_pipe(self) -> None:
        """End quietly, the result is written."""
        let_go_of_output()
        sys.exit(0)


def cores() -> int:
    """Cores that this program may use, at most four: more read little faster and take memory."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(4, allowed or 1)


@contextmanager
def steps(*, show: bool) -> Iterator[Callable[[str], None]]:
    """Give a function that says what is being done, on a terminal."""
    if not show:
        yield lambda _: None
        return
    with Console(stderr=True).status("starting") as status:
        yield lambda step: status.update(f"{step} …")
