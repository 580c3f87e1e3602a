"""A column of text cells, each distinct cell once: parsing costs per distinct cell, not per row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from warum.table import Column

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# What people and exports write where there is no value; compared in lower case.
NO_VALUE = frozenset(
    (
        *("n/a", "na", "#n/a", "nan", "nat", "none", "null", "-", "--", "–", "—", ".", "?"),
        *("k. a.", "k.a.", "k.a", "keine angabe", "keine antwort", "keine meinung", "unbekannt"),
        *("weiß nicht", "weiss nicht", "nicht zutreffend", "did not answer", "no answer"),
        *("not answered", "not applicable", "not stated", "prefer not to say", "unknown"),
        *("don't know", "don’t know", "dont know", "do not know"),
        *("offered", "unoffered", "not offered"),  # Zendesk: asked, but not rated
    )
)


@dataclass(frozen=True)
class Cells:
    """The cells of a column.

    Attributes:
        distinct: The distinct non-empty cells, trimmed, in order of appearance; length k.
        codes: Index into `distinct` of each row, -1 where empty; int64 (n,).
    """

    distinct: tuple[str, ...]
    codes: Ints

    @classmethod
    def of(cls, column: Column | Iterable[str | None]) -> Cells:
        """The cells of an object column (str or None), shape (n,)."""
        trimmed = [None if cell is None else cell.strip() or None for cell in column]
        index: dict[str | None, int] = {None: -1}
        for cell in dict.fromkeys(trimmed):
            if cell is not None:
                index[cell] = len(index) - 1
        codes = np.fromiter(map(index.__getitem__, trimmed), dtype=np.int64, count=len(trimmed))
        return cls(tuple(cell for cell in index if cell is not None), codes)

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def filled(self) -> int:
        """Number of rows that hold something."""
        return int((self.codes >= 0).sum())

    def counts(self) -> Ints:
        """Rows per distinct cell, int64 (k,)."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.distinct)).astype(
            np.int64
        )

    def spread(self, values: Floats) -> Floats:
        """Values per distinct cell (k,) as values per row (n,), NaN where empty."""
        return np.append(values, np.nan)[self.codes]

    def where(self, distinct: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """A mask over the distinct cells (k,) as a mask over the rows (n,), False where empty."""
        return np.append(distinct, False)[self.codes]

    def strings(self, read: Callable[[str], str | None] = str) -> Column:
        """What `read` makes of each cell; object (n,), None where empty."""
        made = np.empty(len(self.distinct) + 1, dtype=object)
        made[:-1] = [read(cell) for cell in self.distinct]
        column: Column = made[self.codes]
        return column


def has_no_value(cell: str) -> bool:
    """Whether a cell says in words that there is no value ("n/a", "keine Angabe")."""
    return cell.strip().casefold() in NO_VALUE
