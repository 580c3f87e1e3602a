"""How R squared divides among groups of correlated columns, from their covariances alone.

LMG (Lindeman, Merenda and Gold 1980; Grömping 2006): a group's share is what it adds to R squared,
averaged over all orders of entering, which is its Shapley value. Johnson's relative weights (2000)
approximate it through the nearest orthogonal columns; they cost one eigendecomposition, but their
derivation is disputed (Thomas, Zumbo, Kwan and Schweitzer 2014), so LMG is the figure to show.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np

from warum.reasons.design import Floats, Ints

EXACT_GROUPS = 15
_TOLERANCE = 1e-9  # of a column's variance: less is left where others determine it
_BATCH = 64


@dataclass(frozen=True)
class Split:
    """R squared and its parts.

    Attributes:
        always: R squared of the columns that stand before all groups.
        parts: LMG share of each group beyond them, (g,); they add up to R squared minus `always`.
        adjusted_always: Adjusted R squared of the columns that stand before all groups.
        adjusted: The same shares of adjusted R squared, (g,): what chance alone gives a group is
            taken off on average, so that a group without relation to the outcome is near 0, on
            either side.
        error: Monte-Carlo standard error of `parts`, (g,); 0 where all orders were counted.
        adjusted_error: Of `adjusted`, (g,).
        orders: Orders sampled; 0 where all were counted.
    """

    always: float
    parts: Floats
    adjusted_always: float
    adjusted: Floats
    error: Floats
    adjusted_error: Floats
    orders: int


def split_r_squared(
    covariance: Floats,
    groups: Sequence[Sequence[int]],
    n: int,
    *,
    always: Sequence[int] = (),
    orders: int = 2_000,
    seed: int = 0,
    exact_up_to: int = EXACT_GROUPS,
) -> Split:
    """Divide R squared among groups of columns.

    Exact up to `exact_up_to` groups (all 2^g subsets); above, a sample of orders, each with its
    reverse, which lowers the Monte-Carlo error. Columns that others determine are no obstacle: they
    add nothing after them.

    Args:
        covariance: Covariances (or any multiple of them) of the columns and, last, the outcome,
            (p + 1, p + 1).
        groups: Columns of each group.
        n: Rows behind the covariances, for the adjustment.
        always: Columns that stand before all groups: their part is taken off first.
        orders: How many orders are sampled; rounded up to an even number.
        seed: Of the sample.
        exact_up_to: Most groups for which all orders are counted.

    Raises:
        ValueError: If the outcome does not vary.
    """
    if covariance[-1, -1] <= 0:
        raise ValueError("the outcome does not vary: there is no R squared to divide")
    scale = np.sqrt(np.diag(covariance))
    scale = np.where(scale > 0, scale, 1.0)
    columns = [*always, *(j for group in groups for j in group), len(covariance) - 1]
    ordered = (covariance / scale[:, None] / scale)[np.ix_(columns, columns)]
    taken, rank = _swept(ordered[None], len(always))
    sizes = [len(group) for group in groups]
    base = _Base(n, int(rank[0]), taken[0])
    if len(groups) <= exact_up_to:
        return _exact(base, sizes)
    return _sampled(base, sizes, -(-orders // 2), seed)


def relative_weights(covariance: Floats, *, always: Sequence[int] = ()) -> Floats:
    """Johnson's raw relative weights of single columns, (p - len(always),); they add up to R squared.

    Args:
        covariance: Covariances of the columns and, last, the outcome, (p + 1, p + 1).
        always: Columns whose part is taken off first; the others follow in their order.
    """
    others = [j for j in range(len(covariance)) if j not in set(always)]
    columns = [*always, *others]
    left = _swept(covariance[np.ix_(columns, columns)][None], len(always))[0][0]
    spread = np.diag(left)[:-1]
    live = np.flatnonzero(spread > _TOLERANCE * np.diag(covariance)[others[:-1]])
    weights = np.zeros(len(others) - 1)
    scale = np.sqrt(spread[live])
    values, vectors = np.linalg.eigh(left[np.ix_(live, live)] / scale[:, None] / scale)
    root = np.sqrt(np.clip(values, 0, None))
    inverse = np.where(values > _TOLERANCE, 1 / np.where(root > 0, root, 1.0), 0.0)
    with_outcome = left[live, -1] / scale
    slopes = (vectors * inverse) @ (vectors.T @ with_outcome)
    weights[live] = ((vectors * root) @ vectors.T) ** 2 @ slopes**2
    return np.asarray(weights / covariance[-1, -1], dtype=np.float64)


@dataclass(frozen=True)
class _Base:
    """What is left when the columns that always stand are taken off."""

    n: int
    rank: int
    left: Floats  # on the scale where the outcome's variance was 1

    def explained(self, residual: Floats) -> Floats:
        return 1 - residual

    def adjusted(self, residual: Floats, rank: Ints) -> Floats:
        freedom = np.maximum(self.n - 1 - rank, 1)
        explained: Floats = 1 - residual * (self.n - 1) / freedom
        return explained


def _swept(stack: Floats, columns: int) -> tuple[Floats, Ints]:
    """Matrices without their first columns, which are regressed out, and how many of these counted.

    Args:
        stack: Covariances of variables of variance 1, or what is left of it, (b, q, q).
        columns: How many.
    """
    rank = np.zeros(len(stack), dtype=np.int64)
    for _ in range(columns):
        pivot = stack[:, 0, 0]
        counts = pivot > _TOLERANCE
        rank += counts
        along = stack[:, 0, 1:] * np.where(counts, 1 / np.where(counts, pivot, 1.0), 0.0)[:, None]
        stack = stack[:, 1:, 1:] - stack[:, 1:, 0, None] * along[:, None, :]
    return stack, rank


def _exact(base: _Base, sizes: Sequence[int]) -> Split:
    """All subsets: bit g of a subset's number says whether group g is in it."""
    stack, rank = base.left[None], np.array([base.rank])
    for size in sizes:
        swept, gained = _swept(stack, size)
        stack = np.concatenate((stack[:, size:, size:], swept))
        rank = np.concatenate((rank, rank + gained))
    residual = stack[:, 0, 0]
    plain, adjusted = base.explained(residual), base.adjusted(residual, rank)
    none = np.zeros(len(sizes))
    return Split(
        float(plain[0]),
        _shapley(plain, len(sizes)),
        float(adjusted[0]),
        _shapley(adjusted, len(sizes)),
        none,
        none,
        0,
    )


def _shapley(worth: Floats, groups: int) -> Floats:
    """Shapley values from the worth of all subsets, (2^groups,)."""
    subsets = np.arange(len(worth))
    members = np.bitwise_count(subsets)
    chances = np.array(
        [factorial(m) * factorial(groups - m - 1) / factorial(groups) for m in range(groups)]
    )
    values = np.zeros(groups)
    for g in range(groups):
        without = subsets[(subsets >> g) & 1 == 0]
        gain = worth[without | (1 << g)] - worth[without]
        values[g] = chances[members[without]] @ gain
    return values


def _sampled(base: _Base, sizes: Sequence[int], pairs: int, seed: int) -> Split:
    """Mean over random orders and their reverses; the error is that of a mean over such pairs."""
    gains = [
        np.stack((_gains(base, sizes, orders), _gains(base, sizes, orders[:, ::-1]))).mean(axis=0)
        for orders in _orders(len(sizes), pairs, seed)
    ]
    plain, adjusted = np.moveaxis(np.concatenate(gains), 2, 0)  # (pairs, g) each
    alone = base.left[-1:, -1]
    error = [one.std(axis=0, ddof=1) / np.sqrt(pairs) for one in (plain, adjusted)]
    return Split(
        float(base.explained(alone)[0]),
        plain.mean(axis=0),
        float(base.adjusted(alone, np.array([base.rank]))[0]),
        adjusted.mean(axis=0),
        error[0],
        error[1],
        2 * pairs,
    )


def _orders(groups: int, pairs: int, seed: int) -> Iterator[Ints]:
    rng = np.random.default_rng(seed)
    for start in range(0, pairs, _BATCH):
        some = np.tile(np.arange(groups), (min(_BATCH, pairs - start), 1))
        yield rng.permuted(some, axis=1)


def _gains(base: _Base, sizes: Sequence[int], orders: Ints) -> Floats:
    """What each group adds to R squared and to adjusted R squared in each order, (b, g, 2).

    Groups differ in size; padded with blank columns to one size, all orders can be swept at once.
    """
    widest, last = max(sizes), len(base.left)
    padded = np.zeros((last + 1, last + 1))
    padded[:last, :last] = base.left
    starts = np.concatenate(([0], np.cumsum(sizes)))
    slots = np.full((len(sizes), widest), last)
    for g, size in enumerate(sizes):
        slots[g, :size] = np.arange(starts[g], starts[g] + size)
    columns = slots[orders].reshape(len(orders), -1)
    columns = np.concatenate((columns, np.full((len(orders), 1), last - 1)), axis=1)
    stack = padded[columns[:, :, None], columns[:, None, :]]
    rank = np.full(len(orders), base.rank)
    worth = np.empty((len(orders), len(sizes) + 1, 2))
    for step in range(len(sizes) + 1):
        if step:
            stack, gained = _swept(stack, widest)
            rank = rank + gained
        residual = stack[:, -1, -1]
        worth[:, step] = np.stack((base.explained(residual), base.adjusted(residual, rank)), axis=1)
    gains = np.empty((len(orders), len(sizes), 2))
    np.put_along_axis(gains, orders[:, :, None], np.diff(worth, axis=1), axis=1)
    return gains
