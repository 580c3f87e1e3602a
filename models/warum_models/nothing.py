"""A model that reads nothing: shows the seam, and lets the pipeline run without weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from warum_models.protocol import Floats, Prediction


class NothingModel:
    """Finds no opinion in any text; the document is neutral.

    Args:
        labels: Codes of the labels it claims to know.
    """

    name = "nothing"
    version = "1"
    languages = frozenset({"de", "en"})

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)

    @property
    def thresholds(self) -> Floats:
        """One threshold per label, never reached; (k,)."""
        return np.ones(len(self.labels), dtype=np.float32)

    def predict(self, texts: Sequence[str], languages: Sequence[str]) -> Prediction:  # noqa: ARG002 - the seam
        """Zeros of the right shapes."""
        neutral = np.array([0.0, 1.0, 0.0], dtype=np.float32)
        n, k = len(texts), len(self.labels)
        return Prediction(
            presence=np.zeros((n, k), dtype=np.float32),
            polarity=np.broadcast_to(neutral, (n, k, 3)).copy(),
            document=np.broadcast_to(neutral, (n, 3)).copy(),
        )
