"""Comments that hold no answer, and the answer "nothing".

"n/a" is no comment at all. "Nothing" is one: what it judges depends on the question. "All good"
judges by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from warum.records import Orientation, Polarity, ReadComment
from warum.stages.nonanswer_phrases import EMOTICON, EVERYTHING, FINE, NON_ANSWER, NOTHING, THANKS

WARNING = "non_answer"
"""Warning code of a comment that was set aside."""

# No phrase of either kind is longer; longer comments are not looked at.
_LONGEST = 80

_WORD = re.compile(r"[^\W_]")
# More letters than any phrase of NON_ANSWER has, but for a row of x.
_MANY_LETTERS = re.compile(r"(?:[\W_]*[^\W_xX]){25}")
_NOISE = re.compile(r"[\W_]+")
_PART = re.compile(r"[.!?,;:\n…]+|\s[-–]+\s")

Nothing = Literal["nothing", "everything", "fine"]


def _typos(word: str) -> frozenset[str]:
    """The word with one letter lost, doubled, inserted or swapped with its neighbour."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    lost = {left + right[1:] for left, right in cuts if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    inserted = {left + letter + right for left, right in cuts for letter in letters}
    return frozenset(lost | swapped | inserted)


_MISSPELT = {
    **dict.fromkeys(_typos("nichts"), "nichts"),
    **dict.fromkeys(_typos("nothing"), "nothing"),
    **dict.fromkeys(_typos("everything"), "everything"),
    # Words of their own: not, niece.
    "nicht": "nicht",
    "nichte": "nichte",
}


def _words(text: str) -> str:
    """Only words, in lower case, one space between them, frequent typing errors mended."""
    plain = text if text.isascii() else unicodedata.normalize("NFC", text)
    words = _NOISE.sub(" ", plain.lower()).split()
    if not _MISSPELT.keys().isdisjoint(words):
        words = [_MISSPELT.get(word, word) for word in words]
    return " ".join(words)


def is_non_answer(text: str) -> bool:
    """Whether a text says that there is no answer ("n/a", "keine Angabe", "-", a lone letter).

    Args:
        text: The whole comment.

    Returns:
        True also for an empty text and for one of only punctuation, unless that is an emoticon;
        emoji and numbers are answers.
    """
    stripped = text.strip()
    if (len(stripped) > _LONGEST and _WORD.search(stripped)) or _MANY_LETTERS.match(stripped):
        return False
    words = _words(stripped)
    if words:
        if NON_ANSWER.fullmatch(words) is None:
            return False
        return not any(unicodedata.category(sign).startswith("S") for sign in stripped)
    if EMOTICON.search(stripped):
        return False
    return all(unicodedata.category(sign)[0] in "PZC" or sign in "+=<>|~^`´$*" for sign in stripped)


def _kind(text: str) -> Nothing | None:
    """Which kind of "nothing" the whole comment is."""
    return None if len(text) > _LONGEST else _kind_of_short(text)


@lru_cache(maxsize=4096)  # a comment is asked about more than once, and short ones repeat
def _kind_of_short(text: str) -> Nothing | None:
    words = _words(text)
    if not words:
        return None
    kind = _kind_of_words(words)
    if kind:
        return kind
    kinds: set[Nothing] = set()
    for part in map(_words, _PART.split(text)):
        if part and not THANKS.fullmatch(part):
            kind = _kind_of_words(part)
            if kind is None:
                return None
            kinds.add(kind)
    if len(kinds) == 1:
        return kinds.pop()
    return "fine" if kinds == {"nothing", "fine"} else None


def _kind_of_words(words: str) -> Nothing | None:
    if FINE.fullmatch(words):
        return "fine"
    if EVERYTHING.fullmatch(words):
        return "everything"
    return "nothing" if NOTHING.fullmatch(words) else None


def nothing_answer(text: str) -> bool:
    """Whether the whole comment is "nothing", "nein", "everything", "all good" or the like.

    Args:
        text: The whole comment.

    Returns:
        True for short comments that say only that, in German or English, whatever their case and
        punctuation and with frequent typing errors.
    """
    return _kind(text) is not None


def nothing_polarity(text: str, orientation: Orientation) -> Polarity | None:
    """What a nothing-answer judges.

    Args:
        text: The whole comment.
        orientation: What its question asks for.

    Returns:
        "All good" praises after every question. "Nothing" praises where the question asks for what
        was bad or to improve, blames where it asks for what was good, and is None after an open
        one; "everything" is its opposite. None also where the comment is no nothing-answer
        (`nothing_answer`).

    Examples:
        >>> nothing_polarity("Nothing!", "improve"), nothing_polarity("Nichts.", "good")
        ('positive', 'negative')
    """
    kind = _kind(text)
    if kind == "fine":
        return "positive"
    if kind is None or orientation == "open":
        return None
    return "positive" if (kind == "nothing") != (orientation == "good") else "negative"


class DropNonAnswers:
    """The stage that sets non-answers aside: the row stays, its text becomes None."""

    name = "non_answer"

    def __call__(self, batch: Sequence[ReadComment]) -> list[ReadComment]:
        """Set `text` to None and add the warning `non_answer` where there is no answer."""
        return [self._one(comment) for comment in batch]

    @staticmethod
    def _one(comment: ReadComment) -> ReadComment:
        if comment.text is None or not is_non_answer(comment.text):
            return comment
        return replace(comment, text=None, warnings=(*comment.warnings, WARNING))
