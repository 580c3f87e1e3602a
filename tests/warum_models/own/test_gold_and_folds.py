"""Labels as arrays, and folds that keep together what belongs together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum_models.own.folds import fold_count, fold_of, groups_of
from warum_models.own.gold import Gold, gold_of


def test_judgements_become_arrays() -> None:
    gold = gold_of(
        [{("a", "negative")}, set(), {("a", "positive"), ("a", "negative"), ("b", None)}],
        ["a", "b"],
    )
    assert gold.present.tolist() == [[True, False], [False, False], [True, True]]
    assert gold.single.tolist() == [[0, -1], [-1, -1], [-1, -1]]
    assert gold.positives.tolist() == [2, 1]
    assert gold.take(np.array([2])).present.tolist() == [[True, True]]


@pytest.mark.parametrize("judgement", [("c", None), ("a", "awful")])
def test_unknown_judgements_are_refused(judgement: tuple[str, str | None]) -> None:
    with pytest.raises(ValueError, match="expected one of"):
        gold_of([{judgement}], ["a", "b"])


def test_shapes_are_checked() -> None:
    with pytest.raises(ValueError, match="expected"):
        Gold(np.zeros((2, 3), bool), np.zeros((2, 3), bool))


def test_equal_texts_and_customers_share_a_group() -> None:
    groups = groups_of(["Great", "great ", "bad", "fine", "ok"], ["x", "y", "y", None, "z"])
    assert groups[0] == groups[1] == groups[2]
    assert len({int(g) for g in groups}) == 3


@given(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["x", "y", None])), min_size=1)
)
def test_folds_never_part_a_group(rows: list[tuple[str, str | None]]) -> None:
    groups = groups_of([text for text, _ in rows], [who for _, who in rows])
    fold = fold_of(groups, np.ones((len(rows), 1), bool), 3)
    for group in np.unique(groups):
        assert len(set(fold[groups == group].tolist())) == 1


def test_rare_labels_are_spread() -> None:
    present = np.zeros((100, 2), bool)
    present[:5, 0] = True
    present[5:, 1] = True
    fold = fold_of(np.arange(100), present, 5)
    assert sorted(fold[:5].tolist()) == [0, 1, 2, 3, 4]
    assert np.bincount(fold).tolist() == [20] * 5


@pytest.mark.parametrize(("n", "folds"), [(10, 2), (20, 3), (49, 3), (50, 5), (5000, 5)])
def test_fewer_folds_with_few_data(n: int, folds: int) -> None:
    assert fold_count(np.arange(n)) == folds
