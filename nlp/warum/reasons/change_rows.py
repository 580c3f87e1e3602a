"""What an analysis of a change gives: estimates of its parts, which add up."""

from __future__ import annotations

from dataclasses import dataclass

from warum.caveats import Caveat
from warum.occasions import Pair
from warum.records import Estimate, Polarity


@dataclass(frozen=True, slots=True)
class SideOfRow:
    """One side of a row, in plain figures (not brought to the same mix of segments).

    Attributes:
        mentions: Occasions that mention it; None where fewer than the least number of people do.
        share: Their weighted share, 0..1; NaN likewise.
        metric: The metric among them; NaN likewise, or where nobody mentions it.
        people: People behind them; None likewise.
    """

    mentions: int | None
    share: float
    metric: float
    people: int | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A bar of the waterfall.

    Attributes:
        category: Code from the taxonomy, or `NO_CATEGORY` or `OTHER_CATEGORIES`.
        polarity: Polarity of the mentions counted; None for all.
        before, after: How often it is mentioned and how it is scored on each side.
        mix: Part of being mentioned more or less often than before; NaN where withheld.
        rate: Part of those who mention it scoring better or worse; NaN where withheld.
        total: Both together.
        selected: `total` with its FCR-adjusted interval if its q-value makes it a finding, else None.
        p_value: Two-sided, of `total`; NaN where there is no interval.
        q_value: Benjamini-Hochberg over the waterfall.
        caveats: Doubts about this row.
    """

    category: str
    polarity: Polarity | None
    before: SideOfRow
    after: SideOfRow
    mix: Estimate
    rate: Estimate
    total: Estimate
    selected: Estimate | None
    p_value: float
    q_value: float
    caveats: tuple[Caveat, ...]


@dataclass(frozen=True, slots=True)
class AdjustedRow:
    """A row of the adjusted view: from one regression per side, with all mentions and controls.

    Attributes:
        pairs: The pairs of category and polarity it stands for; several where they are shown by
            category, or cannot be told apart.
        controls: The controls it stands for; with pairs only where they cannot be told apart.
        composition: Part of being there more or less often, at the average effect.
        coefficients: Part of a changed effect, at the average share.
        total: Both together.
        selected: `total` with its FCR-adjusted interval if it is a finding, else None.
        p_value: Two-sided, of `total`; NaN where there is no interval.
        q_value: Benjamini-Hochberg over the adjusted view.
        caveats: Doubts about this row.
    """

    pairs: tuple[Pair, ...]
    controls: tuple[str, ...]
    composition: Estimate
    coefficients: Estimate
    total: Estimate
    selected: Estimate | None
    p_value: float
    q_value: float
    caveats: tuple[Caveat, ...]


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment's part in the change.

    Attributes:
        value: The segment.
        before, after: Its occasions on each side.
        mix: Part of its changed share.
        within: Part of the change inside it, which waterfall and adjusted view take apart.
        caveats: Doubts about this row.
    """

    value: str
    before: SideOfRow
    after: SideOfRow
    mix: Estimate
    within: Estimate
    caveats: tuple[Caveat, ...]


@dataclass(frozen=True)
class Change:
    """Why a metric differs between two sides (periods, segments, competitors).

    With S = `segment_mix` (0 where it is None): `difference` = S + all `total` of the waterfall
    = S + all `total` of the adjusted view + `unexplained`, to machine precision.

    Attributes:
        names: Names of the sides.
        before: The metric on the first side.
        after: The metric on the second.
        difference: after - before.
        segment_mix: Part of the changed mix of segments; None without segments.
        segments: By falling size; empty without segments.
        waterfall: By falling |total|, rests last; empty where the data do not allow it.
        adjusted: By falling |total|, controls last; empty likewise.
        unexplained: Change of the intercept: what neither mentions nor controls explain; NaN where
            there is no adjusted view.
        suppressed: Categories (or pairs) not shown because too few people mention them.
        caveats: Doubts about the whole.
    """

    names: tuple[str, str]
    before: Estimate
    after: Estimate
    difference: Estimate
    segment_mix: Estimate | None
    segments: tuple[SegmentRow, ...]
    waterfall: tuple[ChangeRow, ...]
    adjusted: tuple[AdjustedRow, ...]
    unexplained: Estimate
    suppressed: int
    caveats: tuple[Caveat, ...]
