from __future__ import annotations

import pytest
from benchmarks.models.foldings import FOLDING, SHAH, SHAH_INTENTS, app_intent, emotion_of

from warum_models.protocol import EMOTIONS, INTENTS
from warum_models.train.tasks import EMOTION_FOLDS


def test_all_labels_fold_to_all_nine_emotions() -> None:
    assert len(FOLDING) == 28
    assert {emotion for emotion, _ in FOLDING.values()} == set(EMOTIONS)
    assert all(reason for _, reason in FOLDING.values())


def test_the_recipe_of_the_weights_folds_alike() -> None:
    theirs = {name: emotion for emotion, names in EMOTION_FOLDS.items() for name in names}
    assert {name: emotion for name, (emotion, _) in FOLDING.items()} == theirs


@pytest.mark.parametrize(
    ("labels", "emotion"),
    [
        (["joy"], "joy"),
        (["love", "admiration"], "joy"),
        (["joy", "anger"], None),
        (["neutral", "joy"], None),
    ],
)
def test_a_text_has_one_emotion_or_none(labels: list[str], emotion: str | None) -> None:
    assert emotion_of(labels) == emotion


def test_an_unknown_label_is_an_error() -> None:
    with pytest.raises(KeyError, match="boredom"):
        emotion_of(["boredom"])


def test_intents_of_app_feedback() -> None:
    assert set(SHAH.values()) == set(SHAH_INTENTS) <= set(INTENTS)
    assert SHAH["M"] == "bug_report"
    assert [app_intent(i) for i in ("bug_report", "praise", None)] == [
        "bug_report",
        "other",
        "other",
    ]
