from __future__ import annotations

import pytest
from benchmarks.models.case import Case
from benchmarks.models.splits import (
    few_per_label,
    in_held_out_fifth,
    respondent_folds,
    without_texts,
    without_texts_of,
)

from warum_models.train.tasks import Task


def test_texts_equal_but_for_signs_and_case_are_on_one_side() -> None:
    assert in_held_out_fifth("It crashes!") == in_held_out_fifth("  it CRASHES ")
    share = sum(in_held_out_fifth(f"text {i}") for i in range(4000)) / 4000
    assert 0.17 < share < 0.23


def test_the_recipe_of_the_weights_keeps_the_same_fifth() -> None:
    for i in range(200):
        assert in_held_out_fifth(f"text {i}") == (Task(f"text {i}", "en", "shah").fold % 5 == 0)


def test_overlap_is_found_by_letters_and_signs_alone_never_are_one() -> None:
    cases = [Case("Great App!", "en"), Case("😀", "en"), Case("great apple", "en")]
    others = [Case("great app", "en"), Case("!!!", "en")]
    assert [c.text for c in without_texts_of(cases, others)] == ["😀", "great apple"]
    assert list(without_texts(cases, {"great apple", ""})) == cases[:2]


@pytest.fixture
def respondents() -> list[Case]:
    return [
        Case(f"t{i}", "en", frozenset({("ab"[i % 2], "")}), group=f"r{i // 3}") for i in range(60)
    ]


def test_a_respondent_is_in_one_fold(respondents: list[Case]) -> None:
    tested: list[int] = []
    for train, test in respondent_folds(respondents):
        assert not {respondents[i].group for i in train} & {respondents[i].group for i in test}
        assert len(train) + len(test) == len(respondents)
        tested += test.tolist()
    assert sorted(tested) == list(range(60))


def test_folds_and_draws_are_the_same_every_time(respondents: list[Case]) -> None:
    first = [test.tolist() for _, test in respondent_folds(respondents)]
    assert first == [test.tolist() for _, test in respondent_folds(respondents)]
    assert few_per_label(respondents, ("a", "b"), 8, 1) == few_per_label(
        respondents, ("a", "b"), 8, 1
    )
    assert few_per_label(respondents, ("a", "b"), 8, 1) != few_per_label(
        respondents, ("a", "b"), 8, 2
    )


def test_few_per_label_has_enough_of_each_and_all_of_a_rare_one() -> None:
    cases = [Case(f"t{i}", "en", frozenset({("a", "")})) for i in range(20)]
    cases.append(Case("rare", "en", frozenset({("a", ""), ("b", "")})))
    drawn = few_per_label(cases, ("a", "b", "never"), 8, 0)
    assert cases[-1] in drawn
    assert 8 <= len(drawn) == len(set(drawn)) <= 9
