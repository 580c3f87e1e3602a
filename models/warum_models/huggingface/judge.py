"""What a general model is made into: something that judges one text at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from warum_models.huggingface.network import Doubles
from warum_models.protocol import Label

NEUTRAL: tuple[float, float, float] = (0.0, 1.0, 0.0)
"""What is said of polarity where nothing speaks for either side."""
KEPT = 1024
"""Texts whose numbers are kept: a comment of one segment is asked for twice, and short ones come again."""


@dataclass(frozen=True)
class Judgement:
    """What is said of one text and k categories.

    Attributes:
        presence: Whether the text judges the category; (k,), 0..1.
        polarity: Negative, neutral, positive given that it does; (k, 3), sums to 1.
    """

    presence: Doubles
    polarity: Doubles


class Judge(Protocol):
    """One text in, numbers out; they depend on the text and its language alone."""

    def opinions(self, text: str, language: str) -> Judgement:
        """Which categories a text judges, and how."""
        ...

    def sentiment(self, text: str, language: str) -> Doubles:
        """Negative, neutral, positive for the text as a whole; (3,), sums to 1."""
        ...


class Labels:
    """The categories, each in one language or in several.

    Args:
        labels: Labels; the same code may come again in another language.
    """

    def __init__(self, labels: Sequence[Label]) -> None:
        self._by_code: dict[str, list[Label]] = {}
        for label in labels:
            self._by_code.setdefault(label.code, []).append(label)
        self.codes = tuple(self._by_code)

    def only(self, codes: Collection[str]) -> Labels:
        """Those of some codes, in the same order."""
        return Labels([label for c in self.codes if c in codes for label in self._by_code[c]])

    def best(self, language: str) -> tuple[Label, ...]:
        """One label per category: in the language if there is one, else the first that came."""
        return tuple(
            next((label for label in found if label.language == language), found[0])
            for found in self._by_code.values()
        )


def softmax(scores: Doubles) -> Doubles:
    """Probabilities that sum to 1 along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


def sigmoid(scores: Doubles) -> Doubles:
    """Probabilities of yes-or-no outputs."""
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -500, 500))))


def weighted(values: Doubles, sizes: Sequence[int]) -> Doubles:
    """Mean over windows, (w, …) to (…), each counting by its tokens."""
    weights = np.asarray(sizes, dtype=np.float64)
    return np.asarray(np.tensordot(weights / weights.sum(), values, axes=1))


def surest(parts: Sequence[Judgement]) -> Judgement:
    """Of several windows, for each category the one that is surest of it."""
    presence = np.stack([part.presence for part in parts])
    best = presence.argmax(axis=0)
    columns = np.arange(presence.shape[1])
    polarity = np.stack([part.polarity for part in parts])
    return Judgement(presence[best, columns], polarity[best, columns])


def nothing(k: int) -> Judgement:
    """No category; what is said of a text without tokens."""
    return Judgement(np.zeros(k), np.tile(np.array(NEUTRAL), (k, 1)))
