"""What `run.json` says about a run."""

from __future__ import annotations

import platform
import sys
import time
import uuid
from datetime import datetime
from typing import Any

import warum


def run_facts(files: list[str], begun: datetime, started: float) -> dict[str, Any]:
    """When, with what and how long a command ran.

    Args:
        files: The files given.
        begun: When it began.
        started: The same as `time.monotonic`, in seconds.
    """
    return {
        "run_id": str(uuid.uuid4()),
        "started": begun.isoformat(timespec="seconds"),
        "seconds": round(time.monotonic() - started, 3),
        "peak_memory_mb": _peak_memory(),
        "command": sys.argv[1:],
        "files": files,
        "warum": warum.__version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


def _peak_memory() -> float | None:
    try:
        import resource
    except ImportError:  # Windows has none
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024**2 if sys.platform == "darwin" else 1024), 1)
