"""The weights of `fast`: what people said of many texts, learnt by tables of pieces and pairs, and by n-grams."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import Tensor

from warum_models.fast import FastReader
from warum_models.fast_tables import HEADS, PAIR_BITS, load_weights
from warum_models.label_text import label_key
from warum_models.protocol import Label
from warum_models.stored import file_hash
from warum_models.train import calibrate, ngram_weights
from warum_models.train.batches import Encoded
from warum_models.train.labelbank import CODES, LabelBank
from warum_models.train.real import text_key
from warum_models.train.tasks import Task, under_cx
from warum_models.train.teach_fast import FastNetwork, Lesson, stored, teach

VERSION = "2"
FILES = ("weights.npz", "ngrams.npz")
PASSES = 6
EXTRA = 6


def lesson(encoded: Encoded, bank: LabelBank) -> Lesson:
    """What is known of a text."""
    task = encoded.task
    keys = list(task.known)
    there = [k in task.present for k in keys]
    if under_cx(task) and bank.unions:
        # Some of the other codebooks' categories, chosen by the text, so that descriptions are learnt, not codes.
        merged = sorted(bank.unions)
        first = int(text_key(task.text), 16)
        asked = {merged[(first + 97 * i) % len(merged)]: None for i in range(EXTRA)}
        keys += asked
        there += [bool(bank.merged(k, task.present)) for k in asked]
    own = [CODES.index(k[3:]) if k.startswith("cx:") else len(CODES) for k in keys]
    return Lesson(
        rows=np.array(encoded.ids[1:-1] if len(encoded.ids) > 2 else encoded.ids, dtype=np.int64),
        labels=np.array([bank.keys[k][0] for k in keys], dtype=np.int64),
        own=np.array(own, dtype=np.int64),
        there=np.array(there, dtype=np.float32),
    )


def write(
    encoded: Sequence[Encoded],
    bank: LabelBank,
    vectors: Tensor,
    meanings: Tensor,
    cx: Sequence[Label],
    folder: Path,
) -> None:
    """Teach, and store in 8 bits.

    Args:
        encoded: The texts.
        bank: The labels.
        vectors: Vectors of all wordings from the trained network, (w, 384).
        meanings: Vectors of all pieces from the trained network, (v, 384).
        cx: The known labels, in the order of `CODES`.
        folder: Where to.
    """
    network = FastNetwork(meanings, len(CODES))
    lessons = [lesson(e, bank) for e in encoded]
    teach(network, [x for x in lessons if len(x.labels)], vectors, PASSES)
    folder.mkdir(parents=True, exist_ok=True)
    weights, biases = fitted_heads(encoded, lessons, unit(meanings.numpy()))
    known = vectors[[bank.keys[f"cx:{c}"][0] for c in CODES]]
    says = unit(meanings.numpy()) @ np.concatenate(list(weights.values()), axis=1)
    arrays: Any = stored(network, known, [label_key(x) for x in cx], says.astype(np.float32))
    arrays |= {f"{name}_bias": bias for name, bias in biases.items()}
    np.savez_compressed(folder / "weights.npz", **arrays)
    ngram_weights.write([e.task for e in encoded], cx, folder / "ngrams.npz")
    _config(folder, calibrate.UNCALIBRATED, {})
    load_weights.cache_clear()


def unit(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Rows of length one."""
    scaled: npt.NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled


def fitted_heads(
    encoded: Sequence[Encoded], lessons: Sequence[Lesson], meanings: npt.NDArray[np.float32]
) -> tuple[dict[str, npt.NDArray[np.float64]], dict[str, npt.NDArray[np.float64]]]:
    """A logistic regression per head on the sum of the pieces' meanings over the root of their number.

    Args:
        encoded: The texts.
        lessons: Their pieces.
        meanings: (v, 384), rows of length one.

    Returns:
        Weights (384, classes) and biases (classes,) by head.
    """
    from sklearn.linear_model import LogisticRegression

    sums = np.stack([meanings[x.rows].sum(axis=0) / np.sqrt(max(1, len(x.rows))) for x in lessons])
    weights, biases = {}, {}
    for name in HEADS:
        told = ngram_weights.told_of(name)
        goal = [told(e.task) for e in encoded]
        rows = [i for i, x in enumerate(goal) if x is not None]
        model = LogisticRegression(max_iter=1000)
        model.fit(
            sums[rows], [goal[i] for i in rows],
            sample_weight=[ngram_weights.weight_of(encoded[i].task) for i in rows],
        )  # fmt: skip
        weights[name], biases[name] = model.coef_.T, model.intercept_
    return weights, biases


def calibrated(
    folder: Path,
    cx: Sequence[Label],
    vectors: Mapping[str, npt.NDArray[np.float32]],
    held_out: Sequence[Task],
    taxonomies: Mapping[str, Sequence[Label]],
) -> dict[str, Any]:
    """Fit what the n-grams count, probabilities and thresholds; returns the figures.

    Args:
        folder: From `write`.
        cx: The known labels.
        vectors: Vectors of the labels of each small taxonomy, (k, 384).
        held_out: Tasks that were not learnt from.
        taxonomies: Labels of the small taxonomies.
    """
    _config(folder, calibrate.UNCALIBRATED, {})
    load_weights.cache_clear()
    weights = load_weights(folder)
    by_labels = {tuple(taxonomies[name]): rows for name, rows in vectors.items()}
    pieces = calibrate.measure(
        lambda x: FastReader(weights, x, by_labels.get(tuple(x))), cx, held_out, taxonomies
    )
    found = ngram_weights.scores(weights.ngrams, cx, pieces.tasks)
    nothing = [
        (calibrate.Scores(s.presence * 0, s.polarity * 0, s.told), t) for s, t in pieces.unseen
    ]
    ngrams = calibrate.Measured(pieces.tasks, found, nothing)
    shares = {**calibrate.fit_shares(pieces, ngrams), "other": 0.0}
    alone = calibrate.fit(pieces)[1]
    curves, figures = calibrate.fit(calibrate.together(pieces, ngrams, shares))
    _config(folder, {**curves, "shares": shares}, {**figures, "pieces_alone": alone})
    load_weights.cache_clear()
    return figures


def _config(folder: Path, calibration: dict[str, Any], figures: dict[str, Any]) -> None:
    config = {
        "name": "fast", "version": VERSION, "languages": ["en", "de"], "pair_bits": PAIR_BITS,
        "calibration": calibration, "figures": figures,
        "sha256": {name: file_hash(folder / name) for name in FILES},
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")
