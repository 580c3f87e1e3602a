"""The figures, the same for every contender: F1 of labels and pairs, polarity, evidence, calibration."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.models.answers import Answer
from benchmarks.models.case import Case, Pairs

Labels = frozenset[str]
NO_ANSWER = "neutral"
"""What a text counts as that a contender says nothing of."""


@dataclass(frozen=True, slots=True)
class F1:
    """F1 of sets of labels, 0..1: over all decisions, and the mean over the labels that occur in the gold."""

    micro: float
    macro: float


def label_f1(gold: Sequence[Labels], found: Sequence[Labels]) -> F1:
    """F1 of sets of labels."""
    from sklearn.metrics import f1_score
    from sklearn.preprocessing import MultiLabelBinarizer

    # A label that nobody uses stands last: scikit-learn takes a single column for something else.
    names = [*sorted({label for held in (*gold, *found) for label in held}), ""]
    occurring = {label for held in gold for label in held}
    if not occurring:
        return F1(math.nan, math.nan)
    binarizer = MultiLabelBinarizer(classes=names)
    truth, guess = binarizer.fit_transform(gold), binarizer.transform(found)
    each = f1_score(truth, guess, average=None, zero_division=0.0)
    in_gold = [f for name, f in zip(names, each, strict=True) if name in occurring]
    return F1(
        float(f1_score(truth, guess, average="micro", zero_division=0.0)), float(np.mean(in_gold))
    )


def pairs_as_labels(held: Sequence[Pairs]) -> list[Labels]:
    """Pairs of label and polarity as labels of their own."""
    return [frozenset(f"{label}\t{polarity}" for label, polarity in pairs) for pairs in held]


def constant_f1(gold: Sequence[Labels]) -> F1:
    """F1 of giving every text the gold's most frequent label; ties go to the first by name."""
    counts = Counter(label for held in gold for label in held)
    if not counts:
        return F1(math.nan, math.nan)
    most = min(counts, key=lambda label: (-counts[label], label))
    return label_f1(gold, [frozenset({most})] * len(gold))


@dataclass(frozen=True, slots=True)
class Classes:
    """Figures of one answer out of several classes, 0..1; accuracy is also the micro F1.

    Attributes:
        n: Number of texts or opinions.
        accuracy: Share that is right.
        macro: Mean F1 over the classes.
        constant: Accuracy of always the most frequent class.
        constant_macro: Macro F1 of always the most frequent class.
    """

    n: int
    accuracy: float
    macro: float
    constant: float
    constant_macro: float


def class_figures(
    gold: Sequence[str], found: Sequence[str], classes: Sequence[str] | None = None
) -> Classes:
    """Accuracy and macro F1 of single answers.

    Args:
        gold: The right class of each.
        found: The answer to each.
        classes: Classes of the macro F1; those that occur in the gold unless given.
    """
    from sklearn.metrics import accuracy_score, f1_score

    if not gold:
        return Classes(0, *[math.nan] * 4)
    names = sorted(set(gold)) if classes is None else [c for c in classes if c in set(gold)]
    counts = Counter(gold)
    most = [min(counts, key=lambda c: (-counts[c], c))] * len(gold)

    def macro(answers: Sequence[str]) -> float:
        return float(f1_score(gold, answers, labels=names, average="macro", zero_division=0.0))

    return Classes(
        len(gold),
        float(accuracy_score(gold, found)),
        macro(found),
        float(accuracy_score(gold, most)),
        macro(most),
    )


def polarity_given_label(cases: Sequence[Case], answers: Sequence[Answer]) -> Classes:
    """Polarity of every gold label that has one polarity, whether the contender found the label or not.

    A contender that does not judge a label by itself is asked for the text as a whole.
    """
    gold, found = [], []
    for case, answer in zip(cases, answers, strict=True):
        for label in sorted(case.labels):
            if (polarity := case.polarity_of(label)) is not None:
                gold.append(polarity)
                judged = answer.judged.get(label)
                found.append(judged[0] if judged else answer.polarity or NO_ANSWER)
    return class_figures(gold, found)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Whether the evidence holds what the opinion is about.

    Attributes:
        n: Number of gold targets.
        inside: Share of all gold targets inside the evidence of an opinion of their label.
        inside_found: The same over the targets whose label was found.
        length: Median length of evidence as a share of the text, over all opinions found.
    """

    n: int
    inside: float
    inside_found: float
    length: float


def evidence_figures(cases: Sequence[Case], answers: Sequence[Answer]) -> Evidence:
    """Gold targets against evidence."""
    inside, met, lengths = [], [], []
    for case, answer in zip(cases, answers, strict=True):
        lengths += [(end - start) / len(case.text) for _, start, end in answer.evidence]
        for target in case.targets:
            spans = [(start, end) for label, start, end in answer.evidence if label == target.label]
            inside.append(any(a <= s and e <= b for a, b in spans for s, e in target.spans))
            met.append(bool(spans))
    found = [i for i, m in zip(inside, met, strict=True) if m]
    return Evidence(
        len(inside), _mean(inside), _mean(found), float(np.median(lengths)) if lengths else math.nan
    )


def _mean(values: Sequence[bool]) -> float:
    return float(np.mean(values)) if values else math.nan


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference with its 95 % interval."""

    value: float
    low: float
    high: float


def paired_difference(
    gold: tuple[Sequence[Labels], Sequence[Labels]],
    found: tuple[Sequence[Labels], Sequence[Labels]],
    draws: int = 2000,
    seed: int = 3,
) -> Difference:
    """Micro F1 of the first side minus that of the second; percentile bootstrap over comments.

    Args:
        gold: Gold labels of both sides; position i is the same comment.
        found: Labels found on both sides.
        draws: Bootstrap draws.
        seed: Seed of the draws.
    """
    counts = np.stack([_counts(g, f) for g, f in zip(gold, found, strict=True)])  # (2, n, 2)
    n = counts.shape[1]
    rows = np.random.default_rng(seed).integers(0, n, size=(draws, n))
    drawn = np.stack([_micro(side[rows].sum(axis=1)) for side in counts])
    low, high = np.quantile(drawn[0] - drawn[1], [0.025, 0.975])
    value = np.diff(_micro(counts.sum(axis=1))[::-1])[0]
    return Difference(float(value), float(low), float(high))


def _counts(gold: Sequence[Labels], found: Sequence[Labels]) -> npt.NDArray[np.int64]:
    """Per text: labels right, and labels on both sides together; (n, 2)."""
    return np.array([(len(g & f), len(g) + len(f)) for g, f in zip(gold, found, strict=True)])


def _micro(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    return np.asarray(2 * counts[..., 0] / np.maximum(1, counts[..., 1]))


def calibration_error(probability: npt.ArrayLike, right: npt.ArrayLike, bins: int = 15) -> float:
    """Expected calibration error over bins of equal mass (Naeini et al. 2015), 0..1; NaN where there is nothing.

    Args:
        probability: What was claimed, 0..1; (n,).
        right: Whether it was so; (n,).
        bins: Number of bins; n where there are fewer than that.
    """
    claimed = np.asarray(probability, dtype=np.float64)
    happened = np.asarray(right, dtype=np.float64)
    if not claimed.size:
        return math.nan
    parts = np.array_split(np.argsort(claimed, kind="stable"), min(bins, claimed.size))
    gaps = [abs(claimed[part].mean() - happened[part].mean()) * part.size for part in parts]
    return float(sum(gaps) / claimed.size)
