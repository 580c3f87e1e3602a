"""Where a sentence is cut: in front of contrast words, at commas and at "and"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from warum.stages.segments_sentences import Token
from warum.stages.segments_words import Words

_BREAKS = frozenset({",", "-", "–", "—", "(", ":", "/", ";"})
_STRESS = frozenset(
    {"absolutely", "honestly", "really", "eigentlich", "gar", "überhaupt", "absolut"}
)
_THINKERS = frozenset({"ich", "wir", "man", "i", "we"})
_POINTERS = frozenset({"that", "this", "davon", "dem"})  # "other than that, …" judges nothing
_PRONOUNS = frozenset({"nothing", "none", "nichts", "nix"})
NOTHING = frozenset({"nothing", "none", "no", "nichts", "nix", "nein", "nope"})
"""Words that, leading a comment, are an answer of their own."""


def clause_starts(sentence: Sequence[Token], words: Words, offset: int) -> list[int]:
    """Tokens of a sentence that begin a segment.

    Args:
        sentence: Its tokens.
        words: The language's words.
        offset: Index of the sentence's first token in its comment.

    Returns:
        Indices in the comment, in order, the sentence's first token not counted.
    """
    starts = {at for at in range(1, len(sentence)) if _is_contrast(sentence, at, words)}
    starts |= set(_behind_nothing(sentence, words))
    bounds = [0, *sorted(starts), len(sentence)]
    for first, behind in pairwise(bounds):
        starts |= set(_comma_starts(sentence, first, behind, words))
    bounds = [0, *sorted(starts), len(sentence)]
    for first, behind in pairwise(bounds):
        starts |= set(_and_starts(sentence, first, behind, words))
    return [offset + at for at in sorted(starts)]


def _is_word(token: Token) -> bool:
    return token.text[0].isalnum() or (len(token.text) > 1 and token.text[1:2].isalnum())


def _is_contrast(sentence: Sequence[Token], at: int, words: Words) -> bool:
    """Whether a contrast begins at this token."""
    word = sentence[at].lower
    listed = word in words.contrast or word in words.after_comma
    if not (listed or word in words.pair_starts):
        return False
    before = sentence[at - 1].lower
    behind = sentence[at + 1].lower if at + 1 < len(sentence) else ""
    if not any(_is_word(token) for token in sentence[at + 1 : at + 3]):
        return False
    if not any(_is_word(token) for token in sentence[max(0, at - 3) : at]):
        return False
    if (word, behind) in words.pairs:
        return at + 2 < len(sentence)
    if not (word in words.contrast or (listed and before in _BREAKS)):
        return False
    if (before, word) in words.pairs:
        return False
    if before in words.never_after.get(word, ()) or behind in words.never_before.get(word, ()):
        return False
    return before not in words.mid_clause or word in words.concessive


def _behind_nothing(sentence: Sequence[Token], words: Words) -> Iterator[int]:
    """The clause behind a leading "nothing": "Nothing they were great"."""
    lead = 1 if sentence and sentence[0].lower in _STRESS else 0
    if len(sentence) < lead + 3 or sentence[lead].lower not in NOTHING:
        return
    at = lead + 1
    while at < len(sentence) and sentence[at].lower in {"at", "all", "really", ",", "-", "–"}:
        if sentence[at].lower == "all" and sentence[at - 1].lower != "at":
            break
        at += 1
    told = at < len(sentence) - 1 and sentence[at].lower in words.subjects
    if told and not _is_phrase(sentence, at):
        yield at


def _is_phrase(sentence: Sequence[Token], at: int) -> bool:
    """One clause: "nothing I can think of", "nothing you could do", "nothing was explained"."""
    pair = (sentence[at].lower, sentence[at + 1].lower)
    first = bool(_PRONOUNS & {token.lower for token in sentence[:2]})
    return pair in {
        ("i", "can"),
        ("i", "could"),
        ("you", "can"),
        ("you", "could"),
        ("i", "know"),
    } or (
        first
        and pair[0] in {"was", "ist", "war", "i", "service", "good", "great"}
        and pair[1] not in _JUDGED
    )


_JUDGED = frozenset(
    {"excellent", "great", "all", "very", "perfect", "good", "fab", "am", "thought", "was", "is"}
)


def _comma_starts(
    sentence: Sequence[Token], first: int, behind: int, words: Words
) -> Iterator[int]:
    """Tokens behind commas between parts that can stand alone."""
    commas = [at for at in range(first + 1, behind - 1) if sentence[at].text == ","]
    edges = [first - 1, *commas, behind]
    concessive = sentence[first].lower in words.concessive
    for left, comma, right in zip(edges, edges[1:], edges[2:], strict=False):
        before, after = sentence[left + 1 : comma], sentence[comma + 1 : right]
        said = left == first - 1 and before[-1:] and before[-1].lower not in _POINTERS
        if (concessive and said and _count(after) >= 2) or _stands_alone(before, after, words):
            yield comma + 1


def _count(tokens: Sequence[Token]) -> int:
    return sum(_is_word(token) for token in tokens)


def _stands_alone(before: Sequence[Token], after: Sequence[Token], words: Words) -> bool:
    """Whether both sides of a comma are judgements of their own."""
    if before and before[0].lower in NOTHING and _count(before) <= 3 and _count(after) >= 1:
        return True
    if _count(before) < 2 or _count(after) < 2:
        return False
    if after[0].lower in words.no_clause or before[0].lower in words.no_clause:
        return False
    if _count(before) == 2 and before[0].lower in _THINKERS:
        return False
    if any(token.lower == "zu" for token in after) and not _has_verb(after, words):
        return False
    if after[0].text[0].isdigit() and before[-1].text[0].isdigit():
        return False
    return not _is_relative(after, words) and not _is_enumeration(before, after, words)


def _has_verb(tokens: Sequence[Token], words: Words) -> bool:
    return any(token.lower in words.verbs for token in tokens)


def _is_relative(after: Sequence[Token], words: Words) -> bool:
    """An article without its noun is a relative pronoun: "…, die mich bediente"."""
    if after[0].lower not in words.relative:
        return False
    return after[1].lower in words.not_noun


def _is_enumeration(before: Sequence[Token], after: Sequence[Token], words: Words) -> bool:
    """One noun for both: "sehr nettes, flinkes Personal", "very friendly, helpful staff"."""
    last, first = before[-1].text, after[0].text
    if words.relative:
        endings = ("es", "er", "em", "en", "e")
        same = next((end for end in endings if last.endswith(end)), "?")
        return last.islower() and first.islower() and first.endswith(same) and len(first) > 4
    return before[0].lower in words.modifiers and len(before) == 2 and _count(after) == 2


def _and_starts(sentence: Sequence[Token], first: int, behind: int, words: Words) -> Iterator[int]:
    """Tokens "and" between two clauses with a verb each, or two pairs of words."""
    joins = [at for at in range(first + 1, behind - 1) if sentence[at].lower in words.joins]
    edges = [first - 1, *joins, behind]
    for left, join, right in zip(edges, edges[1:], edges[2:], strict=False):
        before, after = sentence[left + 1 : join], sentence[join + 1 : right]
        if (
            before
            and after
            and (
                _has_clauses(before, after, words)
                or (len(joins) == 1 and _are_pairs(before, after, words))
            )
        ):
            yield join


def _has_clauses(before: Sequence[Token], after: Sequence[Token], words: Words) -> bool:
    """Two clauses, the second with a subject of its own."""
    opener = after[0].lower
    if opener in words.verbs or opener in words.no_clause:
        return False
    subject_first = any(token.lower in words.verbs for token in after[1:5])
    return subject_first and any(token.lower in words.verbs for token in before)


def _are_pairs(before: Sequence[Token], after: Sequence[Token], words: Words) -> bool:
    """Two pairs of words: "Essen top und Service lahm", "great food and slow service"."""
    left = [token for token in before if _is_word(token)]
    right = [token for token in after if _is_word(token)]
    if len(left) != 2 or len(right) != 2 or left[0].lower in words.modifiers:
        return False
    if words.relative:
        return all(pair[0].text[0].isupper() and pair[1].text.islower() for pair in (left, right))
    return all(pair[0].lower not in words.verbs | words.no_clause for pair in (left, right))
