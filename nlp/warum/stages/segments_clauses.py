"""Where a sentence is cut: in front of contrast words, at commas and at "and"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from warum.stages.segments_forms import Form
from warum.stages.segments_tokens import Tokens
from warum.stages.segments_words import NOTHING, STRESS, Words

_BREAKS = frozenset({",", "-", "–", "—", "(", ":", "/", ";"})
_THINKERS = frozenset({"ich", "wir", "man", "i", "we"})
_POINTERS = frozenset({"that", "this", "davon", "dem"})  # "other than that, …" judges nothing
_PRONOUNS = frozenset({"nothing", "none", "nichts", "nix"})


def clause_starts(tokens: Tokens, first: int, behind: int, words: Words) -> list[int]:
    """Tokens of a sentence that begin a segment.

    Args:
        tokens: All tokens of a comment.
        first: The sentence's first token.
        behind: The token behind its last.
        words: The language's words.

    Returns:
        Places in the comment, in order, the sentence's first token not counted.
    """
    cuts = tokens.cuts
    low = bisect_left(cuts, first)
    high = bisect_left(cuts, behind, low)
    if low == high and not tokens.forms[first].is_lead:
        return []
    sentence = tokens.forms[first:behind]
    starts, commas, joins = set(), [], []
    for at in cuts[low:high]:
        at -= first
        form = sentence[at]
        if form.is_comma:
            commas.append(at)
        if form.is_join:
            joins.append(at)
        if form.is_contrast and _is_contrast(sentence, at, words):
            starts.add(at)
    if sentence[0].is_lead:
        starts.update(_behind_nothing(sentence, words))
    for stretch in _stretches(starts, len(sentence)) if commas else ():
        starts.update(_comma_starts(sentence, stretch, commas, words))
    for stretch in _stretches(starts, len(sentence)) if joins else ():
        starts.update(_and_starts(sentence, stretch, joins, words))
    return [first + at for at in sorted(starts)]


def _stretches(starts: Iterable[int], behind: int) -> list[tuple[int, int]]:
    """Ranges of tokens between cuts."""
    return list(pairwise([0, *sorted(starts), behind]))


def _edges(places: Sequence[int], stretch: tuple[int, int]) -> list[tuple[int, int, int]]:
    """Each of these places inside a stretch, between the place before and the one behind it."""
    first, behind = stretch
    edges = [first - 1, *(at for at in places if first < at < behind - 1), behind]
    return list(zip(edges, edges[1:], edges[2:], strict=False))


def _is_contrast(sentence: Sequence[Form], at: int, words: Words) -> bool:
    """Whether a contrast begins at this token."""
    word = sentence[at].lower
    before = sentence[at - 1].lower if at else ""
    behind = sentence[at + 1].lower if at + 1 < len(sentence) else ""
    begins = word in words.contrast or (word in words.after_comma and before in _BREAKS)
    paired = (word, behind) in words.pairs
    if not (begins or paired):
        return False
    if not (_has_word(sentence[at + 1 : at + 3]) and _has_word(sentence[max(0, at - 3) : at])):
        return False
    if paired:
        return at + 2 < len(sentence)
    if (before, word) in words.pairs:
        return False
    if before in words.never_after.get(word, ()) or behind in words.never_before.get(word, ()):
        return False
    return before not in words.mid_clause or word in words.concessive


def _has_word(tokens: Sequence[Form]) -> bool:
    for token in tokens:  # noqa: SIM110 - in half the time of any()
        if token.is_word:
            return True
    return False


def _behind_nothing(sentence: Sequence[Form], words: Words) -> Iterator[int]:
    """The clause behind a leading "nothing": "Nothing they were great"."""
    lead = 1 if sentence[0].lower in STRESS else 0
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


def _is_phrase(sentence: Sequence[Form], at: int) -> bool:
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
    sentence: Sequence[Form], stretch: tuple[int, int], commas: Sequence[int], words: Words
) -> Iterator[int]:
    """Tokens behind commas between parts that can stand alone."""
    first, _ = stretch
    concessive = sentence[first].lower in words.concessive
    for left, comma, right in _edges(commas, stretch):
        before, after = sentence[left + 1 : comma], sentence[comma + 1 : right]
        said = left == first - 1 and before[-1:] and before[-1].lower not in _POINTERS
        if (concessive and said and _count(after) >= 2) or _stands_alone(before, after, words):
            yield comma + 1


def _count(tokens: Sequence[Form]) -> int:
    return sum([token.is_word for token in tokens])


def _stands_alone(before: Sequence[Form], after: Sequence[Form], words: Words) -> bool:
    """Whether both sides of a comma are judgements of their own."""
    said, added = _count(before), _count(after)
    if before and before[0].lower in NOTHING and said <= 3 and added >= 1:
        return True
    if said < 2 or added < 2:
        return False
    if after[0].lower in words.no_clause or before[0].lower in words.no_clause:
        return False
    if said == 2 and before[0].lower in _THINKERS:
        return False
    if any(token.lower == "zu" for token in after) and not _has_verb(after):
        return False
    if after[0].text[0].isdigit() and before[-1].text[0].isdigit():
        return False
    return not _is_relative(after, words) and not _is_enumeration(before, after, words)


def _has_verb(tokens: Sequence[Form]) -> bool:
    for token in tokens:  # noqa: SIM110 - in half the time of any()
        if token.is_verb:
            return True
    return False


def _is_relative(after: Sequence[Form], words: Words) -> bool:
    """An article without its noun is a relative pronoun: "…, die mich bediente"."""
    if after[0].lower not in words.relative:
        return False
    return after[1].lower in words.not_noun


def _is_enumeration(before: Sequence[Form], after: Sequence[Form], words: Words) -> bool:
    """One noun for both: "sehr nettes, flinkes Personal", "very friendly, helpful staff"."""
    last, first = before[-1].text, after[0].text
    if words.relative:
        endings = ("es", "er", "em", "en", "e")
        same = next((end for end in endings if last.endswith(end)), "?")
        return last.islower() and first.islower() and first.endswith(same) and len(first) > 4
    return before[0].lower in words.modifiers and len(before) == 2 and _count(after) == 2


def _and_starts(
    sentence: Sequence[Form], stretch: tuple[int, int], joins: Sequence[int], words: Words
) -> Iterator[int]:
    """Tokens "and" between two clauses with a verb each, or two pairs of words."""
    edges = _edges(joins, stretch)
    for left, join, right in edges:
        before, after = sentence[left + 1 : join], sentence[join + 1 : right]
        if (
            before
            and after
            and (
                _has_clauses(before, after, words)
                or (len(edges) == 1 and _are_pairs(before, after, words))
            )
        ):
            yield join


def _has_clauses(before: Sequence[Form], after: Sequence[Form], words: Words) -> bool:
    """Two clauses, the second with a subject of its own."""
    if after[0].is_verb or after[0].lower in words.no_clause:
        return False
    return _has_verb(after[1:5]) and _has_verb(before)


def _are_pairs(before: Sequence[Form], after: Sequence[Form], words: Words) -> bool:
    """Two pairs of words: "Essen top und Service lahm", "great food and slow service"."""
    left = [token for token in before if token.is_word]
    right = [token for token in after if token.is_word]
    if len(left) != 2 or len(right) != 2 or left[0].lower in words.modifiers:
        return False
    if words.relative:
        return all(pair[0].text[0].isupper() and pair[1].text.islower() for pair in (left, right))
    return all(pair[0].lower not in words.verbs | words.no_clause for pair in (left, right))
