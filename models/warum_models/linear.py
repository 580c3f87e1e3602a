"""The first model: logistic regression on n-grams and shared German-English word vectors.

An honest baseline. Presence of each category and polarity of a segment are separate linear models;
presence is calibrated with a logistic curve per category (Platt 1999). Arithmetic is row by row, so that a
text's numbers never depend on its batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from warum_models.features import StaticVectors, count_ngrams, weigh
from warum_models.protocol import Floats, Prediction
from warum_models.stored import WEIGHTS, read_config

Doubles = npt.NDArray[np.float64]


class LinearModel:
    """Reads opinions with linear models.

    Args:
        config: Name, version, labels, languages: the content of `config.json`.
        arrays: The weights: `idf` (d,), `sparse` (d, k + 6), `dense` (e, k + 6), `bias` (k + 6,),
            `slope` and `offset` (k,) of the calibration, `thresholds` (k,).
        vectors: Shared word vectors with e dimensions.
    """

    def __init__(
        self, config: dict[str, Any], arrays: dict[str, npt.NDArray[Any]], vectors: StaticVectors
    ) -> None:
        self.name: str = config["name"]
        self.version: str = config["version"]
        self.labels: tuple[str, ...] = tuple(config["labels"])
        self.languages: frozenset[str] = frozenset(config["languages"])
        self.thresholds: Floats = arrays["thresholds"].astype(np.float32)
        self._idf: Doubles = arrays["idf"].astype(np.float64)
        self._sparse: Doubles = arrays["sparse"].astype(np.float64) * arrays["sparse_scale"]
        self._dense: Doubles = arrays["dense"].astype(np.float64)
        self._bias: Doubles = arrays["bias"].astype(np.float64)
        self._slope: Doubles = arrays["slope"].astype(np.float64)
        self._offset: Doubles = arrays["offset"].astype(np.float64)
        self._vectors = vectors

    def predict(self, texts: Sequence[str], languages: Sequence[str]) -> Prediction:
        """Read n texts; see `SegmentModel.predict`."""
        scores = self.decision(texts, languages)
        k = len(self.labels)
        presence = 1 / (1 + np.exp(-(scores[:, :k] * self._slope + self._offset)))
        polarity = _softmax(scores[:, k : k + 3]).astype(np.float32)
        return Prediction(
            presence=presence.astype(np.float32),
            polarity=np.repeat(polarity[:, None, :], k, axis=1),
            document=_softmax(scores[:, k + 3 :]).astype(np.float32),
        )

    def decision(self, texts: Sequence[str], languages: Sequence[str]) -> Doubles:
        """Raw scores of the k labels, of the opinion's and of the document's polarity; (n, k + 6)."""
        ngrams = weigh(count_ngrams(texts), self._idf)
        dense = self._vectors.mean(texts, languages)
        # A matrix product would let BLAS choose another order of summation for another batch size.
        from_dense = np.stack([(self._dense * row[:, None]).sum(axis=0) for row in dense])
        scores: Doubles = np.asarray(ngrams @ self._sparse) + from_dense + self._bias
        return scores


def _softmax(scores: Doubles) -> Doubles:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


@cache
def load_linear(folder: Path = WEIGHTS / "linear") -> LinearModel:
    """Load the model from its folder, checking every file against the hash in `config.json`.

    Raises:
        WeightsError: If a file is missing or has another hash.
    """
    config = read_config(folder)
    with np.load(folder / "weights.npz", allow_pickle=False) as stored:
        arrays = dict(stored)
    words = (folder / "words.txt").read_text("utf-8").split("\n")
    table = arrays.pop("vectors").astype(np.float32) * arrays.pop("vectors_scale")[:, None]
    vectors = StaticVectors({word: i for i, word in enumerate(words)}, table.astype(np.float32))
    return LinearModel(config, arrays, vectors)
