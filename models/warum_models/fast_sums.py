"""What the reader `fast` adds up over pieces, and what it keeps of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from warum_models.protocol import Passage, Rows

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sums:
    """What is added up over the pieces of n comments with m segments, before calibration.

    Attributes:
        presence: Per comment and label, (n, k).
        presence_parts: Per segment and label, (m, k).
        whole: Raw scores of all heads per comment, (n, 25), see `head`.
        parts: Likewise per segment, (m, 25).
        first_part: First segment of each comment, (n + 1,).
        share: Share of the comment's pieces that lie in the segment, (m,).
    """

    presence: Doubles
    presence_parts: Doubles
    whole: Doubles
    parts: Doubles
    first_part: Rows
    share: Doubles

    def rows(self, chosen: Sequence[int]) -> Sums:
        """Those of some of the comments, in the order given."""
        first, behind = self.first_part[chosen], self.first_part[[i + 1 for i in chosen]]
        parts = np.array(
            [s for a, b in zip(first.tolist(), behind.tolist(), strict=True) for s in range(a, b)],
            dtype=np.int64,
        )
        return Sums(
            self.presence[chosen], self.presence_parts[parts], self.whole[chosen], self.parts[parts],
            np.concatenate([[0], np.cumsum(behind - first)]), self.share[parts],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Units:
    """Comments or segments, as stretches of all pieces.

    Attributes:
        starts: First piece of each unit that has any.
        filled: Which units these are.
        count: Pieces of each unit.
    """

    starts: Rows
    filled: Rows
    count: Rows

    @classmethod
    def of(cls, unit: Rows, n: int) -> Units:
        """By the unit of each piece, in order; n is the number of units."""
        first = np.ones(len(unit), dtype=bool)
        first[1:] = unit[1:] != unit[:-1]
        starts = np.flatnonzero(first)
        return cls(starts, unit[starts], np.bincount(unit, minlength=n))

    def mean(self, values: Doubles, scale: float) -> Doubles:
        """Sums of the pieces' rows per unit over the root of their number, (n, d)."""
        out = np.zeros((len(self.count), values.shape[1]))
        if len(self.starts):
            out[self.filled] = np.add.reduceat(values, self.starts, axis=0)
        return np.asarray(out * scale / np.sqrt(np.maximum(self.count, 1))[:, None])


class LastSums(threading.local):
    """What the last call of a thread has added up, by comment."""

    def __init__(self) -> None:
        self._places: Mapping[Passage, int] = {}
        self._made: Sums | None = None

    def keep(self, passages: Sequence[Passage], made: Sums) -> Sums:
        """Keep what was made of some comments."""
        self._places, self._made = {p: i for i, p in enumerate(passages)}, made
        return made

    def of(self, passages: Sequence[Passage]) -> Sums | None:
        """What was made of these comments; None where one of them is not among the last."""
        if self._made is None or not all(p in self._places for p in passages):
            return None
        return self._made.rows([self._places[p] for p in passages])
