"""Which texts are for training and which for testing, so that no text is on both sides."""

from __future__ import annotations

import csv
import random
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt

from benchmarks.models.case import Case
from warum_models.train.tasks import fold_of, plain

Rows = npt.NDArray[np.intp]
SEED = 3


def in_held_out_fifth(text: str) -> bool:
    """Whether a text of a set without a split is for testing: by its letters, so that equal texts stay together.

    The recipe of the weights leaves out the same ones.
    """
    return fold_of(text) % 5 == 0


def without_texts_of(cases: Iterable[Case], others: Iterable[Case]) -> Iterator[Case]:
    """The cases whose text, by its letters and digits, does not stand in the others."""
    return without_texts(cases, {plain(case.text) for case in others})


def without_texts(cases: Iterable[Case], texts: Collection[str]) -> Iterator[Case]:
    """The cases whose text is not among `texts` (letters and digits only); a text of neither always stays."""
    for case in cases:
        if not (key := plain(case.text)) or key not in texts:
            yield case


def respondent_folds(cases: Sequence[Case], folds: int = 5) -> Iterator[tuple[Rows, Rows]]:
    """Training and test rows of each fold; a group's cases are in one fold."""
    from sklearn.model_selection import GroupKFold

    groups = [case.group or f"row {i}" for i, case in enumerate(cases)]
    yield from GroupKFold(folds, shuffle=True, random_state=SEED).split(groups, groups=groups)


def few_per_label(
    cases: Sequence[Case], labels: Sequence[str], per_label: int, draw: int
) -> list[Case]:
    """Labelled texts as a user makes them in an hour: `per_label` drawn for each label, with all their labels.

    Args:
        cases: Where to draw from.
        labels: The labels, in order.
        per_label: Texts drawn for each label; fewer where there are fewer.
        draw: Number of the draw; each gives other texts, the same ones every time.

    Returns:
        The drawn cases without repetition, in the order of `cases`.
    """
    rng = random.Random(SEED * 1000 + draw)
    chosen: set[int] = set()
    for label in labels:
        holding = [i for i, case in enumerate(cases) if label in case.labels]
        chosen.update(rng.sample(holding, min(per_label, len(holding))))
    return [cases[i] for i in sorted(chosen)]


def labelled_training_texts(data: Path) -> frozenset[str]:
    """Letters and digits of every labelled public text that the weights may be trained on.

    A test text that stands among them is left out, whatever its set. Sentence pairs without labels are not
    counted.
    """
    texts: set[str] = set()
    for path in sorted((data / "mams").rglob("*.xml")):
        texts.update(s.text or "" for s in ElementTree.parse(path).getroot().iter("text"))
    for name, column in (
        ("app_feedback_classification/SHAH__Sheet1.csv", "reviews"),
        ("app_feedback_classification/P1-Golden__Blad1.csv", "reviews"),
        ("app_feedback_classification/P2-Golden__Blad1.csv", "reviews"),
        ("banking77/train.csv", "text"),
    ):
        with (data / name).open(encoding="utf-8", newline="") as file:
            texts.update(row[column] for row in csv.DictReader(file))
    for name, place in (("goemotions/train.tsv", 0), ("sb10k/sb10k_corpus_v1.0.cgsa.tsv", 2)):
        lines = (data / name).read_text("utf-8").splitlines()
        texts.update(line.split("\t")[place] for line in lines)
    for path in sorted((data / "vader_ground_truth").glob("*_GroundTruth.txt")):
        lines = path.read_text("utf-8", errors="replace").splitlines()
        texts.update(line.rpartition("\t")[2] for line in lines)
    return frozenset(map(plain, texts)) - {""}
