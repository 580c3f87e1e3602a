"""Labels of real comments find their texts in the public data, alone or put together from sentences."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from warum_models.protocol import EMOTIONS, Label
from warum_models.train import real
from warum_models.train.tasks import Task, fold_of

FOLDER = "app_feedback_classification"
CRASH, GREAT = "It crashes all day.", "Great calls!"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    tables = {
        f"{FOLDER}/P1-Golden__Blad1.csv": [["reviews", "Judgement"], [f" {CRASH} ", "1"]],
        f"{FOLDER}/P2-Golden__Blad1.csv": [["reviews", "Judgement"], [GREAT, "1"]],
        f"{FOLDER}/SHAH__Sheet1.csv": [["reviews", "labels"]],
        "goemotions/labels.txt": [["joy"], ["anger"]],
        "goemotions/train.tsv": [],
        "banking77/train.csv": [["text", "category"], ["Where is my card?", "card_arrival"],
                                ["Top up failed", "top_up_failed"]],
    }  # fmt: skip
    for name, rows in tables.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    (tmp_path / "sb10k").mkdir()
    (tmp_path / "sb10k" / "sb10k_corpus_v1.0.cgsa.tsv").write_text(
        "0\tneutral\tx\n1\tpositive\tToll", "utf-8"
    )
    (tmp_path / "vader_ground_truth").mkdir()
    for name in ("amazonReviewSnippets", "tweets", "movieReviewSnippets"):
        (tmp_path / "vader_ground_truth" / f"{name}_GroundTruth.txt").write_text(
            "1_1\t2.0\tGood", "utf-8"
        )
    return tmp_path


def labels(folder: Path, *rows: dict[str, Any]) -> Path:
    told = {"emotion": "anger", "intent": "bug_report", "effort": "none"}
    path = folder / "labels.jsonl"
    path.write_text("".join(json.dumps({**told, **row}) + "\n" for row in rows), "utf-8")
    return path


def test_a_text_is_found_by_its_key_and_its_labels_stand_at_their_place(data: Path) -> None:
    opinion = {"category": "digital.stability", "polarity": "negative", "start": 3, "end": 10}
    path = labels(data, {"text": real.text_key(CRASH), "opinions": [opinion]})
    (task,) = real.labelled(data, path)
    assert task.text == CRASH
    assert task.present == {"cx:digital.stability": [(0, 3, 10)]}
    assert task.document == (1.0, 0.0, 0.0)
    assert task.emotion == EMOTIONS.index("anger")


def test_a_review_that_stands_among_the_sentences_kept_for_testing_is_not_used(data: Path) -> None:
    path = data / FOLDER / "SHAH__Sheet1.csv"
    kept = next(t for i in range(50) if fold_of(t := f"It freezes {i}.") == 5)
    path.write_text(f"reviews,labels\n{kept},B\n", "utf-8")
    (data / FOLDER / "P1-Golden__Blad1.csv").write_text(f"reviews,Judgement\n{kept},1\n", "utf-8")
    labelled = labels(data, {"text": real.text_key(kept), "opinions": []})
    with pytest.raises(ValueError, match=real.text_key(kept)):
        list(real.labelled(data, labelled))


def test_a_review_is_put_together_from_its_sentences(data: Path) -> None:
    parts = [real.text_key(GREAT), real.text_key(CRASH)]
    path = labels(data, {"text": real.text_key(f"{GREAT} {CRASH}"), "parts": parts, "opinions": []})
    (task,) = real.labelled(data, path)
    assert task.text == f"{GREAT} {CRASH}"
    assert task.document == (0.0, 1.0, 0.0)


def test_what_the_data_say_of_the_whole_goes_before_the_opinions(data: Path) -> None:
    path = labels(data, {"text": real.text_key("Toll"), "opinions": []})
    (task,) = real.labelled(data, path)
    assert (task.language, task.document) == ("de", (0.0, 0.0, 1.0))


def test_labels_without_their_text_are_named(data: Path) -> None:
    path = labels(data, {"text": "0123456789abcdef", "opinions": []})
    with pytest.raises(ValueError, match="0123456789abcdef"):
        list(real.labelled(data, path))


def test_the_labels_in_the_corpus_have_known_values_and_one_row_per_text() -> None:
    rows = [json.loads(line) for line in real.LABELS.read_text("utf-8").splitlines()]
    assert len({row["text"] for row in rows}) == len(rows)
    assert all(0 <= o["start"] < o["end"] for row in rows for o in row["opinions"])


def test_an_intent_is_asked_beside_others_by_name(data: Path) -> None:
    first, second = real.banking77(data)
    assert list(first.present) == ["banking77:card_arrival"]
    assert set(second.known) == {"banking77:card_arrival", "banking77:top_up_failed"}
    assert real.intents(data)["banking77:card_arrival"] == "Card arrival"


def test_a_comment_comes_under_another_codebook_as_if_it_had_been_labelled_with_it() -> None:
    crashes = Label("crashes", "Crashes", "", (), "en"), frozenset({"digital.stability"})
    money = Label("money", "Money", "", (), "en"), frozenset({"price.value", "price.billing"})
    comment = Task(CRASH, "en", "authored real", present={"cx:digital.stability": [(0, 3, 10)]})
    (found,) = real.under_views([comment], {"held view shop": [crashes, money]})
    assert found.source == "own"
    assert found.known == ("held view shop:crashes", "held view shop:money")
    assert found.present == {"held view shop:crashes": [(0, 3, 10)]}
