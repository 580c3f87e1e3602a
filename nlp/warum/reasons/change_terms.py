"""The columns of the adjusted view of a change, and which of them make up a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from warum.caveats import Caveat
from warum.occasions import Pair
from warum.reasons.blinder import Columns
from warum.reasons.buckets import grouped_pairs, people_on_sides
from warum.reasons.compared import Compared
from warum.reasons.design import Floats, Ints
from warum.reasons.sample import Mentions
from warum.reasons.shared_levels import Levels

PEOPLE_PER_COLUMN = 10


@dataclass(frozen=True)
class Terms:
    """Terms of the regression: pairs first, then controls.

    Attributes:
        pairs: The pairs in the model.
        controls: Names of the controls in it.
        columns: The columns, bool (m, p).
        meaning: What they are.
        people: People who mention each pair on each side, int64 (2, pairs).
        fewest: The same, or people who do not mention it if these are fewer, int64 (2, pairs).
        always: Pairs that every occasion of a side mentions.
        caveats: What had to be left out.
    """

    pairs: tuple[Pair, ...]
    controls: tuple[str, ...]
    columns: Mentions
    meaning: Columns
    people: Ints
    fewest: Ints
    always: frozenset[Pair]
    caveats: tuple[Caveat, ...]

    @classmethod
    def of(cls, compared: Compared, pairs: Sequence[Pair], segment_name: str, least: int) -> Terms:
        """As many of the pairs as people allow, the most frequent first.

        With fewer than ten people per column, drawing some of them anew leaves too few different
        ones to fit the columns. A pair that fewer than `least` people mention on a side has no
        effect of its own there; one for which this holds on both sides stays outside.
        """
        controls: dict[str, Levels] = dict(compared.controls)
        if compared.segments is not None:
            controls = {segment_name: compared.segments, **controls}
        room = min(compared.people_on) // PEOPLE_PER_COLUMN
        caveats = []
        adjusting = _affordable(controls, room // 2)
        if len(adjusting) < len(controls):
            left = ", ".join(name for name in controls if name not in adjusting)
            caveats.append(Caveat.of("some_controls_left_out", names=left))
        controls = adjusting
        people = people_on_sides(compared.mentions, compared.sides, compared.people)
        usable = people >= max(least, 2)
        fit = [k for k in range(len(pairs)) if usable[:, k].any()]
        frequent = sorted(fit, key=lambda k: (-people[:, k].sum(), pairs[k]))
        room -= sum(len(levels) - 1 for levels in controls.values())
        kept = sorted(frequent[: max(0, room)], key=lambda k: pairs[k])
        if len(kept) < len(fit):
            caveats.append(Caveat.of("too_many_columns", n=len(fit) - len(kept)))
        own = compared.mentions[:, kept]
        blocks = {name: levels.dummies() for name, levels in controls.items()}
        widths = tuple(block.shape[1] for block in blocks.values())
        known = np.concatenate((usable[:, kept], np.ones((2, sum(widths)), dtype=np.bool_)), axis=1)
        without = people_on_sides(~own, compared.sides, compared.people)
        always = (people[:, kept] > 0) & (without == 0)
        return cls(
            tuple(pairs[k] for k in kept), tuple(blocks), np.concatenate([own, *blocks.values()], axis=1),
            Columns(len(kept), widths, known), people[:, kept], np.minimum(people[:, kept], without),
            frozenset(pairs[k] for k, held in zip(kept, always.any(axis=0), strict=True) if held),
            tuple(caveats),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.pairs) + len(self.controls)

    def rows(
        self, dependent: Sequence[frozenset[int]], *, by_polarity: bool
    ) -> tuple[tuple[int, ...], ...]:
        """Terms that stand in one row: those of a category, and those that hang on each other."""
        groups = [
            frozenset(terms)
            for terms in grouped_pairs(self.pairs, by_polarity=by_polarity).values()
        ]
        groups += [frozenset([len(self.pairs) + j]) for j in range(len(self.controls))]
        for joined in dependent:
            touched = [group for group in groups if group & joined]
            groups = [group for group in groups if not group & joined]
            groups.append(frozenset[int]().union(*touched))
        return tuple(sorted(tuple(sorted(group)) for group in groups))

    def small_sides(self, row: Sequence[int]) -> Mapping[int, bool]:
        """Sides that have no effect of their own for a pair of the row; whether nobody mentions it."""
        own = [k for k in row if k < len(self.pairs)]
        return {
            side: all(self.people[side, k] == 0 for k in own if not self.meaning.usable[side, k])
            for side in (0, 1)
            if not self.meaning.usable[side, own].all()
        }

    def summing(self, rows: Sequence[Sequence[int]]) -> Floats:
        """Terms to rows, (T, R) of zeros and ones."""
        matrix = np.zeros((len(self), len(rows)))
        for place, row in enumerate(rows):
            matrix[list(row), place] = 1
        return matrix


def _affordable(controls: Mapping[str, Levels], columns: int) -> dict[str, Levels]:
    """Controls that take at most so many columns together: those of few levels first."""
    kept: set[str] = set()
    for name in sorted(controls, key=lambda name: (len(controls[name]), name)):
        if len(controls[name]) - 1 <= columns:
            columns -= len(controls[name]) - 1
            kept.add(name)
    return {name: levels for name, levels in controls.items() if name in kept}
