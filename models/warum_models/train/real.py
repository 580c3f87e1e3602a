"""Real comments that were labelled for this project: their labels are here, their texts in the public data."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from warum_models.protocol import EFFORTS, EMOTIONS, INTENTS, POLARITIES, Label
from warum_models.train import tasks
from warum_models.train.labelbank import CODES, CORPUS, spans_of
from warum_models.train.tasks import Task

LABELS = CORPUS / "real" / "labels.jsonl"
SOURCE = "authored real"  # labelled by the same hand as the authored comments


def text_key(text: str) -> str:
    """How a text is named without being repeated."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def labelled(data: Path, labels: Path = LABELS) -> Iterator[Task]:
    """Real texts of six public sets under `cx`, one task per row of labels.

    A row names its text by `text`, or, where it is a review put together again, its sentences by `parts`.

    Args:
        data: Folder of the public data.
        labels: File of the labels.

    Raises:
        ValueError: If a row names a text that is not in the data.
    """
    found: dict[str, tuple[str, str, tuple[float, float, float] | None]] = {}
    for told in _texts(data):
        found.setdefault(text_key(told[0]), told)
    for line in labels.read_text("utf-8").splitlines():
        row = json.loads(line)
        names = row.get("parts", [row["text"]])
        if not all(name in found for name in names):
            raise ValueError(f"the data hold no text with the key {row['text']!r} of {labels.name}")
        held = [found[name] for name in names]
        document = held[0][2] if len(held) == 1 else None
        yield _task(" ".join(text for text, *_ in held), held[0][1], document, row)


def under_views(
    comments: Iterable[Task], views: Mapping[str, Sequence[tuple[Label, frozenset[str]]]]
) -> Iterator[Task]:
    """Each comment under one other codebook, chosen by its text, as if it had been labelled with it.

    Args:
        comments: Comments with the labels of `cx`.
        views: Name of a codebook to its labels, each with the codes of `cx` that it holds.
    """
    names = sorted(views)
    for task in comments:
        name = names[int(text_key(task.text), 16) % len(names)]
        present = {}
        for label, codes in views[name]:
            if spans := spans_of(codes, task.present):
                present[f"{name}:{label.code}"] = spans
        known = tuple(f"{name}:{label.code}" for label, _ in views[name])
        yield Task(task.text, task.language, "own", task.orientation, known, present)


def _task(
    text: str, language: str, document: tuple[float, float, float] | None, row: dict[str, Any]
) -> Task:
    present: dict[str, list[tuple[int, int, int]]] = {}
    sides = [0, 0, 0]
    for o in row["opinions"]:
        side = POLARITIES.index(o["polarity"])
        present.setdefault(f"cx:{o['category']}", []).append((side, o["start"], o["end"]))
        sides[side] += 1
    told = tuple(s / sum(sides) for s in sides) if sum(sides) else (0.0, 1.0, 0.0)
    return Task(
        text, language, SOURCE, known=tuple(f"cx:{c}" for c in CODES), present=present,
        document=document or told,  # type: ignore[arg-type]
        emotion=EMOTIONS.index(row["emotion"]), intent=INTENTS.index(row["intent"]),
        effort=EFFORTS.index(row["effort"]),
    )  # fmt: skip


def _texts(data: Path) -> Iterator[tuple[str, str, tuple[float, float, float] | None]]:
    """Text, language and, where the set tells it, the polarity of the whole."""
    kept = tasks.shah_test(data)
    for name in ("P1", "P2"):
        path = data / "app_feedback_classification" / f"{name}-Golden__Blad1.csv"
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if tasks.plain(row["reviews"]) not in kept:
                    yield row["reviews"].strip(), "en", None
    for task in tasks.shah(data):
        yield task.text, "en", None
    for task in (*tasks.sb10k(data), *tasks.vader(data)):
        yield task.text, task.language, task.document
    for task in (*banking77(data), *tasks.goemotions(data)):
        yield task.text, "en", None


def banking77(data: Path) -> Iterator[Task]:
    """Messages to a bank with one of 77 intents as label, told by its name; asked beside nine others."""
    rows = _messages(data)
    names = sorted({name for _, name in rows})
    for text, name in rows:
        first = int(text_key(text), 16) % len(names)
        others = [names[(first + 7 * i) % len(names)] for i in range(9)]
        asked = dict.fromkeys([name, *others])
        yield Task(
            text, "en", "banking77", known=tuple(f"banking77:{n}" for n in asked),
            present={f"banking77:{name}": [(-1, 0, 0)]},
        )  # fmt: skip


def intents(data: Path) -> dict[str, str]:
    """Key to wording of the 77 intents."""
    names = sorted({name for _, name in _messages(data)})
    return {f"banking77:{name}": title_of(name) for name in names}


def _messages(data: Path) -> list[tuple[str, str]]:
    """Text and intent of every message of banking77."""
    with (data / "banking77" / "train.csv").open(encoding="utf-8") as file:
        return [(row["text"].strip(), row["category"]) for row in csv.DictReader(file)]


def title_of(name: str) -> str:
    """An intent's name as words."""
    return re.sub(r"[_?]+", " ", name).strip().capitalize()
