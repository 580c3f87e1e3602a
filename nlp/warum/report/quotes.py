"""Comments that stand for many: chosen the same way every time, with the evidence marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop
from typing import TypeVar

from warum.records import Polarity
from warum.report.counts import Pair, persons
from warum.table import Table

SHORTEST, LONGEST = 40, 220
"""Lengths, in code points, within which a comment reads well as a quote."""

EXCERPT = 320
"""Longer quotes are cut to this many code points around the evidence."""

_Topic = TypeVar("_Topic")
_LEAD_IN = 90
_BEST_LENGTH = 110


@dataclass(frozen=True, slots=True)
class Mark:
    """Evidence inside a quote: `text[start:end]` in code points of the quote's text."""

    start: int
    end: int
    category: str
    polarity: Polarity


@dataclass(frozen=True, slots=True)
class Quote:
    """A comment, or the part of it around the evidence.

    Attributes:
        comment_id: Where it comes from.
        text: The stored (redacted) text, cut to at most `EXCERPT` code points.
        offset: Where `text` begins in the stored text, in code points.
        cut: Whether text follows behind it in the stored text.
        language: ISO 639-1 code, "" if unknown.
        marks: Evidence of its opinions, ordered by start.
    """

    comment_id: str
    text: str
    offset: int
    cut: bool
    language: str
    marks: tuple[Mark, ...]


def choose_quotes(
    comments: Table, opinions: Table, pairs: Iterable[Pair], most: int = 3
) -> Mapping[Pair, tuple[str, ...]]:
    """Choose typical comments for each category and polarity.

    Preferred are comments of medium length, then those the model is surest of, then those that
    speak of little else. A person and a wording are quoted once per pair. The same input gives the
    same choice.

    Args:
        comments: `comments.parquet`.
        opinions: `opinions.parquet`.
        pairs: What to find quotes for.
        most: Quotes per pair, at least 1.

    Returns:
        Each pair with its `comment_id`s, best first; empty where nothing speaks of it.
    """
    wanted = tuple(dict.fromkeys(pairs))
    found = _confidence_per_pair(opinions, frozenset(wanted))
    return choose_by_confidence(
        comments, opinions, {pair: found.get(pair, {}) for pair in wanted}, most
    )


def choose_by_confidence(
    comments: Table, opinions: Table, sure: Mapping[_Topic, Mapping[str, float]], most: int = 3
) -> dict[_Topic, tuple[str, ...]]:
    """Choose typical comments for whatever a model is more or less sure of.

    Args:
        comments: `comments.parquet`.
        opinions: `opinions.parquet`.
        sure: Topic to `comment_id` to confidence, 0..1.
        most: Quotes per topic, at least 1.

    Returns:
        Each topic with its `comment_id`s, best first, chosen as `choose_quotes` does.
    """
    texts = dict(zip(comments["comment_id"].tolist(), comments["text"].tolist(), strict=True))
    who = dict(zip(comments["comment_id"].tolist(), persons(comments).tolist(), strict=True))
    spoken = Counter(opinions["comment_id"].tolist())
    chosen: dict[_Topic, tuple[str, ...]] = {}
    for topic, confidences in sure.items():
        ranked = [
            (_rank(name, texts[name], confidence, spoken[name]), name)
            for name, confidence in confidences.items()
            if texts.get(name)
        ]
        chosen[topic] = _distinct(_ascending(ranked), texts, who, most)
    return chosen


def _confidence_per_pair(opinions: Table, wanted: frozenset[Pair]) -> dict[Pair, dict[str, float]]:
    sure: dict[Pair, dict[str, float]] = {}
    for name, category, polarity, confidence in zip(
        opinions["comment_id"].tolist(),
        opinions["category"].tolist(),
        opinions["polarity"].tolist(),
        opinions["confidence"].tolist(),
        strict=True,
    ):
        if (category, polarity) in wanted:
            best = sure.setdefault((category, polarity), {})
            best[name] = max(confidence, best.get(name, 0.0))
    return sure


def _rank(name: str, text: str, confidence: float, opinions: int) -> tuple[object, ...]:
    medium = SHORTEST <= len(text) <= LONGEST
    return (
        not medium,
        -round(confidence, 1),
        min(opinions, 3),
        abs(len(text) - _BEST_LENGTH) // 25,
        -confidence,
        name,
    )


def _ascending(ranked: list[tuple[tuple[object, ...], str]]) -> Iterator[str]:
    """Names by rank: a heap, since of very many only the first few are asked for."""
    heapify(ranked)
    while ranked:
        yield heappop(ranked)[1]


def _distinct(
    ranked: Iterable[str], texts: Mapping[str, str], who: Mapping[str, int], most: int
) -> tuple[str, ...]:
    picked: list[str] = []
    people: set[int] = set()
    wordings: set[str] = set()
    for name in ranked:
        wording = " ".join(texts[name].casefold().split())
        if who[name] in people or wording in wordings:
            continue
        picked.append(name)
        people.add(who[name])
        wordings.add(wording)
        if len(picked) == most:
            break
    return tuple(picked)


def quotes_for(
    comments: Table,
    opinions: Table,
    chosen: Mapping[Pair, Sequence[str]],
    marked: Collection[Pair] | None = None,
) -> dict[Pair, tuple[Quote, ...]]:
    """The chosen comments with text and marks.

    Args:
        comments: `comments.parquet`.
        opinions: `opinions.parquet`.
        chosen: Pairs with `comment_id`s, best first.
        marked: Pairs whose evidence is marked, so that those of too few people are not given away;
            None for all.

    Returns:
        Pairs with their quotes, in the same order.
    """
    needed = {name for names in chosen.values() for name in names}
    rows = _texts(comments, needed)
    marks = _marks(opinions, needed, marked)
    return {
        pair: tuple(_excerpt(name, *rows[name], marks.get(name, ()), pair) for name in names)
        for pair, names in chosen.items()
    }


def whole_quotes(comments: Table, names: Sequence[str]) -> tuple[Quote, ...]:
    """Comments as quotes without marks, from their beginning.

    Args:
        comments: `comments.parquet`.
        names: Their `comment_id`s, in the order wanted.
    """
    rows = _texts(comments, set(names)) if names else {}
    return tuple(_excerpt(name, *rows[name], (), None) for name in names)


def _texts(comments: Table, needed: set[str]) -> dict[str, tuple[str, str]]:
    """Text and language of some comments."""
    columns = [comments[name].tolist() for name in ("comment_id", "text", "language")]
    return {
        name: (text or "", language or "")
        for name, text, language in zip(*columns, strict=True)
        if name in needed
    }


def _marks(
    opinions: Table, needed: set[str], marked: Collection[Pair] | None
) -> dict[str, tuple[Mark, ...]]:
    found: dict[str, list[Mark]] = {}
    for name, category, polarity, start, end in zip(
        opinions["comment_id"].tolist(),
        opinions["category"].tolist(),
        opinions["polarity"].tolist(),
        opinions["start"].tolist(),
        opinions["end"].tolist(),
        strict=True,
    ):
        if name in needed and (marked is None or (category, polarity) in marked):
            found.setdefault(name, []).append(Mark(int(start), int(end), category, polarity))
    return {
        name: tuple(sorted(marks, key=lambda m: (m.start, m.end, m.category, m.polarity)))
        for name, marks in found.items()
    }


def _excerpt(
    name: str, text: str, language: str, marks: Sequence[Mark], pair: Pair | None
) -> Quote:
    own = [mark.start for mark in marks if (mark.category, mark.polarity) == pair]
    begin, end = _window(text, own[0] if own else 0)
    kept = tuple(
        Mark(
            max(mark.start, begin) - begin, min(mark.end, end) - begin, mark.category, mark.polarity
        )
        for mark in marks
        if mark.start < end and mark.end > begin
    )
    return Quote(name, text[begin:end], begin, end < len(text), language, kept)


def _window(text: str, focus: int) -> tuple[int, int]:
    if len(text) <= EXCERPT:
        return 0, len(text)
    begin = max(0, min(focus - _LEAD_IN, len(text) - EXCERPT))
    if begin:  # begin at a word, not within it
        space = text.find(" ", begin, focus)
        begin = space + 1 if space >= 0 else begin
    end = min(len(text), begin + EXCERPT)
    if end < len(text):
        space = text.rfind(" ", begin + EXCERPT // 2, end)
        end = space if space >= 0 else end
    return begin, end
