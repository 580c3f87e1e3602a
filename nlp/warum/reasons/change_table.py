"""Rows of a change from its parts and their bootstrap draws, with the doubts about each.

Mix, composition and segment mix are products of two uncertain numbers, so their intervals are
percentiles; the others are t x standard error (`bootstrap.py` says why).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from warum.caveats import Caveat
from warum.occasions import Pair
from warum.reasons.bootstrap import Bootstrapped, welch_df
from warum.reasons.buckets import NO_CATEGORY, OTHER_CATEGORIES, Buckets
from warum.reasons.change_model import Parts
from warum.reasons.change_rows import AdjustedRow, ChangeRow, SegmentRow
from warum.reasons.change_terms import Terms
from warum.reasons.compared import Compared
from warum.reasons.design import Floats
from warum.reasons.driver_rows import LEAST_MENTIONS, WIDE
from warum.reasons.multiplicity import benjamini_hochberg, fcr_level
from warum.records import Estimate


@dataclass(frozen=True)
class ChangeTable:
    """Everything needed to tell the parts of a change.

    Attributes:
        compared: The occasions.
        point: The parts, each (1, ...).
        draws: Their bootstrap draws, each (n, ...).
        names: Names of the sides.
        least: Least number of people of a group that is shown.
        level: Confidence level.
        doubts: Caveats about the whole.
    """

    compared: Compared
    point: Parts
    draws: Parts
    names: tuple[str, str]
    least: int
    level: float
    doubts: tuple[Caveat, ...]

    def difference(self) -> Estimate:
        """After minus before."""
        return self._told(self._number("difference", 0, self._df()))

    def segment_mix(self) -> Estimate | None:
        """Part of the changed mix of segments; None without segments."""
        if self.compared.segments is None:
            return None
        return self._product(self._number("segment_mix", 0, self._df()))

    def unexplained(self, terms: Terms) -> Estimate:
        """Change of the intercept."""
        return self._told(self._number("unexplained", 0, self._df(terms.columns.shape[1])))

    def segments(self) -> tuple[SegmentRow, ...]:
        """A row per segment, the most frequent first."""
        levels = self.compared.segments
        if levels is None:
            return ()
        rows = []
        for code, name in enumerate(levels.names):
            holds = levels.codes == code
            before, after = (self.compared.side_of(holds, side, self.least) for side in (0, 1))
            df = welch_df((before.people or 0, after.people or 0))
            mix = self._product(self._number("segment_shares", code, df))
            within = self._told(self._number("within", code, df))
            rows.append(SegmentRow(name, before, after, mix, within, self._wide(mix, within)))
        return tuple(rows)

    def waterfall(self, buckets: Buckets) -> tuple[ChangeRow, ...]:
        """A row per bucket, by falling |total|, rests last."""
        places = range(len(buckets.names))
        freedom = [welch_df((buckets.people[0, k], buckets.people[1, k])) for k in places]
        verdicts = self._verdicts([self._number("total", k, freedom[k]) for k in places])
        rows = [self._bar(buckets, k, freedom[k], verdicts[k]) for k in places]
        rests = (OTHER_CATEGORIES, NO_CATEGORY)

        def rank(row: ChangeRow) -> tuple[int, float, str, str]:
            last = rests.index(row.category) if row.category in rests else -1
            return last, -abs(row.total.value), row.category, row.polarity or ""

        return tuple(sorted(rows, key=rank))

    def adjusted(
        self, terms: Terms, rows: Sequence[tuple[int, ...]], dependent: Sequence[frozenset[int]]
    ) -> tuple[AdjustedRow, ...]:
        """A row per group of terms, by falling |total|, controls last."""
        freedom = [self._freedom(terms, row) for row in rows]
        totals = [self._number("adjusted", place, df) for place, df in enumerate(freedom)]
        joined = frozenset[int]().union(*dependent)
        found = []
        for place, (row, df, verdict) in enumerate(
            zip(rows, freedom, self._verdicts(totals), strict=True)
        ):
            total = self._told(totals[place])
            caveats = self._term_doubts(terms, row, bool(joined & set(row)), total)
            found.append(
                AdjustedRow(
                    *_members(terms, row),
                    self._product(self._number("composition", place, df)),
                    self._told(self._number("coefficients", place, df)),
                    total,
                    verdict.selected,
                    totals[place].p_value,
                    verdict.q_value,
                    caveats,
                )
            )

        def rank(row: AdjustedRow) -> tuple[bool, float, tuple[Pair, ...], tuple[str, ...]]:
            return not row.pairs, -abs(row.total.value), row.pairs, row.controls

        return tuple(sorted(found, key=rank))

    def _bar(self, buckets: Buckets, k: int, df: float, verdict: _Verdict) -> ChangeRow:
        category, polarity = buckets.names[k]
        holds = buckets.parts[:, k] > 0
        number = self._number("total", k, df)
        total = self._told(number)
        mix = self._product(self._number("mix", k, df))
        rate = self._told(self._number("rate", k, df))
        caveats = list(self._precision(holds, total))
        for side in buckets.small(k, self.least):
            mix = rate = self._told(Bootstrapped(math.nan, np.zeros(0), 0))
            caveats.append(Caveat.of("split_withheld", side=self.names[side], least=self.least))
        caveats += [
            Caveat.of("on_one_side", side=self.names[1 - side])
            for side in (0, 1)
            if buckets.people[side, k] == 0
        ]
        before, after = (self.compared.side_of(holds, side, self.least) for side in (0, 1))
        return ChangeRow(
            category, polarity, before, after, mix, rate, total,
            verdict.selected, number.p_value, verdict.q_value, tuple(caveats),
        )  # fmt: skip

    def _freedom(self, terms: Terms, row: Sequence[int]) -> float:
        """Degrees of freedom of a row of the adjusted view."""
        df, own = self._df(terms.columns.shape[1]), [k for k in row if k < len(terms.pairs)]
        if not own:
            return df
        fewest = np.where(terms.meaning.usable[:, own], terms.fewest[:, own], 0).sum(axis=1)
        return min(df, welch_df((fewest[0], fewest[1])))

    def _term_doubts(
        self, terms: Terms, row: Sequence[int], dependent: bool, total: Estimate
    ) -> tuple[Caveat, ...]:
        caveats = []
        pairs, controls = _members(terms, row)
        for side, nobody in terms.small_sides(row).items():
            if nobody:
                caveats.append(Caveat.of("on_one_side", side=self.names[1 - side]))
            else:
                caveats.append(
                    Caveat.of("effect_of_other_side", side=self.names[side], least=self.least)
                )
        if terms.always & set(pairs):
            caveats.append(Caveat.of("always_mentioned"))
        if dependent:
            named = [*(f"{category} {polarity}" for category, polarity in pairs), *controls]
            caveats.append(Caveat.of("collinear_row", members=", ".join(named)))
        if pairs:
            own = terms.columns[:, [k for k in row if k < len(terms.pairs)]]
            caveats += self._precision(np.logical_or.reduce(own, axis=1), total)
        return tuple(caveats)

    def _precision(self, holds: npt.NDArray[np.bool_], total: Estimate) -> tuple[Caveat, ...]:
        """Few mentions, equal scores, a wide interval."""
        counts = [int((holds & (self.compared.sides == side)).sum()) for side in (0, 1)]
        fewest = min((count for count in counts if count >= self.least), default=0)
        caveats = [caveat for caveat in self.doubts if caveat.code == "few_clusters"]
        if 0 < fewest < LEAST_MENTIONS:
            caveats.append(Caveat.of("small_n", n=fewest))
        uniform = self.compared.uniform(holds, self.least)
        if uniform:
            caveats.append(Caveat.of("separation", n=uniform))
        return (*caveats, *self._wide(total))

    def _wide(self, *estimates: Estimate) -> tuple[Caveat, ...]:
        most = WIDE * self.compared.deviation
        wide = any(one.value != 0 and not (one.high - one.low) / 2 <= most for one in estimates)
        return (Caveat.of("wide_interval"),) if wide else ()

    def _df(self, columns: int = 0) -> float:
        """Of a comparison of all people of both sides."""
        before, after = self.compared.people_on
        return welch_df((max(before - columns, 2), max(after - columns, 2)))

    def _number(self, part: str, place: int, df: float) -> Bootstrapped:
        values: Floats = getattr(self.point, part)
        draws: Floats = getattr(self.draws, part)
        return Bootstrapped(float(values[0, place]), draws[:, place], df)

    def _told(self, number: Bootstrapped, level: float | None = None) -> Estimate:
        return number.by_error(len(self.compared), self._method("se"), level or self.level)

    def _product(self, number: Bootstrapped) -> Estimate:
        return number.by_percentile(len(self.compared), self._method("percentile"), self.level)

    def _method(self, kind: str) -> str:
        return f"{'cluster-' if self.compared.clustered else ''}bootstrap-{kind}"

    def _verdicts(self, numbers: Sequence[Bootstrapped]) -> list[_Verdict]:
        """Which of the numbers shown are findings."""
        p = np.array([number.p_value for number in numbers])
        q = benjamini_hochberg(p)
        found = q <= 1 - self.level
        wanted = fcr_level(int(found.sum()), int((~np.isnan(p)).sum()), level=self.level)
        return [
            _Verdict(float(one), self._told(number, wanted) if yes else None)
            for number, one, yes in zip(numbers, q, found.tolist(), strict=True)
        ]


@dataclass(frozen=True, slots=True)
class _Verdict:
    q_value: float
    selected: Estimate | None


def _members(terms: Terms, row: Sequence[int]) -> tuple[tuple[Pair, ...], tuple[str, ...]]:
    own = len(terms.pairs)
    pairs = tuple(terms.pairs[k] for k in row if k < own)
    return pairs, tuple(terms.controls[k - own] for k in row if k >= own)
