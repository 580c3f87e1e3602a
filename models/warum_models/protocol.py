"""The seam between comments and numbers: what every model is.

A `Reader` reads whole comments; what it gives is a `Reading`. A `BaseReader` also gives what a user's own labels
are put on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

POLARITIES = ("negative", "neutral", "positive")
EMOTIONS = (
    "joy", "gratitude", "anger", "disappointment", "sadness", "fear", "confusion", "surprise", "neutral",
)  # fmt: skip
INTENTS = (
    "complaint", "praise", "question", "suggestion", "bug_report", "churn_risk", "other",
)  # fmt: skip
EFFORTS = ("low", "high", "none")
ORIENTATIONS = ("open", "good", "bad", "improve")


@dataclass(frozen=True, slots=True)
class Passage:
    """A comment as a model gets it.

    Attributes:
        text: The comment, not empty.
        language: ISO 639-1 code out of the model's `languages`.
        segments: The stretches that are judged by themselves, (start, end) in Unicode code points, in order.
        orientation: What the question asks for, one of `ORIENTATIONS`: a bare "parking" blames after "What
            was bad?".
    """

    text: str
    language: str
    segments: tuple[tuple[int, int], ...]
    orientation: str = "open"


@dataclass(frozen=True)
class Found:
    """Opinions found in n comments: f of them, in order of the comments.

    Attributes:
        comment: Row of the comment; (f,).
        label: Column of the label; (f,).
        confidence: Calibrated probability that the comment holds the label; (f,), 0..1.
        polarity: Probability of negative, neutral, positive; (f, 3), sums to 1.
        start: First code point of the evidence in the comment; (f,).
        end: Code point behind the evidence; (f,).
    """

    comment: Rows
    label: Rows
    confidence: Floats
    polarity: Floats
    start: Rows
    end: Rows

    @classmethod
    def none(cls) -> Found:
        """No opinion."""
        rows = np.zeros(0, dtype=np.int64)
        return cls(
            rows,
            rows,
            np.zeros(0, np.float32),
            np.zeros((0, 3), np.float32),
            rows.copy(),
            rows.copy(),
        )


@dataclass(frozen=True)
class Reading:
    """What a reader says of n comments and k labels. Row i depends on comment i alone.

    Attributes:
        presence: Calibrated probability that the comment holds an opinion of the label; (n, k), 0..1.
        found: The opinions whose presence reaches the label's threshold, with polarity and evidence.
        document: Probability of negative, neutral, positive for the comment as a whole; (n, 3).
        emotion: Probabilities of `EMOTIONS`, (n, 9); None if the reader does not tell.
        intent: Probabilities of `INTENTS`, (n, 7); None if the reader does not tell.
        effort: Probabilities of `EFFORTS`, (n, 3); None if the reader does not tell.

    Raises:
        ValueError: If the shapes do not belong together.
    """

    presence: Floats
    found: Found
    document: Floats
    emotion: Floats | None = None
    intent: Floats | None = None
    effort: Floats | None = None

    def __post_init__(self) -> None:
        n = self.presence.shape[0]
        for name, width in (("document", 3), ("emotion", 9), ("intent", 7), ("effort", 3)):
            value = getattr(self, name)
            if value is not None and value.shape != (n, width):
                raise ValueError(f"{name} is {value.shape}, expected ({n}, {width})")


@runtime_checkable
class Reader(Protocol):
    """Comments in, numbers out. A comment's numbers never depend on the other comments of the call."""

    @property
    def name(self) -> str:
        """Short name, stored with every result."""
        ...

    @property
    def version(self) -> str:
        """Version; another version may read the same text differently."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """Codes of the k labels, in the order of the columns of a `Reading`."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the languages it reads."""
        ...

    def read(self, passages: Sequence[Passage]) -> Reading:
        """Read n comments.

        Args:
            passages: n comments, none empty, each in one of `languages`; n may be 0.
        """
        ...


@dataclass(frozen=True)
class Label:
    """A category as a model needs it: what to look for.

    Attributes:
        code: Stable code.
        title: Title, in any language of the model.
        description: What belongs to it; the better it is written, the better it is found.
        examples: Phrases that hold it.
        language: ISO 639-1 code of title, description and examples.
    """

    code: str
    title: str
    description: str
    examples: tuple[str, ...] = field(default=())
    language: str = "en"


@runtime_checkable
class BaseReader(Reader, Protocol):
    """A reader that a user's own labels can be put on top of."""

    def embed(self, passages: Sequence[Passage]) -> Floats:
        """Numbers that stand for the meaning of each comment, for a classifier of one's own.

        Args:
            passages: n comments.

        Returns:
            Features of about unit variance, (n, d).
        """
        ...

    def locate(
        self, passages: Sequence[Passage], comment: Rows, label: Rows
    ) -> tuple[Floats, Rows, Rows]:
        """Polarity and evidence of labels that are known to be there.

        Args:
            passages: n comments.
            comment: Row of the comment for each of f pairs; (f,).
            label: Column of the label for each pair; (f,).

        Returns:
            Probability of negative, neutral, positive (f, 3); first code point of the evidence (f,); code point
            behind it (f,).
        """
        ...
