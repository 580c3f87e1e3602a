"""Sets with categories: comments, labels and polarity as their authors publish them."""

from __future__ import annotations

import ast
import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import warum_models.corpus
from benchmarks.models.case import Case, Pairs, Target
from benchmarks.models.splits import without_texts_of
from warum.example import example_path
from warum.taxonomy import load_taxonomy

CORPUS = Path(warum_models.corpus.__file__).parent
TAXONOMIES = Path(__file__).parents[1] / "taxonomies"
_GERMAN = frozenset(
    ["ich", "und", "der", "die", "das", "ist", "nicht", "war", "für", "mit", "auf", "zu"]
)
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
)


def example(language: str) -> Iterator[Case]:
    """The bundled example, by language."""
    gold: dict[str, set[tuple[str, str]]] = {}
    with example_path("opinions_gold.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            gold.setdefault(row["response_id"], set()).add((row["category"], row["polarity"]))
    with example_path().open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            text = row["comment"]
            german = bool(_GERMAN & set(text.lower().split())) or bool(
                re.search("[äöüß]", text.lower())
            )
            if german == (language == "de"):
                pairs = frozenset(gold.get(row["response_id"], ()))
                yield Case(text, language, pairs, row["question"] or None)


def held_out(language: str) -> Iterator[Case]:
    """The authored held-out set; position i is the same comment in both languages."""
    for path in sorted((CORPUS / "held_out").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            yield _authored(row | row[language], language)


def authored_training(language: str) -> Iterator[Case]:
    """The authored training corpus of one language, for baselines that learn from the same texts."""
    for path in sorted(CORPUS.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line) if line.strip() else {"language": ""}
            if row["language"] == language:
                yield _authored(row, language)


def _authored(row: dict[str, object], language: str) -> Case:
    opinions: list[dict[str, str]] = row["opinions"]  # type: ignore[assignment] # checked by corpus.check
    return Case(
        str(row["text"]),
        language,
        frozenset((o["category"], o["polarity"]) for o in opinions),
        str(row.get("question") or "") or None,
        emotion=str(row["emotion"]),
        intent=str(row["intent"]),
        effort=str(row["effort"]),
    )


def fabsa(data: Path, part: str = "test") -> Iterator[Case]:
    """FABSA by its supplied split; texts of the test part are left out of the others."""
    cases = _fabsa(data / "fabsa" / f"split_{part}.csv")
    test = data / "fabsa" / "split_test.csv"
    yield from cases if part == "test" else without_texts_of(cases, _fabsa(test))


def _fabsa(path: Path) -> Iterator[Case]:
    names = {"1": "positive", "-1": "negative", "0": "neutral"}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            labels = [label.rpartition(".") for label in ast.literal_eval(row["labels"])]
            yield Case(row["text"], "en", frozenset((a, names[p]) for a, _, p in labels))


def semeval14(data: Path, part: str = "test") -> Iterator[Case]:
    """SemEval-2014 restaurants; "conflict" means positive and negative at once, and is given as both."""
    name = {"test": "Restaurants_Test_Gold.xml", "train": "Restaurants_Train_v2.xml"}[part]
    for sentence in ElementTree.parse(data / "semeval2014_restaurants" / name).getroot():
        gold = {
            (str(c.get("category")), polarity)
            for c in sentence.iter("aspectCategory")
            for polarity in _sides(str(c.get("polarity")))
        }
        yield Case(sentence.findtext("text") or "", "en", frozenset(gold))


def _sides(polarity: str) -> tuple[str, ...]:
    return ("positive", "negative") if polarity == "conflict" else (polarity,)


def semeval16(data: Path, part: str = "test") -> Iterator[Case]:
    """SemEval-2016 restaurants, English, with the spans of the targets."""
    path = data / "semeval2016_restaurants" / "en" / f"{part}.json"
    for row in _json_lines(path):
        text: str = row["text"]
        targets = tuple(
            Target(label, _occurrences(text, target))
            for label, _, target in row["labels"]
            if target != "NULL"
        )
        yield Case(text, "en", _pairs(row["labels"]), targets=targets)


def _occurrences(text: str, words: str) -> tuple[tuple[int, int], ...]:
    """Where words stand in a text, whole words only if they stand so at all."""
    spans = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]
    return tuple(spans or (m.span() for m in re.finditer(re.escape(words), text)))


def germeval(data: Path, part: str = "test") -> Iterator[Case]:
    """GermEval-2017, relevant documents, without the category Allgemein; umlauts of labels written out.

    The part "train" is the development file: the training file is not public in this form.
    """
    name = {"test": "fixed_test_syn-2017-09-15.xml", "train": "fixed_dev-2017-09-15.xml"}[part]
    for document in ElementTree.parse(data / "germeval2017" / name).getroot():
        if document.findtext("relevance") == "true":
            pairs = (
                (str(o.get("category")).split("#")[0].translate(_UMLAUTS), str(o.get("polarity")))
                for o in document.iter("Opinion")
            )
            yield Case(
                document.findtext("text") or "",
                "de",
                frozenset(p for p in pairs if p[0] != "Allgemein"),
                polarity=document.findtext("sentiment"),
            )


def mobasa(data: Path, part: str = "test") -> Iterator[Case]:
    """MobASA: German tweets on barrier-free public transport."""
    for row in _json_lines(data / "mobasa" / f"{part}.jsonl"):
        yield Case(row["text"], "de", _pairs(row["labels"]))


def nhs(data: Path) -> Iterator[Case]:
    """NHS phase 2: scored 1-5, with a text, labelling possible; 5,884 comments, 22 labels, no polarity per label."""
    labels = load_taxonomy(TAXONOMIES / "nhs.yaml").codes
    path = data / "nhs_patient_experience" / "v6framework_230831.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            scored = row["FFT categorical answer"] in {"1", "2", "3", "4", "5"}
            text = row["FFT answer"]
            if (
                scored
                and text
                and text != "Did not answer"
                and row["Labelling not possible"] != "1"
            ):
                gold = frozenset((label, "") for label in labels if row[label] == "1")
                question = row["FFT question"] or None
                yield Case(text, "en", gold, question, group=row["Respondent ID"])


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def _pairs(labels: list[list[str]]) -> Pairs:
    return frozenset((label, polarity) for label, polarity, _ in labels)
