"""Segments: the stretches of a comment that are judged by themselves.

A comment is cut behind sentences, lines, bullets and emoji, in front of contrast words ("aber",
"but"), and at commas or "and" between clauses that can stand alone ("Essen top, Service lahm").
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from warum.records import ReadComment, Segment
from warum.stages.segments_clauses import NOTHING, clause_starts
from warum.stages.segments_sentences import Token, sentences
from warum.stages.segments_words import ENGLISH, GERMAN, Words

LONGEST = 400
"""Most code points of a segment; longer ones are cut at a space."""

# A tokenizer takes time that grows with the square of an unbroken run: long lines come in pieces.
_PIECE = 1000
# All that Python calls white space, control characters among it, besides the marks.
_EDGE = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + "\u200b\ufeff,;–—-•·*+/|"
_SURROGATE = re.compile("[\ud800-\udfff]")  # halves of broken emoji; spaCy refuses them
_SPACES = re.compile(r"\s+")


class _Pipelines(threading.local):
    """Blank spaCy pipelines, made at their first use, one set for each thread."""

    def __init__(self) -> None:
        self.made: dict[str, Any] = {}

    def tokenizer(self, language: str) -> Any:  # noqa: ANN401 - spaCy is imported when needed
        """The tokenizer of `de` or `en`."""
        if language not in self.made:
            import spacy

            self.made[language] = spacy.blank(language)
        return self.made[language].tokenizer


_PIPELINES = _Pipelines()


@cache
def _triggers(words: Words) -> re.Pattern[str]:
    """What a cut needs: a sign other than an apostrophe, or a word that begins a segment."""
    cutting = words.contrast | words.after_comma | words.joins | words.pair_starts | NOTHING
    listed = "|".join(sorted(map(re.escape, cutting)))
    return re.compile(rf"[^\w '’]|\b(?:{listed})\b", re.IGNORECASE)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces of at most `_PIECE` code points, cut at white space where there is any."""
    start = 0
    while len(text) - start > _PIECE:
        window = text[start : start + _PIECE]
        spaces = [match.end() for match in _SPACES.finditer(window)]
        size = spaces[-1] if spaces and spaces[-1] > _PIECE // 2 else _PIECE
        yield start, window[:size]
        start += size
    yield start, text[start:]


def _tokens(text: str, language: str) -> list[Token]:
    """The tokens of a text, white space included only where it breaks a line."""
    tokenizer = _PIPELINES.tokenizer(language)
    tokens = []
    for offset, piece in _pieces(_SURROGATE.sub("\ufffd", text)):
        for token in tokenizer(piece):
            word, start = token.text, offset + token.idx
            if not word.isspace() or "\n" in word or "\r" in word:
                tokens.append(Token(word, word.lower(), start, start + len(word)))
    return tokens


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space, commas and dashes at its edges."""
    inner = text[start:end]
    bare = inner.strip(_EDGE)
    if not bare:
        bare = inner.strip()
    if not bare:
        return end, end
    begin = start + inner.index(bare)
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
    words: Words = GERMAN if language == "de" else ENGLISH
    start, end = _trimmed(text, 0, len(text))
    if end - start <= LONGEST and not _triggers(words).search(text[start:end].rstrip(".!?")):
        return (Segment(start, end),) if start < end else ()
    tokens = _tokens(text, "de" if language == "de" else "en")
    starts = [0]
    for first, behind in sentences(tokens, words):
        starts.append(tokens[first].start)
        starts += [tokens[at].start for at in clause_starts(tokens[first:behind], words, first)]
    starts = sorted(set(starts))
    found: list[tuple[int, int]] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        for stretch in _cut(text, *_trimmed(text, start, end)):
            begin, close = _trimmed(text, *stretch)
            if begin < close:
                found.append((begin, close))
    return tuple(Segment(*span) for span in _joined(text, found))


def _joined(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans without a letter, digit or symbol of their own go with their neighbour."""
    joined: list[tuple[int, int]] = []
    for span in spans:
        said = any(sign.isalnum() for sign in text[span[0] : span[1]])
        if not said and joined and span[1] - joined[-1][0] <= LONGEST:
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
    return joined


class SplitSegments:
    """The stage that cuts each comment into segments by the rules of its language."""

    name = "segments"

    def __call__(self, batch: Sequence[ReadComment]) -> list[ReadComment]:
        """Fill `segments`; comments without text have none."""
        return [
            replace(
                comment,
                segments=split_segments(comment.text, comment.language) if comment.text else (),
            )
            for comment in batch
        ]
