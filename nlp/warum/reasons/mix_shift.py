"""Which segment column changed its mix most surely between two sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.reasons.design import Ints

_LEAST = 5.0  # expected people of a level on a side, as the chi-squared test wants them


def most_shifted(
    columns: Mapping[str, npt.NDArray[Any]], sides: Ints, people: npt.NDArray[Any]
) -> str | None:
    """The column with the strongest evidence of a changed mix; None if there are no columns.

    The scores have no say, so that the choice favours no result.

    Args:
        columns: Name to level of each occasion, str or None, object (m,).
        sides: 0 before, 1 after, -1 for neither, (m,).
        people: Person of each occasion, (m,).
    """
    ranked = sorted((*evidence(values, sides, people), name) for name, values in columns.items())
    return ranked[0][2] if ranked else None


def evidence(
    values: npt.NDArray[Any], sides: Ints, people: npt.NDArray[Any]
) -> tuple[float, float]:
    """Pearson's test of homogeneity over people, each counted once per side and level.

    Args:
        values: Level of each occasion, str or None, object (m,); levels of fewer than five expected
            people on a side are pooled.
        sides: As for `most_shifted`.
        people: Likewise.

    Returns:
        Logarithm of the p-value, and minus the statistic, for p-values beyond the smallest number.
    """
    from scipy.stats import chi2

    counts = _people(values, sides, people)
    if not counts.sum(axis=1).all():
        return 0.0, 0.0
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    rare = expected.min(axis=0) < _LEAST
    if rare.any():
        counts = np.column_stack((counts[:, ~rare], counts[:, rare].sum(axis=1)))
        expected = np.column_stack((expected[:, ~rare], expected[:, rare].sum(axis=1)))
    if counts.shape[1] < 2:
        return 0.0, 0.0
    statistic = float(((counts - expected) ** 2 / expected).sum())
    return float(chi2.logsf(statistic, counts.shape[1] - 1)), -statistic


def _people(values: npt.NDArray[Any], sides: Ints, people: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """People of each level on each side, (2, levels)."""
    used = np.flatnonzero(sides >= 0)
    names = {name: i for i, name in enumerate(sorted({str(v) for v in values[used].tolist()}))}
    level = np.array([names[str(v)] for v in values[used].tolist()], dtype=np.int64)
    who = np.unique(people[used], return_inverse=True)[1]
    cells = np.unique(np.stack((sides[used], level, who)), axis=1)
    counts = np.zeros((2, len(names)))
    np.add.at(counts, (cells[0], cells[1]), 1)
    return counts
