"""Probabilities that mean what they say: fitted on texts that the network was not trained on, read in 8 bits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar

from warum_models.calibration import softmax
from warum_models.encoder import EncoderReader, RawPart
from warum_models.protocol import ORIENTATIONS, Passage
from warum_models.train.tasks import Task

Doubles = npt.NDArray[np.float64]
SHRINK = 4.0  # strength with which a label's offset is drawn to the common one


def passage_of(task: Task) -> Passage:
    """A task as a reader gets it, its text as one segment."""
    return Passage(task.text, task.language, ((0, len(task.text)),), ORIENTATIONS[task.orientation])


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


def best_threshold(probability: Doubles, there: npt.NDArray[np.bool_]) -> float:
    """The threshold with the best micro F1; the middle of all nearly best ones, which is steadier."""
    grid = np.arange(0.2, 0.66, 0.01)
    f1 = []
    for t in grid:
        found = probability >= t
        f1.append(2 * (found & there).sum() / max(1, found.sum() + there.sum()))
    values = np.array(f1)
    return round(float(grid[values >= values.max() - 0.004].mean()), 3)


def fit_temperature(logits: Doubles, target: Doubles) -> float:
    """Temperature with the least cross entropy; target (n, classes) may be soft."""

    def loss(log_temperature: float) -> float:
        p = softmax(logits / np.exp(log_temperature)).astype(np.float64)
        return float(-(target * np.log(np.maximum(p, 1e-9))).sum())

    return round(float(np.exp(minimize_scalar(loss, bounds=(-1.5, 1.5), method="bounded").x)), 4)


def raw_scores(reader: EncoderReader, tasks: Sequence[Task]) -> list[RawPart]:
    """The first window of each task, raw."""
    return [parts[0] for parts in reader.raw([passage_of(t) for t in tasks])]
