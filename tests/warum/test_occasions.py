from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warum.occasions import Occasions, form_occasions, mention_matrix, mentioned_pairs


def objects(*values: str | None) -> np.ndarray:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def test_same_customer_date_and_score_count_once() -> None:
    occasions = form_occasions(
        6,
        customer=objects("a", "a", "a", "b", "a", "a"),
        date_key=objects("03-10", "03-10", "03-10", "03-10", "04-11", "03-10"),
        score=np.array([5, 5, 4, 5, 5, np.nan]),
        weight=np.array([1.0, 3, 1, 1, 1, 1]),
    )
    assert occasions.index.tolist() == [0, 0, 1, 2, 3, -1]
    assert occasions.score.tolist() == [5, 4, 5, 5]
    assert occasions.weight.tolist() == [2, 1, 1, 1]
    assert occasions.cluster.tolist() == [0, 0, 1, 0]
    assert occasions.first_row.tolist() == [0, 2, 3, 4]
    assert (len(occasions), occasions.people) == (4, 2)


@pytest.mark.parametrize(
    ("customer", "date_key", "expected"),
    [
        (None, objects("d", "d", "d"), [0, 1, 2]),
        (None, None, [0, 1, 2]),
        (objects(None, None, None), objects("d", "d", "d"), [0, 1, 2]),
        (objects("a", None, "a"), None, [0, 1, 0]),
        (objects("a", "a", "a"), objects(None, "d", None), [0, 1, 0]),
        (objects("a", "b", "a"), objects(None, None, "d"), [0, 1, 2]),
    ],
)
def test_what_is_missing(
    customer: np.ndarray | None, date_key: np.ndarray | None, expected: list[int]
) -> None:
    occasions = form_occasions(3, customer=customer, date_key=date_key, score=np.ones(3))
    assert occasions.index.tolist() == expected


def test_without_scores_customer_and_date_make_the_occasion() -> None:
    occasions = form_occasions(
        4, customer=objects("a", "a", "b", None), date_key=objects("d", "d", "d", "d")
    )
    assert occasions.index.tolist() == [0, 0, 1, 2]
    assert np.isnan(occasions.score).all()
    assert occasions.cluster.tolist() == [0, 1, 2]


@pytest.mark.parametrize("rows", [0, 3])
def test_no_scored_row_is_no_occasion(rows: int) -> None:
    occasions = form_occasions(
        rows, customer=objects(*["a"] * rows), date_key=objects(*["d"] * rows),
        score=np.full(rows, np.nan), weight=np.ones(rows),
    )  # fmt: skip
    assert (len(occasions), occasions.people) == (0, 0)
    assert occasions.index.tolist() == [-1] * rows


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="date_key has 1 values, expected 2"):
        form_occasions(2, date_key=objects("d"))


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["a", "b", None]),
            st.sampled_from(["d", "e", None]),
            st.sampled_from([1.0, 2.0, np.nan]),
        ),
        max_size=30,
    )
)
def test_occasions_partition_the_scored_rows(
    rows: list[tuple[str | None, str | None, float]],
) -> None:
    customer, date_key = objects(*[r[0] for r in rows]), objects(*[r[1] for r in rows])
    score = np.array([r[2] for r in rows])
    occasions = form_occasions(len(rows), customer=customer, date_key=date_key, score=score)
    assert expected_groups(rows) == found_groups(occasions)
    np.testing.assert_array_equal(occasions.score, score[occasions.first_row])
    assert (np.diff(occasions.first_row) > 0).all()


def expected_groups(rows: list[tuple[str | None, str | None, float]]) -> set[frozenset[int]]:
    groups: dict[object, set[int]] = {}
    for position, (who, when, score) in enumerate(rows):
        if score == score:
            key = position if who is None else (who, when, score)
            groups.setdefault(key, set()).add(position)
    return {frozenset(group) for group in groups.values()}


def found_groups(occasions: Occasions) -> set[frozenset[int]]:
    numbers = range(len(occasions))
    return {frozenset(np.flatnonzero(occasions.index == number).tolist()) for number in numbers}


def test_a_pair_is_mentioned_if_any_comment_mentions_it() -> None:
    pairs = (("price", "negative"), ("wait", "positive"), ("place", "neutral"))
    matrix = mention_matrix(
        np.array([0, 0, 1, -1, 2]),
        objects("price", "price", "wait", "place", "wait"),
        objects("negative", "negative", "positive", "neutral", "negative"),
        pairs,  # type: ignore[arg-type]
        3,
    )
    assert matrix.tolist() == [[True, False, False], [False, True, False], [False, False, False]]


@pytest.mark.parametrize(
    ("occasion", "match"),
    [([0], "1 occasions, 2 categories"), ([0, 3], "expected -1..2"), ([0, -2], "expected -1..2")],
)
def test_opinions_that_do_not_fit(occasion: list[int], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        mention_matrix(np.array(occasion), ["a", "b"], ["negative", "negative"], [], 3)


def test_pairs_are_sorted() -> None:
    categories = ["wait", "price", "price", "price", "price"]
    polarities = ["neutral", "positive", "negative", "neutral", "negative"]
    assert mentioned_pairs(categories, polarities) == (
        ("price", "negative"),
        ("price", "neutral"),
        ("price", "positive"),
        ("wait", "neutral"),
    )


def test_many_rows_take_no_time() -> None:
    n, rng = 200_000, np.random.default_rng(0)
    customer = objects(*[f"c{i}" for i in rng.integers(0, 60_000, n)])
    date_key = objects(*[f"d{i}" for i in rng.integers(0, 30, n)])
    begin = time.process_time()
    occasions = form_occasions(
        n, customer=customer, date_key=date_key, score=rng.integers(0, 11, n).astype(float)
    )
    assert occasions.people <= 60_000
    assert time.process_time() - begin < 5
