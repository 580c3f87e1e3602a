"""A model that reads nothing: shows the seam, and lets the pipeline run without weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from warum_models.protocol import Found, Passage, Reading


class NothingModel:
    """Finds no opinion in any comment; the comment is neutral.

    Args:
        labels: Codes of the labels it claims to know.
    """

    name = "nothing"
    version = "1"
    languages = frozenset({"de", "en"})

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)

    def read(self, passages: Sequence[Passage]) -> Reading:
        """Zeros of the right shapes."""
        neutral = np.array([0.0, 1.0, 0.0], dtype=np.float32)
        n, k = len(passages), len(self.labels)
        return Reading(
            presence=np.zeros((n, k), dtype=np.float32),
            found=Found.none(),
            document=np.broadcast_to(neutral, (n, 3)).copy(),
        )
