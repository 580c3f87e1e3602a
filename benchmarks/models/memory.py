"""Peak memory of one contender in a process of its own: ``python -m benchmarks.models.memory NAME [TEACHER]``.

The texts come as a JSON list on standard input; only what the contender needs is imported.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
VADER, MINILM = "VADER", "frozen MiniLM fp32"


def peak_of(name: str, texts: Sequence[str], teacher: Path | None) -> float | None:
    """Peak memory in MB of a new process that reads the texts; None, with the reason printed, if it fails."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.models.memory",
        name,
        *([str(teacher.resolve())] if teacher else []),
    ]
    done = subprocess.run(
        command, input=json.dumps(texts), capture_output=True, text=True, check=False, cwd=ROOT
    )
    if done.returncode:
        print(f"  memory of {name} is left out: {done.stderr.strip()[-200:]}", flush=True)
        return None
    return float(done.stdout.splitlines()[-1])


def main(arguments: Sequence[str]) -> None:
    """Read the texts and print the peak memory in MB."""
    name, texts = arguments[0], json.loads(sys.stdin.read())
    if name == VADER:
        from vaderSentiment.vaderSentiment import (  # type: ignore[import-untyped]
            SentimentIntensityAnalyzer,
        )

        analyzer = SentimentIntensityAnalyzer()
        for text in texts:
            analyzer.polarity_scores(text)
    elif name == MINILM:
        from benchmarks.models.teacher import Teacher

        Teacher(Path(arguments[1])).compute(sorted(texts, key=len))
    else:
        from benchmarks.models.speed import pipeline_reader

        pipeline_reader(name, workers=1)(texts)
    print(_peak_mb())


def _peak_mb() -> float:
    """The peak of this program; `getrusage` would also count the parent's memory from before the start."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text("utf-8")) if status.is_file() else None
    kilobytes = int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / 1024


if __name__ == "__main__":
    main(sys.argv[1:])
