"""The weights of the reader `accurate`, and the vectors of labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from warum_models.calibration import Calibration
from warum_models.label_text import label_text
from warum_models.pieces import LanguagePack
from warum_models.protocol import Floats, Label
from warum_models.stored import WEIGHTS, read_config

LONGEST = 254  # pieces of one window; longer comments are read window by window
LABEL_PARTS = ("query", "scale", "shift", "bias", "evidence_bias")


@dataclass(frozen=True)
class EncoderWeights:
    """Graphs, tables and calibration, read once."""

    config: dict[str, Any]
    reader: Any
    label_graph: Any
    packs: dict[str, LanguagePack]
    known: dict[str, npt.NDArray[Any]]
    calibration: Calibration


@cache
def load_weights(folder: Path = WEIGHTS / "accurate") -> EncoderWeights:
    """Read and check a folder of weights.

    Raises:
        WeightsError: If a file is missing or has another hash.
    """
    import onnxruntime

    config = read_config(folder)
    options = onnxruntime.SessionOptions()
    # One thread: the same order of summation everywhere. Comments are what is read in parallel.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    sessions = [
        onnxruntime.InferenceSession(
            str(folder / name), options, providers=["CPUExecutionProvider"]
        )
        for name in ("reader.onnx", "labels.onnx")
    ]
    with np.load(folder / "tables.npz", allow_pickle=False) as stored:
        packs = {
            language: LanguagePack.load(
                folder / f"pieces.{language}.txt",
                stored[f"{language}_codes"],
                stored[f"{language}_scale"],
                language,
            )
            for language in config["languages"]
        }
    with np.load(folder / "known.npz", allow_pickle=False) as stored:
        known = dict(stored)
    return EncoderWeights(
        config, sessions[0], sessions[1], packs, known, Calibration.parse(config["calibration"])
    )


def label_vectors(weights: EncoderWeights, labels: Sequence[Label]) -> Floats:
    """Mean vector of what is read of each label, by itself; (k, 384)."""
    empty = {
        "query": (1, 256), "scale": (1, 256), "shift": (1, 256), "bias": (1,), "evidence_bias": (1,),
    }  # fmt: skip
    nothing = {name: np.zeros(shape, np.float32) for name, shape in empty.items()}
    found = np.zeros((len(labels), 384), dtype=np.float32)
    for i, label in enumerate(labels):
        pack = weights.packs[label.language if label.language in weights.packs else "en"]
        rows = pack.pieces([label_text(label)])[0].rows[:LONGEST]
        (found[i],) = weights.reader.run(
            ["mean"],
            {
                "vectors": pack.vectors(rows)[None],
                "windows": np.ones((1, len(rows)), np.float32),
                "orientation": np.zeros(1, np.int64),
                **nothing,
            },
        )[0]
    return found
