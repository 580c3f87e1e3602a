"""Makes a reader of a model that knows texts only: it asks for every segment and for the whole comment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from warum_models.protocol import Found, Passage, Prediction, Reading, SegmentModel


class BySegment:
    """Reads each segment by itself; a label is there if it is there in a segment.

    Args:
        model: The model of texts.
    """

    def __init__(self, model: SegmentModel) -> None:
        self._model = model
        self.name = model.name
        self.version = model.version
        self.labels = model.labels
        self.languages = model.languages

    def read(self, passages: Sequence[Passage]) -> Reading:
        """Read n comments; see `Reader.read`."""
        n = len(passages)
        parts = [(i, start, end) for i, p in enumerate(passages) for start, end in p.segments]
        texts = [p.text for p in passages] + [passages[i].text[a:b] for i, a, b in parts]
        languages = [p.language for p in passages] + [passages[i].language for i, _, _ in parts]
        if not texts:
            return Reading(
                np.zeros((0, len(self.labels)), np.float32),
                Found.none(),
                np.zeros((0, 3), np.float32),
            )
        prediction = self._model.predict(texts, languages)
        presence = np.zeros((n, len(self.labels)), dtype=np.float32)
        owners = np.array([i for i, _, _ in parts], dtype=np.int64)
        np.maximum.at(presence, owners, prediction.presence[n:])
        return Reading(presence, self._found(parts, prediction, n), prediction.document[:n])

    def _found(
        self, parts: Sequence[tuple[int, int, int]], prediction: Prediction, n: int
    ) -> Found:
        inside = prediction.presence[n:]
        rows, columns = np.nonzero(inside >= self._model.thresholds)
        place = np.array(parts, dtype=np.int64).reshape(-1, 3)[rows]
        return Found(
            comment=place[:, 0],
            label=columns.astype(np.int64),
            confidence=inside[rows, columns],
            polarity=prediction.polarity[n:][rows, columns],
            start=place[:, 1],
            end=place[:, 2],
        )
