"""Several files to one table: columns are matched by header, rows numbered over all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from warum.reading.part import BrokenRow, Cells, Part
from warum.reading.records import RawTable, RejectedRow
from warum.reading.screening import shown_text
from warum.table import strings


def stack(parts: Sequence[Part]) -> RawTable:
    """Put the rows of several files below one another.

    Args:
        parts: At least one.

    Returns:
        All columns in first-seen order, None where a file lacks one; rows and rejected rows share
        one numbering, from 1, in the order of the files and their lines.
    """
    headers = list(dict.fromkeys(name for part in parts for name in part.columns))
    offsets = np.cumsum([0, *(len(part) + len(part.broken) for part in parts)])
    numbered = [_numbers(part, int(offset)) for part, offset in zip(parts, offsets, strict=False)]
    profiles = {part.profile for part in parts}
    return RawTable(
        columns={name: strings(_column(parts, name)) for name in headers},
        row=np.concatenate([kept for kept, _ in numbered]),
        line=np.concatenate([np.asarray(part.line, dtype=np.int64) for part in parts]),
        file=np.repeat(np.arange(len(parts), dtype=np.int64), [len(part) for part in parts]),
        files=tuple(part.name for part in parts),
        rejected=tuple(
            _rejected(part.name, int(number), broken)
            for part, (_, numbers) in zip(parts, numbered, strict=True)
            for number, broken in zip(numbers, part.broken, strict=True)
        ),
        caveats=tuple(caveat for part in parts for caveat in part.caveats),
        profile=profiles.pop() if len(profiles) == 1 else None,
        questions={name: text for part in reversed(parts) for name, text in part.questions.items()},
        notes=(*(note for part in parts for note in part.notes), *_missing(parts, headers)),
    )


def _numbers(part: Part, offset: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Row numbers of the kept and of the broken rows, by their lines."""
    kept = np.asarray(part.line, dtype=np.int64)
    broken = np.asarray([row.line for row in part.broken], dtype=np.int64)
    order = np.argsort(np.concatenate([kept, broken]), kind="stable")
    numbers = np.empty(len(order), dtype=np.int64)
    numbers[order] = np.arange(offset + 1, offset + 1 + len(order))
    return numbers[: len(kept)], numbers[len(kept) :]


def _column(parts: Sequence[Part], name: str) -> Cells:
    cells: Cells = []
    for part in parts:
        cells.extend(part.columns[name] if name in part.columns else [None] * len(part))
    return cells


def _rejected(file: str, row: int, broken: BrokenRow) -> RejectedRow:
    raw = {name: shown_text(cell) for name, cell in broken.raw.items()}
    message = shown_text(broken.message) or ""
    return RejectedRow(file, row, broken.line, broken.code, message, raw)


def _missing(parts: Sequence[Part], headers: Sequence[str]) -> list[str]:
    notes = []
    for part in parts:
        lacking = [f"'{name}'" for name in headers if name not in part.columns]
        if lacking:
            notes.append(f"'{part.name}' has no {', '.join(lacking)}; these cells are empty.")
    return notes
