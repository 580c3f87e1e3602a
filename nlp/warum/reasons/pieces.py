"""Rows of zeros and ones as positions of the ones, for sums over very many of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from warum.reasons.design import Clusters, Floats, Ints


@dataclass(frozen=True)
class Piece:
    """Some of the rows, cluster by cluster.

    Attributes:
        x: A constant and the columns of the regression, zeros and ones, sparse (n, p + 1).
        y: Outcome, (n,).
        weights: Positive weights, (n,).
        starts: Where each cluster begins, the first at 0, int64 (G,); None where all rows are
            independent.
    """

    x: csr_array
    y: Floats
    weights: Floats
    starts: Ints | None

    @classmethod
    def of(
        cls,
        columns: npt.NDArray[np.bool_],
        y: Floats,
        weights: Floats,
        clusters: npt.NDArray[Any] | None,
    ) -> Self:
        """Put rows in any order cluster by cluster.

        Args:
            columns: The columns of the regression without its intercept, bool (n, p).
            y: Outcome, (n,).
            weights: Positive weights, (n,).
            clusters: Names of the clusters, (n,); None where all rows are independent.
        """
        if clusters is None:
            return cls(with_constant(columns), y, weights, None)
        groups = Clusters.of(clusters)
        at = groups.order
        return cls(with_constant(columns[at]), y[at], weights[at], groups.starts)

    @cached_property
    def of_cluster(self) -> Ints:
        """Where the ones of each cluster begin and end among the ones of the piece, (G + 1,)."""
        starts = np.append(self.starts, len(self.y)) if self.starts is not None else None
        return np.asarray(self.x.indptr if starts is None else self.x.indptr[starts])

    def spread(self, values: Floats) -> Floats:
        """A value of each row (n,) at each of its ones."""
        return np.repeat(values, np.diff(self.x.indptr))

    def summed(self, values: Floats) -> Floats:
        """Sums over each cluster of the rows times a value each, (G, p + 1)."""
        # Rows of a cluster stand together: as one long row, whose repeated places are added.
        shape = (len(self.of_cluster) - 1, self.x.shape[1])
        long = csr_array((self.spread(values), self.x.indices, self.of_cluster), shape=shape)
        return np.asarray(long.toarray(), dtype=np.float64)

    def gram(self, weights: Floats) -> Floats:
        """Weighted cross products, (p + 1, p + 1)."""
        parts = (self.spread(weights), self.x.indices, self.x.indptr)
        weighted = csr_array(parts, shape=self.x.shape)
        return np.asarray((self.x.T @ weighted).toarray(), dtype=np.float64)


def with_constant(columns: npt.NDArray[np.bool_]) -> csr_array:
    """A one before each row of zeros and ones, sparse (n, p + 1).

    Args:
        columns: bool (n, p).
    """
    n, p = columns.shape
    ones = np.flatnonzero(np.concatenate((np.ones((n, 1), np.bool_), columns), axis=1))
    starts = np.concatenate(([0], np.cumsum(columns.sum(axis=1) + 1)))
    place = (ones % (p + 1)).astype(np.int32)
    return csr_array((np.ones(len(ones)), place, starts.astype(np.int32)), shape=(n, p + 1))
