"""The columns of a regression, kept as they come (booleans stay booleans) and read in blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BLOCK_ROWS = 32_768


@dataclass(frozen=True)
class Design:
    """Columns of a regression without its intercept.

    A million occasions by 56 mentions take 56 MB as booleans and 450 MB as floats, so only blocks
    of rows are ever turned into floats.

    Attributes:
        parts: Arrays of shape (n, p_j), boolean or numeric, side by side: p columns in all.

    Raises:
        ValueError: If the parts differ in length or hold something that is not finite.
    """

    parts: tuple[npt.NDArray[Any], ...]

    def __post_init__(self) -> None:
        lengths = [len(part) for part in self.parts]
        if not lengths or len(set(lengths)) > 1:
            raise ValueError(f"parts have {lengths} rows, expected one or more of equal length")
        for part in self.parts:
            if part.dtype.kind == "f" and not np.isfinite(part).all():
                raise ValueError("a column holds NaN or infinity, expected finite numbers")

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.parts[0])

    @property
    def p(self) -> int:
        """Number of columns."""
        return sum(part.shape[1] for part in self.parts)

    def offsets(self) -> Floats:
        """A number near each column's mean, (p,): subtracted before squaring, it saves digits.

        Booleans need none.
        """
        near = [
            np.zeros(part.shape[1])
            if part.dtype.kind == "b" or not len(part)
            else part.mean(axis=0)
            for part in self.parts
        ]
        return np.concatenate(near).astype(np.float64)

    def rows(self, which: slice | Ints) -> Floats:
        """Rows as floats, (b, p)."""
        blocks = [part[which].astype(np.float64, copy=False) for part in self.parts]
        return (
            np.ascontiguousarray(blocks[0]) if len(blocks) == 1 else np.concatenate(blocks, axis=1)
        )

    def blocks(self) -> Iterator[slice]:
        """Consecutive stretches of rows that cover all."""
        for start in range(0, self.n, BLOCK_ROWS):
            yield slice(start, min(start + BLOCK_ROWS, self.n))


@dataclass(frozen=True)
class Clusters:
    """Which rows belong together.

    Attributes:
        order: Row positions, cluster by cluster, int64 (n,).
        starts: Where each cluster begins in `order`, int64 (G,).
    """

    order: Ints
    starts: Ints

    @classmethod
    def of(cls, names: npt.NDArray[Any]) -> Clusters:
        """Group equal names, shape (n,)."""
        order = np.argsort(names, kind="stable").astype(np.int64)
        ordered = names[order]
        starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
        return cls(order, starts.astype(np.int64))

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def singletons(self) -> bool:
        """Whether every cluster is one row."""
        return len(self.starts) == len(self.order)

    def blocks(self) -> Iterator[tuple[Ints, Ints]]:
        """Rows of whole clusters and where each cluster begins among them.

        A cluster is never torn, so a block may exceed the usual size by one cluster.
        """
        n = len(self.order)
        cuts = np.unique(np.searchsorted(self.starts, np.arange(0, n, BLOCK_ROWS)))
        cuts = cuts[cuts < len(self.starts)]
        for first, last in zip(cuts, [*cuts[1:], len(self.starts)], strict=True):
            low = self.starts[first]
            high = self.starts[last] if last < len(self.starts) else n
            yield self.order[low:high], self.starts[first:last] - low

    def holding(self, mentions: npt.NDArray[np.bool_]) -> Ints:
        """In how many clusters at least one row is true, per column of (n, k): int64 (k,)."""
        counts = np.zeros(mentions.shape[1], dtype=np.int64)
        for rows, starts in self.blocks():
            counts += (cluster_sums(mentions[rows], starts) > 0).sum(axis=0)
        return counts


def cluster_sums(block: npt.NDArray[Any], starts: Ints) -> Floats:
    """Sums of the rows of each cluster.

    Args:
        block: Rows, cluster by cluster, (b, p).
        starts: Where each cluster begins, (g,), the first at 0.

    Returns:
        (g, p)
    """
    from scipy.sparse import csr_array

    # As a sparse product: np.add.reduceat takes twenty times as long along this axis.
    rows = len(block)
    parts = (np.ones(rows), np.arange(rows), np.concatenate((starts, [rows])))
    summing = csr_array(parts, shape=(len(starts), rows))
    return np.asarray(summing @ block, dtype=np.float64)
