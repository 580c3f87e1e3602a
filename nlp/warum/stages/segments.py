"""Segments: the stretches of a comment that are judged by themselves.

A comment is cut behind sentences, lines, bullets and emoji, in front of contrast words ("aber",
"but"), and at commas or "and" between clauses that can stand alone ("Essen top, Service lahm").
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from functools import cache

from warum.records import ReadComment, Segment
from warum.stages.filling import filler
from warum.stages.lowercase import lower
from warum.stages.segments_clauses import clause_starts
from warum.stages.segments_sentences import sentences
from warum.stages.segments_tokens import Tokenizer
from warum.stages.segments_words import ENGLISH, GERMAN, NOTHING, Words

LONGEST = 400
"""Most code points of a segment; longer ones are cut at a space."""

# All that Python calls white space, control characters among it, besides the marks.
_EDGE = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + "\u200b\ufeff,;–—-•·*+/|"
_SAID = re.compile(r"[^\W_]")
_APOSTROPHES = re.compile("['’]")
_SIGN = re.compile(r"[^\w '’]")


class _Tokenizers:
    """Tokenizers, made at their first use; all threads share them, and what they remember."""

    def __init__(self) -> None:
        self._made: dict[str, Tokenizer] = {}
        self._making = threading.Lock()

    def of(self, language: str) -> Tokenizer:
        """The tokenizer of `de` or `en`."""
        if language not in self._made:
            with self._making:
                if language not in self._made:
                    self._made[language] = Tokenizer(language)
        return self._made[language]


_TOKENIZERS = _Tokenizers()


@cache
def _cutting(words: Words) -> frozenset[str]:
    """Words that begin a segment."""
    return words.contrast | words.after_comma | words.joins | words.pair_starts | NOTHING


def _may_be_cut(text: str, words: Words) -> bool:
    """Whether there is a sign other than an apostrophe, or a word that begins a segment."""
    text = text.rstrip(".!?")
    if _SIGN.search(text):
        return True
    return not _cutting(words).isdisjoint(_APOSTROPHES.sub(" ", lower(text)).split())


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space, commas and dashes at its edges."""
    inner = text[start:end]
    bare = inner.lstrip(_EDGE)
    begin = end - len(bare)
    bare = bare.rstrip(_EDGE)
    if not bare:
        bare = inner.lstrip()
        begin = end - len(bare)
        bare = bare.rstrip()
    return begin, begin + len(bare)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span in stretches of at most `LONGEST`."""
    while end - start > LONGEST:
        at = max(text.rfind(space, start + LONGEST // 2, start + LONGEST) for space in " \n\t")
        at = at if at > start else start + LONGEST
        yield start, at
        start = at
    yield start, end


def split_segments(text: str, language: str = "en") -> tuple[Segment, ...]:
    """Cut a comment into segments.

    Args:
        text: The comment; of any length, in time that grows with it.
        language: "de" takes the German rules, every other language the English ones.

    Returns:
        Segments in order, not overlapping, without white space at their edges, each of 1 to
        `LONGEST` code points; none only for a text of nothing but white space.

    Examples:
        >>> text = "Essen super, aber der Service war lahm."
        >>> [text[s.start : s.end] for s in split_segments(text, "de")]
        ['Essen super', 'aber der Service war lahm.']
    """
    words = GERMAN if language == "de" else ENGLISH
    start, end = _trimmed(text, 0, len(text))
    if start == end:
        return ()
    if end - start <= LONGEST and not _may_be_cut(text[start:end], words):
        return (Segment(start, end),)
    starts = _starts(text, "de" if language == "de" else "en", words)
    found: list[tuple[int, int]] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        start, end = _trimmed(text, start, end)
        if end - start > LONGEST:
            cut = [_trimmed(text, *stretch) for stretch in _cut(text, start, end)]
            found += [(begin, close) for begin, close in cut if begin < close]
        elif start < end:
            found.append((start, end))
    return tuple([Segment(start, end) for start, end in _joined(text, found)])


def _starts(text: str, language: str, words: Words) -> list[int]:
    """Where segments may begin, in order; the first is 0."""
    tokens = _TOKENIZERS.of(language)(text)
    starts = {0}
    for first, behind in sentences(tokens, words):
        starts.add(tokens.starts[first])
        starts.update(tokens.starts[at] for at in clause_starts(tokens, first, behind, words))
    return sorted(starts)


def _joined(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans without a letter, digit or symbol of their own go with their neighbour."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and end - joined[-1][0] <= LONGEST and not _SAID.search(text, start, end):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


_with_segments = filler(ReadComment, "segments")


class SplitSegments:
    """The stage that cuts each comment into segments by the rules of its language."""

    name = "segments"

    def __call__(self, batch: Sequence[ReadComment]) -> list[ReadComment]:
        """Fill `segments`; comments without text have none."""
        return [
            _with_segments(c, split_segments(c.text, c.language) if c.text else ()) for c in batch
        ]
