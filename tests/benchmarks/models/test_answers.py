"""Our models and the baselines answer in one form, in the labels of the set."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from benchmarks.models.answers import Pipeline, ours
from benchmarks.models.case import Case
from benchmarks.models.categories import row
from benchmarks.models.category_sets import CategorySet
from benchmarks.models.supervised import TFIDF_C, Supervised, learners, tfidf
from benchmarks.models.training import (
    as_label,
    class_taxonomy,
    our_trainer,
    set_figures,
    surest,
)

from warum.defaults import load_model
from warum.taxonomy import Taxonomy, load_taxonomy
from warum_models.protocol import Reader

CASES = [
    Case("The staff were rude.", "en", frozenset({("staff", "negative")})),
    Case("Delicious food", "en", frozenset({("food", "positive")})),
    Case("n/a", "en"),
]
MAPPING = {"service.attitude": "staff", "food_drink": "food"}


@pytest.fixture(scope="module")
def fast() -> Pipeline:
    return ours("fast", load_taxonomy(), MAPPING, "mapping from cx")


def test_a_model_answers_in_the_labels_of_the_set(fast: Pipeline) -> None:
    staff, food, silent = fast.answer(CASES)
    assert ("staff", "negative") in staff.found
    assert ("food", "positive") in food.found
    assert staff.labels | food.labels <= set(MAPPING.values())
    assert {label for label, _, _ in food.evidence} == food.labels
    assert set(food.presence) == {"staff", "food"}
    assert food.presence["food"] > food.presence["staff"]
    assert food.heads["document"][0] == food.polarity == "positive"
    assert food.judged["food"][0] == "positive"
    assert 1 / 3 < food.judged["food"][1] <= 1
    assert not silent.found
    assert not silent.presence


def test_all_figures_of_a_row(fast: Pipeline) -> None:
    labelled = CategorySet("k", "title", "en", tuple(CASES), 1, (), load_taxonomy(), MAPPING)
    figures = row(labelled, fast, fast.answer(CASES)).figures
    assert {
        "micro",
        "macro",
        "constant_micro",
        "pair_micro",
        "given",
        "whole",
        "ece_category",
    } <= set(figures)
    assert figures["given"] == 1
    assert figures["removed"] == 1


def _many() -> list[Case]:
    words = {"staff": ("rude waiter", "kind waiter"), "food": ("stale soup", "fresh soup")}
    return [
        Case(
            f"{phrase} {i}",
            "en",
            frozenset({(label, polarity)}),
            emotion="joy" if polarity == "positive" else "anger",
        )
        for i in range(6)
        for label, phrases in words.items()
        for phrase, polarity in zip(phrases, ("negative", "positive"), strict=True)
    ]


def test_the_supervised_baseline_learns_labels_polarity_and_heads() -> None:
    model = Supervised("x", tfidf(), _many(), TFIDF_C)
    (answer,) = model.answer([Case("the rude waiter", "en")])
    assert answer.found == {("staff", "negative")}
    assert answer.polarity == "negative"
    assert answer.heads["emotion"][0] == "anger"


def test_without_a_teacher_there_is_tfidf_alone() -> None:
    assert [learner.name for learner in learners(None)] == ["TF-IDF + logistic regression"]


def test_a_fitting_function_gets_labelled_cases_and_its_reader_is_scored() -> None:
    taxonomy = load_taxonomy()
    asked = []

    def fit(cases: Sequence[Case], categories: Taxonomy, base: str) -> Reader:
        asked.append((list(cases), categories.codes, base))
        return load_model("fast", categories)

    trainer = our_trainer(fit, "accurate")
    learnt = trainer.learn(CASES, taxonomy)
    assert asked == [(CASES, taxonomy.codes, "accurate")]
    own = [Case("Delicious food", "en", frozenset({("food_drink", "positive")}))]
    assert set_figures(own, learnt.answer(own))["pair_micro"] > 0.5
    assert trainer.name == learnt.name == "warum train (accurate)"


def test_classes_are_labels_by_name() -> None:
    taxonomy = class_taxonomy("shah", ("bug_report", "other"))
    assert [c.title["en"] for c in taxonomy.categories] == ["bug report", "other"]
    assert as_label(Case("t", "en", intent="other"), "intent").labels == {"other"}


def test_the_surest_class_answers() -> None:
    from benchmarks.models.answers import Answer

    assert surest(Answer(presence={"a": 0.1, "b": 0.3}), ("a", "b", "c")) == "b"
    assert surest(Answer(), ("a", "b", "c")) == "c"


def test_the_cosine_takes_the_near_names_and_the_best_threshold_is_no_worse() -> None:
    from benchmarks.models.figures import label_f1
    from benchmarks.models.zero_shot import UNTUNED, Cosine

    class Letters:
        def embed(self, texts: Sequence[str]) -> np.ndarray:
            rows = np.array(
                [[text.lower().count(c) for c in "abcdefghijklmnopqrstuvwxyz"] for text in texts],
                float,
            )
            return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    names = {"staff": "staff", "food": "food"}
    found = []
    for threshold in (UNTUNED, None):
        cosine = Cosine(Letters(), names, threshold)  # type: ignore[arg-type]
        answers = cosine.answer(CASES[:2])
        found.append(label_f1([c.labels for c in CASES[:2]], [a.labels for a in answers]).micro)
    assert found[1] >= found[0] > 0
