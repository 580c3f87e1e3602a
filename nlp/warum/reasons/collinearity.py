"""Which coefficients of a linear model the data determine, and which hang on each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_RANK_TOLERANCE = 1e-9  # on the correlation scale: a variance inflation of about 1e9
_PART_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Identified:
    """What can be estimated.

    Attributes:
        kept: Columns that span all others, ascending.
        constant: Columns that do not vary, ascending.
        dependencies: Sets of columns, each a linear dependency; none of their coefficients is
            determined by the data, while those of all other kept columns are.
    """

    kept: tuple[int, ...]
    constant: tuple[int, ...]
    dependencies: tuple[frozenset[int], ...]

    @property
    def undetermined(self) -> frozenset[int]:
        """Columns whose coefficient the data do not determine."""
        return frozenset(self.constant).union(*self.dependencies)

    def partners(self, column: int) -> tuple[int, ...]:
        """The other columns that a column depends on, ascending."""
        sharing = [members for members in self.dependencies if column in members]
        return tuple(sorted(frozenset[int]().union(*sharing) - {column}))


def identify(centred: Floats, raw: Floats) -> Identified:
    """Find constant and linearly dependent columns by a pivoted QR of the correlations.

    Args:
        centred: Cross products of the columns about their means, (p, p).
        raw: Sums of squares of the columns as they are, (p,): the yardstick for "does not vary".
    """
    from scipy.linalg import qr

    spread = np.diag(centred)
    varies = spread > 1e-12 * raw
    live = np.flatnonzero(varies)
    constant = tuple(int(j) for j in np.flatnonzero(~varies))
    if not len(live):
        return Identified((), constant, ())
    scale = 1 / np.sqrt(spread[live])
    correlation = centred[np.ix_(live, live)] * scale[:, None] * scale
    triangle, pivot = qr(correlation, mode="r", pivoting=True)
    size = np.abs(np.diag(triangle))
    rank = int((size > _RANK_TOLERANCE * size[0]).sum())
    kept, dropped = np.sort(pivot[:rank]), np.sort(pivot[rank:])
    dependencies = [
        frozenset(int(live[j]) for j in _dependency(correlation, kept, one)) for one in dropped
    ]
    return Identified(tuple(int(live[j]) for j in kept), constant, tuple(dependencies))


def _dependency(correlation: Floats, kept: npt.NDArray[np.int64], dropped: int) -> list[int]:
    """The dropped column and the kept columns it is made of."""
    parts = np.linalg.solve(correlation[np.ix_(kept, kept)], correlation[kept, dropped])
    return [dropped, *kept[np.abs(parts) > _PART_TOLERANCE].tolist()]
