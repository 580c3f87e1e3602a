from __future__ import annotations

import math

import numpy as np
import pytest
from benchmarks.models.answers import Answer
from benchmarks.models.case import Case, Target
from benchmarks.models.figures import (
    calibration_error,
    class_figures,
    constant_f1,
    evidence_figures,
    label_f1,
    paired_difference,
    pairs_as_labels,
    polarity_given_label,
)
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

LABELS = st.frozensets(st.sampled_from("abcd"), max_size=3)


def _sets(*texts: str) -> list[frozenset[str]]:
    return [frozenset(text) for text in texts]


def test_label_f1_by_hand() -> None:
    # right: a, b; wrong: c, z; missed: b. Of the gold's labels a 1, b 2/3, d 0; z and c count against micro only.
    gold, found = _sets("ab", "b", "d"), _sets("abz", "c", "d")
    f1 = label_f1(gold, found)
    assert f1.micro == pytest.approx(2 * 3 / (2 * 3 + 2 + 1))
    assert f1.macro == pytest.approx((1 + 2 / 3 + 1) / 3)


@given(st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=12))
def test_micro_f1_is_the_definition(held: list[tuple[frozenset[str], frozenset[str]]]) -> None:
    gold, found = [g for g, _ in held], [f for _, f in held]
    right = sum(len(g & f) for g, f in held)
    total = sum(len(g) + len(f) for g, f in held)
    micro = label_f1(gold, found).micro
    if any(gold):
        assert micro == pytest.approx(2 * right / total)
    else:
        assert math.isnan(micro)


def test_the_constant_answer_is_the_most_frequent_label() -> None:
    gold = _sets("a", "ab", "b", "b", "")
    assert constant_f1(gold).micro == pytest.approx(2 * 3 / (5 + 5))
    assert constant_f1(gold).macro == pytest.approx((0 + 2 * 3 / (3 + 5)) / 2)


def test_pairs_differ_by_polarity() -> None:
    gold = pairs_as_labels([frozenset({("a", "positive")})])
    assert label_f1(gold, pairs_as_labels([frozenset({("a", "negative")})])).micro == 0
    assert label_f1(gold, pairs_as_labels([frozenset({("a", "positive")})])).micro == 1


def test_class_figures_with_the_constant_answer_beside() -> None:
    gold, found = ["x", "x", "x", "y"], ["x", "x", "y", "y"]
    c = class_figures(gold, found, ("x", "y", "never in the gold"))
    assert (c.n, c.accuracy, c.constant) == (4, 0.75, 0.75)
    assert c.macro == pytest.approx(f1_score(gold, found, average="macro"))
    assert c.constant_macro == pytest.approx((2 * 3 / (3 + 4) + 0) / 2)


def test_macro_over_some_classes_counts_the_others_as_mistakes() -> None:
    c = class_figures(["x", "other"], ["x", "x"], ("x",))
    assert c.macro == pytest.approx(2 / 3)


def test_polarity_is_asked_for_every_gold_label_with_one_polarity() -> None:
    case = Case(
        "t",
        "en",
        frozenset({("a", "positive"), ("b", "negative"), ("b", "positive"), ("c", "neutral")}),
    )
    judged = {"a": ("positive", 0.9)}
    figures = polarity_given_label([case], [Answer(polarity="negative", judged=judged)])
    assert (figures.n, figures.accuracy) == (
        2,
        0.5,
    )  # a as judged, c falls back to the whole text; b is mixed


def test_evidence_holds_any_occurrence_of_the_target_of_its_own_label() -> None:
    text = "The fish was bad and the fish soup cold"
    case = Case(
        text, "en", targets=(Target("food", ((4, 8), (25, 29))), Target("price", ((4, 8),)))
    )
    answer = Answer(evidence=(("food", 21, 39), ("service", 0, 39)))
    figures = evidence_figures([case], [answer])
    assert (figures.n, figures.inside, figures.inside_found) == (2, 0.5, 1.0)
    assert figures.length == pytest.approx((18 / 39 + 1) / 2)


def test_a_calibrated_forecaster_has_almost_no_error_and_a_bold_one_has() -> None:
    rng = np.random.default_rng(0)
    p = rng.random(30_000)
    right = rng.random(p.size) < p
    assert calibration_error(p, right) < 0.02
    assert calibration_error(np.clip(p + 0.2, 0, 1), right) > 0.12


def test_calibration_error_by_hand() -> None:
    # two bins of two: |0.15 - 0.5| and |0.85 - 1|
    assert calibration_error([0.2, 0.8, 0.1, 0.9], [1, 1, 0, 1], bins=2) == pytest.approx(0.25)
    assert math.isnan(calibration_error([], []))


def test_fewer_claims_than_bins() -> None:
    assert calibration_error([0.5], [1]) == pytest.approx(0.5)


def test_paired_difference_is_signed_and_its_interval_narrower_for_equal_mistakes() -> None:
    gold = _sets(*["a", "b"] * 100)
    better = _sets(*["a", "b"] * 90, *["b", "a"] * 10)
    worse = _sets(*["a", "b"] * 70, *["b", "a"] * 30)
    d = paired_difference((gold, gold), (better, worse))
    assert d.value == pytest.approx(0.9 - 0.7)
    assert 0.1 < d.low < d.value < d.high < 0.3
    same = paired_difference((gold, gold), (worse, worse))
    assert (same.value, same.low, same.high) == (0, 0, 0)
