"""The readers whose weights are installed: `fast`, `accurate` and `auto`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from warum_models import encoder_weights, fast_tables
from warum_models.cascade import Cascade
from warum_models.encoder import EncoderReader
from warum_models.fast import FastReader
from warum_models.protocol import Label, Reader
from warum_models.stored import WEIGHTS, read_config


def load_shipped(name: str, labels: Sequence[Label], folder: Path = WEIGHTS) -> Reader:
    """A reader for any labels.

    Args:
        name: One of `names.SHIPPED`.
        labels: What to read.
        folder: Folder of the weights of all three.

    Raises:
        WeightsError: If weights are missing or damaged.
    """
    words = load_fast(labels, folder)
    if name == "fast":
        return words
    accurate = EncoderReader(encoder_weights.load_weights(folder / "accurate"), labels, words)
    if name == "accurate":
        return accurate
    config = read_config(folder / "auto")
    return Cascade(words, accurate, np.array(config["weights"]), config["limit"], config["version"])


def load_fast(labels: Sequence[Label], folder: Path = WEIGHTS) -> FastReader:
    """The reader `fast`; the encoder describes the labels that it does not know by heart."""
    weights = fast_tables.load_weights(folder / "fast")
    if all(weights.knows(label) for label in labels):
        return FastReader(weights, labels)
    vectors = encoder_weights.label_vectors(
        encoder_weights.load_weights(folder / "accurate"), labels
    )
    return FastReader(weights, labels, vectors)
