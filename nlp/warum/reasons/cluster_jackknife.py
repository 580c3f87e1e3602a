"""The jackknife variance of regression slopes over people, and how much it varies.

CR3 (HC3 where every row is its own person; MacKinnon, Nielsen and Webb 2023) is what leaving each
person out once gives; CR2 (Bell and McCaffrey 2002) is unbiased where errors are independent and
of one variance. Degrees of freedom are Satterthwaite's under that working model, for any weights as
in Pustejovsky and Tipton 2018.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from warum.reasons.design import Clusters, Design, Floats, Ints, cluster_sums
from warum.reasons.least_squares import LeastSquares

Adjustment = Literal["cr1", "cr2", "cr3"]
_POWER = {"cr1": 0.0, "cr2": 0.5, "cr3": 1.0}
_SATURATED = 1e-9
_TOUCHED = 1e-6


@dataclass(frozen=True)
class SmallSample:
    """Variance and degrees of freedom of linear combinations of slopes, q of them.

    Attributes:
        variance: Robust variance, (q,); NaN where the data do not determine the combination, or
            where a single person alone decides it.
        df: Degrees of freedom of that variance, (q,); NaN likewise.
        pooled: Variance if all rows had the same residual variance and were independent, (q,).
    """

    variance: Floats
    df: Floats
    pooled: Floats


def small_sample(
    design: Design,
    y: Floats,
    fit: LeastSquares,
    combinations: Floats,
    *,
    weights: Floats | None = None,
    clusters: npt.NDArray[Any] | None = None,
    adjustment: Adjustment = "cr3",
    exact: npt.NDArray[np.bool_] | None = None,
) -> SmallSample:
    """Variance and degrees of freedom of combinations of a fitted model's slopes.

    Exact for the working model of independent errors of one variance; the time is proportional to
    n p^2 q.

    Args:
        design: The columns that were fitted, n rows, p columns.
        y: Outcome, (n,).
        fit: `fit_least_squares` of the same rows.
        combinations: What is asked for, one combination of the p slopes a column, (p, q): unit
            columns for the effects themselves.
        weights: As in the fit.
        clusters: As in the fit.
        adjustment: "cr3" (jackknife), "cr2" (unbiased under the working model) or "cr1" (none).
        exact: Combinations whose degrees of freedom are wanted, (q,); all where None. They take
            nearly all of the time; those of the others are NaN.

    Raises:
        ValueError: If `combinations` does not have p rows.
    """
    if combinations.ndim != 2 or len(combinations) != design.p:
        raise ValueError(f"combinations are {combinations.shape}, expected ({design.p}, q)")
    undetermined = np.isin(np.arange(design.p), list(fit.identified.undetermined))
    known = ~(combinations[undetermined] != 0).any(axis=0)
    model = _Model.of(design, y, fit, weights, combinations[:, known], _POWER[adjustment])
    groups = Clusters.of(np.arange(design.n) if clusters is None else clusters)
    wanted = np.ones(len(known), dtype=np.bool_) if exact is None else exact
    sums = _Sums.of(model, groups, np.flatnonzero(wanted[known]))
    result = SmallSample(*(np.full(len(known), np.nan) for _ in range(3)))
    for name, values in sums.results(model).items():
        getattr(result, name)[known] = values
    return result


@dataclass(frozen=True)
class _Model:
    """The model on its kept columns about their means, the constant first."""

    design: Design
    y: Floats
    weights: Floats
    kept: Ints
    means: Floats  # (k,)
    mean_y: float
    slopes: Floats  # (k,)
    inverse: Floats  # (k + 1, k + 1), of X'WX
    asked: Floats  # (k + 1, q)
    power: float
    squared: Floats | None  # X'W^2X; None for equal weights

    @classmethod
    def of(
        cls,
        design: Design,
        y: Floats,
        fit: LeastSquares,
        weights: Floats | None,
        combinations: Floats,
        power: float,
    ) -> _Model:
        weights = np.ones(design.n) if weights is None else np.asarray(weights, dtype=np.float64)
        weights = weights * (len(weights) / weights.sum())
        kept = np.array(fit.identified.kept, dtype=np.int64)
        equal = bool(np.ptp(weights) < 1e-12)
        blank = np.zeros(0)
        model = cls(
            design, y, weights, kept, fit.means[kept], float(weights @ y) / design.n,
            blank, blank, blank, power, None,
        )  # fmt: skip
        gram, squared = np.zeros((2, len(kept) + 1, len(kept) + 1))
        products = np.zeros(len(kept) + 1)
        for rows in design.blocks():
            x, weight = model.columns(rows), weights[rows, None]
            gram += x.T @ (weight * x)
            products += x.T @ (weight[:, 0] * (y[rows] - model.mean_y))
            if not equal:
                squared += x.T @ (weight**2 * x)
        inverse = _inverse(gram)
        asked = inverse[:, 1:] @ combinations[kept]
        solved = replace(model, slopes=inverse @ products, inverse=inverse, asked=asked)
        return replace(solved, squared=None if equal else squared)

    def columns(self, rows: slice | Ints) -> Floats:
        """A constant and the kept columns about their means, (b, k + 1)."""
        x = self.design.rows(rows)[:, self.kept] - self.means
        return np.concatenate((np.ones((len(x), 1)), x), axis=1)

    def residuals(self, x: Floats, rows: slice | Ints) -> Floats:
        """Observed minus fitted, (b,)."""
        error: Floats = self.y[rows] - self.mean_y - x @ self.slopes
        return error


def _inverse(gram: Floats) -> Floats:
    scale = 1 / np.sqrt(np.diag(gram))
    inverse: Floats = np.linalg.inv(gram * scale[:, None] * scale) * scale[:, None] * scale
    return (inverse + inverse.T) / 2


@dataclass(frozen=True)
class _Sums:
    """Sums over clusters for each of q combinations; see `results` for what they are for."""

    variance: Floats
    own: Floats  # sum of d
    own_squared: Floats  # sum of d^2
    crossed: Floats  # sum of d F'NF
    outer: Floats  # sum of FF', (q, f, f)
    pooled: Floats
    residual: float
    touched: npt.NDArray[np.bool_]
    middle: Floats  # N
    wanted: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, model: _Model, groups: Clusters, wanted: Ints) -> _Sums:
        q, middle = model.asked.shape[1], _middle(model)
        variance, own, own_squared, crossed, pooled = np.zeros((5, q))
        outer, touched = np.zeros((q, *middle.shape)), np.zeros(q, dtype=np.bool_)
        residual = 0.0
        for rows, starts in groups.blocks():
            x, weight = model.columns(rows), model.weights[rows]
            error = model.residuals(x, rows)
            residual += float(weight @ error**2)
            reach = weight[:, None] * (x @ model.asked)
            pooled += (reach**2).sum(axis=0)
            pull = _adjusted(model, x, np.sqrt(weight), reach, starts, touched)
            variance += (cluster_sums(pull * error[:, None], starts) ** 2).sum(axis=0)
            d = cluster_sums(pull**2, starts)
            own += d.sum(axis=0)
            own_squared += (d**2).sum(axis=0)
            for c in wanted:
                parts = [x * pull[:, c, None]]
                if model.squared is not None:
                    parts.append(parts[0] * weight[:, None])
                f = cluster_sums(np.concatenate(parts, axis=1), starts)
                outer[c] += f.T @ f
                crossed[c] += d[:, c] @ ((f @ middle) * f).sum(axis=1)
        asked = np.isin(np.arange(q), wanted)
        return cls(
            variance, own, own_squared, crossed, outer, pooled, residual, touched, middle, asked
        )

    def results(self, model: _Model) -> dict[str, Floats]:
        """Variance, degrees of freedom and pooled variance.

        The variance is a quadratic form of the errors whose matrix has, over clusters g and h, the
        same eigenvalues as P = [d_g (g = h)] + F_g' N F_h; a chi square with
        trace(P)^2 / trace(P P) degrees of freedom has its mean and variance.
        """
        turned = self.outer @ self.middle
        trace = self.own + np.einsum("cii->c", turned)
        squared = self.own_squared + 2 * self.crossed + np.einsum("cij,cji->c", turned, turned)
        with np.errstate(divide="ignore", invalid="ignore"):
            df = np.where(self.wanted, trace**2 / squared, np.nan)
        freedom = model.design.n - len(model.kept) - 1
        pooled = self.pooled * self.residual / freedom
        unknown = np.where(self.touched, np.nan, 1.0)
        return {"variance": self.variance * unknown, "df": df * unknown, "pooled": pooled * unknown}


def _middle(model: _Model) -> Floats:
    """The matrix N of `_Sums.results`.

    Residuals are (I - H) times the errors, H = X Q X'W, so that clusters g and h have the products
    v_g'(I - H)(I - H)'v_h; F holds X'v and, for unequal weights, X'Wv.
    """
    if model.squared is None:
        return -model.inverse
    blank = np.zeros_like(model.inverse)
    both = model.inverse @ model.squared @ model.inverse
    return np.block([[both, -model.inverse], [-model.inverse, blank]])


def _adjusted(
    model: _Model, x: Floats, root: Floats, reach: Floats, starts: Ints, touched: npt.NDArray[Any]
) -> Floats:
    """What each residual is multiplied with, (b, q): its reach, raised for the cluster's leverage."""
    if model.power == 0:
        return reach
    half = (root[:, None] * x) @ np.linalg.cholesky(model.inverse)
    whitened = reach / root[:, None]
    pull = np.empty_like(reach)
    for at in _by_size(starts, len(x)):
        vectors, leverage = _leverages(half[at])
        room = 1 - leverage
        full = room < _SATURATED
        parts = np.swapaxes(vectors, 1, 2) @ whitened[at]
        if full.any():
            touched |= (np.abs(parts[full]) > _TOUCHED * np.sqrt((whitened**2).sum(axis=0))).any(
                axis=0
            )
        raised = np.where(full, 0.0, np.where(full, 1.0, room) ** -model.power) - 1
        pull[at] = (whitened[at] + vectors @ (raised[:, :, None] * parts)) * root[at][:, :, None]
    return pull


def _by_size(starts: Ints, rows: int) -> Iterator[Ints]:
    """Positions of the rows of all clusters of one size, (g, size)."""
    sizes = np.diff(np.append(starts, rows))
    for size in np.unique(sizes):
        yield starts[sizes == size][:, None] + np.arange(size)


def _leverages(half: Floats) -> tuple[Floats, Floats]:
    """Eigenvectors (g, size, e) and eigenvalues (g, e) of each cluster's part of the hat matrix."""
    if half.shape[1] == 1:
        return np.ones((len(half), 1, 1)), np.einsum("gsp,gsp->gs", half, half)
    if half.shape[1] <= half.shape[2]:
        values, vectors = np.linalg.eigh(half @ np.swapaxes(half, 1, 2))
        return vectors, values
    vectors, singular, _ = np.linalg.svd(half, full_matrices=False)
    return vectors, singular**2
