"""The authored corpus keeps its own rules."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

import warum_models.corpus
from warum_models.corpus.check import CATEGORIES, faults, main

FILES = sorted(Path(warum_models.corpus.__file__).parent.glob("*.jsonl"))
if not FILES:
    pytest.skip("the corpus is not in the installed package", allow_module_level=True)
ROWS = [json.loads(line) for path in FILES for line in path.read_text("utf-8").splitlines() if line]


def test_no_row_has_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(path) for path in FILES]) == 0, capsys.readouterr().out


def test_ids_are_unique() -> None:
    assert [i for i, n in Counter(row["id"] for row in ROWS).items() if n > 1] == []


def test_every_category_and_language_is_there() -> None:
    seen = Counter((row["language"], o["category"]) for row in ROWS for o in row["opinions"])
    for language in ("de", "en"):
        for category in CATEGORIES:
            assert seen[language, category] >= 20, (language, category)


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
