"""Levels of a segment or control that are frequent enough on both sides of a comparison."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.reasons.controls import MISSING, OTHER
from warum.reasons.design import Ints
from warum.reasons.sample import Mentions


@dataclass(frozen=True)
class Levels:
    """A column of few levels.

    Attributes:
        codes: Level of each occasion, int64 (m,).
        names: Name of each level, the most frequent first, "(other)" last.
        pooled: How many rare levels stand together in "(other)" or in the most frequent level.
    """

    codes: Ints
    names: tuple[str, ...]
    pooled: int

    def __len__(self) -> int:
        return len(self.names)

    def taken(self, rows: Ints) -> Levels:
        """The same for rows in another order."""
        return Levels(self.codes[rows], self.names, self.pooled)

    def dummies(self) -> Mentions:
        """One column per level but the first, bool (m, levels - 1)."""
        return np.asarray(self.codes[:, None] == np.arange(1, len(self)), dtype=np.bool_)


def shared_levels(
    values: npt.NDArray[Any],
    sides: Ints,
    people: npt.NDArray[Any],
    *,
    least: int = 10,
    most: int = 30,
) -> Levels:
    """Pool the levels that are rare on a side.

    A level is kept if on each side at least `least` people have it, or nobody: one that opens or
    closes between two periods stays visible. The others become "(other)", which joins the most
    frequent level if it is itself too rare.

    Args:
        values: Level of each occasion, str or None (a level of its own), object (m,).
        sides: 0 before, 1 after, int64 (m,).
        people: Person of each occasion, (m,).
        least: People that a level needs on a side.
        most: Greatest number of levels kept.
    """
    distinct = {value: MISSING if value is None else str(value) for value in set(values.tolist())}
    texts = [distinct[value] for value in values.tolist()]
    who = np.unique(people, return_inverse=True)[1].tolist()
    met = Counter(
        (text, side) for text, side, _ in set(zip(texts, sides.tolist(), who, strict=True))
    )

    def solid(names: list[str]) -> bool:
        counts = [sum(met[name, side] for name in names) for side in (0, 1)]
        return any(counts) and all(count == 0 or count >= least for count in counts)

    ranked = [text for text, _ in sorted(Counter(texts).items(), key=lambda one: (-one[1], one[0]))]
    kept = [text for text in ranked if solid([text]) and text != OTHER][:most]
    rest = [text for text in ranked if text not in kept]
    names = kept
    if rest and (solid(rest) or not kept):
        names = [*kept, OTHER]
    place = {text: kept.index(text) if text in kept else len(names) - 1 for text in ranked}
    if names is kept:
        place |= dict.fromkeys(rest, 0)
    codes = np.array([place[text] for text in texts], dtype=np.int64)
    return Levels(codes, tuple(names), len(rest))
