"""The weights of `fast`: what the trained network says of many texts, learnt by tables of pieces and pairs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from warum_models.encoder import label_key
from warum_models.fast import HEADS, PAIR_BITS, FastReader, load_weights
from warum_models.protocol import Label, Reading
from warum_models.stored import file_hash
from warum_models.train import calibrate
from warum_models.train.batches import Encoded, Encoder
from warum_models.train.fit import label_vectors
from warum_models.train.labelbank import CODES, LabelBank
from warum_models.train.network import Network, padded
from warum_models.train.tasks import Task
from warum_models.train.teach_fast import FastNetwork, Lesson, stored, teach

VERSION = "1"
OTHERS = 8  # further labels that the teacher is asked about, per text
GOLD = 3.0  # weight of a text whose labels people gave
SEED = 7
UNCALIBRATED: dict[str, Any] = {"curves": {}, "other": [1.0, 0.0, 0.5], "temperatures": {}}


def lessons(
    network: Network, encoded: Sequence[Encoded], bank: LabelBank, encoder: Encoder
) -> tuple[list[Lesson], torch.Tensor]:
    """What the network says of the texts, and the vectors of all wordings.

    Args:
        network: The trained network.
        encoded: The texts.
        bank: The labels.
        encoder: Makes tokens.
    """
    vectors = label_vectors(network, bank, encoder)
    network.eval()
    generator = np.random.default_rng(SEED)
    own = [rows[0] for key, rows in bank.keys.items() if not key.startswith(("cx:", "union:"))]
    known = torch.tensor([bank.keys[f"cx:{c}"][0] for c in CODES])
    made: list[Lesson | None] = [None] * len(encoded)
    order = sorted(range(len(encoded)), key=lambda i: len(encoded[i].ids))
    with torch.inference_mode():
        cx = network.head.labels(vectors[known] + network.own(torch.arange(len(CODES))))
        for begin in range(0, len(order), 64):
            chosen = order[begin : begin + 64]
            held = [encoded[i] for i in chosen]
            others = np.stack([generator.choice(own, OTHERS, replace=False) for _ in held])
            for i, lesson in zip(chosen, _asked(network, held, cx, vectors, others), strict=True):
                made[i] = lesson
    return [x for x in made if x is not None], vectors


def _asked(
    network: Network,
    held: Sequence[Encoded],
    cx: dict[str, torch.Tensor],
    vectors: torch.Tensor,
    others: np.typing.NDArray[np.int64],
) -> list[Lesson]:
    ids, mask = padded([e.ids for e in held])
    orientation = torch.tensor([e.task.orientation for e in held])
    tokens = network.encode(ids, mask)
    known = {n: v[None].expand(len(held), *v.shape) for n, v in cx.items()}
    read = network.head(tokens, mask, known, orientation)
    further = network.head(
        tokens, mask, network.head.labels(vectors[torch.from_numpy(others)]), orientation
    )
    told = network.documents(tokens, mask, orientation)
    best = read.presence.argmax(dim=1)
    sides = read.polarity[torch.arange(len(held)), best]
    heads = {"polarity": sides, **told}
    return [
        Lesson(
            rows=np.array(e.ids[1:-1] if len(e.ids) > 2 else e.ids, dtype=np.int64),
            presence=_with_gold(e.task, read.presence[i].numpy()),
            others=(others[i], further.presence[i].numpy()),
            heads={n: torch.softmax(heads[n][i], dim=-1).numpy() for n in HEADS},
            weight=GOLD if e.task.source == "authored" else 1.0,
        )
        for i, e in enumerate(held)
    ]  # fmt: skip


def _with_gold(
    task: Task, presence: np.typing.NDArray[np.float32]
) -> np.typing.NDArray[np.float32]:
    """Half what the network says, half what people said, where they did."""
    if task.source != "authored":
        return presence
    gold = np.array([4.0 if f"cx:{c}" in task.present else -6.0 for c in CODES], dtype=np.float32)
    return np.asarray((presence + gold) / 2)


def write(
    made: Sequence[Lesson],
    vectors: torch.Tensor,
    bank: LabelBank,
    pieces: int,
    cx: Sequence[Label],
    held_out: Sequence[Task],
    folder: Path,
    passes: int = 8,
) -> dict[str, Any]:
    """Teach, store in 8 bits, calibrate; returns figures of the held-out comments.

    Args:
        made: From `lessons`.
        vectors: Likewise.
        bank: The labels.
        pieces: Number of pieces of all languages.
        cx: The known labels, in the order of `CODES`.
        held_out: Tasks that the network was not trained on.
        folder: Where to.
        passes: Passes over the lessons.
    """
    known = vectors[[bank.keys[f"cx:{c}"][0] for c in CODES]]
    network = FastNetwork(pieces, len(CODES))
    teach(network, made, known, vectors, passes)
    folder.mkdir(parents=True, exist_ok=True)
    arrays: Any = stored(network, known, [label_key(x) for x in cx])
    np.savez_compressed(folder / "weights.npz", **arrays)
    _config(folder, UNCALIBRATED, {})
    load_weights.cache_clear()
    reader = FastReader(load_weights(folder), cx)
    authored = [t for t in held_out if t.source == "authored"]
    passages = [calibrate.passage_of(t) for t in authored]
    scores = reader.raw(passages)
    there = np.array([[f"cx:{c}" in t.present for c in reader.labels] for t in authored])
    column = np.tile(np.arange(len(cx)), len(authored))
    slope, offsets = calibrate.fit_curves(scores.ravel(), there.ravel(), column, len(cx))
    probability = 1 / (1 + np.exp(-(scores * slope + offsets)))
    threshold = calibrate.best_threshold(probability, there)
    found = probability >= threshold
    f1 = 2 * int((found & there).sum()) / max(1, int(found.sum() + there.sum()))
    curves = {c: [slope, float(o), threshold] for c, o in zip(reader.labels, offsets, strict=True)}
    calibration = {
        "curves": curves,
        "other": [slope, float(offsets.mean()), threshold],
        "temperatures": {},
    }
    figures = {"threshold": threshold, "micro_f1": round(f1, 3), "held_out_comments": len(authored)}
    _config(folder, calibration, figures)
    load_weights.cache_clear()
    return figures


def _config(folder: Path, calibration: dict[str, Any], figures: dict[str, Any]) -> None:
    config = {
        "name": "fast", "version": VERSION, "languages": ["en", "de"], "pair_bits": PAIR_BITS,
        "calibration": calibration, "figures": figures,
        "sha256": {"weights.npz": file_hash(folder / "weights.npz")},
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")


def differences(fast: Reading, accurate: Reading) -> np.typing.NDArray[np.bool_]:
    """Whether two readers find other opinions in a comment, (n,): labels with their polarity."""

    def opinions(reading: Reading) -> list[frozenset[tuple[int, int]]]:
        found: list[set[tuple[int, int]]] = [set() for _ in range(len(reading.presence))]
        sides = reading.found.polarity.argmax(axis=1)
        for i, label, side in zip(reading.found.comment, reading.found.label, sides, strict=True):
            found[int(i)].add((int(label), int(side)))
        return [frozenset(x) for x in found]

    return np.array([a != b for a, b in zip(opinions(fast), opinions(accurate), strict=True)])
