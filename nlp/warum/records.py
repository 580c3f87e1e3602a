"""The nouns: frozen values that check themselves once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from warum.caveats import Caveat

Polarity = Literal["negative", "neutral", "positive"]
Origin = Literal["given", "read", "assumed"]
Orientation = Literal["good", "bad", "improve", "open"]
POLARITIES: tuple[Polarity, ...] = get_args(Polarity)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its uncertainty.

    Attributes:
        value: The point estimate, in the unit of the metric; NaN where it cannot be estimated.
        low: Lower end of the interval; NaN where the interval is withheld.
        high: Upper end of the interval; NaN where the interval is withheld.
        n: Number of units (occasions unless the method says otherwise) behind it.
        method: Short name of the method, as the documentation lists it.
        level: Confidence level of the interval, between 0 and 1.
        caveats: Doubts about this number.

    Raises:
        ValueError: If the interval does not hold the value, or `n` or `level` are out of range.
    """

    value: float
    low: float
    high: float
    n: int
    method: str
    level: float = 0.95
    caveats: tuple[Caveat, ...] = ()

    def __post_init__(self) -> None:
        if self.n < 0:
            raise ValueError(f"n is {self.n}, expected at least 0")
        if not 0 < self.level < 1:
            raise ValueError(f"level is {self.level}, expected between 0 and 1")
        slack = 1e-9 * max(1.0, abs(self.value)) if math.isfinite(self.value) else 0.0
        if self.low > self.value + slack or self.high < self.value - slack:
            raise ValueError(f"interval {self.low}..{self.high} does not hold {self.value}")


@dataclass(frozen=True, slots=True)
class Comment:
    """One free-text answer, review or mention, as it came.

    Attributes:
        comment_id: Unique; equals the response id where there is one text column.
        text: The text; None where the response holds no comment.
        row: Number of the input row, counted from 1 over all files, header not counted.
        question: The question it answers, None if unknown.
        source: Where it came from (survey, review, ticket, social …), None if unknown.
        channel: The channel of the response, None if unknown.
        language: ISO 639-1 code where the data give it, else None.
        stage: Journey stage where the data give it, else None.
        touchpoint: Touchpoint where the data give it, else None.
    """

    comment_id: str
    text: str | None
    row: int
    question: str | None = None
    source: str | None = None
    channel: str | None = None
    language: str | None = None
    stage: str | None = None
    touchpoint: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a comment that is judged by itself: text[start:end], in Unicode code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Opinion:
    """A judgement that a comment makes of a category.

    Attributes:
        category: Stable code from the taxonomy.
        sentiment: From -1 (worst) to 1 (best).
        polarity: negative, neutral or positive.
        confidence: Calibrated probability that the comment holds this category, 0..1.
        start: First code point of the evidence in the stored text.
        end: Code point behind the evidence.
        evidence: `text[start:end]`.
        stage: Journey stage.
        touchpoint: Touchpoint.
        stage_origin: Whether the stage was given by a column, read from the text, or assumed.
        touchpoint_origin: Likewise for the touchpoint.
        source: What produced it: a model, a rule or a person.

    Raises:
        ValueError: If a number is out of range or the evidence has another length than its span.
    """

    category: str
    sentiment: float
    polarity: Polarity
    confidence: float
    start: int
    end: int
    evidence: str
    stage: str = ""
    touchpoint: str = ""
    stage_origin: Origin = "assumed"
    touchpoint_origin: Origin = "assumed"
    source: Literal["model", "rule", "person"] = "model"

    def __post_init__(self) -> None:
        if not -1 <= self.sentiment <= 1:
            raise ValueError(f"sentiment is {self.sentiment}, expected -1..1")
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence is {self.confidence}, expected 0..1")
        if self.polarity not in POLARITIES:
            raise ValueError(f"polarity is {self.polarity!r}, expected one of {POLARITIES}")
        if not 0 <= self.start < self.end or len(self.evidence) != self.end - self.start:
            raise ValueError(f"evidence {self.evidence!r} does not fit {self.start}..{self.end}")


@dataclass(frozen=True, slots=True)
class ReadComment:
    """A comment and what the stages have read from it so far.

    Attributes:
        comment: The comment as it came.
        text: The text as it is stored and read: redacted, same length as the original; None if
            there is no comment.
        language: ISO 639-1 code, "und" where undecided, "" where there is no text.
        language_sure: Whether the text itself decided the language.
        orientation: What the question asks for.
        segments: Stretches judged by themselves, in order, not overlapping.
        opinions: Opinions, ordered by start, then category.
        sentiment: Of the whole comment, -1..1; NaN where there is no text or no model reads it.
        polarity: Of the whole comment; None where `sentiment` is NaN.
        emotion: What the writer shows most, one of `EMOTIONS`; None where no model tells.
        emotion_probability: Calibrated probability of `emotion`, 0..1; NaN where there is none.
        intent: What the writer wants, one of `INTENTS`; None where no model tells.
        intent_probability: Likewise for the intent.
        effort: What it took the customer, one of `EFFORTS`; None where no model tells.
        effort_probability: Likewise for the effort.
        warnings: Codes of what was odd about this comment.
    """

    comment: Comment
    text: str | None
    language: str = ""
    language_sure: bool = False
    orientation: Orientation = "open"
    segments: tuple[Segment, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    sentiment: float = math.nan
    polarity: Polarity | None = None
    emotion: str | None = None
    emotion_probability: float = math.nan
    intent: str | None = None
    intent_probability: float = math.nan
    effort: str | None = None
    effort_probability: float = math.nan
    warnings: tuple[str, ...] = ()
