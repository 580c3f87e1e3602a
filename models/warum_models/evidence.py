"""Where in a segment an opinion stands: from scores per piece to a stretch of whole words."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from warum_models.protocol import Floats, Rows

_JOINING = "'’-"
_LEADING = " ,;:.!?)"
GAP = 2  # pieces below the threshold that do not end a stretch


def stretch(
    scores: Floats, starts: Rows, ends: Rows, segment: tuple[int, int], text: str
) -> tuple[int, int]:
    """The words that carry an opinion.

    From the piece with the highest score to both sides, as long as scores stay above zero (a probability
    of one half) with at most `GAP` pieces between; then to the borders of the words.

    Args:
        scores: Evidence logits of the pieces, (t,).
        starts: First code point of each piece, (t,).
        ends: Code point behind each piece, (t,).
        segment: The segment, (start, end).
        text: The whole text.

    Returns:
        First code point and the one behind the last; the whole segment where no piece lies in it.
    """
    inside = np.flatnonzero((ends > segment[0]) & (starts < segment[1]) & (ends > starts))
    if not len(inside):
        return segment
    values = scores[inside]
    peak = int(np.argmax(values))
    first = _reach(values, peak, -1)
    last = _reach(values, peak, 1)
    start = max(segment[0], int(starts[inside[first]]))
    end = min(segment[1], int(ends[inside[last]]))
    while start > segment[0] and _inside_a_word(text, start):
        start -= 1
    while end < segment[1] and _inside_a_word(text, end):
        end += 1
    return _without_marks(text, start, end)


def _inside_a_word(text: str, at: int) -> bool:
    """Whether a border in front of `text[at]` would cut a word, "didn't" and "Kunden-Service" included."""
    before, behind = text[at - 1], text[at]
    if before in _JOINING:
        return behind.isalnum() and at > 1 and text[at - 2].isalnum()
    if behind in _JOINING:
        return before.isalnum() and at + 1 < len(text) and text[at + 1].isalnum()
    return before.isalnum() and behind.isalnum()


def _without_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without commas and spaces in front, as in ", two hours"; as it was where nothing is left."""
    first = start
    while first < end and text[first] in _LEADING:
        first += 1
    return (first, end) if first < end else (start, end)


def _reach(values: npt.NDArray[np.float32], peak: int, step: int) -> int:
    """The last piece of the stretch in one direction."""
    last, at = peak, peak + step
    while 0 <= at < len(values) and abs(at - last) <= GAP:
        if values[at] > 0:
            last = at
        at += step
    return last
