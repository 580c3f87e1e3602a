"""What the network is trained on: texts as tokens, with what is known of each."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from warum_models.corpus.check import CATEGORIES
from warum_models.protocol import EFFORTS, EMOTIONS, INTENTS, POLARITIES
from warum_models.train.labelbank import CODES, CORPUS, own_rows

LONGEST = 112
# GoEmotions' 27 emotions folded to nine: Ekman's groups as its authors publish them (Demszky et al. 2020), with
# gratitude, disappointment and confusion standing by themselves; disgust goes with anger.
EMOTION_FOLDS = {
    "joy": ("admiration", "amusement", "approval", "caring", "desire", "excitement", "joy", "love", "optimism",
            "pride", "relief"),
    "gratitude": ("gratitude",),
    "anger": ("anger", "annoyance", "disapproval", "disgust"),
    "disappointment": ("disappointment",),
    "sadness": ("embarrassment", "grief", "remorse", "sadness"),
    "fear": ("fear", "nervousness"),
    "confusion": ("confusion",),
    "surprise": ("curiosity", "realization", "surprise"),
    "neutral": ("neutral",),
}  # fmt: skip
_GOOD = re.compile(r"gefallen|gut|lob|like|enjoy|good|well|best|great|love|positiv|zufrieden", re.I)
_BAD = re.compile(
    r"gestört|stört|nicht gefallen|schlecht|ärger|annoy|dislike|least|bad|wrong|negativ|disappoint",
    re.I,
)
_IMPROVE = re.compile(r"verbesser|besser|improve|better|wünsch|fehl|missing|change|ändern", re.I)


@dataclass
class Task:
    """A text with what is known of it.

    Attributes:
        text: The text.
        language: "de" or "en".
        source: Data set.
        orientation: Index into `ORIENTATIONS`.
        known: Keys of the labels that are known to be there or not.
        present: Key to polarity (0, 1, 2; -1 unknown) and evidence spans of the labels that are there.
        document: Probabilities of negative, neutral, positive; None if unknown.
        emotion: Index, or None.
        intent: Index, or None; -1: neither a bug report nor a suggestion.
        effort: Index, or None.
        fold: 0..9, the same for equal texts.
    """

    text: str
    language: str
    source: str
    orientation: int = 0
    known: tuple[str, ...] = ()
    present: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict)
    document: tuple[float, float, float] | None = None
    emotion: int | None = None
    intent: int | None = None
    effort: int | None = None

    @property
    def fold(self) -> int:
        """A number that depends on the text alone."""
        return fold_of(self.text)


def under_cx(task: Task) -> bool:
    """Whether it is a whole comment, written or real, with all labels of `cx`."""
    return task.source in ("authored", "authored real")


def fold_of(text: str) -> int:
    """0..9 from the text alone, so that equal texts are always on the same side of a split."""
    plain = re.sub(r"\W+", " ", text.lower()).strip()
    return hashlib.sha256(plain.encode("utf-8")).digest()[0] % 10


def orientation_of(question: str) -> int:
    """A rough reading of what a question asks for: 0 open, 1 good, 2 bad, 3 improve."""
    if _IMPROVE.search(question):
        return 3
    if _BAD.search(question):
        return 2
    return 1 if _GOOD.search(question) else 0


def authored(paths: Sequence[Path] | None = None) -> Iterator[Task]:
    """The authored corpus under `cx`."""
    for path in sorted(CORPUS.glob("*.jsonl")) if paths is None else paths:
        for line in path.read_text("utf-8").splitlines():
            if line.strip():
                row = json.loads(line)
                yield labelled(row, [f"cx:{c}" for c in CODES], "cx:", "authored")


def labelled(row: dict[str, Any], known: Sequence[str], prefix: str, source: str) -> Task:
    """A row of the corpus as a task."""
    present: dict[str, list[tuple[int, int, int]]] = {}
    sides = [0, 0, 0]
    for opinion in row["opinions"]:
        side = POLARITIES.index(opinion["polarity"])
        start = row["text"].index(opinion["evidence"])
        held = present.setdefault(prefix + opinion["category"], [])
        held.append((side, start, start + len(opinion["evidence"])))
        sides[side] += 1
    total = sum(sides)
    document = tuple(s / total for s in sides) if total else (0.0, 1.0, 0.0)
    return Task(
        row["text"], row["language"], source, orientation_of(row.get("question", "")),
        tuple(known), present, document,  # type: ignore[arg-type]
        EMOTIONS.index(row["emotion"]) if "emotion" in row else None,
        INTENTS.index(row["intent"]) if "intent" in row else None,
        EFFORTS.index(row["effort"]) if "effort" in row else None,
    )  # fmt: skip


def own() -> Iterator[Task]:
    """The corpus under own taxonomies."""
    codes: dict[str, list[str]] = {}
    for row in own_rows():
        name = str(row["taxonomy"])
        if "categories" in row:
            codes[name] = [f"{name}:{c['code']}" for c in row["categories"]]
        else:
            yield labelled(row, codes[name], f"{name}:", "own")


def evidences(tasks: Sequence[Task]) -> Iterator[Task]:
    """The stretches that carry the opinions of authored comments, each as a text of its own.

    A label is there where the stretch holds most of its evidence; one whose evidence is cut is left open.
    """
    for task in tasks:
        spans = {(a, b) for held in task.present.values() for _, a, b in held if b > a}
        for first, last in sorted(spans):
            if task.text.count(" ", first, last) == 0 or last - first > 0.8 * len(task.text):
                continue
            present: dict[str, list[tuple[int, int, int]]] = {}
            cut = set()
            for key, held in task.present.items():
                for side, a, b in held:
                    share = (min(b, last) - max(a, first)) / max(1, b - a)
                    if share >= 0.7:
                        inside = (side, max(a, first) - first, min(b, last) - first)
                        present.setdefault(key, []).append(inside)
                    elif share > 0:
                        cut.add(key)
            sides = [s for held in present.values() for s, _, _ in held]
            document = tuple(sides.count(i) / len(sides) for i in range(3))
            known = tuple(k for k in task.known if k in present or k not in cut)
            yield Task(
                task.text[first:last], task.language, f"{task.source} evidence", task.orientation,
                known, present, document,  # type: ignore[arg-type]
            )  # fmt: skip


def phrases() -> Iterator[Task]:
    """Short judgements, negations and emoji with their polarity."""
    for line in (CORPUS / "phrases.tsv").read_text("utf-8").splitlines()[1:]:
        language, polarity, phrase = line.split("\t")
        side = POLARITIES.index(polarity)
        document = tuple(1.0 if i == side else 0.0 for i in range(3))
        yield Task(phrase, language, "phrases", document=document)  # type: ignore[arg-type]


def mams(data: Path, left_out: frozenset[str]) -> Iterator[Task]:
    """Restaurant sentences; a neutral category is a mention, not an opinion: unknown here."""
    tree = ElementTree.parse(data / "mams" / "MAMS-ACSA" / "raw" / "train.xml")  # noqa: S314 - local file
    names = ("food", "staff", "price", "ambience", "menu", "service", "place")
    for sentence in tree.getroot():
        text = sentence.findtext("text") or ""
        if plain(text) in left_out:
            continue
        pairs = {
            str(c.get("category")): str(c.get("polarity")) for c in sentence.iter("aspectCategory")
        }
        present = {
            f"mams:{c}": [(POLARITIES.index(p), 0, 0)]
            for c, p in pairs.items() if c in names and p in ("positive", "negative")
        }  # fmt: skip
        known = tuple(f"mams:{c}" for c in names if pairs.get(c) != "neutral")
        yield Task(text, "en", "mams", known=known, present=present)


def plain(text: str) -> str:
    """Letters and digits only, for comparing texts."""
    return re.sub(r"\W+", " ", text.lower()).strip()


def sb10k(data: Path) -> Iterator[Task]:
    """German tweets with a polarity; every tenth is kept for testing, and with it what says the same."""
    path = data / "sb10k" / "sb10k_corpus_v1.0.cgsa.tsv"
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    texts = [
        re.sub(r"https?://\S+|@\w+", " ", row[2]).strip() if len(row) == 3 else "" for row in rows
    ]
    kept = {plain(text) for text in texts[::10]}
    for i, (row, text) in enumerate(zip(rows, texts, strict=True)):
        if i % 10 and len(row) == 3 and row[1] in POLARITIES and plain(text) not in kept:
            document = tuple(1.0 if side == row[1] else 0.0 for side in POLARITIES)
            yield Task(text, "de", "sb10k", document=document)  # type: ignore[arg-type]


def vader(data: Path) -> Iterator[Task]:
    """English snippets and tweets with a mean human intensity (-4..4), as a soft polarity."""
    for name in ("amazonReviewSnippets", "tweets", "movieReviewSnippets"):
        path = data / "vader_ground_truth" / f"{name}_GroundTruth.txt"
        for line in path.read_text("utf-8", errors="replace").splitlines():
            parts = line.split("\t")
            if len(parts) == 3:
                value = float(parts[1])
                side = min(1.0, max(0.0, (abs(value) - 0.3) / 0.8))
                document = (side if value < 0 else 0.0, 1 - side, side if value > 0 else 0.0)
                yield Task(parts[2], "en", "vader", document=document)


def goemotions(data: Path, part: str = "train") -> Iterator[Task]:
    """English comments with one emotion, folded to nine."""
    folder = data / "goemotions"
    names = (folder / "labels.txt").read_text("utf-8").split()
    fold = {name: EMOTIONS.index(nine) for nine, held in EMOTION_FOLDS.items() for name in held}
    for line in (folder / f"{part}.tsv").read_text("utf-8").splitlines():
        text, labels, _ = line.split("\t")
        folded = {fold[names[int(x)]] for x in labels.split(",")}
        if len(folded) == 1:
            yield Task(text, "en", "goemotions", emotion=folded.pop())


def shah(data: Path) -> Iterator[Task]:
    """App-store sentences: bug reports and suggestions; folds 0 and 5 are kept for testing."""
    intents = {"B": "bug_report", "M": "bug_report", "R": "suggestion"}
    for text, label in _shah_rows(data):
        task = Task(text, "en", "shah")
        name = intents.get(label)
        task.intent = INTENTS.index(name) if name else -1
        if task.fold % 5 and text:
            yield task


def shah_test(data: Path) -> frozenset[str]:
    """Letters and digits of the sentences that are kept for testing."""
    return frozenset(plain(text) for text, _ in _shah_rows(data) if fold_of(text) % 5 == 0)


def _shah_rows(data: Path) -> Iterator[tuple[str, str]]:
    with (data / "app_feedback_classification" / "SHAH__Sheet1.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield row["reviews"].strip(), row["labels"]


def evaluation_texts(data: Path) -> frozenset[str]:
    """Texts of the SemEval test sets, which MAMS shares some sentences with."""
    found = set()
    path = data / "semeval2014_restaurants" / "Restaurants_Test_Gold.xml"
    for sentence in ElementTree.parse(path).getroot():  # noqa: S314 - local file
        found.add(plain(sentence.findtext("text") or ""))
    for line in (
        (data / "semeval2016_restaurants" / "en" / "test.json").read_text("utf-8").splitlines()
    ):
        found.add(plain(json.loads(line)["text"]))
    return frozenset(found)


assert set(CODES) == set(CATEGORIES)
