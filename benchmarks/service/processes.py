"""What processes hold: memory, open files, threads; and which they have started. Linux only."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
WORKER = b"warum_api.working"


@dataclass(frozen=True)
class Held:
    """What a process holds at a moment.

    Attributes:
        megabytes: Resident memory.
        files: Open files and connections.
        threads: Threads.
    """

    megabytes: float
    files: float
    threads: float


def held(pid: int) -> Held:
    """What a process holds.

    Raises:
        OSError: If it is not there.
    """
    status = (PROC / str(pid) / "status").read_text("ascii", "replace")
    facts = dict(re.findall(r"^(VmRSS|Threads):\s+(\d+)", status, re.MULTILINE))
    files = len(list((PROC / str(pid) / "fd").iterdir()))
    return Held(int(facts["VmRSS"]) / 1024, files, int(facts["Threads"]))


def worker_of(pid: int) -> int | None:
    """The worker process that a service has started; None if there is none."""
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError, IndexError):
            fields = (entry / "stat").read_text("ascii", "replace").rpartition(")")[2].split()
            alive = int(fields[1]) == pid and fields[0] not in "ZX"
            if alive and WORKER in (entry / "cmdline").read_bytes():
                return int(entry.name)
    return None
