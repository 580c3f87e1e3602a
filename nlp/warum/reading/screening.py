"""Cells that nothing downstream could bear: NUL bytes, broken characters, megabytes in one cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from warum.reading.encoding import BAD, GIANT
from warum.reading.part import BrokenRow, Cells, Part

MOST_CHARACTERS = 1_000_000
_FAULT = re.compile(f"[\x00{BAD}{GIANT}\ud800-\udfff]")
_BLOCK = 5_000


def screen(part: Part) -> Part:
    """Make white cells None, and rows with unbearable cells broken rows.

    Args:
        part: One file's rows.

    Returns:
        The part without rows that hold a NUL byte (`nul_byte`), bytes that are no text in the
        file's encoding (`encoding`) or a cell of more than a million characters (`too_large`).
    """
    columns = {name: _blank_to_none(cells) for name, cells in part.columns.items()}
    faults: dict[int, tuple[str, str]] = {}
    for name, cells in columns.items():
        for position in _suspects(cells):
            faults.setdefault(position, _reason(name, cells[position] or "", part.encoding))
    if not faults:
        return replace(part, columns=columns)
    broken = [
        BrokenRow(part.line[position], code, message, _shown(columns, position))
        for position, (code, message) in faults.items()
    ]
    kept = [position for position in range(len(part)) if position not in faults]
    return replace(
        part,
        columns={name: [cells[i] for i in kept] for name, cells in columns.items()},
        line=[part.line[i] for i in kept],
        broken=sorted([*part.broken, *broken], key=lambda row: row.line),
    )


def shown_text(cell: str | None) -> str | None:
    """A rejected cell as it is shown: places that could not be decoded as U+FFFD."""
    return None if cell is None else cell.replace(BAD, "�").replace(GIANT, "…")


def _blank_to_none(cells: Sequence[str | None]) -> Cells:
    return [None if not cell or cell.isspace() else cell for cell in cells]


def _suspects(cells: Cells) -> list[int]:
    """Positions of unbearable cells; whole blocks are searched first, as nearly all are fine."""
    found: list[int] = []
    for start in range(0, len(cells), _BLOCK):
        block = cells[start : start + _BLOCK]
        text = "\n".join(cell for cell in block if cell)
        if len(text) <= MOST_CHARACTERS and (text.isascii() and "\x00" not in text):
            continue
        if len(text) <= MOST_CHARACTERS and not _FAULT.search(text):
            continue
        found.extend(start + i for i, cell in enumerate(block) if cell and _is_unbearable(cell))
    return found


def _is_unbearable(cell: str) -> bool:
    return len(cell) > MOST_CHARACTERS or _FAULT.search(cell) is not None


def _reason(column: str, cell: str, encoding: str | None) -> tuple[str, str]:
    if GIANT in cell:
        return "too_large", f"A line within column '{column}' is too long to be read."
    if len(cell) > MOST_CHARACTERS:
        size = f"{len(cell):,} characters"
        return "too_large", f"Column '{column}' holds {size}, at most {MOST_CHARACTERS:,} are read."
    if "\x00" in cell:
        return "nul_byte", f"Column '{column}' holds a NUL byte, expected text."
    return (
        "encoding",
        f"Column '{column}' holds bytes that are no {_shown_encoding(encoding)} text.",
    )


def _shown_encoding(encoding: str | None) -> str:
    return "Unicode" if encoding is None else encoding.removesuffix("-sig").upper()


def _shown(columns: Mapping[str, Cells], position: int) -> dict[str, str | None]:
    return {name: cells[position] for name, cells in columns.items()}
