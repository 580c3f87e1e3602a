"""A small feedback file, and the command line called in this process."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from warum import cli

# The same examples in every run, so that a test does not fail by chance; `--hypothesis-profile default` tries new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

TEXTS = (
    ("Sehr freundliches Personal, gerne wieder.", 10),
    ("Eine Stunde in der Warteschleife, nie wieder!", 1),
    ("The app crashes every time I open it.", 2),
    ("Great staff but far too expensive.", 7),
    ("Lieferung kam schnell und gut verpackt.", 9),
    ("Waited two hours, nobody told us why.", 0),
    ("Alles bestens", 10),
    ("Nothing works since the update 😡", 1),
)
ROWS = 80


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than processors: tests wait half of their time, for browsers, databases and services."""
    return (os.cpu_count() or 1) + 1


@dataclass(frozen=True)
class Outcome:
    """What a call of the command line gave."""

    code: int
    out: str
    err: str


@pytest.fixture
def feedback(tmp_path: Path) -> Path:
    """80 rows: id, customer, date, comment, NPS, branch, minutes."""
    path = tmp_path / "feedback.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "customer", "date", "comment", "NPS", "branch", "minutes"])
        for i in range(ROWS):
            text, score = TEXTS[i % len(TEXTS)]
            score = min(10, max(0, score + (i * 7) % 3 - 1))
            day = f"2025-{1 + i % 6:02d}-{1 + i % 28:02d}"
            writer.writerow(
                [f"r{i}", f"c{i % 40}", day, text, score, "North" if i % 3 else "South", i % 50]
            )
    return path


@pytest.fixture
def call(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """Call `warum` with arguments; returns exit status and what was printed."""

    def _call(*arguments: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["warum", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        code = ended.value.code
        return Outcome(code if isinstance(code, int) else 0, printed.out, printed.err)

    return _call
