"""Lexicons: VADER and TextBlob, English, one polarity for the whole text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.models.answers import Answer
from benchmarks.models.case import Case

VADER_NEUTRAL = 0.05  # the compound score's neutral band, as VADER's authors give it


class Lexicon:
    """A function from text to a score in -1..1.

    Args:
        name: Name in the tables.
        score: The function.
        neutral: Scores below this distance from 0 are neutral; 0: only 0 itself is.
    """

    way = "lexicon, whole text"

    def __init__(self, name: str, score: Callable[[str], float], neutral: float) -> None:
        self.name, self._score, self._neutral = name, score, neutral

    def score(self, text: str) -> float:
        """Score of a text, -1..1."""
        return self._score(text)

    def answer(self, cases: Sequence[Case]) -> list[Answer]:
        """An answer to each case."""
        return [self._answer(case.text) for case in cases]

    def _answer(self, text: str) -> Answer:
        score = self._score(text)
        if abs(score) < self._neutral or score == 0:
            return Answer(polarity="neutral", sentiment=score)
        return Answer(polarity="positive" if score > 0 else "negative", sentiment=score)


def vader() -> Lexicon:
    """VADER (Hutto & Gilbert 2014).

    Raises:
        ModuleNotFoundError: If `vaderSentiment` of the dependency group `bench` is missing.
    """
    from vaderSentiment.vaderSentiment import (  # type: ignore[import-untyped]
        SentimentIntensityAnalyzer,
    )

    analyzer = SentimentIntensityAnalyzer()
    return Lexicon(
        "VADER", lambda text: float(analyzer.polarity_scores(text)["compound"]), VADER_NEUTRAL
    )


def textblob() -> Lexicon:
    """TextBlob's lexicon (that of Pattern).

    Raises:
        ModuleNotFoundError: If `textblob` of the dependency group `bench` is missing.
    """
    from textblob import TextBlob  # type: ignore[import-untyped]

    return Lexicon("TextBlob", lambda text: float(TextBlob(text).sentiment.polarity), 0.0)
