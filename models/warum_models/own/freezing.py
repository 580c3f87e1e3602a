"""From a tuned network to files that are read without torch: graph and tables in 8 bits, as shipped."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from warum_models.encoder_weights import LABEL_PARTS, EncoderWeights, load_weights
from warum_models.label_text import label_key
from warum_models.own.lessons import Lesson
from warum_models.own.thawing import first_rows
from warum_models.own.tuned import CONFIG, NAMES, TunedReader, read_tuned, stored_labels
from warum_models.protocol import Label
from warum_models.stored import file_hash
from warum_models.train import export
from warum_models.train.calibrate import UNCALIBRATED
from warum_models.train.network import Network
from warum_models.train.ship import EXAMPLES

SEED = 7


def freeze(
    network: Network,
    start: Path,
    labels: Sequence[Label],
    vectors: Tensor,
    lessons: Sequence[Lesson],
) -> TunedReader:
    """The reader of a tuned network, as it will be read from disk.

    Args:
        network: The network.
        start: Folder of the weights it was tuned from.
        labels: The k labels.
        vectors: Their vectors, (k, 384).
        lessons: What it was tuned on; they set the ranges of the activations.
    """
    weights = load_weights(start)
    with torch.no_grad():
        made = network.head.labels(vectors + network.own.weight[: len(labels)])
    parts = {name: made[name].numpy() for name in LABEL_PARTS}
    with tempfile.TemporaryDirectory(prefix="warum-") as path:
        folder = Path(path)
        _graphs(network, folder, _examples(network, parts, lessons))
        _tables(network, weights, folder)
        np.savez(folder / "known.npz", keys=np.array([label_key(x) for x in labels]), **parts)
        for language in weights.packs:
            name = f"pieces.{language}.txt"
            shutil.copyfile(start / name, folder / name)
        _config(network, weights, labels, folder)
        return read_tuned(folder)


def version_of(network: Network) -> str:
    """First 12 hex digits of a hash of all parameters."""
    digest = hashlib.sha256()
    for name, value in sorted(network.state_dict().items()):
        digest.update(f"{name} {tuple(value.shape)}".encode())
        digest.update(np.ascontiguousarray(value.numpy()).tobytes())
    return digest.hexdigest()[:12]


def _graphs(network: Network, folder: Path, examples: Iterator[dict[str, Any]]) -> None:
    with warnings.catch_warnings():
        # The exporter that traces is the one whose graphs are quantised; torch says it will go one day.
        warnings.simplefilter("ignore")
        export.export_graphs(network, folder)
        exact = (folder / "reader.onnx").rename(folder / "reader32.onnx")
        export.quantise_graph(exact, folder / "reader.onnx", examples)


def _examples(
    network: Network, parts: dict[str, Any], lessons: Sequence[Lesson]
) -> Iterator[dict[str, Any]]:
    """Inputs of the graph."""
    chosen = np.random.default_rng(SEED).permutation(len(lessons))[:EXAMPLES]
    for i in chosen.tolist():
        lesson = lessons[i]
        with torch.no_grad():
            rows = network.tables(torch.tensor([lesson.ids])).numpy()
        yield {
            "vectors": rows, "windows": np.ones((1, len(lesson.ids)), np.float32),
            "orientation": np.array([lesson.task.orientation], np.int64), **parts,
        }  # fmt: skip


def _tables(network: Network, weights: EncoderWeights, folder: Path) -> None:
    stored: dict[str, Any] = {}
    for language, first in first_rows(weights).items():
        last = first + len(weights.packs[language].codes)
        codes, scale = export.quantise_rows(export.stored_table(network, (first, last)))
        stored[f"{language}_codes"], stored[f"{language}_scale"] = codes, scale
    np.savez_compressed(folder / "tables.npz", allow_pickle=False, **stored)


def _config(
    network: Network, weights: EncoderWeights, labels: Sequence[Label], folder: Path
) -> None:
    start = weights.config
    config = {
        "name": f"{start['name']}-tuned", "version": version_of(network), "languages": start["languages"],
        "start": {"name": start["name"], "version": start["version"]},
        "calibration": UNCALIBRATED, "labels": stored_labels(labels),
        "sha256": {name: file_hash(folder / name) for name in NAMES if name != CONFIG},
    }  # fmt: skip
    text = json.dumps(config, indent=1, ensure_ascii=False, sort_keys=True)
    (folder / CONFIG).write_text(text + "\n", "utf-8", newline="\n")
