"""Logit models of ordered or unordered classes: binary, proportional odds, multinomial.

All are fitted as one kind of model: L linear predictors h = intercepts + C (slopes' x), from which
the family makes the likelihood. For K classes L is K - 1. Proportional odds: C = -1 for every
predictor, one slope a column; multinomial: C the identity, L slopes a column.

Where a column separates classes (all who mention it are of the best or worst class), the maximum
likelihood slope is infinite. Such columns are found by their slopes running away, and get a
log-F(1,1) prior, which is about Firth's penalty (Greenland and Mansournia 2015): the likelihood of
half a case on each side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, log_expit

from warum.reasons.class_families import Family
from warum.reasons.design import Design, Floats, Ints

RUNAWAY = 10.0  # a log odds ratio: e^10 is 22,000
_BLOCK_NUMBERS = 4_000_000
_ITERATIONS = 60
_DECREMENT = 1e-11  # per row
_HALVINGS = 30


class NoConvergenceError(ArithmeticError):
    """Newton's method found no maximum."""


@dataclass(frozen=True)
class ClassModel:
    """A fitted model.

    Attributes:
        family: Which likelihood.
        design: Its columns, none of them redundant, n rows, p columns.
        classes: Class of each row, 0..K-1, (n,).
        weights: Mean 1, (n,).
        scale: What columns are divided by (1 for booleans), (p,).
        intercepts: (L,)
        slopes: Of the scaled columns, (p, R).
        information: Minus the second derivative of the (penalised) log likelihood by intercepts,
            then slopes column by column, (L + p R, L + p R).
        likelihood: Log likelihood without the prior.
        held: Columns that separate classes, which a prior holds.
    """

    family: Family
    design: Design
    classes: Ints
    weights: Floats
    scale: Floats
    intercepts: Floats
    slopes: Floats
    information: Floats
    likelihood: float
    held: frozenset[int]

    @property
    def constraint(self) -> Floats:
        """C, (L, R)."""
        return self.family.constraint(len(self.intercepts))

    @property
    def shifts(self) -> Floats:
        """What one step of each column adds to the predictors, (p, L)."""
        return self.slopes @ self.constraint.T

    def columns(self, rows: slice | Ints) -> Floats:
        """The scaled columns, (b, p)."""
        return (self.design.rows(rows) - self.design.offsets()) / self.scale

    def predictors(self, x: Floats) -> Floats:
        """h, (b, L)."""
        return self.intercepts + x @ self.shifts

    def block_rows(self, width: int) -> int:
        """How many rows of `width` numbers are worked on at once."""
        return max(64, _BLOCK_NUMBERS // max(1, width))

    def blocks(self) -> Iterator[slice]:
        """Stretches of rows for the Newton steps."""
        size = self.block_rows(self.design.p * (1 + self.slopes.shape[1]))
        for start in range(0, self.design.n, size):
            yield slice(start, start + size)


def fit_class_model(
    design: Design, classes: Ints, family: Family, *, weights: Floats | None = None
) -> ClassModel:
    """Maximum likelihood by Newton's method, with a prior on columns that separate classes.

    Args:
        design: Columns of full rank without intercept, n rows, p columns.
        classes: Class of each row, every number 0..K-1 at least once, (n,).
        family: Which likelihood; for two classes all are the same.
        weights: Positive sampling weights, (n,).

    Raises:
        ValueError: If a class is empty or there is only one.
        NoConvergenceError: If no maximum was found.
    """
    weights = np.ones(design.n) if weights is None else np.asarray(weights, dtype=np.float64)
    weights = weights * (len(weights) / weights.sum())
    shares = np.bincount(classes, weights) / design.n
    if len(shares) < 2 or (shares == 0).any():
        raise ValueError(f"classes have the shares {shares}, expected two or more, none empty")
    intercepts = family.start(shares)
    width = family.constraint(len(intercepts)).shape[1]
    model = ClassModel(
        family, design, classes, weights, _scale(design), intercepts,
        np.zeros((design.p, width)), np.zeros((0, 0)), -np.inf, frozenset(),
    )  # fmt: skip
    for _ in range(design.p + 1):
        fitted = _maximised(model)
        away = np.flatnonzero((np.abs(fitted.slopes) > RUNAWAY).any(axis=1)).tolist()
        if not set(away) - fitted.held:
            return fitted
        model = replace(model, held=fitted.held | frozenset(away))
    raise NoConvergenceError(f"slopes ran away under a prior: columns {sorted(model.held)}")


def _scale(design: Design) -> Floats:
    """Standard deviation of numeric columns, 1 of booleans."""
    offsets, squares, numeric = design.offsets(), np.zeros(design.p), []
    for part in design.parts:
        numeric += [part.dtype.kind != "b"] * part.shape[1]
    for rows in design.blocks():
        squares += ((design.rows(rows) - offsets) ** 2).sum(axis=0)
    return np.where(np.array(numeric, dtype=bool), np.sqrt(squares / design.n), 1.0)


def _maximised(model: ClassModel) -> ClassModel:
    value = _penalised(model)
    for _ in range(_ITERATIONS):
        gradient, information = _derivatives(model)
        step = np.asarray(np.linalg.solve(information, gradient), dtype=np.float64)
        model = replace(model, information=information)
        if gradient @ step < _DECREMENT * model.design.n:
            last = _moved(model, step)  # quadratic convergence: as near as floating point can tell
            return last if _penalised(last) >= value else model
        for halving in range(_HALVINGS):
            moved = _moved(model, step * 0.5**halving)
            reached = _penalised(moved)
            if reached > value:
                break
        else:
            return model  # as high as floating point can tell
        model, value = moved, reached
        if (np.abs(np.delete(model.slopes, list(model.held), axis=0)) > RUNAWAY).any():
            return model
    raise NoConvergenceError(f"no maximum after {_ITERATIONS} steps")


def _moved(model: ClassModel, step: Floats) -> ClassModel:
    count = len(model.intercepts)
    moved = replace(
        model,
        intercepts=model.intercepts + step[:count],
        slopes=model.slopes + step[count:].reshape(model.slopes.shape),
    )
    value = 0.0
    for rows in moved.blocks():
        h = moved.predictors(moved.columns(rows))
        value += float(moved.weights[rows] @ moved.family.likelihood(h, moved.classes[rows]))
    return replace(moved, likelihood=value)


def _penalised(model: ClassModel) -> float:
    held = model.slopes[sorted(model.held)]
    return model.likelihood + float((held / 2 + log_expit(-held)).sum())


def _derivatives(model: ClassModel) -> tuple[Floats, Floats]:
    """Of the penalised log likelihood: gradient and minus the second derivative."""
    count, (p, width) = len(model.intercepts), model.slopes.shape
    constraint = model.constraint
    first, slope_first = np.zeros(count), np.zeros((p, width))
    corner, side = np.zeros((count, count)), np.zeros((p, width, count))
    body = np.zeros((p, width, p, width))
    for rows in model.blocks():
        x, weight = model.columns(rows), model.weights[rows]
        u, bend = model.family.terms(model.predictors(x), model.classes[rows])
        u, bend = u * weight[:, None], bend * weight[:, None, None]
        first += u.sum(axis=0)
        slope_first += x.T @ (u @ constraint)
        corner += bend.sum(axis=0)
        across = constraint.T @ bend  # (b, R, L)
        side += (x.T @ across.reshape(len(x), -1)).reshape(side.shape)
        inner = across @ constraint
        for r in range(width):
            for s in range(width):
                body[:, r, :, s] += x.T @ (inner[:, r, s, None] * x)
    for j in sorted(model.held):
        chance = expit(model.slopes[j])
        slope_first[j] += 0.5 - chance
        body[j, np.arange(width), j, np.arange(width)] += chance * (1 - chance)
    edge = side.reshape(p * width, count)
    information = np.block([[corner, edge.T], [edge, body.reshape(p * width, p * width)]])
    return np.concatenate((first, slope_first.ravel())), information


def sort_classes(y: npt.NDArray[Any]) -> tuple[Floats, Ints]:
    """The values that occur, ascending, (K,), and which of them each row has, (n,)."""
    values, classes = np.unique(y, return_inverse=True)
    return values.astype(np.float64), classes.astype(np.int64)
