"""What the drivers are adjusted for (segment, language, question, time) as zeros and ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

MISSING, OTHER = "(missing)", "(other)"
BANDS = 5


def control_dummies(
    columns: Mapping[str, npt.NDArray[Any]], *, least: int = 20, most: int = 30
) -> tuple[npt.NDArray[np.bool_], tuple[str, ...]]:
    """One column per level of each control but its reference.

    The reference is the most frequent level (the first by name among equals). Levels with fewer
    than `least` occasions, and those beyond the `most` frequent, are pooled as "(other)"; if even
    that has fewer than `least`, it joins the reference. A missing value is a level of its own.

    Args:
        columns: Name to levels, str or None, object (m,).
        least: Occasions that a level needs for a column of its own.
        most: Greatest number of levels kept per control.

    Returns:
        The columns, bool (m, c), and their names, "branch=North".

    Raises:
        ValueError: If the controls differ in length.
    """
    lengths = {name: len(levels) for name, levels in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"controls differ in length: {lengths}")
    names: list[str] = []
    dummies: list[npt.NDArray[np.bool_]] = []
    for name, levels in columns.items():
        pooled, others = _pooled(levels, least, most)
        for level in others:
            names.append(f"{name}={level}")
            dummies.append(np.asarray(pooled == level, dtype=np.bool_))
    if not dummies:
        return np.zeros((next(iter(lengths.values()), 0), 0), dtype=np.bool_), ()
    return np.column_stack(dummies), tuple(names)


def banded(values: npt.NDArray[np.float64], bands: int = BANDS) -> npt.NDArray[Any]:
    """A number as levels of about equally many occasions each, so that no form is assumed.

    Args:
        values: (m,); NaN where missing.
        bands: Greatest number of levels; of a number with few values, each is a level.

    Returns:
        Names such as "3 to 8", None where missing, object (m,).
    """
    names = np.full(len(values), None, dtype=object)
    known = np.flatnonzero(~np.isnan(values))
    distinct = np.unique(values[known])
    if len(distinct) <= bands:
        names[known] = [f"{value:g}" for value in values[known].tolist()]
        return names
    # Ends are values of the data, so that no value lies between two bands.
    cuts = np.unique(np.quantile(values[known], np.arange(1, bands) / bands, method="lower"))
    band = np.searchsorted(cuts, values[known], side="left")
    for one in np.unique(band).tolist():
        inside = known[band == one]
        low, high = values[inside].min(), values[inside].max()
        names[inside] = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    return names


def _pooled(levels: npt.NDArray[Any], least: int, most: int) -> tuple[npt.NDArray[Any], list[str]]:
    """The levels with rare ones pooled, and all but the reference, by falling frequency."""
    texts = [MISSING if level is None else str(level) for level in levels.tolist()]
    ranked = sorted(Counter(texts).items(), key=lambda item: (-item[1], item[0]))
    kept = [level for level, count in ranked[:most] if count >= least]
    if not kept:
        return np.array(texts, dtype=object), []
    pool = len(texts) - sum(count for level, count in ranked if level in kept)
    rest = OTHER if pool >= least else kept[0]
    renamed = {level: level if level in kept else rest for level, _ in ranked}
    column = np.array([renamed[text] for text in texts], dtype=object)
    return column, kept[1:] + ([OTHER] if rest == OTHER and OTHER not in kept else [])
