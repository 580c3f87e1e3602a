"""Rejected rows as JSON lines."""

from __future__ import annotations

import json
from pathlib import Path

from warum.reading.records import RejectedRow
from warum.reading.rejects import write_rejected

ROW = RejectedRow(
    "a.csv", 3, 4, "ragged", "2 cells, expected 3.", {"text": "schön\n\0\ud83d", "b": None}
)


def test_every_row_is_one_object(tmp_path: Path) -> None:
    path = tmp_path / "rejected.jsonl"
    write_rejected(path, [ROW, ROW])
    lines = path.read_bytes().decode("utf-8").split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == [
        {
            "file": "a.csv",
            "row": 3,
            "line": 4,
            "code": "ragged",
            "message": "2 cells, expected 3.",
            "raw": {"text": "schön\n\0\ud83d", "b": None},
        }
    ] * 2
    assert "schön" in lines[0]


def test_cells_are_redacted_before_they_are_stored(tmp_path: Path) -> None:
    path = tmp_path / "rejected.jsonl"
    write_rejected(path, [ROW], redact=lambda text: "█" * len(text))
    assert json.loads(path.read_text("utf-8"))["raw"] == {"text": "█" * 8, "b": None}


def test_no_rows_make_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "rejected.jsonl"
    write_rejected(path, [])
    assert path.read_bytes() == b""
