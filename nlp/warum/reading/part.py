"""What one file gives before files are stacked: columns of text, line numbers and broken rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from warum.caveats import Caveat

Cells = list[str | None]
# What no header can hold further on: NUL, and halves of characters that JSON may write.
_UNBEARABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row of one file that could not be read.

    Attributes:
        line: Line in the file where it begins, from 1; in formats without lines its row number.
        code: Stable reason: `ragged`, `quote`, `encoding`, `nul_byte`, `too_large`, `json`.
        message: What came and what was expected.
        raw: Column to cell, as far as it could be read.
    """

    line: int
    code: str
    message: str
    raw: Mapping[str, str | None]


@dataclass(frozen=True)
class Part:
    """The rows of one file.

    Attributes:
        name: The file's name as given.
        columns: Header to cells; all lists as long as `line`.
        line: Line (or row number) in the file of each row, ascending.
        broken: Rows that could not be read.
        unnamed: Headers that were made up because the file has none there.
        caveats: E.g. that the file was read as cp1252.
        notes: Plain sentences about how it was read.
        questions: Header to question text where an export holds one.
        profile: Name of the recognised export, None if none.
        encoding: The text encoding it was read with, None for formats that have none.
    """

    name: str
    columns: Mapping[str, Cells]
    line: Sequence[int]
    broken: Sequence[BrokenRow] = ()
    unnamed: frozenset[str] = frozenset()
    caveats: tuple[Caveat, ...] = ()
    notes: tuple[str, ...] = ()
    questions: Mapping[str, str] = field(default_factory=dict)
    profile: str | None = None
    encoding: str | None = None

    def __len__(self) -> int:
        return len(self.line)


@dataclass(frozen=True, slots=True)
class Header:
    """The columns' names.

    Attributes:
        names: Unique and not empty, in the file's order.
        unnamed: Those that were made up.
        notes: What was changed, as sentences.
    """

    names: tuple[str, ...]
    unnamed: frozenset[str]
    notes: tuple[str, ...]


def name_columns(raw: Sequence[str | None], *, file: str) -> Header:
    """Trim headers, number the repeated and name the empty ones.

    Args:
        raw: The header cells as they came.
        file: The file's name, for the notes.

    Returns:
        Unique names: a second "Score" becomes "Score (2)", an empty third header "column 3".
    """
    trimmed = [" ".join(_UNBEARABLE.sub("", cell or "").split()) for cell in raw]
    taken = {cell for cell in trimmed if cell}
    names: list[str] = []
    unnamed: list[str] = []
    repeated: list[str] = []
    for position, cell in enumerate(trimmed, start=1):
        name = cell or f"column {position}"
        if name in names or (not cell and name in taken):
            name = _numbered(name, {*names, *taken})
            if cell:
                repeated.append(name)
        if not cell:
            unnamed.append(name)
        names.append(name)
    notes: tuple[str, ...] = ()
    if repeated:
        shown = ", ".join(f"'{name}'" for name in repeated)
        notes = (
            f"'{file}' has headers that stand more than once; the later ones are read as {shown}.",
        )
    return Header(tuple(names), frozenset(unnamed), notes)


def _numbered(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"


def as_raw(names: Sequence[str], cells: Sequence[str | None]) -> dict[str, str | None]:
    """A row as a mapping; cells beyond the header are named by their position."""
    raw: dict[str, str | None] = {}
    for position, cell in enumerate(cells, start=1):
        raw[names[position - 1] if position <= len(names) else f"column {position}"] = cell
    return raw
