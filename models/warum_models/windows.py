"""Long comments in windows: sums over words are for texts as long as comments are, and swell with length."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from warum_models.encoder_weights import LONGEST as LONGEST_IN_PIECES
from warum_models.pieces import Pieces
from warum_models.protocol import Passage

LONGEST = 1_200
"""Code points in a window; about as many as the 254 word pieces of a window of `accurate`."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a comment as a comment of its own.

    Attributes:
        passage: The stretch, with the parts of segments that lie in it.
        start: Its first code point in the whole comment.
    """

    passage: Passage
    start: int


def windows_of(passage: Passage) -> list[Window]:
    """A comment in windows of at most `LONGEST` code points that cover all of it.

    Args:
        passage: The comment; most are one window, the comment itself.

    Returns:
        Windows in order, cut in front of a segment that begins in their second half, else at a space, else anywhere.
    """
    text = passage.text
    if len(text) <= LONGEST:
        return [Window(passage, 0)]
    windows, first = [], 0
    while first < len(text):
        last = _cut(passage, first)
        if text[first:last].strip():  # a reader never gets an empty comment
            windows.append(Window(stretch_of(passage, first, last), first))
        first = last
    return windows or [Window(passage, 0)]


def stretch_of(passage: Passage, start: int, end: int) -> Passage:
    """The code points from start to end as a comment of its own, with the parts of segments that lie in it."""
    spans = [passage.segments[j] for j in segments_in(passage, start, end)]
    inside = tuple((max(a, start) - start, min(b, end) - start) for a, b in spans)
    return replace(passage, text=passage.text[start:end], segments=inside)


def segments_in(passage: Passage, start: int, end: int) -> list[int]:
    """Which segments lie, at least in part, between two code points."""
    return [j for j, (a, b) in enumerate(passage.segments) if a < end and b > start]


def _cut(passage: Passage, first: int) -> int:
    """Where a window that begins at `first` ends."""
    last = first + LONGEST
    if last >= len(passage.text):
        return len(passage.text)
    middle = first + LONGEST // 2
    borders = [a for a, _ in passage.segments if middle <= a <= last]
    if borders:
        return borders[-1]
    space = passage.text.rfind(" ", middle, last)
    return space + 1 if space >= 0 else last


def pieces_in_windows(pieces: Pieces, passage: Passage) -> list[Pieces]:
    """Windows of at most `LONGEST_IN_PIECES` pieces, cut in front of a segment where one begins; marks at both ends."""
    n = len(pieces.rows)
    if n <= LONGEST_IN_PIECES + 2:
        return [pieces]
    starts = {a for a, _ in passage.segments}
    borders = [i for i in range(1, n - 1) if int(pieces.starts[i]) in starts]
    windows, first = [], 1
    while first < n - 1:
        last = min(first + LONGEST_IN_PIECES, n - 1)
        if last < n - 1:
            fitting = [b for b in borders if first + LONGEST_IN_PIECES // 2 <= b <= last]
            last = fitting[-1] if fitting else last
        chosen = np.concatenate([[0], np.arange(first, last), [n - 1]])
        windows.append(Pieces(pieces.rows[chosen], pieces.starts[chosen], pieces.ends[chosen]))
        first = last
    return windows
