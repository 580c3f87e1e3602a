"""The rows of a table that are let through, and why the others are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from warum.reading.records import RawTable, RejectedRow

Mask = npt.NDArray[np.bool_]


class Sieve:
    """Collects faults row by row; the first fault of a row counts.

    Args:
        table: The table whose rows are judged.
    """

    def __init__(self, table: RawTable) -> None:
        self._table = table
        self._faults: dict[int, tuple[str, str]] = {}

    @property
    def passed(self) -> Mask:
        """The rows without a fault so far; bool (n,)."""
        mask = np.ones(len(self._table), dtype=bool)
        mask[list(self._faults)] = False
        return mask

    def reject(self, position: int, code: str, message: str) -> None:
        """Reject the row at a position, unless it has been already."""
        self._faults.setdefault(position, (code, message))

    def reject_all(self, positions: Iterable[int], code: str, message: str) -> None:
        """Reject several rows for the same reason."""
        for position in positions:
            self.reject(position, code, message)

    def rejected(self) -> tuple[RejectedRow, ...]:
        """All rejected rows, those that could not be parsed among them, by input row."""
        rows = [self._row(i, *fault) for i, fault in self._faults.items()]
        return tuple(sorted([*self._table.rejected, *rows], key=lambda row: row.row))

    def reasons(self) -> Counter[str]:
        """Code to number of rows, unparsed rows included."""
        return Counter(row.code for row in self.rejected())

    def _row(self, i: int, code: str, message: str) -> RejectedRow:
        table = self._table
        return RejectedRow(
            file=table.files[int(table.file[i])],
            row=int(table.row[i]),
            line=int(table.line[i]),
            code=code,
            message=message,
            raw={header: column[i] for header, column in table.columns.items()},
        )
