"""Cluster bootstrap of anything that hangs on weighted sums: customers are drawn, never rows.

A customer who answered in both periods is drawn for both at once, so that what their scores have in
common counts (Field and Welsh 2007, JRSS B 69:369-390). Every customer's rows are summed once; a
draw is then a product of how often each was drawn with these sums, and no row is read again.

Of many customers, groups put together at random are drawn instead: the variance of a sum is the
same, and with hundreds of groups so is its precision.

Two kinds of intervals are read off the draws; which one a number gets was chosen by coverage in
simulation (`tests/warum/reasons/test_change_coverage.py`):

    value +/- t x standard error, for what is close to normal. 1,000 draws do not show the tails that
    q-values and FCR-adjusted intervals over many rows need; a standard error reaches as far as
    wished.

    percentiles, for a product of two uncertain numbers of which one may be zero (change of share x
    distance). There a standard error is too wide near zero, as Sobel's is for mediated effects
    (MacKinnon, Lockwood and Williams 2004, Multivariate Behavioral Research 39:99-128). For small
    groups the percentiles are moved out as t is from the normal (Hesterberg 2015, The American
    Statistician 69:371-386).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, stdtr, stdtrit

from warum.reasons.design import Floats, Ints
from warum.records import Estimate

_ROWS = 2_048
_MOST_NUMBERS = 20_000_000
_LEAST_GROUPS = 500
_BLOCK_NUMBERS = 4_000_000
_KNOWN = 0.95
_ROUNDING = 1e-11


@dataclass(frozen=True)
class Units:
    """Sums over the rows of each group on each side and in each segment.

    Attributes:
        sums: One row per unit, (u, d), units by side.
        group: Which group each belongs to, int64 (u,).
        side: 0 or 1, ascending, int64 (u,).
        segment: Number of its segment, int64 (u,).
        groups: Number of groups drawn from.
        segments: Number of segments.
    """

    sums: Floats
    group: Ints
    side: Ints
    segment: Ints
    groups: int
    segments: int

    @classmethod
    def of(
        cls,
        summed: Callable[[Ints, Ints], Floats],
        width: int,
        cluster: Ints,
        side: Ints,
        segment: Ints,
        *,
        segments: int,
        seed: int,
    ) -> Units:
        """Sum the rows.

        Args:
            summed: Gives the sums of stretches of rows, from their positions (b,) and where each
                stretch begins among them (g,): (g, width).
            width: Number of sums.
            cluster: Cluster of each row, numbered from 0 in an order that hangs on content only
                (`row_order`), int64 (n,).
            side: 0 or 1, int64 (n,).
            segment: int64 (n,).
            segments: Number of segments.
            seed: Seed of putting clusters together.
        """
        clusters = int(cluster.max()) + 1 if len(cluster) else 0
        most = max(_LEAST_GROUPS, _MOST_NUMBERS // (2 * segments * width))
        group, groups = cluster, clusters
        if clusters > most:
            group = (np.random.default_rng(seed).permutation(clusters) % most)[cluster]
            groups = most
        key = (side * segments + segment) * np.int64(groups) + group
        order = np.argsort(key, kind="stable")
        starts = np.flatnonzero(np.diff(key[order], prepend=-1))
        sums = np.zeros((len(starts), width))
        edges = np.append(starts, len(order))
        first = 0
        while first < len(starts):
            last = max(first + 1, int(np.searchsorted(edges, edges[first] + _ROWS, "right")) - 1)
            rows = order[edges[first] : edges[last]]
            sums[first:last] = summed(rows, starts[first:last] - edges[first])
            first = last
        at = order[starts]
        return cls(sums, group[at], side[at], segment[at], groups, segments)

    def totals(self, counts: Floats, columns: list[int]) -> Floats:
        """Some of the sums per side and segment if group g is drawn counts[:, g] times.

        Args:
            counts: (b, groups)
            columns: Which of the d sums.

        Returns:
            (b, 2, segments, columns)
        """
        chosen = self.sums[:, columns]
        cells = self.side * self.segments + self.segment
        table = np.zeros((self.groups, 2 * self.segments, chosen.shape[1]))
        table[self.group, cells] = chosen
        flat = counts @ table.reshape(self.groups, -1)
        return flat.reshape(len(counts), 2, self.segments, -1)

    def weighted(self, counts: Floats, factor: Floats) -> Floats:
        """All sums per side, with a factor on each side and segment.

        Args:
            counts: (b, groups)
            factor: (b, 2, segments)

        Returns:
            (b, 2, d)
        """
        cut = int(np.searchsorted(self.side, 1))
        parts = []
        for side, units in enumerate((slice(0, cut), slice(cut, None))):
            times = counts[:, self.group[units]] * factor[:, side, self.segment[units]]
            parts.append(times @ self.sums[units])
        return np.stack(parts, axis=1)

    def draws(self, n: int, seed: int) -> Iterator[Floats]:
        """Blocks of draws with replacement: how often each group was drawn, (b, groups)."""
        rng = np.random.default_rng(seed)
        block = max(1, min(n, _BLOCK_NUMBERS // max(1, len(self.sums))))
        for start in range(0, n, block):
            b = min(block, n - start)
            drawn = rng.integers(self.groups, size=(b, self.groups))
            drawn += self.groups * np.arange(b)[:, None]
            counts = np.bincount(drawn.ravel(), minlength=b * self.groups)
            yield counts.reshape(b, self.groups).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """A number with its draws.

    Attributes:
        value: The estimate.
        draws: The number in each draw, (n,); NaN where it does not exist.
        df: Degrees of freedom (`welch_df`).
    """

    value: float
    draws: Floats
    df: float

    @property
    def error(self) -> float:
        """Standard error.

        NaN where nothing varies but by rounding, or where more than one draw in twenty lacks the
        number.
        """
        known = self._known()
        if len(known) < 2 or len(known) < _KNOWN * len(self.draws):
            return math.nan
        error = float(known.std(ddof=1))
        return error if error > _ROUNDING * max(1.0, float(np.abs(known).max())) else math.nan

    @property
    def p_value(self) -> float:
        """Two-sided, of the number being 0; NaN where there is no standard error."""
        error = self.error
        if not (error > 0 and self.df >= 1):
            return math.nan
        return float(2 * stdtr(self.df, -abs(self.value) / error))

    def by_error(self, n: int, method: str, level: float) -> Estimate:
        """Value +/- t x standard error; without interval where nothing varies.

        Args:
            n: Occasions behind it.
            method: Name of the method.
            level: Confidence level, between 0 and 1.
        """
        error, reach = self.error, math.nan
        if error > 0 and self.df >= 1:
            reach = float(stdtrit(self.df, (1 + level) / 2)) * error
        return Estimate(self.value, self.value - reach, self.value + reach, n, method, level)

    def by_percentile(self, n: int, method: str, level: float) -> Estimate:
        """Percentiles of the draws, stretched to the value; likewise."""
        if not (self.error > 0 and self.df >= 1):
            return self.by_error(n, method, level)
        tail = float(ndtr(stdtrit(self.df, (1 - level) / 2)))
        low, high = np.quantile(self._known(), [tail, 1 - tail]).tolist()
        return Estimate(self.value, min(low, self.value), max(high, self.value), n, method, level)

    def _known(self) -> Floats:
        return np.asarray(self.draws[np.isfinite(self.draws)], dtype=np.float64)


def welch_df(people: tuple[float, float]) -> float:
    """Degrees of freedom of a difference between groups of these sizes (Welch 1947).

    Equal spread on both sides is assumed; a group of nobody does not count. A comparison with five
    people thus holds little more information than five people give.
    """
    sizes = [n for n in people if n > 0]
    if not sizes or min(sizes) < 2:
        return 0.0
    return float(sum(1 / n for n in sizes) ** 2 / sum(1 / (n * n * (n - 1)) for n in sizes))
