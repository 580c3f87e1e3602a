"""Opinions per segment, and the sentiment of the whole comment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from warum.records import POLARITIES, Opinion, Polarity, ReadComment, Segment
from warum.stages.nonanswer import nothing_answer, nothing_polarity
from warum.taxonomy import GENERAL
from warum_models.protocol import OpinionModel, Prediction

_ROUND = 4  # stored probabilities; the arithmetic before is independent of the batch
_RULE_CONFIDENCE = 0.99


class ReadOpinions:
    """Ask a model for the opinions of every segment.

    A comment in a language that the model does not claim is passed through without opinions.

    Args:
        model: The model.
        codes: Codes of the taxonomy; labels of the model outside it are left out.
    """

    name = "opinions"

    def __init__(self, model: OpinionModel, codes: Sequence[str]) -> None:
        self._model = model
        known = set(codes)
        self._kept = [i for i, label in enumerate(model.labels) if label in known]

    def __call__(self, batch: Sequence[ReadComment]) -> list[ReadComment]:
        """Fill opinions, sentiment and polarity."""
        ruled = [self._by_rule(comment) for comment in batch]
        asked = [
            i
            for i, comment in enumerate(batch)
            if ruled[i] is None and comment.text and comment.language in self._model.languages
        ]
        parts = [(i, segment) for i in asked for segment in _telling(batch[i])]
        texts = [batch[i].text or "" for i in asked] + [
            (batch[i].text or "")[segment.start : segment.end] for i, segment in parts
        ]
        languages = [batch[i].language for i in asked] + [batch[i].language for i, _ in parts]
        read = list(batch)
        for i, comment in enumerate(ruled):
            if comment is not None:
                read[i] = comment
        if texts:
            prediction = self._model.predict(texts, languages)
            opinions = self._opinions(batch, parts, prediction, offset=len(asked))
            for position, i in enumerate(asked):
                read[i] = self._fill(batch[i], prediction.document[position], opinions.get(i, []))
        return read

    def _by_rule(self, comment: ReadComment) -> ReadComment | None:
        """A bare "nothing" is praise or blame by what the question asks for."""
        if not comment.text:
            return None
        text = comment.text
        polarity = nothing_polarity(text, comment.orientation)
        if polarity is None:
            # After an open question a bare "nothing" says nothing.
            return comment if nothing_answer(text) else None
        start = len(text) - len(text.lstrip())
        end = len(text.rstrip())
        sentiment = {"negative": -0.5, "neutral": 0.0, "positive": 0.5}[polarity]
        opinion = Opinion(
            GENERAL,
            sentiment,
            polarity,
            _RULE_CONFIDENCE,
            start,
            end,
            text[start:end],
            source="rule",
        )
        return replace(comment, opinions=(opinion,), sentiment=sentiment, polarity=polarity)

    def _opinions(
        self,
        batch: Sequence[ReadComment],
        parts: Sequence[tuple[int, Segment]],
        prediction: Prediction,
        *,
        offset: int,
    ) -> dict[int, list[Opinion]]:
        thresholds = self._model.thresholds
        found: dict[int, dict[tuple[str, Polarity], Opinion]] = {}
        presence = prediction.presence[offset:]
        rows, columns = np.nonzero(presence[:, self._kept] >= thresholds[self._kept])
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            i, segment = parts[row]
            label = self._kept[column]
            opinion = self._opinion(
                batch[i],
                segment,
                self._model.labels[label],
                float(presence[row, label]),
                prediction.polarity[offset + row, label],
            )
            held = found.setdefault(i, {})
            key = (opinion.category, opinion.polarity)
            if key not in held or held[key].confidence < opinion.confidence:
                held[key] = opinion
        return {i: list(held.values()) for i, held in found.items()}

    @staticmethod
    def _opinion(
        comment: ReadComment,
        segment: Segment,
        category: str,
        confidence: float,
        probabilities: np.typing.NDArray[np.float32],
    ) -> Opinion:
        return Opinion(
            category=category,
            sentiment=_sentiment(probabilities),
            polarity=POLARITIES[int(np.argmax(probabilities))],
            confidence=round(min(confidence, 1.0), _ROUND),
            start=segment.start,
            end=segment.end,
            evidence=(comment.text or "")[segment.start : segment.end],
        )

    @staticmethod
    def _fill(
        comment: ReadComment,
        document: np.typing.NDArray[np.float32],
        opinions: list[Opinion],
    ) -> ReadComment:
        ordered = tuple(sorted(opinions, key=lambda o: (o.start, o.category, o.polarity)))
        return replace(
            comment,
            opinions=ordered,
            sentiment=_sentiment(document),
            polarity=POLARITIES[int(np.argmax(document))],
        )


def _telling(comment: ReadComment) -> list[Segment]:
    """The segments that a model is asked about: not a leading "Nothing", which answers the question."""
    text = comment.text or ""
    if len(comment.segments) < 2:
        return list(comment.segments)
    first, *rest = comment.segments
    return rest if nothing_answer(text[first.start : first.end]) else [first, *rest]


def _sentiment(probabilities: np.typing.NDArray[np.float32]) -> float:
    """Expected sentiment of (negative, neutral, positive) probabilities, -1..1."""
    value = float(probabilities[2]) - float(probabilities[0])
    return round(max(-1.0, min(1.0, value)), _ROUND)
