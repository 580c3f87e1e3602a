"""Scored occasions of two sides that are compared, in an order that hangs on their content only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.metrics import ScoreScale, checked_weights, contributions, estimate_metric
from warum.reasons.change_rows import SideOfRow
from warum.reasons.design import Floats, Ints
from warum.reasons.row_order import row_order
from warum.reasons.sample import Mentions
from warum.reasons.shared_levels import Levels, shared_levels
from warum.records import Estimate


@dataclass(frozen=True)
class Compared:
    """Occasions with a score and a positive weight on either side, m of them.

    Attributes:
        scores: (m,)
        scale: How they are read.
        y: Contributions to the metric, (m,).
        mentions: Which occasion mentions which pair, bool (m, k).
        sides: 0 before, 1 after, int64 (m,).
        weights: Positive, (m,).
        cluster: Whom the bootstrap draws, numbered from 0, ascending, int64 (m,).
        clustered: Whether somebody has several occasions.
        people: Person of each occasion, for counting, (m,).
        segments: Levels of the segment; None without one.
        controls: Levels of each control.
    """

    scores: Floats
    scale: ScoreScale
    y: Floats
    mentions: Mentions
    sides: Ints
    weights: Floats
    cluster: Ints
    clustered: bool
    people: npt.NDArray[Any]
    segments: Levels | None
    controls: Mapping[str, Levels]

    @classmethod
    def of(
        cls,
        scores: Floats,
        scale: ScoreScale,
        mentions: Mentions,
        sides: Ints,
        *,
        weights: Floats | None,
        clusters: npt.NDArray[Any] | None,
        people: npt.NDArray[Any] | None,
        segments: npt.NDArray[Any] | None,
        controls: Mapping[str, npt.NDArray[Any]],
        least: int,
    ) -> Compared:
        """Check the arrays, leave out what stands on neither side, and order the rest.

        Raises:
            ValueError: If lengths differ, mentions are not boolean or a side is not -1, 0 or 1.
            UsageError: If a weight is negative or not finite.
        """
        scores, sides = np.asarray(scores, dtype=np.float64), np.asarray(sides)
        people = clusters if people is None else people
        named = {"mentions": mentions, "sides": sides, "weights": weights, "clusters": clusters,
                 "people": people, "segments": segments, **controls}  # fmt: skip
        _check(len(scores), named)
        checked = checked_weights(weights, len(scores))
        used = np.flatnonzero((sides >= 0) & np.isfinite(scores) & (checked > 0))
        who = np.arange(len(scores)) if people is None else people
        sides, who = sides[used].astype(np.int64), who[used]
        split = None if segments is None else shared_levels(segments[used], sides, who, least=least)
        levels = {
            name: shared_levels(values[used], sides, who, least=least)
            for name, values in sorted(controls.items())
        }
        held = [one.codes for one in (split, *levels.values()) if one is not None]
        order = row_order(
            [scores[used], checked[used], sides, *held],
            mentions[used],
            None if clusters is None else clusters[used],
        )
        rows, at = order.rows, used[order.rows]
        return cls(
            scores[at], scale, contributions(scores[at], scale), mentions[at], sides[rows],
            checked[at], order.cluster, order.clusters < len(at), who[rows],
            None if split is None else split.taken(rows),
            {name: one.taken(rows) for name, one in levels.items() if len(one) > 1},
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.y)

    @cached_property
    def sizes(self) -> tuple[int, int]:
        """Occasions on each side."""
        return int((self.sides == 0).sum()), int((self.sides == 1).sum())

    @cached_property
    def people_on(self) -> tuple[int, int]:
        """People on each side."""
        before, after = (len(np.unique(self.people[self.sides == side])) for side in (0, 1))
        return before, after

    @cached_property
    def centre(self) -> float:
        """Weighted mean of the contributions of both sides."""
        return float(self.weights @ self.y) / float(self.weights.sum())

    @cached_property
    def deviation(self) -> float:
        """Weighted standard deviation of the contributions about their mean."""
        about = self.y - self.centre
        return float(np.sqrt(self.weights @ about**2 / self.weights.sum()))

    def metric(self, side: int, level: float) -> Estimate:
        """The metric of one side."""
        at = self.sides == side
        return estimate_metric(
            self.scores[at],
            self.scale,
            weights=self.weights[at],
            clusters=self.cluster[at] if self.clustered else None,
            level=level,
        )

    def side_of(self, holds: npt.NDArray[np.bool_], side: int, least: int) -> SideOfRow:
        """Plain figures of the occasions that hold something, (m,), on one side."""
        on = self.sides == side
        at = np.flatnonzero(holds & on)
        people = len(np.unique(self.people[at]))
        if 0 < people < least:
            return SideOfRow(None, np.nan, np.nan, None)
        mass = float(self.weights[at].sum())
        metric = float(self.weights[at] @ self.y[at]) / mass if len(at) else np.nan
        return SideOfRow(len(at), mass / float(self.weights[on].sum()), metric, people)

    def uniform(self, holds: npt.NDArray[np.bool_], least: int) -> int:
        """Occasions of the smallest side on which all that hold it score alike; 0 if none does.

        Sides on which fewer than `least` hold it do not count.
        """
        found = []
        for side in (0, 1):
            y = self.y[holds & (self.sides == side)]
            if len(y) >= max(least, 1) and (y == y[0]).all():
                found.append(len(y))
        return min(found, default=0)


def _check(n: int, named: Mapping[str, npt.NDArray[Any] | None]) -> None:
    lengths = {name: len(array) for name, array in named.items() if array is not None}
    if any(length != n for length in lengths.values()):
        raise ValueError(f"{n} scores, but {lengths}")
    mentions, sides = named["mentions"], named["sides"]
    if mentions is not None and mentions.dtype != np.bool_:
        raise ValueError(f"mentions are {mentions.dtype}, expected bool")
    if sides is not None and not np.isin(sides, (-1, 0, 1)).all():
        raise ValueError(f"sides are {sorted(set(sides.tolist()))}, expected -1, 0 or 1")
