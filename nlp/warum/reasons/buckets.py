"""Which categories of a comparison are shown by themselves, and what stands together as the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.occasions import Pair
from warum.reasons.design import Clusters, Floats, Ints
from warum.reasons.fractional import fractions
from warum.reasons.sample import Mentions
from warum.records import Polarity

NO_CATEGORY = "(no category)"
OTHER_CATEGORIES = "(other categories)"

Name = tuple[str, Polarity | None]


@dataclass(frozen=True)
class Buckets:
    """Each occasion spread over K buckets.

    Attributes:
        names: Category and polarity of each bucket (None: all polarities); rests stand last.
        parts: How much of each occasion belongs to each bucket, rows sum to 1, (m, K).
        people: People with a part in each bucket before and after, int64 (2, K).
        suppressed: Categories (or pairs) that stand in a rest because too few people mention them.
    """

    names: tuple[Name, ...]
    parts: Floats
    people: Ints
    suppressed: int

    def small(self, bucket: int, least: int) -> tuple[int, ...]:
        """Sides on which somebody, but fewer than `least` people, have a part in it."""
        return tuple(side for side in (0, 1) if 0 < self.people[side, bucket] < least)


def people_on_sides(holds: Mentions, sides: Ints, people: npt.NDArray[Any]) -> Ints:
    """People with at least one true row on each side, (m, k) to (2, k)."""
    found = np.zeros((2, holds.shape[1]), dtype=np.int64)
    for side in (0, 1):
        at = np.flatnonzero(sides == side)
        if len(at):
            found[side] = Clusters.of(people[at]).holding(holds[at])
    return found


def grouped_pairs(pairs: Sequence[Pair], *, by_polarity: bool) -> dict[Name, list[int]]:
    """Columns of each category, or of each pair, by name."""
    groups: dict[Name, list[int]] = {}
    for column, (category, polarity) in enumerate(pairs):
        groups.setdefault((category, polarity if by_polarity else None), []).append(column)
    return groups


def form_buckets(
    mentions: Mentions,
    pairs: Sequence[Pair],
    sides: Ints,
    people: npt.NDArray[Any],
    *,
    by_polarity: bool,
    least: int,
) -> Buckets:
    """Spread occasions over categories, with small groups put together.

    A category mentioned by fewer than `least` people stands in "(other categories)". If fewer than
    that stand there, or in "(no category)", the two go together, and while even that is too little,
    with the next smallest category.

    Args:
        mentions: bool (m, k).
        pairs: The k pairs.
        sides: 0 before, 1 after, int64 (m,).
        people: Person of each occasion, (m,).
        by_polarity: A bucket for each pair instead of each category.
        least: Least number of people of a bucket.
    """
    groups = grouped_pairs(pairs, by_polarity=by_polarity)
    spread = fractions(mentions, list(groups.values()))
    counts = np.zeros(len(groups) + 1, dtype=np.int64)
    if len(spread):
        counts = Clusters.of(people).holding(spread > 0)
    names = list(groups)
    ranked = sorted(range(len(names)), key=lambda k: (-counts[k], names[k][0], names[k][1] or ""))
    shown = [k for k in ranked if counts[k] >= least]
    rare = [k for k in ranked if 0 < counts[k] < least]
    rests = _rests(spread, people, shown, rare, least)
    kept = [k for k in shown if all(k not in rest for _, rest in rests)]
    columns = [[k] for k in kept] + [rest for _, rest in rests]
    parts = np.zeros((len(spread), len(columns)))
    for place, members in enumerate(columns):
        parts[:, place] = spread[:, members].sum(axis=1)
    labels = [names[k] for k in kept] + [(label, None) for label, _ in rests]
    suppressed = int((counts[:-1] > 0).sum()) - len(kept)
    return Buckets(tuple(labels), parts, people_on_sides(parts > 0, sides, people), suppressed)


def _rests(
    spread: Floats, people: npt.NDArray[Any], shown: list[int], rare: list[int], least: int
) -> list[tuple[str, list[int]]]:
    """Names and members of the buckets that hold what is not shown."""
    none = spread.shape[1] - 1

    def crowd(members: list[int]) -> int:
        return len(np.unique(people[(spread[:, members] > 0).any(axis=1)]))

    others, left = crowd(rare), crowd([none])
    if others >= least and (left >= least or not left):
        rests = [(OTHER_CATEGORIES, rare), (NO_CATEGORY, [none])]
        return rests if left else rests[:1]
    if not others and (left >= least or not left):
        return [(NO_CATEGORY, [none])] if left else []
    members, ranked = [*rare, none], list(shown)
    while ranked and crowd(members) < least:
        members.append(ranked.pop())
    return [(OTHER_CATEGORIES if len(members) > len(rare) + 1 else NO_CATEGORY, members)]
