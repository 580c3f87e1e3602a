"""Which pairs get a column of their own in the corrected model, and which stand together.

A few hundred labels bear far fewer columns than all occasions do. Pairs that a person saw too rarely
are put together by polarity: left out, they would stand in the intercept of all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from warum.audit.phases import Floats, Ints, Mentions, Phases
from warum.audit.regression import decided
from warum.occasions import Pair
from warum.reasons.collinearity import identify
from warum.records import POLARITIES

LEAST_LABELS = 5
_ROWS_PER_COLUMN = 6
_LEAST_CONTROL = 8


@dataclass(frozen=True)
class Columns:
    """The columns of the corrected model.

    Attributes:
        pairs: Positions of the pairs with a column of their own, (q,).
        pooled: Sets of pairs that share a column.
        controls: Positions of the controls kept.
        tied: Pairs that the labels cannot tell apart from others, or only by a single customer, to
            those others.
    """

    pairs: tuple[int, ...]
    pooled: tuple[tuple[int, ...], ...]
    controls: tuple[int, ...]
    tied: dict[int, tuple[int, ...]]

    def of(self, mentions: Mentions, controls: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """The columns of some occasions: pairs, pooled pairs, controls, bool (n, q + r + c)."""
        together = [mentions[:, list(group)].any(axis=1) for group in self.pooled]
        own = mentions[:, list(self.pairs)]
        return np.column_stack((own, *together, controls[:, list(self.controls)]))


def choose(phases: Phases, pairs: Sequence[Pair], controls: npt.NDArray[np.bool_]) -> Columns:
    """Choose the columns that the labels can bear.

    Args:
        phases: The labelled occasions.
        pairs: The k pairs.
        controls: Controls of the labelled occasions, bool (a, c).
    """
    gold = phases.audited.gold
    people, groups = phases.people(gold), phases.people_told
    without = phases.people(~gold & phases.audited.told[:, None])
    room = max(0, groups // _ROWS_PER_COLUMN - 1)
    kept_controls = _controls(controls, room // 3)
    room -= len(kept_controls)
    frequent = sorted(
        np.flatnonzero(np.minimum(people, without) >= LEAST_LABELS).tolist(),
        key=lambda k: (-int(people[k]), pairs[k]),
    )
    own = tuple(frequent[: max(0, room - len(POLARITIES))])
    rest = [k for k in np.flatnonzero(people > 0).tolist() if k not in own]
    pooled = tuple(
        group
        for polarity in POLARITIES
        if (group := tuple(k for k in rest if pairs[k][1] == polarity))
        and _enough(gold[:, list(group)], phases)
    )
    apart = _told_apart(Columns(own, pooled, kept_controls, {}), phases, controls)
    return _borne_by_several(apart, phases, controls)


def _enough(together: npt.NDArray[np.bool_], phases: Phases) -> bool:
    """Whether enough customers hold any of the columns (a, n), and enough none."""
    column = np.asarray(together.any(axis=1))
    sides = np.column_stack((column, ~column))
    return int(phases.people(sides).min()) >= LEAST_LABELS


def _controls(controls: npt.NDArray[np.bool_], most: int) -> tuple[int, ...]:
    counts = controls.sum(axis=0)
    fewest = np.minimum(counts, len(controls) - counts)
    ranked = sorted(
        np.flatnonzero(fewest >= _LEAST_CONTROL).tolist(), key=lambda j: (-fewest[j], j)
    )
    return tuple(sorted(ranked[:most]))


def _told_apart(columns: Columns, phases: Phases, controls: npt.NDArray[np.bool_]) -> Columns:
    """Without the columns that the labelled occasions cannot tell apart."""
    x = columns.of(phases.audited.gold, controls).astype(np.float64)
    if not x.shape[1]:
        return columns
    v: Floats = phases.design / phases.design.sum()
    about = x - v @ x
    found = identify((about * v[:, None]).T @ about, v @ x**2)
    lost = found.undetermined
    if not lost:
        return columns
    q, r = len(columns.pairs), len(columns.pooled)
    tied = {
        columns.pairs[j]: tuple(columns.pairs[i] for i in found.partners(j) if i < q)
        for j in lost
        if j < q
    }
    return Columns(
        tuple(pair for j, pair in enumerate(columns.pairs) if j not in lost),
        tuple(group for j, group in enumerate(columns.pooled) if q + j not in lost),
        tuple(c for j, c in enumerate(columns.controls) if q + r + j not in lost),
        tied,
    )


def _borne_by_several(columns: Columns, phases: Phases, controls: npt.NDArray[np.bool_]) -> Columns:
    """Without the columns that a single customer decides: no interval could be told.

    One at a time, controls first, then pooled pairs, then the rarest pair: what remains is decided by
    more people.
    """
    q, r = len(columns.pairs), len(columns.pooled)
    if not q + r + len(columns.controls):
        return columns
    alone = np.flatnonzero(decided(columns.of(phases.audited.gold, controls), phases)).tolist()
    if not alone:
        return columns
    last = alone[-1]
    tied = dict(columns.tied)
    if last < q:
        tied[columns.pairs[last]] = tuple(columns.pairs[j] for j in alone[:-1])
    fewer = Columns(
        tuple(pair for j, pair in enumerate(columns.pairs) if j != last),
        tuple(group for j, group in enumerate(columns.pooled) if q + j != last),
        tuple(c for j, c in enumerate(columns.controls) if q + r + j != last),
        tied,
    )
    return _borne_by_several(fewer, phases, controls)


def usable(model: npt.NDArray[np.bool_], phases: Phases) -> Ints:
    """Columns of the model's labelled mentions (a, q) that a model of them can hold, ascending."""
    sides = phases.people(model), phases.people(~model)
    enough = np.flatnonzero(np.minimum(*sides) >= LEAST_LABELS)
    if not len(enough):
        return enough.astype(np.int64)
    v = phases.design / phases.design.sum()
    x = model[:, enough].astype(np.float64)
    about = x - v @ x
    found = identify((about * v[:, None]).T @ about, v @ x**2)
    kept = enough[[j for j in found.kept if j not in found.undetermined]].astype(np.int64)
    while len(kept):
        alone = np.flatnonzero(decided(model[:, kept], phases))
        if not len(alone):
            break
        kept = np.delete(kept, alone[-1])
    return kept
