"""The authored corpus keeps its own rules."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

import warum_models.corpus
from warum_models.corpus.check import CATEGORIES, faults, main, taxonomy_faults

FOLDER = Path(warum_models.corpus.__file__).parent
FILES = sorted(FOLDER.glob("*.jsonl"))
OWN = sorted((FOLDER / "own").glob("*.jsonl"))
if not FILES:
    pytest.skip("the corpus is not in the installed package", allow_module_level=True)
ROWS = [json.loads(line) for path in FILES for line in path.read_text("utf-8").splitlines() if line]


def test_no_row_has_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(path) for path in [*FILES, *OWN]]) == 0, capsys.readouterr().out


def test_ids_are_unique() -> None:
    assert [i for i, n in Counter(row["id"] for row in ROWS).items() if n > 1] == []


def test_every_category_and_language_is_there() -> None:
    seen = Counter((row["language"], o["category"]) for row in ROWS for o in row["opinions"])
    for language in ("de", "en"):
        for category in CATEGORIES:
            assert seen[language, category] >= 20, (language, category)


def test_own_taxonomies_are_many_and_in_both_languages() -> None:
    rows = [json.loads(line) for path in OWN for line in path.read_text("utf-8").splitlines()]
    stated = [row for row in rows if "categories" in row]
    names = [row["taxonomy"] for row in stated]
    assert len(set(names)) == len(names) >= 100
    assert min(Counter(row["language"] for row in stated).values()) >= 40
    assert len({row["id"] for row in rows if "id" in row}) == len(rows) - len(stated) >= 2000


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"language": "fr", "categories": [{}, {}]}, "'fr'"),
        ({"language": "de", "categories": []}, "no list"),
        (
            {"language": "de", "categories": [{"code": "a", "title": "A"}] * 2},
            "stands twice",
        ),
        ({"language": "de", "categories": [{"code": "a"}, {"code": "b"}]}, "no title"),
    ],
)
def test_faults_of_a_taxonomy_are_named(row: dict[str, object], said: str) -> None:
    assert any(said in fault for fault in taxonomy_faults(row))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"text": " "}, "empty"),
        ({"text": "a", "opinions": None}, "no list"),
        ({"text": "a", "opinions": [], "language": "fr"}, "'fr'"),
        (
            {"text": "a", "opinions": [{"category": "x", "polarity": "negative", "evidence": "a"}]},
            "'x'",
        ),
        (
            {"text": "a", "opinions": [{"category": "safety", "polarity": "bad", "evidence": "a"}]},
            "'bad'",
        ),
        (
            {
                "text": "a",
                "opinions": [{"category": "safety", "polarity": "negative", "evidence": "b"}],
            },
            "'b'",
        ),
    ],
)
def test_faults_are_named(row: dict[str, object], said: str) -> None:
    assert any(said in fault for fault in faults(row))
