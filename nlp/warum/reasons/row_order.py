"""An order of rows that hangs on their content only, so that no result hangs on the file's order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.reasons.design import Ints
from warum.reasons.sample import Mentions

_Words = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class RowOrder:
    """Rows cluster by cluster.

    Attributes:
        rows: Positions of the rows in the new order, int64 (n,).
        cluster: Number of each row's cluster from 0, in the new order, ascending, int64 (n,).
    """

    rows: Ints
    cluster: Ints

    @property
    def clusters(self) -> int:
        """Number of clusters."""
        return int(self.cluster[-1]) + 1 if len(self.cluster) else 0


def row_order(
    columns: Sequence[npt.NDArray[Any]],
    mentions: Mentions,
    clusters: npt.NDArray[Any] | None,
) -> RowOrder:
    """Order rows by a hash of their content, and clusters by the hashes of their rows.

    Clusters of equal content are interchangeable, so their order does not matter; the names of
    clusters (often numbered as they appear in a file) play no part.

    Args:
        columns: Float or integer columns, (n,) each.
        mentions: bool (n, k).
        clusters: Cluster of each row, (n,); None where each is its own.
    """
    n = len(mentions)
    hashed = np.zeros(n, dtype=np.uint64)
    for column in columns:
        # Adding 0.0 makes one zero of two.
        word = (
            (column + 0.0).view(np.uint64) if column.dtype.kind == "f" else column.astype(np.uint64)
        )
        hashed = _mixed(hashed ^ word)
    packed = np.packbits(mentions, axis=1)
    padded = np.zeros((n, -(-packed.shape[1] // 8) * 8), dtype=np.uint8)
    padded[:, : packed.shape[1]] = packed
    for word in padded.view(np.uint64).T:
        hashed = _mixed(hashed ^ word)
    if clusters is None:
        rows = np.argsort(hashed, kind="stable")
        return RowOrder(rows.astype(np.int64), np.arange(n, dtype=np.int64))
    of = np.unique(clusters, return_inverse=True)[1]
    by_cluster = np.argsort(of, kind="stable")
    starts = np.flatnonzero(np.diff(of[by_cluster], prepend=-1))
    whole = np.add.reduceat(_mixed(hashed)[by_cluster], starts) if n else hashed
    rank = np.empty(len(starts), dtype=np.int64)
    rank[np.argsort(whole, kind="stable")] = np.arange(len(starts))
    rows = np.lexsort((hashed, rank[of]))
    return RowOrder(rows.astype(np.int64), rank[of][rows])


def _mixed(words: _Words) -> _Words:
    """Scatter the bits (the finaliser of SplitMix64; Steele, Lea and Flood 2014)."""
    words = words + np.uint64(0x9E3779B97F4A7C15)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))
