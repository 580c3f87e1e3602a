"""A part of a text that knows the place of each of its characters in the whole."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

Reason = Literal["quote", "forward", "signature", "mobile_footer", "markup"]


@dataclass(frozen=True, slots=True)
class Cut:
    """What was left out of the original: original[start:end], and why."""

    start: int
    end: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A text with the place of each character in the original it was taken from.

    Attributes:
        text: The text.
        starts: Place of each character's beginning in the original, (len(text),).
        ends: Place behind it, (len(text),): an entity such as `&uuml;` is one character here and six there.
        cuts: What was left out, in the order of the original, without overlaps.

    Raises:
        ValueError: If there are not as many places as characters.
    """

    text: str
    starts: Sequence[int] = field(repr=False)
    ends: Sequence[int] = field(repr=False)
    cuts: tuple[Cut, ...] = ()

    def __post_init__(self) -> None:
        if not len(self.text) == len(self.starts) == len(self.ends):
            raise ValueError(
                f"{len(self.starts)} and {len(self.ends)} places, expected {len(self.text)}"
            )

    @classmethod
    def whole(cls, text: str) -> Excerpt:
        """All of a text."""
        return cls(text, range(len(text)), range(1, len(text) + 1))

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where text[start:end] stands in the original.

        Raises:
            ValueError: If there is no such stretch.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"there is no {start}..{end} in {len(self.text)} characters")
        return self.starts[start], self.ends[end - 1]

    def kept(self, stretches: Iterable[tuple[int, int]], cuts: Iterable[Cut] = ()) -> Excerpt:
        """Only some stretches of it, one after the other.

        Args:
            stretches: Starts and ends in this text, ordered, not overlapping.
            cuts: What is left out by that, in places of the original.
        """
        texts: list[str] = []
        starts, ends = array("l"), array("l")
        for start, end in stretches:
            texts.append(self.text[start:end])
            starts.extend(self.starts[start:end])
            ends.extend(self.ends[start:end])
        told = sorted((*self.cuts, *cuts), key=lambda cut: (cut.start, cut.end))
        return Excerpt("".join(texts), starts, ends, _merged(told))


def _merged(cuts: Sequence[Cut]) -> tuple[Cut, ...]:
    """Cuts without overlaps: what lies within another goes, neighbours of one reason are joined."""
    merged: list[Cut] = []
    for cut in cuts:
        last = merged[-1] if merged else None
        if last is not None and cut.end <= last.end:
            continue
        if last is not None and cut.start <= last.end:
            if cut.reason == last.reason:
                merged[-1] = Cut(last.start, cut.end, cut.reason)
                continue
            cut = Cut(last.end, cut.end, cut.reason)
        merged.append(cut)
    return tuple(merged)
