"""Probabilities that mean what they say: fitted on texts that the network was not trained on, read in 8 bits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar

from warum_models.calibration import softmax
from warum_models.encoder import EncoderReader
from warum_models.fast import FastReader
from warum_models.fast_tables import HEADS
from warum_models.protocol import EFFORTS, EMOTIONS, INTENTS, ORIENTATIONS, Label, Passage
from warum_models.train.labelbank import CODES
from warum_models.train.tasks import Task, under_cx

Doubles = npt.NDArray[np.float64]
SHRINK = 4.0  # strength with which a label's offset is drawn to the common one
SHARES = np.arange(0.0, 4.01, 0.1)
UNCALIBRATED: dict[str, Any] = {"curves": {}, "other": [1.0, 0.0, 0.5], "temperatures": {}}
TOLD = {"emotion": EMOTIONS, "intent": INTENTS, "effort": EFFORTS}


@dataclass
class Scores:
    """What a reader gives for n texts and k labels, raw.

    Attributes:
        presence: (n, k).
        polarity: (n, k, 3).
        told: Per head, (n, classes).
    """

    presence: Doubles
    polarity: Doubles
    told: dict[str, Doubles]

    def plus(self, other: Scores, shares: Mapping[str, float], presence: str) -> Scores:
        """Raw scores of another reader added, `presence` naming the share that counts for it."""
        return Scores(
            self.presence + shares.get(presence, 0.0) * other.presence,
            self.polarity + shares.get("polarity", 0.0) * other.polarity,
            {n: v + shares.get(n, 0.0) * other.told[n] for n, v in self.told.items()},
        )


@dataclass
class Measured:
    """Scores of held-out texts beside what is true of them.

    Attributes:
        tasks: The texts.
        scores: Under the known labels.
        unseen: Per taxonomy that was never seen: scores, and whether a label is there, (n, k).
    """

    tasks: list[Task]
    scores: Scores
    unseen: list[tuple[Scores, npt.NDArray[np.bool_]]]


def passage_of(task: Task) -> Passage:
    """A task as a reader gets it, its text as one segment."""
    return Passage(task.text, task.language, ((0, len(task.text)),), ORIENTATIONS[task.orientation])


def scores_of(reader: EncoderReader | FastReader, tasks: Sequence[Task]) -> Scores:
    """Raw scores; of a long text those of its first window."""
    passages = [passage_of(t) for t in tasks]
    if isinstance(reader, FastReader):
        sums = reader.sums(passages)
        whole = {n: reader.head(sums.whole, n) for n in HEADS}
        sides = np.repeat(whole.pop("polarity")[:, None], len(reader.labels), axis=1)
        return Scores(sums.presence, sides, whole)
    raw = [parts[0] for parts in reader.raw(passages)]
    return Scores(
        np.stack([r.presence[0] for r in raw]).astype(np.float64),
        np.stack([r.polarity[0] for r in raw]).astype(np.float64),
        {
            n: np.stack([r.told[n] for r in raw]).astype(np.float64)
            for n in HEADS
            if n != "polarity"
        },
    )


def measure(
    make: Callable[[Sequence[Label]], EncoderReader | FastReader],
    cx: Sequence[Label],
    tasks: Sequence[Task],
    taxonomies: Mapping[str, Sequence[Label]],
) -> Measured:
    """Scores of all held-out tasks, those of small taxonomies under their own labels.

    Args:
        make: Makes a reader for labels.
        cx: The known labels, in the order of `CODES`.
        tasks: Held-out tasks.
        taxonomies: Labels of the small taxonomies.
    """
    known = [t for t in tasks if t.source != "own"]
    unseen = []
    for name in sorted({t.known[0].rpartition(":")[0] for t in tasks if t.source == "own"}):
        held = [t for t in tasks if t.source == "own" and t.known[0].startswith(f"{name}:")]
        labels = taxonomies[name]
        there = np.array([[f"{name}:{x.code}" in t.present for x in labels] for t in held])
        unseen.append((scores_of(make(labels), held), there))
    return Measured(known, scores_of(make(cx), known), unseen)


def fit(measured: Measured) -> tuple[dict[str, Any], dict[str, Any]]:
    """Curves, thresholds and temperatures; and what the micro F1 is with them."""
    scores, there = _known(measured)
    column = np.tile(np.arange(len(CODES)), len(scores))
    slope, offsets = fit_curves(scores.ravel(), there.ravel(), column, len(CODES))
    probability = 1 / (1 + np.exp(-(scores * slope + offsets)))
    threshold = best_threshold(probability, there)
    flat, yes = _unseen(measured)
    other_slope, other = fit_curves(flat, yes, np.zeros(len(flat), dtype=np.int64), 1)
    unseen = 1 / (1 + np.exp(-(flat * other_slope + other[0])))
    other_threshold = best_threshold(unseen, yes)
    return {
        "curves": {
            c: [slope, float(o), threshold] for c, o in zip(CODES, offsets, strict=True)
        },
        "other": [other_slope, float(other[0]), other_threshold],
        "temperatures": {
            n: fit_temperature(*_heads(measured.tasks, measured.scores, n)) for n in HEADS
        },
    }, {
        "held_out_comments": len(scores),
        "held_out_micro_f1": round(f1_of(probability >= threshold, there), 3),
        "held_out_micro_f1_by_language": {
            x: round(f1_of(probability[rows] >= threshold, there[rows]), 3)
            for x in ("de", "en")
            if (rows := _in(measured, x)).any()
        },
        "unseen_taxonomies_micro_f1": round(f1_of(unseen >= other_threshold, yes), 3),
        "threshold": threshold,
    }  # fmt: skip


def fit_shares(first: Measured, second: Measured) -> dict[str, float]:
    """What a second reader's raw scores count beside the first's, by the least cross entropy."""
    found = {}
    (a, there), (b, _) = _known(first), _known(second)
    column = np.tile(np.arange(len(CODES)), len(a))
    found["known"] = _least(lambda w: curve_loss((a + w * b).ravel(), there.ravel(), column))
    (c, yes), (d, _) = _unseen(first), _unseen(second)
    none = np.zeros(len(c), dtype=np.int64)
    found["other"] = _least(lambda w: curve_loss(c + w * d, yes, none))
    for name in HEADS:
        x, gold = _heads(first.tasks, first.scores, name)
        y, _ = _heads(second.tasks, second.scores, name)
        found[name] = _least(lambda w, x=x, y=y, gold=gold: head_loss(x + w * y, gold))  # type: ignore[misc]
    return found


def together(first: Measured, second: Measured, shares: Mapping[str, float]) -> Measured:
    """Both readers' scores added."""
    return Measured(
        first.tasks,
        first.scores.plus(second.scores, shares, "known"),
        [
            (a.plus(b, shares, "other"), there)
            for (a, there), (b, _) in zip(first.unseen, second.unseen, strict=True)
        ],
    )


def _in(measured: Measured, language: str) -> npt.NDArray[np.bool_]:
    return np.array([t.language == language for t in measured.tasks if under_cx(t)])


def _known(measured: Measured) -> tuple[Doubles, npt.NDArray[np.bool_]]:
    rows = [i for i, t in enumerate(measured.tasks) if under_cx(t)]
    there = [[f"cx:{c}" in measured.tasks[i].present for c in CODES] for i in rows]
    return measured.scores.presence[rows], np.array(there)


def _unseen(measured: Measured) -> tuple[Doubles, npt.NDArray[np.bool_]]:
    return (
        np.concatenate([s.presence.ravel() for s, _ in measured.unseen]),
        np.concatenate([there.ravel() for _, there in measured.unseen]),
    )


def _heads(tasks: Sequence[Task], scores: Scores, name: str) -> tuple[Doubles, Doubles]:
    """Raw scores of a head and the true distribution, (m, classes) each.

    Emotion is fitted on feedback alone: what its readers see is feedback, not talk.
    """
    if name == "polarity":
        rows = [
            (scores.polarity[i, CODES.index(key[3:])], held[0][0])
            for i, t in enumerate(tasks) if under_cx(t)
            for key, held in t.present.items() if len({s for s, _, _ in held}) == 1
        ]  # fmt: skip
        return np.stack([x for x, _ in rows]), np.eye(3)[[y for _, y in rows]]
    if name == "document":
        chosen = [i for i, t in enumerate(tasks) if t.document]
        return scores.told[name][chosen], np.array([tasks[i].document for i in chosen])
    chosen = [
        i for i, t in enumerate(tasks)
        if getattr(t, name) is not None and getattr(t, name) >= 0
        and (name != "emotion" or under_cx(t))
    ]  # fmt: skip
    gold = np.eye(len(TOLD[name]))[[getattr(tasks[i], name) for i in chosen]]
    return scores.told[name][chosen], gold


def _least(loss: Callable[[float], float]) -> float:
    losses = [loss(float(w)) for w in SHARES]
    return round(float(SHARES[int(np.argmin(losses))]), 2)


def curve_loss(
    scores: Doubles, there: npt.NDArray[np.bool_], column: npt.NDArray[np.int64]
) -> float:
    """Cross entropy of the best curves."""
    slope, offsets = fit_curves(scores, there, column, int(column.max()) + 1)
    z = slope * scores + offsets[column]
    return float(np.mean(np.logaddexp(0, z) - there * z))


def head_loss(logits: Doubles, target: Doubles) -> float:
    """Cross entropy at the best temperature."""
    p = softmax(logits / fit_temperature(logits, target)).astype(np.float64)
    return float(-(target * np.log(np.maximum(p, 1e-9))).sum(axis=1).mean())


def fit_curves(
    scores: Doubles, there: npt.NDArray[np.bool_], column: npt.NDArray[np.int64], k: int
) -> tuple[float, Doubles]:
    """A common slope and one offset per label, drawn towards their mean.

    Args:
        scores: Raw scores, (m,).
        there: Whether the label is there, (m,).
        column: Label of each score, (m,), 0..k-1.
        k: Number of labels.

    Returns:
        Slope and offsets (k,).
    """
    target = there.astype(np.float64)

    def loss(x: Doubles) -> tuple[float, Doubles]:
        slope, mean, own = x[0], x[1], x[2:]
        z = slope * scores + mean + own[column]
        value = np.logaddexp(0, z) - target * z
        slack = 1 / (1 + np.exp(-z)) - target
        each = np.bincount(column, slack, minlength=k) + SHRINK * own
        grad = np.concatenate([[(slack * scores).sum(), slack.sum()], each])
        return float(value.sum() + SHRINK / 2 * (own**2).sum()), grad

    found = minimize(loss, np.concatenate([[1.0, 0.0], np.zeros(k)]), jac=True, method="L-BFGS-B")
    return float(found.x[0]), found.x[1] + found.x[2:]


def f1_of(found: npt.NDArray[np.bool_], there: npt.NDArray[np.bool_]) -> float:
    """Micro F1."""
    return float(2 * (found & there).sum() / max(1, found.sum() + there.sum()))


def best_threshold(probability: Doubles, there: npt.NDArray[np.bool_]) -> float:
    """The threshold with the best micro F1; the middle of all nearly best ones, which is steadier."""
    grid = np.arange(0.2, 0.66, 0.01)
    values = np.array([f1_of(probability >= t, there) for t in grid])
    return round(float(grid[values >= values.max() - 0.004].mean()), 3)


def fit_temperature(logits: Doubles, target: Doubles) -> float:
    """Temperature with the least cross entropy; target (n, classes) may be soft."""

    def loss(log_temperature: float) -> float:
        p = softmax(logits / np.exp(log_temperature)).astype(np.float64)
        return float(-(target * np.log(np.maximum(p, 1e-9))).sum())

    return round(float(np.exp(minimize_scalar(loss, bounds=(-2.5, 2.5), method="bounded").x)), 4)
