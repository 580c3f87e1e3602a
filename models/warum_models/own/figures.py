"""How right a model is: precision, recall, F1 and calibration, with intervals.

Intervals hold 95 %. They are the wider of two: Wilson's, and the percentiles of a bootstrap over groups
(texts, or all texts of a customer). The bootstrap knows that texts of one customer err together, Wilson's does
not collapse where everything is right. F1's Wilson interval comes from the Jaccard index J, which is a
proportion: F1 = 2J / (1 + J).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warum_models.own.gold import Bools

Doubles = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
SAMPLES = 1000
_BLOCK = 100
_Z = 1.959964
_SEED = 11
LEAST_PROBABILITY = 0.1
BINS = 15


@dataclass(frozen=True, slots=True)
class Figure:
    """A share with its interval, all 0..1 or NaN, and the number n behind it."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and F1 of one label or of many.

    Attributes:
        name: Code of the label, or what was taken together.
        positives: How often the person saw it.
        found: How often the model did.
        hits: How often both did.
        precision: Share of the found that is right.
        recall: Share of the positives that is found.
        f1: Their harmonic mean.
    """

    name: str
    positives: int
    found: int
    hits: int
    precision: Figure
    recall: Figure
    f1: Figure


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs of like probability: their number, mean probability, and share that the person saw."""

    n: int
    probability: float
    share: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Expected calibration error over the pairs with probability ≥ 0.1, and their bins of equal mass."""

    error: float
    n: int
    bins: tuple[Bin, ...]


def wilson(hits: float, n: float) -> tuple[float, float]:
    """Wilson's interval of a proportion (Wilson 1927); 0..1 where n is 0."""
    if n <= 0:
        return 0.0, 1.0
    share, z2 = hits / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


class Counts:
    """Hits, found and positives of every group and label, and their bootstrap.

    Args:
        present: What the person said, (n, k).
        found: What the model said, (n, k).
        groups: Texts that belong together, (n,).
    """

    def __init__(self, present: Bools, found: Bools, groups: Rows) -> None:
        _, place = np.unique(groups, return_inverse=True)
        self.parts = (present & found, found, present)
        of_group = np.zeros((3, int(place.max(initial=-1)) + 1, present.shape[1]))
        for total, part in zip(of_group, self.parts, strict=True):
            np.add.at(total, place, part.astype(float))
        self.total = of_group.sum(axis=1)
        self._samples = _resampled(of_group)

    def of(self, name: str, columns: Rows) -> Scores:
        """Scores of some labels taken together (micro)."""
        hits, found, positives = (float(x) for x in self.total[:, columns].sum(axis=1))
        drawn = self._samples[:, :, columns].sum(axis=2)
        missed = found + positives - hits
        low, high = wilson(hits, missed)
        return Scores(
            name, int(positives), int(found), int(hits),
            _figure(hits, found, drawn[0], drawn[1], wilson(hits, found)),
            _figure(hits, positives, drawn[0], drawn[2], wilson(hits, positives)),
            _figure(
                2 * hits, found + positives, 2 * drawn[0], drawn[1] + drawn[2],
                (2 * low / (1 + low), 2 * high / (1 + high)), n=int(missed),
            ),
        )  # fmt: skip

    def macro(self) -> Figure:
        """Mean F1 of the labels that the person saw at least once."""
        seen = np.flatnonzero(self.total[2] > 0)
        if not len(seen):
            return Figure(math.nan, math.nan, math.nan, 0)
        value = _f1(self.total[:, seen]).mean()
        drawn = _f1(self._samples[:, :, seen]).mean(axis=-1)
        low, high = np.percentile(drawn, [2.5, 97.5])
        return Figure(float(value), float(min(low, value)), float(max(high, value)), len(seen))


def _f1(parts: Doubles) -> Doubles:
    return np.asarray(2 * parts[0] / np.maximum(parts[1] + parts[2], 1e-12))


def _resampled(of_group: Doubles) -> Doubles:
    """Totals (3, samples, k) of groups drawn with replacement."""
    parts, n, k = of_group.shape
    rng = np.random.default_rng(_SEED)
    out = np.zeros((parts, SAMPLES, k))
    flat = of_group.transpose(1, 0, 2).reshape(n, parts * k)
    for start in range(0, SAMPLES, _BLOCK):
        times = rng.multinomial(n, np.full(n, 1 / n), size=_BLOCK) if n else np.zeros((_BLOCK, 0))
        drawn = (times.astype(np.float64) @ flat).reshape(_BLOCK, parts, k)
        out[:, start : start + _BLOCK] = drawn.transpose(1, 0, 2)
    return out


def _figure(
    top: float,
    bottom: float,
    tops: Doubles,
    bottoms: Doubles,
    closed: tuple[float, float],
    *,
    n: int | None = None,
) -> Figure:
    count = int(bottom) if n is None else n
    if bottom <= 0:
        return Figure(math.nan, math.nan, math.nan, count)
    drawn = tops[bottoms > 0] / bottoms[bottoms > 0]
    low, high = np.percentile(drawn, [2.5, 97.5]) if len(drawn) else (0.0, 1.0)
    return Figure(top / bottom, min(float(low), closed[0]), max(float(high), closed[1]), count)


def label_scores(counts: Counts, labels: Sequence[str]) -> tuple[Scores, ...]:
    """Scores of every label."""
    return tuple(counts.of(code, np.array([j])) for j, code in enumerate(labels))


def share_right(right: Bools, groups: Rows) -> Figure:
    """Share of right answers with its interval.

    Args:
        right: Whether each of f answers is right, (f,).
        groups: Group of each answer, (f,).
    """
    if not len(right):
        return Figure(math.nan, math.nan, math.nan, 0)
    everything = np.ones((len(right), 1), dtype=bool)
    return Counts(everything, right[:, None], groups).of("right", np.array([0])).recall


def calibration(probability: Doubles, present: Bools) -> Calibration:
    """Expected calibration error in 15 bins of equal mass (Nguyen and O'Connor 2015).

    Args:
        probability: Of n comments and k labels, (n, k); only pairs of at least 0.1 count.
        present: (n, k).
    """
    likely = probability >= LEAST_PROBABILITY
    p, seen = probability[likely], present[likely].astype(float)
    if not len(p):
        return Calibration(math.nan, 0, ())
    order = np.argsort(p, kind="stable")
    bins = tuple(
        Bin(len(part), float(p[part].mean()), float(seen[part].mean()))
        for part in np.array_split(order, min(BINS, len(p)))
    )
    error = sum(b.n * abs(b.probability - b.share) for b in bins) / len(p)
    return Calibration(float(error), len(p), bins)


def for_json(value: Any) -> Any:  # noqa: ANN401 - whatever figures are kept in
    """Figures as JSON takes them.

    Args:
        value: Numbers, texts, dicts, lists and tuples, in one another.

    Returns:
        The same with four decimals, None for NaN, and lists for tuples.
    """
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 4)
    if isinstance(value, dict):
        return {key: for_json(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [for_json(inner) for inner in value]
    return value
