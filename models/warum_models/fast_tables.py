"""The tables of the reader `fast`, and what labels look like in their space."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from warum_models.calibration import Calibration
from warum_models.label_text import label_key
from warum_models.ngrams import NgramWeights
from warum_models.pieces import stored_tokenizer
from warum_models.protocol import Floats, Label
from warum_models.stored import WEIGHTS, check_some, read_config

Doubles = npt.NDArray[np.float64]
TOPIC = 64  # numbers of a piece that are compared with the labels
HEADS = {"polarity": 3, "document": 3, "emotion": 9, "intent": 7, "effort": 3}
WIDTH = TOPIC + sum(HEADS.values())
PAIR_BITS = 17


def pair_rows(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Row of the table of pairs for each piece and the one behind it; (t - 1,) from (t,)."""
    first, second = rows[:-1].astype(np.uint64), rows[1:].astype(np.uint64)
    mixed = first * np.uint64(0x9E3779B97F4A7C15) + second * np.uint64(0xC2B2AE3D27D4EB4F)
    folded = (mixed ^ (mixed >> np.uint64(29))) >> np.uint64(12)
    return np.asarray(folded.astype(np.int64) & ((1 << PAIR_BITS) - 1))


@dataclass(frozen=True)
class FastWeights:
    """Tables and calibration, read once.

    Attributes:
        config: Name, version, hashes and scales.
        tokenizers: One per language.
        first: First row of each language in `pieces`.
        pieces: One vector per piece, (v, WIDTH).
        pairs: One vector per pair of neighbours, (2**PAIR_BITS, TOPIC).
        known: Queries of the known labels.
        maps: From a label's vector to its query: weight matrices by name.
        ngrams: Weights of n-grams, for known labels and heads.
        calibration: From scores to probabilities.
    """

    config: dict[str, Any]
    tokenizers: dict[str, Any]
    first: dict[str, int]
    pieces: npt.NDArray[np.int8]
    pairs: npt.NDArray[np.int8]
    known: dict[str, npt.NDArray[Any]]
    maps: dict[str, Floats]
    ngrams: NgramWeights
    calibration: Calibration

    def knows(self, label: Label) -> bool:
        """Whether it was trained on this very label."""
        return label_key(label) in self.known["keys"]


@cache
def load_weights(folder: Path = WEIGHTS / "fast") -> FastWeights:
    """Read and check a folder of weights; the vocabularies are those of `accurate`.

    Raises:
        WeightsError: If a file is missing or has another hash.
    """
    config = read_config(folder)
    vocabularies = folder.parent / "accurate"
    check_some(vocabularies, [f"pieces.{language}.txt" for language in config["languages"]])
    tokenizers, first, row = {}, {}, 0
    for language in config["languages"]:
        path = vocabularies / f"pieces.{language}.txt"
        tokenizers[language] = stored_tokenizer(path, language)
        first[language], row = row, row + tokenizers[language].get_vocab_size()
    with np.load(folder / "weights.npz", allow_pickle=False) as stored:
        arrays = dict(stored)
    return FastWeights(
        config, tokenizers, first, arrays.pop("pieces"), arrays.pop("pairs"),
        {n: arrays.pop(n) for n in ("keys", "queries", "query_scale", "bias")},
        arrays, NgramWeights.load(folder / "ngrams.npz"), Calibration.parse(config["calibration"]),
    )  # fmt: skip


def describe(maps: dict[str, Floats], vector: Floats) -> dict[str, Any]:
    """Query of a label in 8 bits, from its vector (384,)."""
    inner = np.tanh(
        (maps["label_in"].astype(np.float64) * vector).sum(axis=1) + maps["label_in_bias"]
    )
    out = (maps["label_out"].astype(np.float64) * inner).sum(axis=1) + maps["label_out_bias"]
    out[:TOPIC] += (maps["label_straight"].astype(np.float64) * vector).sum(axis=1)
    return quantised_query(out, float(maps["topic_scale"]))


def quantised_query(values: Doubles, topic_scale: float) -> dict[str, Any]:
    """Query, its scale and bias from (TOPIC + 1,) numbers."""
    query, bias = values[:TOPIC], float(values[TOPIC])
    step = max(float(np.abs(query).max()), 1e-6) / 127
    scale = step * topic_scale
    return {
        "queries": np.round(query / step).astype(np.int8),
        "query_scale": scale,
        "bias": bias,
    }
