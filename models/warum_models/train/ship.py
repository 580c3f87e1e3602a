"""Writes the folder of weights that is shipped: graphs, tables, vocabularies, known labels, calibration, card."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from warum_models import fast_tables
from warum_models.encoder import EncoderReader
from warum_models.encoder_weights import LABEL_PARTS, label_vectors, load_weights
from warum_models.fast import FastReader
from warum_models.label_text import label_key, label_text
from warum_models.protocol import Label
from warum_models.stored import file_hash
from warum_models.train import calibrate, export
from warum_models.train.batches import Encoded, Encoder
from warum_models.train.labelbank import CODES
from warum_models.train.language_pack import Pack
from warum_models.train.network import Network, mean_vector
from warum_models.train.tasks import Task

VERSION = "3"
EXAMPLES = 250  # texts that set the ranges of the activations


def ship(
    network: Network,
    packs: dict[str, Pack],
    encoder: Encoder,
    cx: Sequence[Label],
    held_out: Sequence[Encoded],
    folder: Path,
) -> None:
    """Write everything but the calibration, which `add_words` fits.

    Args:
        network: The trained network.
        packs: Vocabulary per language; the tables come from the network.
        encoder: Makes tokens.
        cx: The known labels, in the wording and language in which they are read.
        held_out: Tasks that were not trained on.
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
    _config(folder, calibrate.UNCALIBRATED, {})
    load_weights.cache_clear()


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
            ids = torch.tensor([encoder.tokens([label_text(label)], label.language)[0][0]])
            mask = torch.ones_like(ids, dtype=torch.bool)
            vector = mean_vector(network.encode(ids, mask), mask)
            own = network.own(torch.tensor([CODES.index(label.code)]))
            made = network.head.labels(vector + own)
            for name in LABEL_PARTS:
                rows[name].append(made[name][0].numpy())
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


def add_words(
    folder: Path,
    words: Path,
    cx: Sequence[Label],
    held_out: Sequence[Task],
    taxonomies: Mapping[str, Sequence[Label]],
) -> dict[str, Any]:
    """Fit what `fast` counts beside the network, and calibrate both together; returns the figures.

    Args:
        folder: From `ship`.
        words: Folder of the weights of `fast`.
        cx: The known labels.
        held_out: Tasks that neither was trained on.
        taxonomies: Small taxonomies by name.
    """
    _config(folder, calibrate.UNCALIBRATED, {})
    load_weights.cache_clear()
    weights, tables = load_weights(folder), fast_tables.load_weights(words)

    def of_words(labels: Sequence[Label]) -> FastReader:
        return FastReader(tables, labels, label_vectors(weights, labels))

    first = calibrate.measure(lambda x: EncoderReader(weights, x), cx, held_out, taxonomies)
    second = calibrate.measure(of_words, cx, held_out, taxonomies)
    shares = calibrate.fit_shares(first, second)
    alone = calibrate.fit(first)[1]
    found, figures = calibrate.fit(calibrate.together(first, second, shares))
    figures = {**figures, "network_alone": alone}
    _config(folder, {**found, "shares": shares}, figures)
    load_weights.cache_clear()
    return figures


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
