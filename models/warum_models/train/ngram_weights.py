"""Logistic regressions on n-grams: one per label of `cx` and per class of the heads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from warum_models.fast_tables import HEADS
from warum_models.features import count_ngrams, weigh
from warum_models.label_text import label_key
from warum_models.ngrams import NgramWeights
from warum_models.protocol import Label
from warum_models.train.calibrate import Scores
from warum_models.train.labelbank import CODES
from warum_models.train.tasks import Task

STRENGTH = {"labels": 6.0, "heads": 1.0}
AUTHORED = 4.0  # what a comment of the corpus counts where a head also learns from talk
LEAST = 0.004  # weights below this share of the column's largest are zero


def write(tasks: Sequence[Task], cx: Sequence[Label], path: Path) -> None:
    """Fit on what people said, and store in 8 bits.

    Args:
        tasks: All tasks that are trained on, the evidences among them.
        cx: The known labels, in the order of `CODES`.
        path: Where to.
    """
    counts = count_ngrams([t.text for t in tasks])
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = (np.log((1 + counts.shape[0]) / (1 + seen)) + 1).astype(np.float16)
    made = weigh(counts, idf.astype(np.float64))
    columns: list[tuple[str, npt.NDArray[np.float64], float]] = []
    labelled = np.array([t.source.startswith("authored") for t in tasks])
    for label, code in zip(cx, CODES, strict=True):
        key = f"cx:{code}"
        rows = np.flatnonzero(labelled & np.array([key in t.known for t in tasks]))
        there = np.array([key in tasks[i].present for i in rows.tolist()])
        columns.append(
            (label_key(label), *_fitted(made, rows, there, STRENGTH["labels"], np.ones(len(rows))))
        )
    for head, width in HEADS.items():
        told = told_of(head)
        goal = [told(t) for t in tasks]
        rows = np.array([i for i, x in enumerate(goal) if x is not None])
        share = np.array([weight_of(tasks[i]) for i in rows.tolist()])
        for k in range(width):
            there = np.array([goal[i] == k for i in rows.tolist()])
            columns.append((f"{head}:{k}", *_fitted(made, rows, there, STRENGTH["heads"], share)))
    weights = np.stack([w for _, w, _ in columns], axis=1)
    weights[np.abs(weights) < LEAST * np.abs(weights).max(axis=0)] = 0
    scale = np.quantile(np.abs(weights), 0.9999, axis=0) / 127
    codes = np.clip(np.round(weights / scale), -127, 127).astype(np.int8)
    np.savez_compressed(
        path, codes=codes, scale=scale, bias=np.array([b for *_, b in columns]),
        columns=np.array([name for name, *_ in columns]), idf=idf,
    )  # fmt: skip


def _fitted(
    made: Any,  # noqa: ANN401 - a sparse matrix
    rows: npt.NDArray[np.int64],
    there: npt.NDArray[np.bool_],
    strength: float,
    share: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, solver="liblinear", random_state=0)
    model.fit(made[rows], there, sample_weight=share)
    return model.coef_[0], float(model.intercept_[0])


def weight_of(task: Task) -> float:
    """What a text counts when heads are fitted."""
    return AUTHORED if task.source.startswith(("authored", "own")) else 1.0


def told_of(head: str) -> Callable[[Task], int | None]:
    """The class of a task under a head, where it is known."""

    def polarity(task: Task) -> int | None:
        sides = {s for held in task.present.values() for s, _, _ in held}
        return sides.pop() if len(sides) == 1 and -1 not in sides else None

    def document(task: Task) -> int | None:
        return None if task.document is None else int(np.argmax(task.document))

    def other(task: Task) -> int | None:
        value = getattr(task, head)
        return value if value is not None and value >= 0 else None

    return {"polarity": polarity, "document": document}.get(head, other)


def scores(weights: NgramWeights, cx: Sequence[Label], tasks: Sequence[Task]) -> Scores:
    """Raw scores of tasks under the known labels."""
    found = weights.scores([t.text for t in tasks])
    place = {name: i for i, name in enumerate(weights.columns)}
    told = {n: found[:, [place[f"{n}:{k}"] for k in range(w)]] for n, w in HEADS.items()}
    sides = np.repeat(told.pop("polarity")[:, None], len(cx), axis=1)
    return Scores(found[:, [place[label_key(x)] for x in cx]], sides, told)
