from __future__ import annotations

import numpy as np
import pytest

from warum.reasons.row_order import row_order


@pytest.mark.parametrize("clustered", [False, True])
@pytest.mark.parametrize("k", [0, 3, 8, 70])
def test_content_comes_in_the_same_order_whatever_the_order_of_rows(
    clustered: bool, k: int
) -> None:
    rng = np.random.default_rng(k)
    y, side = rng.integers(0, 3, 300).astype(float), rng.integers(0, 2, 300)
    mentions = rng.random((300, k)) < 0.3
    who = rng.integers(0, 90, 300) if clustered else None
    first = row_order([y, side], mentions, who)
    shuffled = rng.permutation(300)
    renamed = None if who is None else (1_000 - who)[shuffled]
    other = row_order([y[shuffled], side[shuffled]], mentions[shuffled], renamed)
    for column in (y, side, mentions):
        assert (column[first.rows] == column[shuffled][other.rows]).all()
    assert (first.cluster == other.cluster).all()
    assert first.clusters == (300 if who is None else len(np.unique(who)))


def test_clusters_stay_together() -> None:
    rng = np.random.default_rng(1)
    who = rng.integers(0, 20, 100)
    order = row_order([rng.normal(size=100)], np.zeros((100, 2), dtype=bool), who)
    assert sorted(order.rows.tolist()) == list(range(100))
    assert (np.diff(order.cluster) >= 0).all()
    for number in range(order.clusters):
        assert len(set(who[order.rows[order.cluster == number]].tolist())) == 1


def test_two_zeros_are_one() -> None:
    mentions = np.zeros((2, 1), dtype=bool)
    order = row_order([np.array([0.0, -0.0])], mentions, None)
    assert order.rows.tolist() == [0, 1]
    assert row_order([np.zeros(0)], mentions[:0], None).clusters == 0
    assert row_order([np.zeros(0)], mentions[:0], np.zeros(0)).clusters == 0
