"""Sets that label a text as a whole: polarity, emotion, intent."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks.models.case import Case
from benchmarks.models.foldings import SHAH, emotion_of
from benchmarks.models.splits import in_held_out_fifth

POLARITIES = ("negative", "neutral", "positive")
EVERY = 4
"""Of the large sets every fourth text is read: four readers and six baselines have to read them all."""
VADER_PARTS = ("amazonReviewSnippets", "tweets", "movieReviewSnippets", "nytEditorialSnippets")


def sb10k(data: Path, part: str = "test") -> Iterator[Case]:
    """German tweets: rows 0, 10, 20 … are the test tenth, the others are for training."""
    path = data / "sb10k" / "sb10k_corpus_v1.0.cgsa.tsv"
    for i, line in enumerate(path.read_text("utf-8").splitlines()):
        fields = line.split("\t")
        if (i % 10 == 0) == (part == "test") and len(fields) == 3 and fields[1] in POLARITIES:
            text = re.sub(r"https?://\S+|@\w+", " ", fields[2]).strip()
            yield Case(text, "de", polarity=fields[1])


def goemotions(data: Path, part: str = "test") -> Iterator[Case]:
    """Comments whose labels fold to one emotion; those that fold to several are left out."""
    folder = data / "goemotions"
    names = (folder / "labels.txt").read_text("utf-8").split()
    for line in (folder / f"{part}.tsv").read_text("utf-8").splitlines():
        text, labels, _ = line.split("\t")
        emotion = emotion_of([names[int(label)] for label in labels.split(",")])
        if emotion is not None:
            yield Case(text, "en", emotion=emotion)


def shah(data: Path, part: str = "test") -> Iterator[Case]:
    """App-store sentences with intent; the test part is the fifth that no training sees."""
    path = data / "app_feedback_classification" / "SHAH__Sheet1.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            text = row["reviews"].strip()
            if text and in_held_out_fifth(text) == (part == "test"):
                yield Case(text, "en", intent=SHAH[row["labels"]])


def vader_truth(data: Path, part: str) -> Iterator[Case]:
    """Every fourth text of one part of VADER's ground truth with its mean rating, -4..4."""
    path = data / "vader_ground_truth" / f"{part}_GroundTruth.txt"
    rows = (line.split("\t") for line in path.read_text("utf-8", errors="replace").splitlines())
    for i, row in enumerate(row for row in rows if len(row) == 3):
        if i % EVERY == 0:
            yield Case(row[2], "en", sentiment=float(row[1]))


def tweeteval(data: Path, part: str = "test") -> Iterator[Case]:
    """English tweets with a polarity; every fourth of the test part. The training texts are not published here."""
    folder = data / "tweeteval" / "sentiment"
    texts = (folder / f"{part}_text.txt").read_text("utf-8").split("\n")
    labels = (folder / f"{part}_labels.txt").read_text("utf-8").split()
    step = EVERY if part == "test" else 1
    for text, label in list(zip(texts, labels, strict=False))[::step]:
        yield Case(text.strip(), "en", polarity=POLARITIES[int(label)])
