"""From judgements of single texts to the reading of comments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from warum_models.huggingface.judge import Judge, Labels
from warum_models.protocol import Found, Passage, Reading

THRESHOLD = 0.5
"""Presence from which a category counts as there."""


class HuggingFaceReader:
    """Judges each segment for opinions and each comment for its sentiment, one text at a time.

    Args:
        name: Name, stored with every result.
        version: Version, stored with every result.
        languages: ISO 639-1 codes of what it reads.
        labels: The categories.
        judge: What judges a text.
    """

    def __init__(
        self, name: str, version: str, languages: frozenset[str], labels: Labels, judge: Judge
    ) -> None:
        self.name = name
        self.version = version
        self.languages = languages
        self.labels = labels.codes
        self._judge = judge

    def read(self, passages: Sequence[Passage]) -> Reading:
        """Read n comments; see `Reader.read`."""
        presence = np.zeros((len(passages), len(self.labels)), dtype=np.float32)
        document = np.zeros((len(passages), 3), dtype=np.float32)
        found = _Gathered()
        for i, passage in enumerate(passages):
            document[i] = self._judge.sentiment(passage.text, passage.language)
            for start, end in passage.segments:
                judged = self._judge.opinions(passage.text[start:end], passage.language)
                presence[i] = np.maximum(presence[i], judged.presence)
                for label in np.flatnonzero(judged.presence >= THRESHOLD).tolist():
                    found.places.append((i, label, start, end))
                    found.confidence.append(float(judged.presence[label]))
                    found.polarity.append(judged.polarity[label])
        return Reading(presence, found.all(), document)


class _Gathered:
    """Opinions as they are found."""

    def __init__(self) -> None:
        self.places: list[tuple[int, int, int, int]] = []
        self.confidence: list[float] = []
        self.polarity: list[np.typing.NDArray[np.float64]] = []

    def all(self) -> Found:
        if not self.places:
            return Found.none()
        places = np.array(self.places, dtype=np.int64)
        return Found(
            comment=places[:, 0],
            label=places[:, 1],
            confidence=np.array(self.confidence, dtype=np.float32),
            polarity=np.stack(self.polarity).astype(np.float32),
            start=places[:, 2],
            end=places[:, 3],
        )
