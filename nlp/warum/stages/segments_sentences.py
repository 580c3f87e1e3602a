"""Where sentences end: punctuation, lines, bullets and emoji."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from warum.stages.segments_words import Words


class Token(NamedTuple):
    """A token of a comment.

    Attributes:
        text: As it stands.
        lower: In lower case (umlauts and ß are kept).
        start: Its first code point.
        end: The code point behind it.
    """

    text: str
    lower: str
    start: int
    end: int


_ENDS = re.compile(r"[!?…]+|\.{2,}|[!?.…]{2,}|;+|[。！？]+")
_FOLLOWERS = re.compile(r"[!?.…)\]}\"'“”»«’]+")
_BULLET = re.compile(r"[•·●▪►➤✓✔✗✘]+|[*+–—-]+")
_SIGN_BULLET = re.compile(r"[•·●▪►➤]+")
_EMOJI = re.compile(
    r"(?:[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\u2764\ufe0f\u200d\u20e3\U000e0020-\U000e007f])+"
)
_EMOTICON = re.compile(r"[:;=8]['’]?[-o^]?[)(\]\[DPp/|\\*3]+|<3+|\^[-_.]?\^|-[-_.]-")
_MONTHS = re.compile(r"(?:jan|feb|mär|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec)[a-zäö]*")


def sentences(tokens: Sequence[Token], words: Words) -> Iterator[tuple[int, int]]:
    """Sentences as ranges of tokens.

    Args:
        tokens: All tokens of a comment; a line break is one.
        words: The language's words.

    Yields:
        First token and the one behind the last, in order, without gaps.
    """
    first = 0
    at = 0
    while at < len(tokens):
        if tokens[at].text.isalpha():  # most tokens: neither an end nor a bullet
            at += 1
            continue
        behind = _end_behind(tokens, at, words)
        if _begins_item(tokens, at) and at > first:
            yield first, at
            first = at
        if behind and behind > first:
            yield first, behind
            first = behind
        at = max(at + 1, behind)
    if first < len(tokens):
        yield first, len(tokens)


def _end_behind(tokens: Sequence[Token], at: int, words: Words) -> int:
    """The token behind the sentence's end, if the sentence ends at this token; 0 if not."""
    token = tokens[at]
    if "\n" in token.text or "\r" in token.text:
        return at + 1
    emotion = _is_emotion(token.text)
    if not (emotion or _ENDS.fullmatch(token.text) or _is_full_stop(tokens, at, words)):
        return 0
    behind = at + 1
    # What clings to the end belongs to it: more punctuation, closing quotes, emoji.
    while behind < len(tokens):
        text = tokens[behind].text
        clings = tokens[behind].start == tokens[behind - 1].end and _FOLLOWERS.fullmatch(text)
        if not (clings or _is_emotion(text)):
            break
        behind += 1
    return behind


def _is_emotion(text: str) -> bool:
    """An emoji or emoticon."""
    return _EMOJI.fullmatch(text) is not None or _EMOTICON.fullmatch(text) is not None


def _is_full_stop(tokens: Sequence[Token], at: int, words: Words) -> bool:
    """Whether a dot ends the sentence rather than an abbreviation or an ordinal number."""
    token = tokens[at]
    if not token.text.endswith(".") or (len(token.text) == 1 and at == 0):
        return False
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is None or "\n" in following.text:
        return True
    before = token if len(token.text) > 1 else tokens[at - 1]
    if before.end < token.start:
        return True
    stem = before.lower.rstrip(".")
    if len(token.text) > 1 and "." in stem:
        return stem in {"a.m", "p.m"} and following.text[0].isupper()
    if stem in words.abbreviations or (len(stem) == 1 and stem.isalpha()):
        return _surely_begins(following, words) and stem not in _TITLES
    if stem.isdigit():
        return len(stem) > 2 or (following.text[0].isupper() and not _ordinal(following, words))
    return len(token.text) == 1


_TITLES = frozenset(
    {
        "dr",
        "mr",
        "mrs",
        "ms",
        "prof",
        "fr",
        "hr",
        "st",
        "str",
        "z",
        "d",
        "u",
        "e",
        "i",
        "s",
        "nr",
        "no",
        "tel",
        "approx",
        "vs",
        "ca",
    }
)


def _surely_begins(token: Token, words: Words) -> bool:
    """Whether upper case behind an abbreviation is no noun: in German only of function words."""
    if not words.relative:
        return token.text[0].isupper()
    known = words.mid_clause | words.relative | words.subjects | words.contrast | words.verbs
    return token.text[0].isupper() and token.lower in known


def _ordinal(token: Token, words: Words) -> bool:
    """German writes ordinals with a dot: "3. Mai", "2. Klasse". English does not."""
    return bool(words.relative) and (
        _MONTHS.fullmatch(token.lower) is not None or token.lower not in words.mid_clause
    )


def _begins_item(tokens: Sequence[Token], at: int) -> bool:
    """Whether a bullet, or a plus or dash between spaces, begins an item here."""
    token = tokens[at]
    if _SIGN_BULLET.fullmatch(token.text):
        return True
    if not _BULLET.fullmatch(token.text) and token.text != "/":
        return False
    if at == 0 or at + 1 == len(tokens):
        return False
    spaced = tokens[at - 1].end < token.start
    if token.text in "+-" and spaced and tokens[at + 1].start == token.end:
        return tokens[at + 1].text[0].isalpha()  # "+Lage super -laut"
    if not spaced or tokens[at + 1].start == token.end:
        return False
    least = 1 if tokens[0].text in {"+", "-", "*"} else 2  # in a list of items one word is enough
    return min(_words_until(tokens, at, -1), _words_until(tokens, at, 1)) >= least


def _words_until(tokens: Sequence[Token], at: int, step: int) -> int:
    """Words beside a sign, two at most."""
    count = 0
    place = at + step
    while 0 <= place < len(tokens) and count < 2 and abs(place - at) <= 4:
        text = tokens[place].text
        if "\n" in text or _BULLET.fullmatch(text) or _ENDS.fullmatch(text):
            break
        count += text[0].isalpha() or text[0].isdigit()
        place += step
    return count
