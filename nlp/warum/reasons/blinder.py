"""The change of a metric split over the columns of a regression, exactly and symmetrically.

On each side the metric is a + b x, with the least-squares coefficients and the means of the
columns. The change is therefore (Blinder 1973; Oaxaca 1973; coefficients and means averaged over
both sides, Reimers 1983)

    composition:  sum of mean b x change of x    (said more or less often),
    coefficients: sum of mean x x change of b    (weighing more or less),
    unexplained:  change of a.

For the dummies of a control the second and third part depend on which level is left out. So its
coefficients are taken as deviations from their plain mean over the levels, the intercept gets the
rest (Yun 2005, Economic Inquiry 43:766-772), and the result is the same whichever is left out. Mentions
need no such thing: "not mentioned" is no arbitrary level.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from warum.reasons.collinearity import identify
from warum.reasons.design import Floats, Ints, cluster_sums
from warum.reasons.sample import Mentions

_RIDGE = 1e-10  # on the correlation scale: picks the shortest solution where there are many
_VARIES = 1e-12
_LONG = 8  # rows per stretch from which a matrix product per stretch is faster


@dataclass(frozen=True)
class Columns:
    """What the columns of the model are.

    Attributes:
        mentions: Number of columns of mentions; they come first.
        blocks: Numbers of columns of each control, which follow; a control of one level less than
            it has, the first level left out.
        usable: Which side may estimate the coefficient of which column, bool (2, p).
    """

    mentions: int
    blocks: tuple[int, ...]
    usable: Mentions

    @property
    def p(self) -> int:
        """Number of columns."""
        return self.mentions + sum(self.blocks)

    def spans(self) -> tuple[slice, ...]:
        """Where the columns of each control stand."""
        ends = np.cumsum([self.mentions, *self.blocks]).tolist()
        return tuple(slice(low, high) for low, high in pairwise(ends))


@dataclass(frozen=True)
class Blinder:
    """An exact decomposition over T terms: each mention, then each control; any leading axes.

    Attributes:
        composition: Part of the changed means, (..., T), in the metric's unit.
        coefficients: Part of the changed coefficients, (..., T).
        unexplained: Change of the intercept, (...).
    """

    composition: Floats
    coefficients: Floats
    unexplained: Floats


def blinder(moments: Floats, columns: Columns) -> Blinder:
    """Decompose the change between two sides.

    A column that one side cannot estimate (it does not vary there, or is not `usable`) keeps the
    coefficient of the other side, so that its part is composition. Columns that depend on each
    other share their effect (the shortest solution); `dependent_terms` tells which.

    Args:
        moments: Weighted cross products of (1, columns, outcome) before and after,
            (..., 2, p + 2, p + 2).
        columns: What the columns are.
    """
    means = moments[..., 0, 1:-1] / moments[..., 0, :1]
    outcome = moments[..., 0, -1] / moments[..., 0, 0]
    slopes = _slopes(moments, columns.usable)
    composition, coefficients, level = [], [], outcome.copy()
    own = slice(0, columns.mentions)
    composition.append(_average(slopes[..., own]) * _change(means[..., own]))
    coefficients.append(_average(means[..., own]) * _change(slopes[..., own]))
    level -= (slopes[..., own] * means[..., own]).sum(axis=-1)
    for span in columns.spans():
        shares, deviations = _normalised(means[..., span], slopes[..., span])
        composition.append((_average(deviations) * _change(shares)).sum(axis=-1, keepdims=True))
        coefficients.append((_average(shares) * _change(deviations)).sum(axis=-1, keepdims=True))
        level -= (shares * deviations).sum(axis=-1)
    return Blinder(
        np.concatenate(composition, axis=-1),
        np.concatenate(coefficients, axis=-1),
        level[..., 1] - level[..., 0],
    )


def dependent_terms(moments: Floats, columns: Columns) -> tuple[frozenset[int], ...]:
    """Sets of terms of which one side cannot tell the effects apart.

    Args:
        moments: As for `blinder`, (2, p + 2, p + 2).
        columns: What the columns are.
    """
    term = list(range(columns.mentions))
    for place, width in enumerate(columns.blocks):
        term += [columns.mentions + place] * width
    sets: list[frozenset[int]] = []
    for side in range(2):
        centred = _centred(moments[side])[0]
        live = np.flatnonzero(columns.usable[side])
        found = identify(centred[np.ix_(live, live)], np.diag(moments[side])[1:-1][live])
        for members in found.dependencies:
            joined = frozenset(term[live[j]] for j in members)
            apart = [other for other in sets if not other & joined]
            sets = [*apart, joined.union(*(other for other in sets if other & joined))]
    return tuple(sorted((one for one in sets if len(one) > 1), key=sorted))


def summed_moments(columns: Floats, y: Floats, weights: Floats, starts: Ints) -> Floats:
    """Weighted cross products of (1, columns, y), summed over stretches of rows.

    Args:
        columns: (b, p)
        y: (b,)
        weights: (b,)
        starts: Where each stretch begins, (g,), the first at 0.

    Returns:
        Upper triangles, (g, (p + 2)(p + 3) / 2), for `unpacked`.
    """
    z = np.column_stack((np.ones(len(y)), columns, y))
    weighted = z * weights[:, None]
    first, second = np.triu_indices(z.shape[1])
    if len(z) < _LONG * len(starts):
        return cluster_sums(z[:, first] * weighted[:, second], starts)
    sums = np.empty((len(starts), len(first)))
    for place, (low, high) in enumerate(pairwise([*starts.tolist(), len(z)])):
        sums[place] = (z[low:high].T @ weighted[low:high])[first, second]
    return sums


def unpacked(triangle: Floats) -> Floats:
    """Full cross products from their upper triangles: (..., q(q + 1) / 2) to (..., q, q)."""
    q = int((np.sqrt(8 * triangle.shape[-1] + 1) - 1) / 2)
    first, second = np.triu_indices(q)
    full = np.empty((*triangle.shape[:-1], q, q))
    full[..., first, second] = triangle
    full[..., second, first] = triangle
    return full


def _average(sides: Floats) -> Floats:
    return np.asarray((sides[..., 0, :] + sides[..., 1, :]) / 2, dtype=np.float64)


def _change(sides: Floats) -> Floats:
    return np.asarray(sides[..., 1, :] - sides[..., 0, :], dtype=np.float64)


def _centred(moments: Floats) -> tuple[Floats, Floats]:
    """Cross products of the columns about their means, and those with the outcome."""
    sums = moments[..., 0, 1:]
    centred = moments[..., 1:, 1:] - sums[..., :, None] * (sums / moments[..., 0, :1])[..., None, :]
    return centred[..., :-1, :-1], centred[..., :-1, -1]


def _slopes(moments: Floats, usable: Mentions) -> Floats:
    """Least-squares coefficients of both sides, (..., 2, p)."""
    centred, cross = _centred(moments)
    p = cross.shape[-1]
    spread = np.einsum("...jj->...j", centred)
    raw = np.einsum("...jj->...j", moments)[..., 1:-1]
    live = usable & (spread > _VARIES * np.maximum(raw, 0.0)) & (spread > 0)
    scale = np.where(live, 1 / np.sqrt(np.where(live, spread, 1.0)), 0.0)
    correlation = centred * scale[..., :, None] * scale[..., None, :]
    ridged = correlation + np.where(live, _RIDGE, 1.0)[..., None] * np.eye(p)
    aim = (cross * scale)[..., None]
    found = np.linalg.solve(ridged, aim)
    # One step of refinement takes out what the ridge took off.
    found = found + np.linalg.solve(ridged, aim - correlation @ found)
    slopes = found[..., 0] * scale
    return np.where(live, slopes, np.where(live[..., ::-1, :], slopes[..., ::-1, :], 0.0))


def _normalised(means: Floats, slopes: Floats) -> tuple[Floats, Floats]:
    """Shares of all levels of a control, and its coefficients as deviations from their mean.

    The mean is taken over the levels that both sides hold; a level that one side does not hold has
    there the deviation of the other.
    """
    first = 1 - means.sum(axis=-1, keepdims=True)
    shares = np.concatenate((np.where(first > _VARIES, first, 0.0), means), axis=-1)
    levels = np.concatenate((np.zeros_like(first), slopes), axis=-1)
    held = shares > 0
    both = held.all(axis=-2, keepdims=True)
    counted = np.where(both.any(axis=-1, keepdims=True), both, held)
    middle = (levels * counted).sum(axis=-1, keepdims=True) / counted.sum(axis=-1, keepdims=True)
    deviations = np.where(held, levels - middle, 0.0)
    return shares, np.where(held, deviations, deviations[..., ::-1, :])
