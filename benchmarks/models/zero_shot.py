"""Cosine between a text and the names of the labels, with no label at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.models.answers import Answer
from benchmarks.models.case import Case
from benchmarks.models.figures import label_f1
from benchmarks.models.teacher import Teacher

UNTUNED = 0.3
"""Cosine from which a label counts as there, set before any result."""
_GRID = np.arange(0.0, 0.81, 0.02)


class Cosine:
    """A text holds the labels whose name is near enough.

    Args:
        teacher: The encoder.
        names: Label to its name.
        threshold: Cosine from which a label counts as there; None takes the best one on the very cases that
            are asked, which no user can know.
    """

    def __init__(self, teacher: Teacher, names: Mapping[str, str], threshold: float | None) -> None:
        self._teacher, self._names, self._threshold = teacher, names, threshold
        self.name = "cosine to label names"
        self.way = (
            "untuned threshold" if threshold is not None else "best threshold on the test itself"
        )

    def answer(self, cases: Sequence[Case]) -> list[Answer]:
        """An answer to each case."""
        near = (
            self._teacher.embed([c.text for c in cases])
            @ self._teacher.embed(list(self._names.values())).T
        )
        threshold = self._best(cases, near) if self._threshold is None else self._threshold
        return [
            Answer(found=frozenset((label, "") for label in held))
            for held in self._held(near, threshold)
        ]

    def _held(self, near: npt.NDArray[np.float32], threshold: float) -> list[frozenset[str]]:
        labels = list(self._names)
        return [frozenset(labels[j] for j in np.flatnonzero(row >= threshold)) for row in near]

    def _best(self, cases: Sequence[Case], near: npt.NDArray[np.float32]) -> float:
        gold = [case.labels for case in cases]
        grid: list[float] = _GRID.tolist()
        return max(grid, key=lambda at: label_f1(gold, self._held(near, at)).micro)
