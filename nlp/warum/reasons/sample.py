"""The scored occasions that a model of the metric is fitted to, with the counts it needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.metrics import checked_weights
from warum.reasons.design import BLOCK_ROWS, Clusters, Floats, Ints

Mentions = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Sample:
    """Occasions of positive weight.

    Attributes:
        y: Contributions to the metric, (m,).
        mentions: Which occasion mentions which pair, (m, k).
        weights: Positive weights, (m,).
        clusters: Customer of each occasion, (m,); None where all are independent.
        controls: Columns to adjust for, (m, c).
        people: How occasions group into persons; None where each is its own.
    """

    y: Floats
    mentions: Mentions
    weights: Floats
    clusters: npt.NDArray[Any] | None
    controls: npt.NDArray[Any]
    people: Clusters | None

    @classmethod
    def of(
        cls,
        y: Floats,
        mentions: Mentions,
        *,
        weights: Floats | None = None,
        clusters: npt.NDArray[Any] | None = None,
        controls: npt.NDArray[Any] | None = None,
        people: npt.NDArray[Any] | None = None,
    ) -> Sample:
        """Check the arrays and leave out occasions of weight 0.

        Raises:
            ValueError: If lengths differ, y is not finite or mentions are not boolean.
            UsageError: If a weight is negative or not finite.
        """
        y = np.asarray(y, dtype=np.float64)
        people = clusters if people is None else people
        arrays = {
            "mentions": mentions,
            "weights": weights,
            "clusters": clusters,
            "controls": controls,
            "people": people,
        }
        lengths = {name: len(array) for name, array in arrays.items() if array is not None}
        if any(length != len(y) for length in lengths.values()):
            raise ValueError(f"{len(y)} scores, but {lengths}")
        if mentions.dtype != np.bool_:
            raise ValueError(f"mentions are {mentions.dtype}, expected bool")
        if not np.isfinite(y).all():
            raise ValueError("a score is NaN or infinite: pass scored occasions only")
        checked = checked_weights(weights, len(y))
        controls = np.zeros((len(y), 0), dtype=np.bool_) if controls is None else controls
        used = slice(None) if (checked > 0).all() else checked > 0
        return cls(
            y[used],
            mentions[used],
            checked[used],
            None if clusters is None else clusters[used],
            controls[used],
            None if people is None else Clusters.of(people[used]),
        )

    def __len__(self) -> int:
        return len(self.y)

    @cached_property
    def metric(self) -> float:
        """Weighted mean of the contributions."""
        return float(self.weights @ self.y) / float(self.weights.sum())

    @cached_property
    def deviation(self) -> float:
        """Weighted standard deviation of the contributions."""
        spread = float(self.weights @ (self.y - self.metric) ** 2) / float(self.weights.sum())
        return math.sqrt(spread)

    @cached_property
    def counts(self) -> Ints:
        """Occasions that mention each pair, (k,)."""
        counts: Ints = self.mentions.sum(axis=0, dtype=np.int64)
        return counts

    @cached_property
    def people_with(self) -> Ints:
        """People who mention each pair, (k,)."""
        if self.people is None:
            return self.counts
        return self.people.holding(self.mentions)

    @cached_property
    def fewest(self) -> Ints:
        """People who mention each pair, or who at least once do not, whichever are fewer, (k,)."""
        people = len(self) if self.people is None else len(self.people)
        fewest = np.minimum(self.people_with, people - self.people_with)
        if self.people is None:
            return fewest
        # Who mentions it once and another time not counts on both sides; that matters only where
        # the side without is the smaller one.
        many = np.flatnonzero(self.people_with > people - self.people_with)
        without = self.people.holding(~self.mentions[:, many])
        fewest[many] = np.minimum(self.people_with[many], without)
        return fewest

    @cached_property
    def moments(self) -> Floats:
        """Weighted sums over each pair's mentions of 1, y, y squared (about the metric), (3, k)."""
        about = self.y - self.metric
        powers = np.stack((self.weights, self.weights * about, self.weights * about**2))
        sums = np.zeros((3, self.mentions.shape[1]))
        for start in range(0, len(self), BLOCK_ROWS):
            rows = slice(start, start + BLOCK_ROWS)
            sums += powers[:, rows] @ self.mentions[rows].astype(np.float64)
        return sums

    def units(self) -> int:
        """How many independent people there are."""
        return len(self) if self.clusters is None else len(np.unique(self.clusters))

    def only(self, columns: Sequence[int]) -> Mentions:
        """The mentions of some pairs, (m, len(columns)), for the model."""
        if list(columns) == list(range(self.mentions.shape[1])):
            return self.mentions
        return np.ascontiguousarray(self.mentions[:, list(columns)])
