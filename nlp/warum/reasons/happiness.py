"""A weighted happiness index, 0 to 100, and how far the order of segments hangs on the weights.

Every metric stands on 0 (worst) to 100 (best), is averaged over those who have it, and the averages
are weighted: a missing score neither drops an occasion nor changes the weights.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from warum.caveats import Caveat
from warum.metrics import SMALL_N, checked_weights
from warum.reasons.design import Floats, Ints
from warum.reasons.index_weights import checked_shares, known_scores
from warum.reasons.segments import safe_groups
from warum.records import Estimate

CONCENTRATION = 50.0
_DRAWS = 2000
_SURE = 0.9


@dataclass(frozen=True, slots=True)
class IndexPart:
    """What one metric adds to the index.

    Attributes:
        score: Its column.
        weight: Its weight, all adding up to 1.
        scaled: Its mean on the scale of 0 (worst) to 100 (best); NaN where too few people have it.
        n: Occasions that have it.
    """

    score: str
    weight: float
    scaled: float
    n: int


@dataclass(frozen=True, slots=True)
class SegmentIndex:
    """The index of a segment, and its place among those of its column.

    Attributes:
        by, value: The segment.
        index: 0..100; NaN where too few people have one of the metrics.
        people: People in it.
        rank: 1 for the highest; 0 where there is no index.
        rank_low, rank_high: Best and worst place in 95 % of the other weightings tried.
    """

    by: str
    value: str
    index: Estimate
    people: int
    rank: int
    rank_low: int
    rank_high: int


@dataclass(frozen=True)
class HappinessIndex:
    """The index of all, its parts and its segments.

    Attributes:
        overall: 0..100.
        parts: By falling weight.
        segments: Column by column, by rank.
        agreement: Segment column and the share of other weightings that leave its whole order as it is.
        suppressed: Segments left out for being small.
        caveats: Neighbours whose order fewer than 90 % of the weightings keep.
    """

    overall: Estimate
    parts: tuple[IndexPart, ...]
    segments: tuple[SegmentIndex, ...]
    agreement: tuple[tuple[str, float], ...]
    suppressed: int
    caveats: tuple[Caveat, ...]


def happiness_index(
    scaled: Mapping[str, Floats],
    weights: Mapping[str, float],
    *,
    segments: Mapping[str, npt.NDArray[Any]] | None = None,
    people: npt.NDArray[Any] | None = None,
    row_weights: Floats | None = None,
    min_group: int = 5,
    seed: int = 0,
    level: float = 0.95,
) -> HappinessIndex:
    """The weighted mean of several metrics.

    Intervals come from the influence of every person on the weighted mean of the averages (CR1),
    with Satterthwaite's degrees of freedom where few people have one of the metrics. Other
    weightings are drawn from a Dirichlet distribution around the chosen one with concentration 50:
    a weight of one third then varies by 0.07.

    Args:
        scaled: Column to what each row adds to its metric, 0..100, (m,); NaN where missing.
        weights: Column to weight, 0 or more; scaled to add up to 1.
        segments: Column to value of each row, str or None, (m,).
        people: Person of each row, (m,); None where each is its own.
        row_weights: Sampling weights, (m,); None for equal ones.
        min_group: Segments of fewer people, or with a metric of fewer, have no index.
        seed: Of the weightings drawn.
        level: Confidence level.

    Raises:
        UsageError: If a weight is negative, none is positive, or a weighted metric is not there.
        ValueError: If lengths differ.
    """
    share = checked_shares(weights)
    known_scores(share, scaled)
    names = sorted(share, key=lambda name: (-share[name], name))
    chosen = np.array([share[name] for name in names])
    world = _World.of([scaled[name] for name in names], people, row_weights, min_group, level)
    everybody = np.arange(len(world.person))
    rows: list[SegmentIndex] = []
    agreement: list[tuple[str, float]] = []
    suppressed, doubts = 0, []
    for by, values in (segments or {}).items():
        members, small = _members(values, world)
        found = [_Found.of(value, world.only(at), chosen) for value, at in members]
        ranked, kept, unsure = _ranked(by, found, chosen, seed)
        rows += ranked
        agreement.append((by, kept))
        suppressed += small
        doubts += unsure
    means, counts = world.means(), (~np.isnan(world.scaled)).sum(0)
    parts = tuple(
        IndexPart(name, float(weight), float(mean), int(n))
        for name, weight, mean, n in zip(names, chosen, means, counts, strict=True)
    )
    overall = _Found.of("", world.only(everybody), chosen).index
    return HappinessIndex(overall, parts, tuple(rows), tuple(agreement), suppressed, tuple(doubts))


@dataclass(frozen=True)
class _World:
    """Rows and what they add to each metric, m rows, w metrics."""

    scaled: Floats  # (m, w)
    person: Ints  # (m,)
    mass: Floats  # (m,)
    min_group: int
    level: float

    @classmethod
    def of(
        cls,
        columns: list[Floats],
        people: npt.NDArray[Any] | None,
        row_weights: Floats | None,
        min_group: int,
        level: float,
    ) -> _World:
        scaled = np.stack([np.asarray(column, dtype=np.float64) for column in columns], 1)
        m = len(scaled)
        person = np.arange(m) if people is None else np.unique(people, return_inverse=True)[1]
        mass = checked_weights(row_weights, m)
        if len(person) != m or len(mass) != m:
            raise ValueError(f"{m} rows, but {len(person)} people and {len(mass)} weights")
        scaled[mass == 0] = np.nan
        return cls(scaled, person.astype(np.int64), mass, min_group, level)

    def only(self, at: Ints) -> _World:
        """Some of the rows."""
        return _World(self.scaled[at], self.person[at], self.mass[at], self.min_group, self.level)

    @property
    def there(self) -> npt.NDArray[np.bool_]:
        """Which row has which metric, (m, w)."""
        known: npt.NDArray[np.bool_] = ~np.isnan(self.scaled)
        return known

    def people(self) -> Ints:
        """People who have each metric, (w,)."""
        return np.array([len(np.unique(self.person[one])) for one in self.there.T], dtype=np.int64)

    def means(self) -> Floats:
        """Mean of each metric over the rows that have it, (w,); NaN where too few people do."""
        mass = np.where(self.there, self.mass[:, None], 0.0)
        total = mass.sum(0)
        sums = (mass * np.where(self.there, self.scaled, 0.0)).sum(0)
        enough = (total > 0) & (self.people() >= self.min_group)
        means: Floats = np.where(enough, sums / np.where(total > 0, total, 1.0), np.nan)
        return means


@dataclass(frozen=True)
class _Found:
    """A segment's index and means."""

    value: str
    index: Estimate
    means: Floats
    people: int

    @classmethod
    def of(cls, value: str, rows: _World, chosen: Floats) -> _Found:
        used = rows.there.any(1)
        behind = len(np.unique(rows.person[used]))
        return cls(value, _index(rows.only(np.flatnonzero(used)), chosen), rows.means(), behind)


def _index(rows: _World, chosen: Floats) -> Estimate:
    """The index of rows that each have at least one metric."""
    n, nan, means, level = len(rows.person), math.nan, rows.means(), rows.level
    people = rows.people()
    fewest = int(people.min()) if len(people) else 0
    doubts = (Caveat.of("small_n", n=fewest),) if fewest < SMALL_N else ()
    value = float(chosen @ means)
    if math.isnan(value):
        return Estimate(nan, nan, nan, n, "none", level, doubts)
    mass = np.where(rows.there, rows.mass[:, None], 0.0)
    influence = mass / mass.sum(0) * np.where(rows.there, rows.scaled - means, 0.0) * chosen
    _, group = np.unique(rows.person, return_inverse=True)
    by_metric = np.stack([np.bincount(group, column) for column in influence.T], 1)
    sums = by_metric.sum(1)
    groups = len(sums)
    variance = float(sums @ sums) * groups / (groups - 1) if groups > 1 else nan
    low = high = nan
    if variance > 0:
        df = _freedom((by_metric**2).sum(0), people, groups)
        reach = float(stdtrit(df, (1 + level) / 2)) * math.sqrt(variance)
        low, high = max(0.0, value - reach), min(100.0, value + reach)
    else:
        doubts = (*doubts, Caveat.of("constant_score"))
    method = "index-cr1" if groups < n else "index-hc1"
    return Estimate(value, low, high, n, method, level, doubts)


def _freedom(variances: Floats, people: Ints, groups: int) -> float:
    """Satterthwaite's degrees of freedom of a sum of means, each known from so many people."""
    squared = float((variances**2 / np.maximum(people - 1, 1)).sum())
    if not squared > 0:
        return groups - 1
    return min(groups - 1, max(1.0, float(variances.sum()) ** 2 / squared))


def _members(values: npt.NDArray[Any], world: _World) -> tuple[list[tuple[str, Ints]], int]:
    """Positions of each segment that may be shown, by name, and how many are too small."""
    listed = values.tolist()
    if len(listed) != len(world.person):
        raise ValueError(f"{len(world.person)} rows, but {len(listed)} values of a segment")
    used = np.flatnonzero(world.there.any(1))
    groups: dict[str, list[int]] = {}
    for position in used.tolist():
        if listed[position] is not None:
            groups.setdefault(str(listed[position]), []).append(position)
    arrays = {value: np.array(at, dtype=np.int64) for value, at in groups.items()}
    large = {
        v: at for v, at in arrays.items() if len(np.unique(world.person[at])) >= world.min_group
    }
    kept = list(large)
    if len(large) < len(arrays):
        kept = safe_groups(world.person, used, large, world.min_group)
    return [(value, large[value]) for value in sorted(kept)], len(arrays) - len(kept)


def _ranked(
    by: str, found: list[_Found], chosen: Floats, seed: int
) -> tuple[list[SegmentIndex], float, list[Caveat]]:
    """Segments by rank, how many weightings keep the order, and neighbours that may swap."""
    unknown = [one for one in found if math.isnan(one.index.value)]
    known = [one for one in found if not math.isnan(one.index.value)]
    known.sort(key=lambda one: (-one.index.value, one.value))
    other = np.random.default_rng(seed).dirichlet(CONCENTRATION * chosen, _DRAWS)
    means = np.array([one.means for one in known]).reshape(len(known), len(chosen))
    values = other @ means.T
    # Position of each segment in each draw; ties go by the order of the chosen weights.
    places = np.argsort(np.argsort(-values, axis=1, kind="stable"), axis=1, kind="stable") + 1
    rows = []
    for i, one in enumerate(known):
        low, high = np.quantile(places[:, i], (0.025, 0.975), method="nearest")
        rows.append(SegmentIndex(by, one.value, one.index, one.people, i + 1, int(low), int(high)))
    rows += [SegmentIndex(by, one.value, one.index, one.people, 0, 0, 0) for one in unknown]
    kept = float((places == np.arange(1, len(known) + 1)).all(1).mean()) if known else 1.0
    unsure = [
        Caveat.of("rank_by_weights", first=known[i].value, second=known[i + 1].value)
        for i in range(len(known) - 1)
        if (values[:, i] >= values[:, i + 1]).mean() < _SURE
    ]
    return rows, kept, unsure
