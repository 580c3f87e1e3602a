"""Drivers by place: what is said at a stage or touchpoint moves the metric by.

The model is that of the level, with one effect per category and polarity wherever it is said. An
occasion that says the same at two places counts with a half at each, so that the impacts of all
stages (or touchpoints) add up to the impacts of the categories.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from warum.caveats import Caveat
from warum.occasions import Pair
from warum.reasons.design import Floats, Ints
from warum.reasons.impact_parts import PartImpacts, Parts, impact_parts
from warum.reasons.journey import TOP, JourneyRow, PlaceDriver, Places, cells_of, said_at
from warum.reasons.sample import Mentions
from warum.records import Estimate

LEAST_PEOPLE = 3
FEW_PEOPLE = 20


@dataclass(frozen=True)
class PlaceModel:
    """The level's linear model, m occasions.

    Attributes:
        y: Contributions to the metric, (m,), finite.
        mentions: Which occasion mentions which modelled pair, bool (m, k).
        pairs: The k pairs.
        controls: What the model adjusts for, (m, c).
        people: Person of each occasion, (m,).
        weights: (m,), at least 0; None for equal ones.
        clusters: Customer of each occasion, (m,); None where each is its own.
    """

    y: Floats
    mentions: Mentions
    pairs: Sequence[Pair]
    controls: npt.NDArray[Any]
    people: npt.NDArray[Any]
    weights: Floats | None = None
    clusters: npt.NDArray[Any] | None = None

    def impacts(self, parts: Parts, asked: Sequence[int]) -> PartImpacts:
        """Impacts of parts of the mentions; occasions of weight 0 play no part."""
        if self.weights is None or (self.weights > 0).all():
            return impact_parts(
                self.y, self.mentions, self.controls, parts,
                weights=self.weights, clusters=self.clusters, asked=asked,
            )  # fmt: skip
        used = self.weights > 0
        place = np.cumsum(used) - 1
        kept = used[parts.occasion]
        parts = Parts(
            parts.quantity[kept], place[parts.occasion[kept]], parts.pair[kept],
            parts.amount[kept], parts.quantities,
        )  # fmt: skip
        return impact_parts(
            self.y[used], self.mentions[used], self.controls[used], parts,
            weights=self.weights[used],
            clusters=None if self.clusters is None else self.clusters[used],
            asked=asked,
        )  # fmt: skip


def with_impacts(
    rows: Sequence[JourneyRow],
    places: Places,
    model: PlaceModel,
    *,
    min_group: int = 5,
    level: float = 0.95,
) -> tuple[JourneyRow, ...]:
    """The rows with the impact of what is said there, and its strongest drivers.

    Args:
        rows: What `journey_rows` gave for the same places.
        places: Opinions of scored occasions.
        model: The model of the level.
        min_group: Drivers of fewer people at a place are not shown.
        level: Confidence level.
    """
    if not rows:
        return ()
    asked = _Asked.of(rows, places, model, min_group)
    quick = model.impacts(asked.parts, [])
    chosen = asked.strongest(quick)
    wanted = [*range(len(rows)), *(q for found in chosen for q in found)]
    found = model.impacts(asked.parts, wanted)
    return tuple(
        replace(
            row,
            impact=asked.estimate(found, q, level),
            drivers=tuple(
                PlaceDriver(
                    *asked.pair(one), asked.opinions[one], asked.estimate(found, one, level)
                )
                for one in chosen[q]
            ),
        )
        for q, row in enumerate(rows)
    )


@dataclass(frozen=True)
class _Asked:
    """The quantities: a total per row first, then each pair at each row."""

    model: PlaceModel
    rows: int
    parts: Parts
    row: tuple[int, ...]
    pairs: tuple[int, ...]  # -1 for the totals
    opinions: tuple[int, ...]
    people: tuple[int, ...]
    shown: tuple[bool, ...]

    @classmethod
    def of(
        cls, rows: Sequence[JourneyRow], places: Places, model: PlaceModel, min_group: int
    ) -> _Asked:
        cells = cells_of(places)
        number = {
            (category, str(polarity)): k for k, (category, polarity) in enumerate(model.pairs)
        }
        amount = _amounts(places)
        row, pairs = list(range(len(rows))), [-1] * len(rows)
        members: list[Ints] = [np.zeros(0, dtype=np.int64)] * len(rows)
        entries: list[tuple[int, int, Ints]] = []  # quantity, pair, opinions
        for q, one in enumerate(rows):
            for pair, at in said_at(places, cells[one.stage, one.touchpoint]).items():
                k = number.get(pair, -1)
                if k < 0:
                    continue
                entries += [(q, k, at), (len(row), k, at)]
                members[q] = np.concatenate((members[q], at))
                row.append(q)
                pairs.append(k)
                members.append(at)
        people = tuple(len(set(model.people[places.occasion[at]].tolist())) for at in members)
        none = [np.zeros(0, dtype=np.int64)]
        at = np.concatenate([*none, *(one for _, _, one in entries)])
        sizes = [len(one) for _, _, one in entries]
        parts = Parts(
            np.repeat(np.array([q for q, _, _ in entries], dtype=np.int64), sizes),
            places.occasion[at],
            np.repeat(np.array([k for _, k, _ in entries], dtype=np.int64), sizes),
            amount[at],
            len(row),
        )
        return cls(
            model, len(rows), parts, tuple(row), tuple(pairs), tuple(len(one) for one in members),
            people, tuple(n >= min_group for n in people),
        )  # fmt: skip

    def pair(self, quantity: int) -> Pair:
        """What is said."""
        return self.model.pairs[self.pairs[quantity]]

    def strongest(self, found: PartImpacts) -> list[list[int]]:
        """Up to three quantities of each row that may be shown."""
        chosen: list[list[int]] = [[] for _ in range(self.rows)]
        own = range(self.rows, len(self.row))
        for q in sorted(own, key=lambda q: (-abs(float(found.values[q])), self.pair(q))):
            known = bool(found.determined[self.pairs[q]]) and self.shown[q]
            if known and len(chosen[self.row[q]]) < TOP:
                chosen[self.row[q]].append(q)
        return chosen

    def estimate(self, found: PartImpacts, quantity: int, level: float) -> Estimate:
        """The impact with its interval, withheld for fewer than 3 people."""
        value, variance = float(found.values[quantity]), float(found.variances[quantity])
        n, people = self.opinions[quantity], self.people[quantity]
        if not self.shown[quantity]:  # nothing in the model, or by too few to tell
            return Estimate(math.nan, math.nan, math.nan, n, "none", level)
        df = min(found.freedom, people - 1)
        reach, doubts = math.nan, []
        if people < LEAST_PEOPLE:
            doubts.append(Caveat.of("interval_withheld", n=people))
        elif variance > 0:
            reach = float(stdtrit(df, (1 + level) / 2)) * math.sqrt(variance)
        if LEAST_PEOPLE <= people < FEW_PEOPLE:
            doubts.append(Caveat.of("small_n", n=people))
        method = found.method
        return Estimate(value, value - reach, value + reach, n, method, level, tuple(doubts))


def _amounts(places: Places) -> Floats:
    """One over how often an opinion's occasion says the same, (o,); 0 without an occasion."""
    keys = list(
        zip(
            places.occasion.tolist(), places.category.tolist(), places.polarity.tolist(),
            strict=True,
        )
    )  # fmt: skip
    number: dict[Any, int] = {}
    code = np.array([number.setdefault(key, len(number)) for key in keys], dtype=np.int64)
    times = np.bincount(code, minlength=len(number))[code] if len(code) else np.zeros(0)
    amounts: Floats = np.where(places.occasion >= 0, 1 / np.maximum(times, 1), 0.0)
    return amounts
