"""Scoring occasions: a customer's rows of the same date and score count once.

Metrics and drivers are computed per occasion. Two comments of one person on one visit are not two
independent scores; counting rows would make the intervals too narrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.records import POLARITIES, Polarity

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[Any]
Pair = tuple[str, Polarity]


@dataclass(frozen=True)
class Occasions:
    """The scoring occasions of one score column, m of them, numbered by their first row.

    Attributes:
        index: Occasion of each input row, int64 (n_rows,); -1 where the row has no score.
        score: Score of each occasion, float64 (m,); NaN where there is no score column.
        weight: Mean weight of its rows, float64 (m,); ones without weights.
        cluster: Customer of each occasion as a number from 0, int64 (m,).
        first_row: Position of its first row, int64 (m,).
    """

    index: Ints
    score: Floats
    weight: Floats
    cluster: Ints
    first_row: Ints

    def __len__(self) -> int:
        return len(self.first_row)

    @property
    def people(self) -> int:
        """Number of customers; without a customer column, of occasions."""
        return int(self.cluster.max()) + 1 if len(self) else 0


def form_occasions(
    n_rows: int,
    *,
    customer: Objects | None = None,
    date_key: Objects | None = None,
    score: Floats | None = None,
    weight: Floats | None = None,
) -> Occasions:
    """Group rows into scoring occasions.

    Rows of one customer with the same date key and the same score are one occasion. A missing date
    equals the customer's other missing dates. A missing customer is a person of its own, and so is
    every row where there is no customer column.

    Args:
        n_rows: Number of input rows.
        customer: Customer ids, None where missing, object (n_rows,); None without such a column.
        date_key: Canonical dates, None where missing, object (n_rows,); None without such a column.
        score: Scores, NaN where missing, float64 (n_rows,); None for data without scores, where
            customer and date alone make an occasion.
        weight: Row weights, float64 (n_rows,); None for equal weights.

    Raises:
        ValueError: If an array has another length than `n_rows`.
    """
    _check_lengths(n_rows, customer=customer, date_key=date_key, score=score, weight=weight)
    used = np.arange(n_rows) if score is None else np.flatnonzero(~np.isnan(score))
    # Without customers every row is its own person and occasion: there is nothing to group.
    person = inverse = first = np.arange(len(used))
    if customer is not None:
        person = _numbers(customer[used], missing_alike=False)
        inverse, first = _first_seen(_occasion_keys(person, date_key, score, used))
    index = np.full(n_rows, -1, dtype=np.int64)
    index[used] = inverse
    first_row = used[first]
    return Occasions(
        index=index,
        score=np.full(len(first_row), np.nan)
        if score is None
        else score[first_row].astype(np.float64),
        weight=_mean_weight(weight, used, inverse, len(first_row)),
        cluster=person[first],
        first_row=first_row,
    )


def mentioned_pairs(categories: Iterable[str], polarities: Iterable[str]) -> tuple[Pair, ...]:
    """The category-polarity pairs that occur, by category, then negative, neutral, positive."""
    rank: dict[str, int] = {polarity: i for i, polarity in enumerate(POLARITIES)}
    found = set(zip(categories, polarities, strict=True))
    ordered = sorted(found, key=lambda pair: (pair[0], rank[pair[1]]))
    return tuple((category, POLARITIES[rank[polarity]]) for category, polarity in ordered)


def mention_matrix(
    occasion: Ints,
    categories: Sequence[str] | Objects,
    polarities: Sequence[str] | Objects,
    pairs: Sequence[Pair],
    n_occasions: int,
) -> npt.NDArray[np.bool_]:
    """Which occasion mentions which category with which polarity, in any of its comments.

    Args:
        occasion: Occasion of the row each opinion stands in (`Occasions.index[row]`), int64 (o,);
            opinions at -1 are left out.
        categories: Category code of each opinion, length o.
        polarities: Polarity of each opinion, length o.
        pairs: The columns wanted, k of them; opinions of other pairs are left out.
        n_occasions: m.

    Returns:
        bool (m, k).

    Raises:
        ValueError: If the lengths differ or an occasion is out of range.
    """
    if not len(occasion) == len(categories) == len(polarities):
        raise ValueError(
            f"{len(occasion)} occasions, {len(categories)} categories and"
            f" {len(polarities)} polarities, expected equal lengths"
        )
    if len(occasion) and not -1 <= occasion.min() <= occasion.max() < n_occasions:
        raise ValueError(
            f"occasions {occasion.min()}..{occasion.max()}, expected -1..{n_occasions - 1}"
        )
    column: dict[tuple[str, str], int] = {pair: k for k, pair in enumerate(pairs)}
    keys = zip(categories, polarities, strict=True)
    columns = np.fromiter((column.get(key, -1) for key in keys), np.int64, len(occasion))
    keep = (occasion >= 0) & (columns >= 0)
    matrix = np.zeros((n_occasions, len(pairs)), dtype=np.bool_)
    matrix[occasion[keep], columns[keep]] = True
    return matrix


def _check_lengths(n_rows: int, **arrays: npt.NDArray[Any] | None) -> None:
    for name, array in arrays.items():
        if array is not None and len(array) != n_rows:
            raise ValueError(f"{name} has {len(array)} values, expected {n_rows}")


def _numbers(names: Objects, *, missing_alike: bool) -> Ints:
    """Names as numbers from 0 by first appearance, int64 (n,).

    A missing name (None) is either equal to the other missing names or to nobody.
    """
    # One pass over a dict: np.unique would sort a million Python strings.
    number: dict[Any, int] = {}
    keys = names.tolist()
    if not missing_alike:
        keys = [object() if key is None else key for key in keys]
    return np.array([number.setdefault(key, len(number)) for key in keys], dtype=np.int64)


def _occasion_keys(
    person: Ints, date_key: Objects | None, score: Floats | None, used: Ints
) -> Ints:
    """One number per row, equal for rows of one occasion."""
    keys = person
    if date_key is not None:
        keys = _combined(keys, _numbers(date_key[used], missing_alike=True))
    if score is not None:
        keys = _combined(keys, np.unique(score[used], return_inverse=True)[1].astype(np.int64))
    return keys


def _combined(left: Ints, right: Ints) -> Ints:
    joint = left * (int(right.max()) + 1 if len(right) else 1) + right
    codes: Ints = np.unique(joint, return_inverse=True)[1]
    return codes


def _first_seen(keys: Ints) -> tuple[Ints, Ints]:
    """Group numbers by first appearance (n,) and the position of each group's first member (m,)."""
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[inverse], first[order]


def _mean_weight(weight: Floats | None, used: Ints, inverse: Ints, m: int) -> Floats:
    if weight is None:
        return np.ones(m)
    sums = np.bincount(inverse, weight[used], minlength=m).astype(np.float64)
    return sums / np.bincount(inverse, minlength=m)
