"""Rejected rows on disk: one JSON object per line."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from warum.reading.records import RejectedRow


def write_rejected(
    path: Path, rejected: Sequence[RejectedRow], *, redact: Callable[[str], str] | None = None
) -> None:
    """Write rejected rows as JSON lines, UTF-8, in the order given.

    Args:
        path: The file; an existing one is replaced.
        rejected: The rows; an empty sequence makes an empty file.
        redact: Applied to every cell before it is stored; None keeps cells as they came.

    Raises:
        OSError: If the file cannot be written.
    """
    # A lone surrogate has no UTF-8; as \udxxx it is a valid JSON escape.
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
        for row in rejected:
            raw = {
                column: cell if cell is None or redact is None else redact(cell)
                for column, cell in row.raw.items()
            }
            entry = {
                "file": row.file,
                "row": row.row,
                "line": row.line,
                "code": row.code,
                "message": row.message,
                "raw": raw,
            }
            stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
