"""The held-out set is well-formed, the same in both languages, and in no part of the training data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import warum_models.corpus
from warum_models.corpus.check import faults

FOLDER = Path(warum_models.corpus.__file__).parent
FILES = sorted((FOLDER / "held_out").glob("*.jsonl"))
if not FILES:
    pytest.skip("the corpus is not in the installed package", allow_module_level=True)
ITEMS = [
    json.loads(line) for path in FILES for line in path.read_text("utf-8").splitlines() if line
]
TRAINING = [
    json.loads(line)
    for path in (*FOLDER.glob("*.jsonl"), *(FOLDER / "own").glob("*.jsonl"))
    for line in path.read_text("utf-8").splitlines()
    if line and '"categories"' not in line
]


def test_it_is_large_and_its_ids_are_unique() -> None:
    assert len(ITEMS) >= 600
    assert len({item["id"] for item in ITEMS}) == len(ITEMS)


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_item_has_a_fault(language: str) -> None:
    common = ("emotion", "intent", "effort")
    found = {
        item["id"]: said
        for item in ITEMS
        if (
            said := faults({**item[language], "language": language, **{k: item[k] for k in common}})
        )
    }
    assert found == {}


def test_both_languages_hold_the_same_opinions() -> None:
    def pairs(
        item: dict[str, dict[str, list[dict[str, str]]]], language: str
    ) -> list[tuple[str, str]]:
        return sorted((o["category"], o["polarity"]) for o in item[language]["opinions"])

    assert [i["id"] for i in ITEMS if pairs(i, "de") != pairs(i, "en")] == []


def test_nothing_of_it_is_in_the_training_part() -> None:
    texts = {row["text"].strip().lower() for row in TRAINING}
    assert [
        i["id"] for i in ITEMS for k in ("de", "en") if i[k]["text"].strip().lower() in texts
    ] == []
    assert {i["industry"] for i in ITEMS} & {row.get("industry") for row in TRAINING} == set()
    assert "chat" in {i["source"] for i in ITEMS}
    assert "chat" not in {row["source"] for row in TRAINING}
