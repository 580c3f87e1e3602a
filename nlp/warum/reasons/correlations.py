"""Which metrics go together: Spearman's correlation with intervals clustered by customer.

Ranks are weighted mid-ranks. The variance comes from the influence of every row on the correlation,
through its own ranks and through those of all others (the infinitesimal jackknife; Efron 1982, The
jackknife, the bootstrap and other resampling plans, chapter 6), summed by customer. The interval is
built on Fisher's z scale, where the spread hardly depends on the correlation, and carried back
(Bonett and Wright 2000, Psychometrika 65:23-28). Nothing is drawn at random.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from warum.caveats import Caveat
from warum.metrics import FEW_CLUSTERS, SMALL_N, checked_weights
from warum.reasons.design import Floats, Ints
from warum.reasons.multiplicity import benjamini_hochberg
from warum.records import Estimate

LEAST_ROWS = 10
METHOD = "spearman-ij"
_PERFECT = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class CorrelationRow:
    """Two metrics and how they go together.

    Attributes:
        first, second: Their columns.
        correlation: Spearman's, -1..1; `n` counts rows that have both.
        p_value: Two-sided; NaN where there is no interval.
        q_value: Benjamini-Hochberg over all rows; NaN likewise.
    """

    first: str
    second: str
    correlation: Estimate
    p_value: float
    q_value: float


def correlate_metrics(
    columns: Mapping[str, Floats],
    *,
    clusters: npt.NDArray[Any] | None = None,
    weights: Floats | None = None,
    min_group: int = 1,
    level: float = 0.95,
) -> tuple[CorrelationRow, ...]:
    """Spearman's correlation of every two columns.

    Args:
        columns: Name to value per occasion, (m,); NaN where missing. Scores, times, volumes, 0/1.
        clusters: Customer of each occasion, (m,); None where each is its own.
        weights: Weight of each occasion, (m,); None for equal ones.
        min_group: Least number of customers behind a correlation that is shown.
        level: Confidence level.

    Returns:
        Pair by pair in the columns' order. No correlation, and a caveat, with fewer than 10
        customers (or `min_group`) or where a column has one value only; no interval for a
        correlation of 1 or -1.

    Raises:
        ValueError: If the columns differ in length.
        UsageError: If a weight is negative or not finite.
    """
    lengths = {name: len(values) for name, values in columns.items()}
    for name, array in (("(clusters)", clusters), ("(weights)", weights)):
        if array is not None:
            lengths[name] = len(array)
    if len(set(lengths.values())) > 1:
        raise ValueError(f"columns differ in length: {lengths}")
    rows = []
    for first, second in combinations(columns, 2):
        x, y = (np.asarray(columns[name], dtype=np.float64) for name in (first, second))
        mass = checked_weights(weights, len(x))
        both = ~(np.isnan(x) | np.isnan(y)) & (mass > 0)
        person = np.arange(len(x)) if clusters is None else clusters
        group = np.unique(person[both], return_inverse=True)[1].astype(np.int64)
        least = max(LEAST_ROWS, min_group)
        estimate, p_value = _correlated(x[both], y[both], mass[both], group, least, level)
        rows.append(CorrelationRow(first, second, estimate, p_value, math.nan))
    q = benjamini_hochberg(np.array([row.p_value for row in rows]))
    return tuple(replace(row, q_value=float(one)) for row, one in zip(rows, q, strict=True))


def _correlated(
    x: Floats, y: Floats, mass: Floats, group: Ints, least: int, level: float
) -> tuple[Estimate, float]:
    """The correlation of two columns without gaps, and its p-value.

    Args:
        x: The one column, (n,).
        y: The other, (n,).
        mass: Positive weights, (n,).
        group: Number of each row's customer from 0, all of them used, (n,).
        least: Customers it needs.
        level: Confidence level.
    """
    nan, n = math.nan, len(x)
    groups = int(group.max()) + 1 if n else 0
    if groups < least:
        return Estimate(nan, nan, nan, n, "none", level, (Caveat.of("small_n", n=groups),)), nan
    if (x == x[0]).all() or (y == y[0]).all():
        return Estimate(nan, nan, nan, n, "none", level, (Caveat.of("constant_score"),)), nan
    value, influence = spearman_influence(x, y, mass)
    doubts = _doubts(n, groups)
    if abs(value) > _PERFECT:
        return Estimate(value, nan, nan, n, METHOD, level, doubts), nan
    sums = np.bincount(group, influence / (1 - value**2))
    # n - 3 as in Fisher's own variance, counted in customers.
    error = math.sqrt(float(sums @ sums) * groups / (groups - 3))
    if not error > 0:
        return Estimate(value, nan, nan, n, METHOD, level, doubts), nan
    centre, reach = math.atanh(value), float(stdtrit(groups - 1, (1 + level) / 2)) * error
    low, high = math.tanh(centre - reach), math.tanh(centre + reach)
    p_value = float(2 * stdtr(groups - 1, -abs(centre) / error))
    return Estimate(value, low, high, n, METHOD, level, doubts), p_value


def _doubts(n: int, groups: int) -> tuple[Caveat, ...]:
    small = (Caveat.of("small_n", n=groups),) if groups < SMALL_N else ()
    few = (Caveat.of("few_clusters", n=groups),) if groups < min(FEW_CLUSTERS, n) else ()
    return (*small, *few)


def spearman_influence(x: Floats, y: Floats, weights: Floats) -> tuple[float, Floats]:
    """Spearman's correlation and each row's influence on it.

    Args:
        x: A column that varies, finite, (n,).
        y: Another, (n,).
        weights: Positive weights, (n,).

    Returns:
        The correlation, and per row its influence times its share of the weights, (n,): these add
        up to 0, and the sum of their squares is the variance for independent rows.
    """
    share = weights / weights.sum()
    first, second = _Ranked.of(x, share), _Ranked.of(y, share)
    a, b = first.about, second.about
    product, spread_a, spread_b = (float(share @ (u * v)) for u, v in ((a, b), (a, a), (b, b)))
    scale = math.sqrt(spread_a * spread_b)
    value = float(np.clip(product / scale, -1, 1))
    of_product = a * b + first.pushed(share * b) + second.pushed(share * a)
    of_a = a * a + 2 * first.pushed(share * a)
    of_b = b * b + 2 * second.pushed(share * b)
    influence = of_product / scale - value / 2 * (of_a / spread_a + of_b / spread_b)
    return value, share * (influence - share @ influence)


@dataclass(frozen=True)
class _Ranked:
    """A column by rank.

    Attributes:
        code: Number of each row's value from the smallest, (n,).
        values: How many values there are.
        about: Mid-rank as a share of the whole, less its mean of one half, (n,).
    """

    code: Ints
    values: int
    about: Floats

    @classmethod
    def of(cls, column: Floats, share: Floats) -> _Ranked:
        values, code = np.unique(column, return_inverse=True)
        mass = np.bincount(code, share, minlength=len(values))
        middle = np.cumsum(mass) - mass / 2
        return cls(code.astype(np.int64), len(values), middle[code] - 0.5)

    def pushed(self, masses: Floats) -> Floats:
        """What a little more weight on each row does through the ranks of all rows, (n,).

        It lifts the rank of every higher row, and of its equals by half: the masses above it.
        """
        mass = np.bincount(self.code, masses, minlength=self.values)
        above = mass.sum() - np.cumsum(mass) + mass / 2
        pushed: Floats = above[self.code]
        return pushed
