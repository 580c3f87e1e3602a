"""What a column looks like, from an even sample of its filled cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from warum.reading.headers import words_of
from warum.table import Column

_SAMPLE = 2000


@dataclass(frozen=True)
class Facts:
    """A column, as far as detection needs to know it.

    Attributes:
        header: Its header.
        question: The question text where the export holds one, else "".
        rows: Number of rows.
        filled: Number of filled cells.
        sample: At most 2,000 filled cells, evenly spread over the rows, trimmed.
        column: All cells, object (n,).
    """

    header: str
    question: str
    rows: int
    filled: int
    sample: tuple[str, ...]
    column: Column = field(repr=False, compare=False)

    @classmethod
    def of(cls, header: str, column: Column, question: str = "") -> Facts:
        """Look at a column: object (n,), str or None."""
        filled = [cell for cell in column.tolist() if cell is not None]
        step = -(-len(filled) // _SAMPLE) or 1
        sample = tuple(cell.strip() for cell in filled[::step])
        return cls(header, question, len(column), len(filled), sample, column)

    @cached_property
    def words(self) -> str:
        """The header in lower case, words separated by single blanks."""
        return words_of(self.header)

    @cached_property
    def distinct(self) -> tuple[str, ...]:
        """The distinct cells of the sample, in order of appearance."""
        return tuple(dict.fromkeys(self.sample))

    @cached_property
    def repeated(self) -> int:
        """How many filled cells of the whole column repeat an earlier one."""
        filled = [cell.strip() for cell in self.column.tolist() if cell is not None]
        return len(filled) - len(set(filled))

    @cached_property
    def distinct_share(self) -> float:
        """Distinct cells per filled cell, 0..1."""
        return len(self.distinct) / len(self.sample) if self.sample else 0.0

    @cached_property
    def fill(self) -> float:
        """Share of the rows that are filled, 0..1."""
        return self.filled / self.rows if self.rows else 0.0

    @cached_property
    def mean_length(self) -> float:
        """Mean length of a filled cell in code points."""
        return sum(map(len, self.sample)) / len(self.sample) if self.sample else 0.0

    @cached_property
    def spaced(self) -> float:
        """Share of the filled cells that hold a blank, 0..1."""
        return self._share([" " in cell or "\n" in cell for cell in self.sample])

    @cached_property
    def lettered(self) -> float:
        """Share of the filled cells of which at least half the characters are letters."""
        return self._share([_is_wordy(cell) for cell in self.sample])

    def _share(self, hits: list[bool]) -> float:
        return sum(hits) / len(hits) if hits else 0.0


def look(columns: Mapping[str, Column], questions: Mapping[str, str]) -> dict[str, Facts]:
    """Look at all columns of a table."""
    return {
        header: Facts.of(header, column, questions.get(header, ""))
        for header, column in columns.items()
    }


def _is_wordy(cell: str) -> bool:
    head = cell[:200]
    return 2 * sum(map(str.isalpha, head)) >= len(head)
