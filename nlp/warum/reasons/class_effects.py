"""What a mention does to the metric under a model of classes (g-computation), with standard errors.

The effect of a pair is the mean over all occasions of the predicted metric with the mention minus
without it; its impact is the same over the occasions as they are, so that only those who mention it
count: the metric minus the metric with that mention absent everywhere, where each occasion keeps
its residual (Robins 1986; Snowden, Rose and Mortimer 2011).

Standard errors come from influence functions: an occasion moves a mean by what it adds to it, and
by moving the model's coefficients (M-estimation; Stefanski and Boos 2002). The second part is taken
from a one-step jackknife over customers, as CR3 does in the linear model (HC3 where every row is
its own customer), because the plain sandwich is too narrow where few people decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.reasons.class_model import ClassModel
from warum.reasons.design import Clusters, Floats, Ints, cluster_sums


@dataclass(frozen=True)
class ClassEffects:
    """Effects and impacts of the first k columns of a model.

    Attributes:
        effects: In the metric's unit, (k,).
        impacts: Likewise, (k,).
        effect_variance: (k,)
        impact_variance: (k,)
        fitted: The model's metric over the occasions as they are.
    """

    effects: Floats
    impacts: Floats
    effect_variance: Floats
    impact_variance: Floats
    fitted: float


def class_effects(
    model: ClassModel, values: Floats, k: int, *, clusters: npt.NDArray[Any] | None = None
) -> ClassEffects:
    """Effects and impacts of the model's first k columns, which are booleans.

    Args:
        model: A fitted model.
        values: What each class contributes to the metric, ascending, (K,).
        k: How many columns are asked for.
        clusters: Customer of each row, (n,); None for independent rows.
    """
    groups = Clusters.of(np.arange(model.design.n) if clusters is None else clusters)
    means, gradients, fitted = _means(model, values, k)
    factor = np.linalg.cholesky(np.linalg.inv(model.information))
    variance = np.zeros(2 * k)
    for rows, starts in _cluster_blocks(model, groups, k):
        x, weight = model.columns(rows), model.weights[rows]
        h = model.predictors(x)
        flips = _Flips.of(model, values, x, h, k)
        centred = (np.concatenate((flips.effect, flips.impact), axis=1) - means) * weight[:, None]
        moves = _moves(model, x, h, rows, starts, factor)
        influence = cluster_sums(centred, starts) / model.design.n + moves @ gradients.T
        variance += (influence**2).sum(axis=0)
    return ClassEffects(means[:k], means[k:], variance[:k], variance[k:], fitted)


@dataclass(frozen=True)
class _Flips:
    """Each row's predicted metric with each mention turned over."""

    base: Floats  # (b,)
    base_slope: Floats  # (b, L)
    sign: Floats  # 1 where mentioned, else -1, (b, k)
    change: Floats  # as it is minus turned over, (b, k)
    slope: Floats  # derivative of the metric turned over, (b, k, L)

    @classmethod
    def of(cls, model: ClassModel, values: Floats, x: Floats, h: Floats, k: int) -> _Flips:
        base, base_slope = model.family.metric(h, values)
        sign = 2 * x[:, :k] - 1
        turned = h[:, None, :] - sign[:, :, None] * model.shifts[:k]
        other, slope = model.family.metric(turned, values)
        return cls(base, base_slope, sign, base[:, None] - other, slope)

    @property
    def effect(self) -> Floats:
        return self.sign * self.change

    @property
    def impact(self) -> Floats:
        return np.where(self.sign > 0, self.change, 0.0)


def _means(model: ClassModel, values: Floats, k: int) -> tuple[Floats, Floats, float]:
    """Mean effects then impacts, (2k,), their gradients, (2k, L + p R), and the model's metric."""
    count, (p, width) = len(model.intercepts), model.slopes.shape
    means, fitted = np.zeros(2 * k), 0.0
    on_intercepts, on_slopes = np.zeros((2 * k, count)), np.zeros((2 * k, p, width))
    own = np.arange(k)
    size = model.block_rows(2 * k * count)
    for start in range(0, model.design.n, size):
        rows = slice(start, start + size)
        x, weight = model.columns(rows), model.weights[rows]
        flips = _Flips.of(model, values, x, model.predictors(x), k)
        fitted += float(weight @ flips.base)
        means += weight @ np.concatenate((flips.effect, flips.impact), axis=1)
        mentioned = (flips.sign > 0)[:, :, None]
        weighing = weight[:, None, None]
        change = (flips.base_slope[:, None, :] - flips.slope) * weighing
        present = np.where(mentioned, flips.base_slope[:, None, :], flips.slope) * weighing
        parts = (change * flips.sign[:, :, None], np.where(mentioned, change, 0.0))
        # A mention's own slope counts only where it is present.
        alone = (present, np.where(mentioned, present, 0.0))
        for half, (part, with_it) in enumerate(zip(parts, alone, strict=True)):
            at = own + half * k
            on_intercepts[at] += part.sum(axis=0)
            slopes = (part @ model.constraint).reshape(len(x), -1)
            on_slopes[at] += (x.T @ slopes).reshape(p, k, width).swapaxes(0, 1)
            on_slopes[at, own] += (with_it - part * x[:, :k, None]).sum(axis=0) @ model.constraint
    gradients = np.concatenate((on_intercepts, on_slopes.reshape(2 * k, -1)), axis=1)
    n = model.design.n
    return means / n, gradients / n, fitted / n


def _cluster_blocks(model: ClassModel, groups: Clusters, k: int) -> Iterator[tuple[Ints, Ints]]:
    """Rows of whole clusters, few enough for the numbers that each row needs."""
    count = len(model.intercepts)
    size = model.block_rows(count * (len(model.information) + 2 * k))
    for rows, starts in groups.blocks():
        ends = np.append(starts[1:], len(rows))
        first = 0
        while first < len(starts):
            last = max(int(np.searchsorted(ends, starts[first] + size, side="right")), first + 1)
            low, high = starts[first], ends[last - 1]
            yield rows[low:high], starts[first:last] - low
            first = last


def _moves(
    model: ClassModel, x: Floats, h: Floats, rows: Ints, starts: Ints, factor: Floats
) -> Floats:
    """What each cluster moves the coefficients by: the one-step jackknife, (g, L + p R).

    (A - Z'WZ)^-1 Z'u for cluster blocks Z, W, u and the information A of all.
    """
    u, bend = model.family.terms(h, model.classes[rows])
    weight = model.weights[rows]
    u, bend = u * weight[:, None], bend * weight[:, None, None]
    count = len(model.intercepts)
    inner = (x[:, None, :, None] * model.constraint[None, :, None, :]).reshape(len(x), count, -1)
    unit = np.broadcast_to(np.eye(count), (len(x), count, count))
    z = np.concatenate((unit, inner), axis=2)  # (b, L, L + p R)
    half = z @ factor
    moves = np.empty((len(starts), half.shape[2]))
    sizes = np.diff(np.append(starts, len(x)))
    for size in np.unique(sizes):
        which = np.flatnonzero(sizes == size)
        at = starts[which][:, None] + np.arange(size)
        moves[which] = _jackknifed(half[at], u[at], bend[at])
    return moves @ factor.T


def _jackknifed(half: Floats, u: Floats, bend: Floats) -> Floats:
    """For clusters of one size s: (I - half' W half)^-1 half' u, (g, q).

    Args:
        half: (g, s, L, q)
        u: (g, s, L)
        bend: W, (g, s, L, L)
    """
    g, s, count, q = half.shape
    flat, pull = half.reshape(g, s * count, q), u.reshape(g, s * count, 1)
    weighted = (bend @ half).reshape(g, s * count, q)
    across = np.swapaxes(flat, 1, 2)
    if s * count <= q:
        # (I - H'WH)^-1 H' = H' (I - W H H')^-1
        room = np.eye(s * count) - weighted @ across
        return (across @ np.linalg.solve(room, pull))[:, :, 0]
    room = np.eye(q) - across @ weighted
    return np.asarray(np.linalg.solve(room, across @ pull)[:, :, 0])
