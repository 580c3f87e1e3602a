"""Least squares on zeros and ones from sums that can be added up: for very many rows, in pieces.

The same estimates as `fit_least_squares`, from two passes over pieces of the data. The first adds up
counts and cross products (`Moments`), the second what the sandwich needs, given the coefficients
(`Scatter`). Both can be computed piece by piece, on several machines or as data arrive, and added;
a customer's rows must stand in one piece. Rows of mentions are mostly empty, so that all of it works
on the positions of the ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from warum.reasons.collinearity import Identified, identify
from warum.reasons.design import Clusters, Design, Floats, Ints
from warum.reasons.least_squares import LeastSquares, fit_least_squares
from warum.reasons.pieces import Piece, with_constant

LARGE = 100_000  # rows from which `fit_linear` works in pieces
_PIECE = 131_072
_SATURATED = 1e-10
_TOUCHED = 1e-6


@dataclass(frozen=True)
class _Added:
    """Sums that are added field by field."""

    def __add__(self, other: Self) -> Self:
        names = [one.name for one in fields(self)]
        return type(self)(*(getattr(self, name) + getattr(other, name) for name in names))


@dataclass(frozen=True)
class Moments(_Added):
    """First pass; position 0 is the intercept.

    Attributes:
        rows: Number of rows.
        products: Weighted cross products of intercept and columns, (p + 1, p + 1).
        with_y: Their weighted products with the outcome, (p + 1,).
        y_squared: Weighted sum of squares of the outcome.
    """

    rows: int
    products: Floats
    with_y: Floats
    y_squared: float

    @classmethod
    def of(cls, piece: Piece) -> Self:
        """Those of a piece."""
        pull = piece.weights * piece.y
        return cls(len(piece.y), piece.gram(piece.weights), piece.x.T @ pull, float(pull @ piece.y))


@dataclass(frozen=True)
class Scatter(_Added):
    """Second pass: sums over clusters of u, what residuals pull, and m, what the rows weigh.

    Attributes:
        units: Clusters, or rows where they are independent.
        outer: Sum of u u', (p + 1, p + 1).
        cross: Sum of u m', likewise.
        masses: Sum of m m', likewise.
        residual: Weighted sum of squared residuals.
        touched: How many rows alone decide a coefficient, (p + 1,).
    """

    units: int
    outer: Floats
    cross: Floats
    masses: Floats
    residual: float
    touched: Ints

    @classmethod
    def of(cls, piece: Piece, solved: Solved) -> Self:
        """Those of a piece, given the coefficients; without clusters residuals are raised as for HC3."""
        weights, error = piece.weights, piece.y - piece.x @ solved.coefficients
        residual = float(weights @ error**2)
        touched = np.zeros(piece.x.shape[1], dtype=np.int64)
        if piece.starts is None:
            error, touched = _raised(piece.x, weights, error, solved)
            pull = weights * error
            outer, cross, masses = (
                piece.gram(one) for one in (pull**2, pull * weights, weights**2)
            )
            return cls(len(error), outer, cross, masses, residual, touched)
        pulled, weighed = piece.summed(weights * error), piece.summed(weights)
        masses = weighed.T @ weighed
        return cls(
            len(piece.starts), pulled.T @ pulled, pulled.T @ weighed, masses, residual, touched
        )


@dataclass(frozen=True)
class Solved:
    """The coefficients that the moments give; k of the p columns are kept.

    Attributes:
        moments: Of all pieces.
        means: Of the columns, (p,).
        mean_y: Of the outcome.
        identified: Which columns are determined.
        inverse: Of the kept columns' cross products about their means, (k, k).
        coefficients: Intercept first, 0 for columns not kept, (p + 1,).
    """

    moments: Moments
    means: Floats
    mean_y: float
    identified: Identified
    inverse: Floats
    coefficients: Floats

    @classmethod
    def of(cls, moments: Moments) -> Self:
        """Solve the normal equations about the means."""
        total = moments.products[0, 0]
        sums = moments.products[0, 1:]
        means, mean_y = sums / total, float(moments.with_y[0] / total)
        centred = moments.products[1:, 1:] - np.outer(sums, means)
        identified = identify(centred, np.diag(moments.products)[1:])
        kept = np.array(identified.kept, dtype=np.int64)
        scale = 1 / np.sqrt(np.diag(centred)[kept])
        inverse = np.linalg.inv(centred[np.ix_(kept, kept)] * scale[:, None] * scale)
        inverse = inverse * scale[:, None] * scale
        coefficients = np.zeros(len(means) + 1)
        coefficients[kept + 1] = inverse @ (moments.with_y[1:] - sums * mean_y)[kept]
        coefficients[0] = mean_y - coefficients[1:] @ means
        return cls(moments, means, mean_y, identified, (inverse + inverse.T) / 2, coefficients)

    @property
    def kept(self) -> Ints:
        """Positions of the kept columns among all, ascending."""
        return np.array(self.identified.kept, dtype=np.int64)


def fit_linear(
    design: Design,
    y: Floats,
    *,
    weights: Floats | None = None,
    clusters: npt.NDArray[Any] | None = None,
) -> LeastSquares:
    """`fit_least_squares`, in pieces where rows are many, clustered, and all columns zeros and ones.

    Independent rows need the leverage of each, for which the ones alone are no help.

    Args and errors are those of `fit_least_squares`.
    """
    zeros_and_ones = all(part.dtype == np.bool_ for part in design.parts)
    groups = None
    if design.n >= LARGE and zeros_and_ones and clusters is not None:
        groups = Clusters.of(clusters)
    if groups is None or groups.singletons:
        return fit_least_squares(design, y, weights=weights, clusters=clusters)
    if not design.n == len(y) == len(groups.order):
        raise ValueError(f"{design.n} rows, {len(y)} outcomes and {len(groups.order)} clusters")
    weights = np.ones(design.n) if weights is None else np.asarray(weights, dtype=np.float64)

    pieces = []
    for rows, starts in _cuts(groups):
        columns = np.concatenate([part[rows] for part in design.parts], axis=1)
        pieces.append(Piece(with_constant(columns), y[rows], weights[rows], starts))
    return fit_pieces(lambda: pieces)


def fit_pieces(pieces: Callable[[], Iterable[Piece]]) -> LeastSquares:
    """Least squares of all pieces together.

    Args:
        pieces: Gives the pieces; called twice. All have the same columns, no cluster stands in two
            of them, and either all have clusters or none.

    Raises:
        ValueError: If there are no pieces or no more rows than kept columns.
    """
    moments = _total(Moments.of(piece) for piece in pieces())
    solved = Solved.of(moments)
    freedom = moments.rows - len(solved.kept) - 1
    if freedom < 1:
        raise ValueError(
            f"{moments.rows} rows do not suffice for {len(solved.kept) + 1} coefficients"
        )
    clustered = []

    def scatters() -> Iterator[Scatter]:
        for piece in pieces():
            clustered.append(piece.starts is not None)
            yield Scatter.of(piece, solved)

    scatter = _total(scatters())
    if len(set(clustered)) > 1:
        raise ValueError("some pieces have clusters and some have none")
    return _assembled(solved, scatter, clustered[0], freedom)


def _total(parts: Iterable[Any]) -> Any:  # noqa: ANN401 - Moments or Scatter
    total = None
    for part in parts:
        total = part if total is None else total + part
    if total is None:
        raise ValueError("there are no pieces, expected at least one")
    return total


def _cuts(groups: Clusters) -> Iterator[tuple[Ints, Ints]]:
    """Rows of each piece, whole clusters, and where each begins among them."""
    n = len(groups.order)
    firsts = np.unique(np.searchsorted(groups.starts, np.arange(0, n, _PIECE)))
    firsts = firsts[firsts < len(groups.starts)]
    for first, last in zip(firsts, [*firsts[1:], len(groups.starts)], strict=True):
        low = groups.starts[first]
        high = groups.starts[last] if last < len(groups.starts) else n
        yield groups.order[low:high], groups.starts[first:last] - low


def _raised(x: csr_array, weights: Floats, error: Floats, solved: Solved) -> tuple[Floats, Ints]:
    """Residuals over one minus their leverage, and how often a row decides each coefficient."""
    kept, total = solved.kept, solved.moments.products[0, 0]
    size = x.shape[1]
    middle = np.zeros((size, size))
    middle[np.ix_(kept + 1, kept + 1)] = solved.inverse
    about = middle[:, 1:] @ solved.means
    reach = x @ middle - about
    reach[:, 0] = 0.0
    # (x - m)' A (x - m) from the ones of each row.
    inner = np.asarray(x.multiply(reach).sum(axis=1)).ravel() - reach[:, 1:] @ solved.means
    room = 1 - weights * (1 / total + inner)
    full = room < _SATURATED
    touched = np.zeros(size, dtype=np.int64)
    if full.any():
        spread = np.sqrt(np.diag(solved.inverse))
        part = np.abs(reach[full][:, kept + 1]) * np.sqrt(weights[full])[:, None] / spread
        touched[kept + 1] = (part > _TOUCHED).sum(axis=0)
    return np.where(full, 0.0, error / np.where(full, 1.0, room)), touched


def _assembled(solved: Solved, scatter: Scatter, clustered: bool, freedom: int) -> LeastSquares:
    """The fitted model with its sandwich."""
    kept, p, n = solved.kept, len(solved.means), solved.moments.rows
    total, units = solved.moments.products[0, 0], scatter.units
    spread = units / (units - 1) if units > 1 else np.nan
    factor = spread * (n - 1) / freedom if clustered else 1.0
    # From (1, x) to x about its means, and on to the slopes.
    about = np.zeros((len(kept), p + 1))
    about[:, 0] = -solved.means[kept]
    about[np.arange(len(kept)), kept + 1] = 1.0
    bread = solved.inverse @ about
    turn = np.zeros((len(kept) + 1, p + 1))
    turn[0, 0] = 1 / total
    turn[0] -= solved.means[kept] @ bread
    turn[1:] = bread
    covariance = factor * turn @ scatter.outer @ turn.T
    touched = scatter.touched[kept + 1] > 0
    unknown = np.concatenate(([touched.any()], touched))
    covariance[unknown] = np.nan
    covariance[:, unknown] = np.nan
    undetermined = solved.identified.undetermined
    determined = np.array([j not in undetermined for j in kept], dtype=np.bool_)
    of = np.flatnonzero(np.concatenate(([not undetermined], determined)))
    at = np.concatenate(([0], kept + 1))[of]
    coefficients, full = np.full(p + 1, np.nan), np.full((p + 1, p + 1), np.nan)
    coefficients[at] = solved.coefficients[at]
    full[np.ix_(at, at)] = covariance[np.ix_(of, of)]
    mean_variance, mean_covariance = np.full(p, np.nan), np.full(p, np.nan)
    mean_variance[kept] = spread * np.diag(about @ scatter.masses @ about.T) / total**2
    cross = np.diag(bread @ scatter.cross @ about.T) / total
    mean_covariance[kept[determined]] = (np.sqrt(factor * spread) * cross)[determined]
    about_mean = solved.moments.y_squared - total * solved.mean_y**2
    explained = (
        float(np.clip(1 - scatter.residual / about_mean, 0, 1)) if about_mean > 0 else np.nan
    )
    return LeastSquares(
        coefficients=coefficients,
        covariance=full,
        means=solved.means,
        mean_variance=mean_variance,
        mean_covariance=mean_covariance,
        explained=explained,
        units=units,
        df=units - 1 if clustered else freedom,
        method="ols-cr1" if clustered else "ols-hc3",
        identified=solved.identified,
    )
