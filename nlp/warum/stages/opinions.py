"""Opinions with their evidence; sentiment, emotion, intent and effort of the whole comment."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from warum.records import POLARITIES, Opinion, Polarity, ReadComment, Segment
from warum.stages.nonanswer import nothing_answer, nothing_polarity
from warum.taxonomy import GENERAL
from warum_models.protocol import EFFORTS, EMOTIONS, INTENTS, Floats, Passage, Reader, Reading

_ROUND = 4  # stored probabilities; the arithmetic before is independent of the batch
_RULE_CONFIDENCE = 0.99
# "10" may be the best or a house number; whatever a model says of it is invented.
_BARE_NUMBER = re.compile(r"[\s.,:;+-]*\d[\d\s.,:;+-]*")


class ReadOpinions:
    """Ask a reader for the opinions of every comment.

    A comment in a language that the reader does not claim, and a bare number, are passed through without opinions.

    Args:
        reader: The reader.
        codes: Codes of the taxonomy; labels of the reader outside it are left out.
    """

    name = "opinions"

    def __init__(self, reader: Reader, codes: Sequence[str]) -> None:
        self._reader = reader
        known = set(codes)
        self._kept = frozenset(i for i, label in enumerate(reader.labels) if label in known)

    def __call__(self, batch: Sequence[ReadComment]) -> list[ReadComment]:
        """Fill opinions, sentiment, polarity, emotion, intent and effort."""
        read = [self._by_rule(comment) or comment for comment in batch]
        asked = [
            i
            for i, comment in enumerate(batch)
            if read[i] is comment
            and comment.text
            and not nothing_answer(comment.text)
            and not _BARE_NUMBER.fullmatch(comment.text)
            and comment.language in self._reader.languages
        ]
        if asked:
            reading = self._reader.read([_passage(batch[i]) for i in asked])
            opinions = self._opinions([batch[i] for i in asked], reading)
            for position, i in enumerate(asked):
                read[i] = _filled(batch[i], reading, position, opinions[position])
        return read

    def _by_rule(self, comment: ReadComment) -> ReadComment | None:
        """A bare "nothing" is praise or blame by what the question asks for."""
        if not comment.text:
            return None
        text = comment.text
        polarity = nothing_polarity(text, comment.orientation)
        if polarity is None:
            return None
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
        self, comments: Sequence[ReadComment], reading: Reading
    ) -> list[tuple[Opinion, ...]]:
        """Opinions per comment; the same judgement of a category twice counts once, the surer one."""
        found: list[dict[tuple[str, Polarity], Opinion]] = [{} for _ in comments]
        these = reading.found
        for j, (i, label) in enumerate(
            zip(these.comment.tolist(), these.label.tolist(), strict=True)
        ):
            if label not in self._kept:
                continue
            start, end = int(these.start[j]), int(these.end[j])
            opinion = Opinion(
                category=self._reader.labels[label],
                sentiment=_sentiment(these.polarity[j]),
                polarity=POLARITIES[int(np.argmax(these.polarity[j]))],
                confidence=round(min(float(these.confidence[j]), 1.0), _ROUND),
                start=start,
                end=end,
                evidence=(comments[i].text or "")[start:end],
            )
            key = (opinion.category, opinion.polarity)
            if key not in found[i] or found[i][key].confidence < opinion.confidence:
                found[i][key] = opinion
        return [
            tuple(sorted(held.values(), key=lambda o: (o.start, o.category, o.polarity)))
            for held in found
        ]


def _passage(comment: ReadComment) -> Passage:
    return Passage(
        comment.text or "",
        comment.language,
        tuple((segment.start, segment.end) for segment in _telling(comment)),
        comment.orientation,
    )


def _filled(
    comment: ReadComment, reading: Reading, row: int, opinions: tuple[Opinion, ...]
) -> ReadComment:
    document = reading.document[row]
    emotion, emotion_probability = _likeliest(reading.emotion, row, EMOTIONS)
    intent, intent_probability = _likeliest(reading.intent, row, INTENTS)
    effort, effort_probability = _likeliest(reading.effort, row, EFFORTS)
    return replace(
        comment,
        opinions=opinions,
        sentiment=_sentiment(document),
        polarity=POLARITIES[int(np.argmax(document))],
        emotion=emotion,
        emotion_probability=emotion_probability,
        intent=intent,
        intent_probability=intent_probability,
        effort=effort,
        effort_probability=effort_probability,
    )


def _likeliest(
    probabilities: Floats | None, row: int, names: Sequence[str]
) -> tuple[str | None, float]:
    """The likeliest of some names with its probability; nothing where the reader does not tell."""
    if probabilities is None:
        return None, math.nan
    best = int(np.argmax(probabilities[row]))
    return names[best], round(min(float(probabilities[row, best]), 1.0), _ROUND)


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
