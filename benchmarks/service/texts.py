"""What is sent: short comments that differ from one another, so that nothing is read twice."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Sequence
from pathlib import Path

SHORT = 120  # characters of a short comment
_CORPUS = Path(__file__).parents[2] / "models" / "warum_models" / "corpus"


def short_comments() -> list[str]:
    """Short comments of the bundled example and of the training corpus, German and English, each once, shuffled."""
    from warum.example import example_path

    with example_path().open(encoding="utf-8", newline="") as file:
        texts = [row["comment"] for row in csv.DictReader(file)]
    for path in sorted(_CORPUS.glob("??_?.jsonl")):
        texts += [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
    short = sorted({text for text in texts if text and len(text) <= SHORT})
    random.Random(1).shuffle(short)
    return short


def bodies(texts: Sequence[str], size: int = 1) -> list[str]:
    """Bodies of requests of so many comments."""
    parts = [texts[i : i + size] for i in range(0, len(texts) - size + 1, size)]
    return [
        json.dumps({"comments": [{"id": str(i), "text": t} for i, t in enumerate(part)]})
        for part in parts
    ]
