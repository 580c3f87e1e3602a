"""Writes the folder of weights that is shipped: graphs, tables, vocabularies, known labels, calibration, card."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from warum_models.encoder import (
    LABEL_PARTS,
    EncoderReader,
    EncoderWeights,
    label_key,
    label_text,
    load_weights,
)
from warum_models.protocol import EFFORTS, EMOTIONS, INTENTS, Label
from warum_models.stored import file_hash
from warum_models.train import calibrate, export
from warum_models.train.batches import Encoded, Encoder
from warum_models.train.labelbank import CODES, query_text
from warum_models.train.language_pack import Pack
from warum_models.train.network import Network, mean_vector
from warum_models.train.tasks import Task

VERSION = "2"
UNCALIBRATED = {"curves": {}, "other": [1.0, 0.0, 0.5], "temperatures": {}}
EXAMPLES = 250  # texts that set the ranges of the activations


def ship(
    network: Network,
    packs: dict[str, Pack],
    encoder: Encoder,
    cx: Sequence[Label],
    held_out: Sequence[Encoded],
    taxonomies: dict[str, list[Label]],
    folder: Path,
) -> dict[str, Any]:
    """Write everything; returns the figures of the held-out tasks.

    Args:
        network: The trained network.
        packs: Vocabulary per language; the tables come from the network.
        encoder: Makes tokens.
        cx: The known labels, in the wording and language in which they are read.
        held_out: Tasks that were not trained on.
        taxonomies: Small taxonomies by name, for labels that were never seen.
        folder: Where to.
    """
    network.eval()
    export.export_graphs(network, folder)
    _tables(network, packs, folder)
    _known(network, encoder, cx, folder)
    plain = folder / "reader.onnx"
    exact = plain.rename(folder / "reader32.onnx")
    export.quantise_graph(exact, plain, _examples(network, cx, held_out))
    exact.unlink()
    _config(folder, UNCALIBRATED, {})
    load_weights.cache_clear()
    calibration, figures = _calibrate(folder, cx, [e.task for e in held_out], taxonomies)
    _config(folder, calibration, figures)
    load_weights.cache_clear()
    return figures


def _tables(network: Network, packs: dict[str, Pack], folder: Path) -> None:
    stored: dict[str, Any] = {}
    first = 0
    for language, pack in packs.items():
        codes, scale = export.quantise_rows(
            export.stored_table(network, (first, first + len(pack.pieces)))
        )
        stored[f"{language}_codes"], stored[f"{language}_scale"] = codes, scale
        (folder / f"pieces.{language}.txt").write_text("\n".join(pack.pieces), "utf-8")
        first += len(pack.pieces)
    np.savez_compressed(folder / "tables.npz", **stored)


def _known(network: Network, encoder: Encoder, cx: Sequence[Label], folder: Path) -> None:
    """What the known labels contribute, their own vectors included."""
    rows: dict[str, list[Any]] = {name: [] for name in LABEL_PARTS}
    with torch.inference_mode():
        for label in cx:
            ids = torch.tensor([encoder.tokens([query_text(label)], label.language)[0][0]])
            mask = torch.ones_like(ids, dtype=torch.bool)
            vector = mean_vector(network.encode(ids, mask), mask)
            own = network.own(torch.tensor([CODES.index(label.code)]))
            made = network.head.labels(vector + own)
            for name in LABEL_PARTS:
                rows[name].append(made[name][0].numpy())
    assert all(query_text(x) == label_text(x) for x in cx)
    arrays: Any = {n: np.array(v, dtype=np.float32) for n, v in rows.items()}
    np.savez(folder / "known.npz", keys=np.array([label_key(x) for x in cx]), **arrays)


def _examples(network: Network, cx: Sequence[Label], held: Sequence[Encoded]) -> Any:  # noqa: ANN401
    """Inputs of the graph, from every kind of text."""
    chosen = [held[i] for i in np.random.default_rng(7).permutation(len(held))[:EXAMPLES]]
    with torch.inference_mode():
        vectors = torch.randn(len(cx), 384)
        made = {n: v.numpy() for n, v in network.head.labels(vectors).items()}
        for e in chosen:
            rows = network.tables(torch.tensor([e.ids])).numpy()
            yield {
                "vectors": rows, "windows": np.ones((1, len(e.ids)), np.float32),
                "orientation": np.array([e.task.orientation], dtype=np.int64), **made,
            }  # fmt: skip


def _calibrate(
    folder: Path, cx: Sequence[Label], tasks: Sequence[Task], taxonomies: dict[str, list[Label]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    weights = load_weights(folder)
    reader = EncoderReader(weights, cx)
    authored = [t for t in tasks if t.source == "authored"]
    raw = calibrate.raw_scores(reader, authored)
    scores = np.stack([r.presence[0] for r in raw]).astype(np.float64)
    there = np.array([[f"cx:{c}" in t.present for c in reader.labels] for t in authored])
    column = np.tile(np.arange(len(cx)), len(authored))
    slope, offsets = calibrate.fit_curves(scores.ravel(), there.ravel(), column, len(cx))
    threshold = calibrate.best_threshold(1 / (1 + np.exp(-(scores * slope + offsets))), there)
    curves = {c: [slope, float(o), threshold] for c, o in zip(reader.labels, offsets, strict=True)}
    other, others = _unseen(weights, [t for t in tasks if t.source == "own"], taxonomies)
    temperatures = _temperatures(reader, tasks)
    return {"curves": curves, "other": other, "temperatures": temperatures}, {
        "threshold": threshold, "held_out_comments": len(authored), **others,
    }  # fmt: skip


def _unseen(
    weights: EncoderWeights,
    tasks: Sequence[Task],
    taxonomies: dict[str, list[Label]],
) -> tuple[list[float], dict[str, Any]]:
    """One curve and threshold for labels that were never seen."""
    scores, there = [], []
    for name in sorted({t.known[0].rpartition(":")[0] for t in tasks}):
        reader = EncoderReader(weights, taxonomies[name])
        held = [t for t in tasks if t.known[0].startswith(f"{name}:")]
        for task, part in zip(held, calibrate.raw_scores(reader, held), strict=True):
            scores.append(part.presence[0])
            there.append([f"{name}:{c}" in task.present for c in reader.labels])
    flat, yes = np.concatenate(scores).astype(np.float64), np.concatenate(there)
    slope, offset = calibrate.fit_curves(flat, yes, np.zeros(len(flat), dtype=np.int64), 1)
    probability = 1 / (1 + np.exp(-(flat * slope + offset[0])))
    threshold = calibrate.best_threshold(probability, yes)
    found = probability >= threshold
    f1 = 2 * int((found & yes).sum()) / max(1, int(found.sum() + yes.sum()))
    return [slope, float(offset[0]), threshold], {"unseen_taxonomies_micro_f1": round(f1, 3)}


def _temperatures(reader: EncoderReader, tasks: Sequence[Task]) -> dict[str, float]:
    raw = calibrate.raw_scores(reader, tasks)
    found = {}
    sides = [
        (r.polarity[0, reader.labels.index(key[3:])], held[0][0])
        for t, r in zip(tasks, raw, strict=True) if t.source == "authored"
        for key, held in t.present.items() if len({s for s, _, _ in held}) == 1
    ]  # fmt: skip
    found["polarity"] = calibrate.fit_temperature(
        np.stack([x for x, _ in sides]), np.eye(3)[[y for _, y in sides]]
    )
    told = [(r.told["document"], t.document) for t, r in zip(tasks, raw, strict=True) if t.document]
    found["document"] = calibrate.fit_temperature(
        np.stack([x for x, _ in told]), np.array([y for _, y in told])
    )
    for name, classes in (("emotion", EMOTIONS), ("intent", INTENTS), ("effort", EFFORTS)):
        held = [
            (r.told[name], getattr(t, name)) for t, r in zip(tasks, raw, strict=True)
            if getattr(t, name) is not None and getattr(t, name) >= 0
            and (name != "emotion" or t.source == "authored")
        ]  # fmt: skip
        found[name] = calibrate.fit_temperature(
            np.stack([x for x, _ in held]), np.eye(len(classes))[[y for _, y in held]]
        )
    return found


def _config(folder: Path, calibration: dict[str, Any], figures: dict[str, Any]) -> None:
    names = (
        "reader.onnx",
        "labels.onnx",
        "tables.npz",
        "known.npz",
        "pieces.en.txt",
        "pieces.de.txt",
    )
    config = {
        "name": "accurate", "version": VERSION, "languages": ["en", "de"], "calibration": calibration,
        "figures": figures, "sha256": {n: file_hash(folder / n) for n in names},
    }  # fmt: skip
    (folder / "config.json").write_text(
        json.dumps(config, indent=1, ensure_ascii=False) + "\n", "utf-8"
    )
