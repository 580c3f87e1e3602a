"""All parts of a change as one function of weighted sums, for the data and for every draw alike."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from warum.reasons.blinder import Columns, blinder, dependent_terms, summed_moments, unpacked
from warum.reasons.bootstrap import Units
from warum.reasons.design import Floats, Ints, cluster_sums
from warum.reasons.fractional import MixAndRate, Standardised, mix_and_rate, standardised
from warum.reasons.sample import Mentions


@dataclass(frozen=True)
class Parts:
    """Parts of the change, for each of b draws.

    Attributes:
        difference: After minus before, (b, 1).
        segment_mix: Part of the changed mix of segments, (b, 1).
        segment_shares: The same by segment, (b, S).
        within: Part of the change within each segment, (b, S).
        mix: Of each bucket, (b, K).
        rate: (b, K)
        total: mix + rate, (b, K).
        composition: Of each row of the adjusted view, (b, R).
        coefficients: (b, R)
        adjusted: composition + coefficients, (b, R).
        unexplained: (b, 1)
    """

    difference: Floats
    segment_mix: Floats
    segment_shares: Floats
    within: Floats
    mix: Floats
    rate: Floats
    total: Floats
    composition: Floats
    coefficients: Floats
    adjusted: Floats
    unexplained: Floats


@dataclass(frozen=True)
class ChangeModel:
    """What is summed over rows, and how the sums give the parts.

    Attributes:
        y: Contributions about their mean, (m,).
        weights: Positive, (m,).
        spread: Occasions over buckets, (m, K).
        columns: Columns of the regression, bool (m, p).
        meaning: What they are.
        rows: Which terms make up each row of the adjusted view, (T, R) of zeros and ones.
    """

    y: Floats
    weights: Floats
    spread: Floats
    columns: Mentions
    meaning: Columns
    rows: Floats

    @property
    def width(self) -> int:
        """Number of sums per row."""
        q = int(self.columns.shape[1]) + 2
        return q * (q + 1) // 2 + 2 * int(self.spread.shape[1])

    def summed(self, at: Ints, starts: Ints) -> Floats:
        """The sums over stretches of rows, (b,) and (g,) to (g, width)."""
        y, weights = self.y[at], self.weights[at]
        moments = summed_moments(self.columns[at].astype(np.float64), y, weights, starts)
        mass = self.spread[at] * weights[:, None]
        parts = cluster_sums(np.concatenate((mass, mass * y[:, None]), axis=1), starts)
        return np.concatenate((moments, parts), axis=1)

    def parts(self, units: Units, counts: Floats) -> Parts:
        """The parts of the change if group g counts counts[:, g] times, (b, groups)."""
        segments, alike, (moments, mass, score) = self._alike(units, counts)
        within = alike.common[:, None]
        split = mix_and_rate(mass, score)
        terms = blinder(moments, self.meaning)
        composition = within * (terms.composition @ self.rows)
        coefficients = within * (terms.coefficients @ self.rows)
        return Parts(
            difference=(segments.overall[:, 1] - segments.overall[:, 0])[:, None],
            segment_mix=segments.mix.sum(axis=1, keepdims=True),
            segment_shares=segments.mix,
            within=segments.rate,
            mix=within * split.mix,
            rate=within * split.rate,
            total=within * split.total,
            composition=composition,
            coefficients=coefficients,
            adjusted=composition + coefficients,
            unexplained=within * terms.unexplained[:, None],
        )

    def dependent(self, units: Units) -> tuple[frozenset[int], ...]:
        """Sets of terms that cannot be told apart."""
        moments = self._alike(units, np.ones((1, units.groups)))[2][0]
        return dependent_terms(moments[0], self.meaning)

    def draws(self, units: Units, n: int, seed: int) -> Parts:
        """All parts in n bootstrap draws, each (n, ...); NaN where a part does not exist."""
        with np.errstate(invalid="ignore", divide="ignore"):
            drawn = [self.parts(units, counts) for counts in units.draws(n, seed)]
        return Parts(
            *(
                np.concatenate([getattr(part, field.name) for part in drawn])
                for field in fields(Parts)
            )
        )

    def _alike(
        self, units: Units, counts: Floats
    ) -> tuple[MixAndRate, Standardised, tuple[Floats, Floats, Floats]]:
        """The change over segments, and the sums of sides brought to the same mix of them."""
        outcome = self.columns.shape[1] + 1
        totals = units.totals(counts, [0, outcome])
        segments = mix_and_rate(totals[..., 0], totals[..., 1])
        alike = standardised(segments)
        return segments, alike, self._split(units.weighted(counts, alike.factor))

    def _split(self, sums: Floats) -> tuple[Floats, Floats, Floats]:
        """Moments, mass and score of the buckets."""
        k = self.spread.shape[1]
        cut = sums.shape[-1] - 2 * k
        return unpacked(sums[..., :cut]), sums[..., cut : cut + k], sums[..., cut + k :]
