"""Weighted least squares with robust covariances, in blocks, for many rows and few columns.

The sandwich is built from each row's influence on the coefficients: with HC3 for independent rows
(MacKinnon and White 1985), with CR1 for clusters (Liang and Zeger 1986 with the factor
G/(G-1) * (n-1)/(n-p)). The same influences give the covariance of the coefficients with the means
of the columns, which an interval for effect times share needs, because both are random.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.reasons.collinearity import Identified, identify
from warum.reasons.design import Clusters, Design, Floats, Ints, cluster_sums

_SATURATED = 1e-10
_TOUCHED = 1e-6


@dataclass(frozen=True)
class LeastSquares:
    """A fitted model; the intercept is position 0, the columns follow in order.

    Attributes:
        coefficients: (p + 1,); NaN where the data do not determine it. The intercept is NaN where
            any column is undetermined.
        covariance: Of the coefficients, (p + 1, p + 1); NaN where undetermined, or where a single
            row alone decides a coefficient (HC3 is undefined there).
        means: Weighted means of the columns, (p,).
        mean_variance: Variances of those means, (p,); NaN where undetermined.
        mean_covariance: Covariance of each column's coefficient with its mean, (p,); NaN likewise.
        explained: R squared, 0..1; NaN where the outcome is constant.
        units: Number of clusters, or of rows where they are independent.
        df: Degrees of freedom: G - 1 with clusters, else n - p - 1 over the kept columns.
        method: "ols-hc3" or "ols-cr1".
        identified: Which columns are determined.
    """

    coefficients: Floats
    covariance: Floats
    means: Floats
    mean_variance: Floats
    mean_covariance: Floats
    explained: float
    units: int
    df: int
    method: str
    identified: Identified


def fit_least_squares(
    design: Design,
    y: Floats,
    *,
    weights: Floats | None = None,
    clusters: npt.NDArray[Any] | None = None,
) -> LeastSquares:
    """Fit y on the columns and an intercept.

    Args:
        design: n rows, p columns.
        y: Outcome, (n,), finite.
        weights: Positive weights, (n,); None for equal ones. They are taken as sampling weights:
            only their ratios matter.
        clusters: Names of the clusters, (n,); None for independent rows. Where every cluster is one
            row, rows are independent.

    Raises:
        ValueError: If the lengths differ or there are no more rows than kept columns.
    """
    weights = np.ones(design.n) if weights is None else np.asarray(weights, dtype=np.float64)
    if not design.n == len(y) == len(weights):
        raise ValueError(f"{design.n} rows, {len(y)} outcomes and {len(weights)} weights")
    groups = None if clusters is None else Clusters.of(clusters)
    if groups is not None and groups.singletons:
        groups = None
    solved = _solve(design, np.asarray(y, dtype=np.float64), weights)
    freedom = design.n - len(solved.kept) - 1
    if freedom < 1:
        raise ValueError(f"{design.n} rows do not suffice for {len(solved.kept) + 1} coefficients")
    sums = _robust(solved, groups)
    return _assembled(solved, sums, groups, freedom)


def adjusted(r_squared: float, n: int, columns: int) -> float:
    """R squared with the chance agreement of `columns` columns on n rows taken off; at most 1."""
    return 1 - (1 - r_squared) * (n - 1) / (n - columns - 1)


def adjusted_r_squared(design: Design, y: Floats, *, weights: Floats) -> float:
    """Adjusted R squared of y on the columns and an intercept; NaN where y is constant.

    Args:
        design: n rows, p columns; more rows than columns.
        y: Outcome, (n,), finite.
        weights: Positive weights, (n,).
    """
    solved = _solve(design, y, weights)
    residual = 0.0
    for rows in design.blocks():
        _, error, weight = solved.centred(rows)
        residual += float(weight @ error**2)
    return adjusted(_explained(residual, solved.sum_squares), design.n, len(solved.kept))


@dataclass(frozen=True)
class _Solved:
    """The normal equations, solved about the means."""

    design: Design
    y: Floats
    weights: Floats
    total: float
    mean_y: float
    means: Floats
    identified: Identified
    kept: Ints
    inverse: Floats  # of the kept columns' centred cross products
    slopes: Floats
    sum_squares: float

    def centred(self, rows: slice | Ints) -> tuple[Floats, Floats, Floats]:
        """Kept columns about their means (b, k), residuals (b,), weights (b,)."""
        x = self.design.rows(rows)
        if len(self.kept) < x.shape[1]:
            x = x[:, self.kept]
        x = x - self.means[self.kept]
        return x, self.y[rows] - self.mean_y - x @ self.slopes, self.weights[rows]


def _solve(design: Design, y: Floats, weights: Floats) -> _Solved:
    offsets = design.offsets()
    total = float(weights.sum())
    mean_y = float(weights @ y) / total
    sums, squares, products = np.zeros(design.p), np.zeros((design.p, design.p)), np.zeros(design.p)
    for rows in design.blocks():
        x = design.rows(rows) - offsets
        weighted = x * weights[rows, None]
        sums += weighted.sum(axis=0)
        squares += weighted.T @ x
        products += weighted.T @ (y[rows] - mean_y)
    near = sums / total
    centred = squares - np.outer(sums, near)
    identified = identify(centred, np.diag(squares))
    kept = np.array(identified.kept, dtype=np.int64)
    inverse = _inverse(centred[np.ix_(kept, kept)])
    return _Solved(
        design,
        y,
        weights,
        total,
        mean_y,
        near + offsets,
        identified,
        kept,
        inverse,
        inverse @ products[kept],
        float(weights @ (y - mean_y) ** 2),
    )


def _inverse(matrix: Floats) -> Floats:
    # On the correlation scale, so that columns of any unit are equally well conditioned.
    scale = 1 / np.sqrt(np.diag(matrix))
    inverse: Floats = np.linalg.inv(matrix * scale[:, None] * scale) * scale[:, None] * scale
    return (inverse + inverse.T) / 2


@dataclass(frozen=True)
class _Sums:
    """Sums over influences; position 0 of the coefficients is the mean of y."""

    coefficients: Floats  # (k + 1, k + 1)
    cross: Floats  # (k,)
    means: Floats  # (k,)
    touched: npt.NDArray[np.bool_]  # (k,) decided by a single row
    residual: float


def _robust(solved: _Solved, groups: Clusters | None) -> _Sums:
    k = len(solved.kept)
    outer, cross, squared = np.zeros((k + 1, k + 1)), np.zeros(k), np.zeros(k)
    touched, residual = np.zeros(k, dtype=np.bool_), 0.0
    for rows, starts in _stretches(solved.design, groups):
        x, error, weight = solved.centred(rows)
        residual += float(weight @ error**2)
        reach = x @ solved.inverse
        if starts is None:
            room = 1 - weight * (1 / solved.total + np.einsum("ij,ij->i", reach, x))
            full = room < _SATURATED
            touched |= _decided(solved, reach[full], weight[full])
            error = np.where(full, 0.0, error / np.where(full, 1.0, room))
        push = (weight * error)[:, None]
        influence = np.concatenate((push / solved.total, reach * push), axis=1)
        x *= weight[:, None] / solved.total
        if starts is not None:
            influence, x = cluster_sums(influence, starts), cluster_sums(x, starts)
        outer += influence.T @ influence
        cross += np.einsum("ij,ij->j", influence[:, 1:], x)
        squared += np.einsum("ij,ij->j", x, x)
    return _Sums(outer, cross, squared, touched, residual)


def _stretches(
    design: Design, groups: Clusters | None
) -> Iterator[tuple[slice | Ints, Ints | None]]:
    if groups is None:
        for rows in design.blocks():
            yield rows, None
    else:
        yield from groups.blocks()


def _decided(solved: _Solved, reach: Floats, weight: Floats) -> npt.NDArray[np.bool_]:
    """Which coefficients a saturated row decides: its share of their information, at most 1."""
    part = np.abs(reach) * np.sqrt(weight)[:, None] / np.sqrt(np.diag(solved.inverse))
    return np.asarray((part > _TOUCHED).any(axis=0), dtype=np.bool_)


def _assembled(solved: _Solved, sums: _Sums, groups: Clusters | None, freedom: int) -> LeastSquares:
    n, p, kept = solved.design.n, solved.design.p, solved.kept
    units = n if groups is None else len(groups)
    spread = units / (units - 1) if units > 1 else np.nan
    factor = 1.0 if groups is None else spread * (n - 1) / freedom
    undetermined = solved.identified.undetermined
    determined = np.array([j not in undetermined for j in kept], dtype=np.bool_)
    # Positions with the intercept first, which is determined only together with all columns.
    of = np.flatnonzero(np.concatenate(([not undetermined], determined)))
    at = np.concatenate(([0], kept + 1))[of]
    coefficients, full = np.full(p + 1, np.nan), np.full((p + 1, p + 1), np.nan)
    intercept = solved.mean_y - solved.slopes @ solved.means[kept]
    coefficients[at] = np.concatenate(([intercept], solved.slopes))[of]
    full[np.ix_(at, at)] = _covariance(solved, sums, factor)[np.ix_(of, of)]
    mean_variance, mean_covariance = np.full(p, np.nan), np.full(p, np.nan)
    mean_variance[kept] = spread * sums.means
    mean_covariance[kept[determined]] = (np.sqrt(factor * spread) * sums.cross)[determined]
    return LeastSquares(
        coefficients=coefficients,
        covariance=full,
        means=solved.means,
        mean_variance=mean_variance,
        mean_covariance=mean_covariance,
        explained=_explained(sums.residual, solved.sum_squares),
        units=units,
        df=freedom if groups is None else units - 1,
        method="ols-hc3" if groups is None else "ols-cr1",
        identified=solved.identified,
    )


def _covariance(solved: _Solved, sums: _Sums, factor: float) -> Floats:
    """Of intercept and slopes, from that of the mean of y and the slopes."""
    turn = np.eye(len(solved.kept) + 1)
    turn[0, 1:] = -solved.means[solved.kept]
    covariance: Floats = turn @ (factor * sums.coefficients) @ turn.T
    # The intercept hangs on every slope.
    unknown = np.concatenate(([sums.touched.any()], sums.touched))
    covariance[unknown] = np.nan
    covariance[:, unknown] = np.nan
    return covariance


def _explained(residual: float, sum_squares: float) -> float:
    return float(np.clip(1 - residual / sum_squares, 0, 1)) if sum_squares > 0 else np.nan
