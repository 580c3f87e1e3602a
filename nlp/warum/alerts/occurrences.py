"""The occasions of a data set as the alerts need them, and the comments behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.alerts.betabinomial import Bools, Ints
from warum.alerts.streams import EVERYBODY, Dates, Place
from warum.occasions import Pair


@dataclass(frozen=True)
class Occurrences:
    """The occasions of a data set, m of them, as the alerts need them.

    Attributes:
        dates: Day of each, datetime64[D] (m,); NaT where unknown.
        mentions: Which mentions which pair, bool (m, c).
        pairs: The c pairs. To go on from a stored state they must stay the same: take all that
            the taxonomy holds, not only those found.
        segments: Column to value of each occasion, str or None, object (m,).
        people: Person of each, (m,); None where each is its own.
        said_in: Occasion of each opinion, (o,).
        said_as: Pair of each opinion (position in `pairs`), (o,).
        comments: comment_id of each opinion, object (o,).
    """

    dates: Dates
    mentions: Bools
    pairs: tuple[Pair, ...]
    segments: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    people: npt.NDArray[Any] | None = None
    said_in: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    said_as: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    comments: npt.NDArray[Any] = field(default_factory=lambda: np.zeros(0, dtype=object))

    def __post_init__(self) -> None:
        if not len(self.said_in) == len(self.said_as) == len(self.comments):
            raise ValueError(
                f"{len(self.said_in)} occasions, {len(self.said_as)} pairs and"
                f" {len(self.comments)} comments of opinions, expected equal lengths"
            )

    @cached_property
    def days(self) -> Ints:
        """Day of each occasion, counted from 1970-01-01, (m,); the least integer where unknown."""
        days: Ints = self.dates.astype("datetime64[D]").astype(np.int64)
        return days

    def inside(self, place: Place) -> Bools:
        """Which occasions belong to a segment, (m,)."""
        if place == EVERYBODY:
            return np.ones(len(self.dates), dtype=np.bool_)
        number = self._values[place[0]].get(place[1], -1)
        belongs: Bools = self._codes[place[0]] == number
        return belongs

    def rows(self, place: Place, pair: int, first: int, last: int) -> Ints:
        """Occasions of a segment and span of days that mention a pair."""
        fits = (self.days >= first) & (self.days <= last) & self.mentions[:, pair]
        return np.flatnonzero(fits & ~np.isnat(self.dates) & self.inside(place))

    def behind(self, rows: Ints, pair: int) -> tuple[str, ...]:
        """Ids of the comments in which those occasions mention the pair, sorted."""
        said = np.flatnonzero(self.said_as == pair)
        hit = said[np.isin(self.said_in[said], rows)]
        return tuple(sorted(set(self.comments[hit].tolist())))

    @cached_property
    def _values(self) -> Mapping[str, Mapping[str, int]]:
        """Number of each value of each segment column."""
        return {
            by: {
                value: i
                for i, value in enumerate(
                    dict.fromkeys(str(v) for v in values.tolist() if v is not None)
                )
            }
            for by, values in self.segments.items()
        }

    @cached_property
    def _codes(self) -> Mapping[str, Ints]:
        """Number of each occasion's value, -2 where there is none, (m,)."""
        return {
            by: np.array(
                [-2 if v is None else self._values[by][str(v)] for v in values.tolist()],
                dtype=np.int64,
            )
            for by, values in self.segments.items()
        }
