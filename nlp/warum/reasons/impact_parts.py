"""What parts of the mentions move the metric by, with intervals: those in one place, or a share of them.

A category's impact is its effect times the share of occasions that mention it. Where an occasion
stands for a part of its mention only (half of it said of one touchpoint), the same effect times the
mean of these parts is that part's impact, and parts that add up to all mentions add up to the
impact. Effects and means are estimated from the same people, so that intervals come from the
influence of each person on both, as those of `drivers.csv` do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.reasons.collinearity import identify
from warum.reasons.cross_products import cross_products
from warum.reasons.design import Clusters, Design, Floats, Ints, cluster_sums
from warum.reasons.sample import Mentions

_SATURATED = 1e-10


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts of mentions, e of them; several may concern the same quantity, occasion and pair.

    Attributes:
        quantity: What each adds to, from 0, int64 (e,).
        occasion: Whose it is, int64 (e,).
        pair: Of which pair, int64 (e,).
        amount: How much of the mention it is, (e,).
        quantities: Number of quantities, q.
    """

    quantity: Ints
    occasion: Ints
    pair: Ints
    amount: Floats
    quantities: int


@dataclass(frozen=True)
class PartImpacts:
    """The impact of each quantity, q of them.

    Attributes:
        values: In the metric's unit, (q,). Pairs whose effect the data do not determine add nothing.
        variances: (q,); NaN for those not asked for and where a single occasion decides an effect.
        determined: Which pairs have an effect, bool (k,).
        freedom: Degrees of freedom of the model: G - 1 with clusters, else n - p - 1.
        method: "ols-cr1" or "ols-hc3".
    """

    values: Floats
    variances: Floats
    determined: npt.NDArray[np.bool_]
    freedom: int
    method: str


def impact_parts(
    y: Floats,
    mentions: Mentions,
    controls: npt.NDArray[Any],
    parts: Parts,
    *,
    weights: Floats | None = None,
    clusters: npt.NDArray[Any] | None = None,
    asked: Sequence[int] | None = None,
) -> PartImpacts:
    """Fit the linear model of all pairs and add up the impacts of parts of their mentions.

    Args:
        y: Contributions to the metric, (n,), finite.
        mentions: Which occasion mentions which modelled pair, bool (n, k).
        controls: What the model adjusts for, (n, c).
        parts: The parts.
        weights: Positive weights, (n,); None for equal ones.
        clusters: Customer of each occasion, (n,); None where each is its own.
        asked: Quantities whose variance is wanted; all where None. They take nearly all of the time.

    Raises:
        ValueError: If there are no more rows than coefficients.
    """
    weights = np.ones(len(y)) if weights is None else weights
    model = _Model.of(Design((mentions, controls, y[:, None])), y, weights, mentions.shape[1])
    groups = None if clusters is None else Clusters.of(clusters)
    if groups is not None and groups.singletons:
        groups = None
    freedom = len(y) - len(model.kept) - 1
    if freedom < 1:
        raise ValueError(f"{len(y)} rows do not suffice for {len(model.kept) + 1} coefficients")
    means = _means(parts, model)
    values = means @ model.effects
    wanted = np.arange(parts.quantities) if asked is None else np.array(asked, dtype=np.int64)
    variances = np.full(parts.quantities, math.nan)
    variances[wanted] = _variances(model, parts, means, values, wanted, groups, freedom)
    return PartImpacts(
        values=values,
        variances=variances,
        determined=model.determined,
        freedom=freedom if groups is None else len(groups) - 1,
        method="ols-hc3" if groups is None else "ols-cr1",
    )


@dataclass(frozen=True)
class _Model:
    """The linear model, solved about the means; k mentions, then controls, then y."""

    design: Design
    y: Floats
    share: Floats  # weights that sum to one
    kept: Ints
    means: Floats  # of the kept columns
    metric: float
    slopes: Floats  # of the kept columns
    inverse: Floats  # of their cross products
    effects: Floats  # of the k pairs, 0 where undetermined
    determined: npt.NDArray[np.bool_]  # (k,)

    @classmethod
    def of(cls, design: Design, y: Floats, weights: Floats, k: int) -> _Model:
        share = weights / weights.sum()
        means, centred, raw = cross_products(design, share)
        found = identify(centred[:-1, :-1], raw[:-1])
        kept = np.array(found.kept, dtype=np.int64)
        scale = 1 / np.sqrt(np.diag(centred)[kept])
        inverse = np.linalg.inv(centred[np.ix_(kept, kept)] * scale[:, None] * scale)
        inverse = inverse * scale[:, None] * scale
        slopes = inverse @ centred[kept, -1]
        determined = np.isin(np.arange(k), kept) & ~np.isin(np.arange(k), list(found.undetermined))
        effects = np.zeros(design.p)
        effects[kept] = slopes
        return cls(
            design, y, share, kept, means[kept], float(means[-1]), slopes, inverse,
            np.where(determined, effects[:k], 0.0), determined,
        )  # fmt: skip

    def residuals(self, rows: slice | Ints) -> tuple[Floats, Floats]:
        """Kept columns about their means, (b, p), and what the model does not explain, (b,)."""
        x = self.design.rows(rows)[:, self.kept] - self.means
        return x, self.y[rows] - self.metric - x @ self.slopes


def _means(parts: Parts, model: _Model) -> Floats:
    """Weighted mean of each quantity's part of each pair, (q, k); 0 for undetermined pairs."""
    k = len(model.determined)
    cell = parts.quantity * k + parts.pair
    mass = model.share[parts.occasion] * parts.amount
    sums = np.bincount(cell, mass, minlength=parts.quantities * k).astype(np.float64)
    means: Floats = sums.reshape(parts.quantities, k) * model.determined
    return means


def _variances(
    model: _Model,
    parts: Parts,
    means: Floats,
    values: Floats,
    wanted: Ints,
    groups: Clusters | None,
    freedom: int,
) -> Floats:
    """Variance of the wanted quantities, from the influence of each person."""
    from scipy.sparse import csr_array

    n = len(model.y)
    units = n if groups is None else len(groups)
    if units < 2:
        return np.full(len(wanted), math.nan)
    place = np.full(parts.quantities, -1)
    place[wanted] = np.arange(len(wanted))
    at = place[parts.quantity]
    used = at >= 0
    moved = csr_array(
        (
            (parts.amount * model.effects[parts.pair])[used],
            (parts.occasion[used], at[used]),
        ),
        shape=(n, len(wanted)),
    )
    average = np.zeros((len(wanted), model.design.p))
    average[:, : means.shape[1]] = means[wanted]
    pull = model.inverse @ average[:, model.kept].T
    of_means = units / (units - 1)
    of_effects = 1.0 if groups is None else of_means * (n - 1) / freedom
    total, decided = np.zeros(len(wanted)), np.zeros(len(wanted), dtype=np.bool_)
    for rows, starts in _stretches(model.design, groups):
        x, error = model.residuals(rows)
        share = model.share[rows]
        reach = x @ pull
        if starts is None:
            room = 1 - share * (1 + np.einsum("ij,ij->i", x @ model.inverse, x))
            full = room < _SATURATED
            decided |= (np.abs(reach[full]) > 1e-6 * np.abs(reach).max(initial=0)).any(axis=0)
            error = np.where(full, 0.0, error / np.where(full, 1.0, room))
        influence = math.sqrt(of_effects) * (share * error)[:, None] * reach
        influence += math.sqrt(of_means) * share[:, None] * (moved[rows].toarray() - values[wanted])
        if starts is not None:
            influence = cluster_sums(influence, starts)
        total += (influence**2).sum(axis=0)
    return np.where(decided, math.nan, total)


def _stretches(design: Design, groups: Clusters | None) -> Any:  # noqa: ANN401 - rows and starts
    if groups is not None:
        return groups.blocks()
    return ((rows, None) for rows in design.blocks())
