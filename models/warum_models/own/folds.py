"""Folds that never part what belongs together: equal texts, and the comments of one customer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from warum_models.own.gold import Bools

Rows = npt.NDArray[np.int64]
MOST = 5
_FEW, _VERY_FEW = 50, 20


def plain(text: str) -> str:
    """A text without case and spacing: what makes two texts the same."""
    return " ".join(text.casefold().split())


def groups_of(texts: Sequence[str], customers: Sequence[str | None] | None = None) -> Rows:
    """Number the groups of comments that must not be parted.

    Args:
        texts: n comments.
        customers: Who wrote them, None where unknown.

    Returns:
        Group of each comment, (n,): comments with the same text or of the same customer share one,
        also by way of a third.
    """
    parent = list(range(len(texts)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first: dict[tuple[str, str], int] = {}
    for i, text in enumerate(texts):
        keys = [("text", plain(text))]
        if customers is not None and customers[i] is not None:
            keys.append(("customer", str(customers[i])))
        for key in keys:
            parent[root(i)] = root(first.setdefault(key, i))
    number: dict[int, int] = {}
    return np.array([number.setdefault(root(i), len(number)) for i in range(len(texts))], np.int64)


def fold_count(groups: Rows) -> int:
    """How many folds the data allow: 5, 3 below 50 groups, 2 below 20."""
    n = len(np.unique(groups))
    return MOST if n >= _FEW else 3 if n >= _VERY_FEW else 2


def fold_of(groups: Rows, present: Bools, count: int, seed: int = 0) -> Rows:
    """Give every comment a fold, so that each label is spread as evenly as its groups allow.

    Groups that hold rare labels are dealt first, each to the fold that lacks their rarest label most
    (after Sechidis et al. 2011).

    Args:
        groups: Group of each comment, (n,).
        present: Which labels each comment holds, (n, k).
        count: Number of folds.
        seed: Of the order of groups that are alike.

    Returns:
        Fold of each comment, 0..count - 1, (n,).
    """
    names, place = np.unique(groups, return_inverse=True)
    held = np.zeros((len(names), present.shape[1] + 1))
    np.add.at(held[:, :-1], place, present.astype(float))
    held[:, -1] = np.bincount(place, minlength=len(names))  # last column: how many comments
    total = held.sum(axis=0)
    rarest = np.where(held > 0, total[None, :], np.inf).argmin(axis=1)
    shuffled = np.random.default_rng(seed).permutation(len(names))
    order = sorted(shuffled.tolist(), key=lambda g: (total[rarest[g]], -held[g, -1]))
    dealt = np.zeros((count, held.shape[1]))
    chosen = np.zeros(len(names), dtype=np.int64)
    for g in order:
        lacking = dealt[:, rarest[g]], dealt[:, -1]
        fold = min(range(count), key=lambda f: (lacking[0][f], lacking[1][f], f))
        chosen[g] = fold
        dealt[fold] += held[g]
    return chosen[place]
