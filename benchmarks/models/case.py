"""A text with its gold labels: what every set gives and every contender is asked."""

from __future__ import annotations

from dataclasses import dataclass

Pairs = frozenset[tuple[str, str]]
"""Labels with their polarity; the polarity is empty where the set does not tell."""


@dataclass(frozen=True, slots=True)
class Target:
    """A labelled run of words.

    Attributes:
        label: Label of the set.
        spans: Where the words stand in the text, as [start, end) in code points; each occurrence may be meant.
    """

    label: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A text with its gold labels.

    Attributes:
        text: The text.
        language: ISO 639-1 code.
        gold: Labels with polarity.
        question: The question it answers, None if unknown.
        targets: Where the labels stand, if the set tells.
        polarity: Of the text as a whole; None if the set does not tell.
        sentiment: Mean human rating of the text as a whole, in the set's unit; None if the set does not tell.
        emotion: One of `warum_models.protocol.EMOTIONS`, or None.
        intent: One of `warum_models.protocol.INTENTS`, or None.
        effort: One of `warum_models.protocol.EFFORTS`, or None.
        group: Cases of one group (a respondent) are never parted by a fold; empty: each by itself.
    """

    text: str
    language: str
    gold: Pairs = frozenset()
    question: str | None = None
    targets: tuple[Target, ...] = ()
    polarity: str | None = None
    sentiment: float | None = None
    emotion: str | None = None
    intent: str | None = None
    effort: str | None = None
    group: str = ""

    @property
    def labels(self) -> frozenset[str]:
        """The gold labels without polarity."""
        return frozenset(label for label, _ in self.gold)

    @property
    def whole(self) -> str | None:
        """Polarity of the text: as labelled, or the one polarity that all its labels share."""
        if self.polarity is not None:
            return self.polarity
        polarities = {polarity for _, polarity in self.gold if polarity}
        return polarities.pop() if len(polarities) == 1 else None

    def polarity_of(self, label: str) -> str | None:
        """The gold polarity of a label; None where there is none or more than one."""
        found = {polarity for name, polarity in self.gold if name == label and polarity}
        return found.pop() if len(found) == 1 else None
