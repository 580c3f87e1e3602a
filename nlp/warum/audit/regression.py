"""Weighted least squares on the few labelled occasions, with what each customer adds to it.

A model adapts itself to the few that it was fitted to, and its errors come out too small. Each
customer's errors are therefore divided by the root of one minus their leverage (Bell and McCaffrey
2002, CR2; for single occasions HC2), which suits the t quantiles of few degrees of freedom that go
with it. The jackknife (CR3), which divides by one minus the leverage, together with these quantiles
gave intervals that were too wide. Where one customer alone decides a coefficient there is no variance;
`decided` finds these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from warum.audit.phases import Floats, Ints, Phases

_ROOM = 0.05  # the squared error of a customer that decides almost alone counts at most twenty-fold
_ALONE = 1e-6  # less room than that is none
_TOUCHED = 1e-6
_SLIGHT = 1e-4  # what a customer's rows weigh together, below which they can be taken one by one


@dataclass(frozen=True)
class Fit:
    """A model of the labelled occasions; position 0 is the intercept.

    Attributes:
        coefficients: (q + 1,)
        influence: What each labelled customer adds, (g, q + 1).
    """

    coefficients: Floats
    influence: Floats


def fit_labelled(x: Floats, y: Floats, phases: Phases) -> Fit:
    """Fit y on the columns and an intercept, weighted by weight over probability.

    Args:
        x: Columns of full rank, (a, q).
        y: Outcome, (a,).
        phases: The labelled occasions.
    """
    x = np.column_stack((np.ones(len(x)), x))
    v = phases.design / phases.design.mean()
    inverse = inverse_of((x * v[:, None]).T @ x)
    coefficients = inverse @ (x.T @ (v * y))
    error = _enlarged(x, v, y - x @ coefficients, inverse, phases.of_labelled)
    return Fit(coefficients, phases.labelled_sums((x @ inverse) * (v * error)[:, None]))


def inverse_of(matrix: Floats) -> Floats:
    """Inverse of a positive definite matrix, on the correlation scale for the sake of digits."""
    scale = 1 / np.sqrt(np.diag(matrix))
    inverse: Floats = np.linalg.inv(matrix * scale[:, None] * scale) * scale[:, None] * scale
    return (inverse + inverse.T) / 2


def decided(x: npt.NDArray[np.bool_], phases: Phases) -> npt.NDArray[np.bool_]:
    """Which coefficients a single customer decides, so that no variance can be told, bool (q,).

    Args:
        x: Columns of full rank, (a, q).
        phases: The labelled occasions.
    """
    x = np.column_stack((np.ones(len(x)), x))
    v = phases.design / phases.design.mean()
    inverse = inverse_of((x * v[:, None]).T @ x)
    root = np.sqrt(v)[:, None]
    scale = np.sqrt(np.diag(inverse))
    found = np.zeros(x.shape[1], dtype=np.bool_)
    hat = v * np.einsum("ij,ij->i", x @ inverse, x)
    heavy = np.bincount(phases.of_labelled, hat) >= 1 - _ALONE
    rows = np.flatnonzero(heavy[phases.of_labelled])
    for part in _customers(phases.of_labelled[rows]):
        at = rows[part]
        mine = x[at] * root[at]
        values, vectors = np.linalg.eigh(mine @ inverse @ mine.transpose(0, 2, 1))
        # Directions without room, what they say of each coefficient: (customers, rows, q + 1).
        told = vectors.transpose(0, 2, 1) @ mine @ inverse
        full = values > 1 - _ALONE
        found |= (np.abs(told[full]) / scale > _TOUCHED).any(axis=0)
    return found[1:]


def _customers(of: Ints) -> Iterator[Ints]:
    """Positions of the rows of each customer, (customers, rows of each): one array per number of rows."""
    order = np.argsort(of, kind="stable").astype(np.int64)
    starts = np.flatnonzero(np.diff(of[order], prepend=-1))
    sizes = np.diff(starts, append=len(order))
    for size in np.unique(sizes).tolist():
        yield order[starts[sizes == size][:, None] + np.arange(size)]


def _enlarged(x: Floats, v: Floats, error: Floats, inverse: Floats, of: Ints) -> Floats:
    """Errors as large as they are before the model adapts itself to them."""
    hat = v * np.einsum("ij,ij->i", x @ inverse, x)
    out: Floats = error / np.sqrt(np.maximum(1 - hat, _ROOM))
    heavy = (np.bincount(of) > 1) & (np.bincount(of, hat) > _SLIGHT)
    rows = np.flatnonzero(heavy[of])
    for part in _customers(of[rows]):
        at = rows[part]
        root = np.sqrt(v[at])
        mine = x[at] * root[:, :, None]
        values, vectors = np.linalg.eigh(mine @ inverse @ mine.transpose(0, 2, 1))
        room = np.sqrt(np.maximum(1 - values, _ROOM))
        along = np.einsum("cij,ci->cj", vectors, root * error[at]) / room
        out[at] = np.einsum("cij,cj->ci", vectors, along) / root
    return out
