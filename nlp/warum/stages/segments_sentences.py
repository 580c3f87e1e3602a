"""Where sentences end: punctuation, lines, bullets and emoji."""

from __future__ import annotations

import re
from collections.abc import Iterator

from warum.stages.segments_forms import Form
from warum.stages.segments_tokens import Tokens
from warum.stages.segments_words import Words

_MONTHS = re.compile(r"(?:jan|feb|mär|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec)[a-zäö]*")


def sentences(tokens: Tokens, words: Words) -> Iterator[tuple[int, int]]:
    """Sentences as ranges of tokens.

    Args:
        tokens: All tokens of a comment; a line break is one.
        words: The language's words.

    Yields:
        First token and the one behind the last, in order, without gaps.
    """
    first = 0
    done = 0
    for at in tokens.edges:
        if at < done:
            continue
        behind = _end_behind(tokens, at, words)
        if at > first and _begins_item(tokens, at):
            yield first, at
            first = at
        if behind > first:
            yield first, behind
            first = behind
        done = max(at + 1, behind)
    if first < len(tokens.forms):
        yield first, len(tokens.forms)


def _end_behind(tokens: Tokens, at: int, words: Words) -> int:
    """The token behind the sentence's end, if the sentence ends at this token; 0 if not."""
    forms = tokens.forms
    form = forms[at]
    if form.sign.is_break:
        return at + 1
    if not (form.sign.is_emotion or form.sign.is_end or _is_full_stop(tokens, at, words)):
        return 0
    behind = at + 1
    # What clings to the end belongs to it: more punctuation, closing quotes, emoji.
    while behind < len(forms):
        form = forms[behind]
        clings = form.sign.is_follower and tokens.starts[behind] == tokens.end(behind - 1)
        if not (clings or form.sign.is_emotion):
            break
        behind += 1
    return behind


def _is_full_stop(tokens: Tokens, at: int, words: Words) -> bool:
    """Whether a dot ends the sentence rather than an abbreviation or an ordinal number."""
    form = tokens.forms[at]
    alone = len(form.text) == 1
    if not form.sign.is_dotted or (alone and at == 0):
        return False
    following = tokens.forms[at + 1] if at + 1 < len(tokens.forms) else None
    if following is None or "\n" in following.text:
        return True
    if alone and tokens.end(at - 1) < tokens.starts[at]:
        return True
    before = tokens.forms[at - 1] if alone else form
    stem = before.lower.rstrip(".")
    if not alone and "." in stem:
        return stem in {"a.m", "p.m"} and following.text[0].isupper()
    if stem in words.abbreviations or (len(stem) == 1 and stem.isalpha()):
        return _surely_begins(following, words) and stem not in _TITLES
    if stem.isdigit():
        return len(stem) > 2 or (following.text[0].isupper() and not _ordinal(following, words))
    return alone


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


def _surely_begins(form: Form, words: Words) -> bool:
    """Whether upper case behind an abbreviation is no noun: in German only of function words."""
    if not words.relative:
        return form.text[0].isupper()
    known = words.mid_clause | words.relative | words.subjects | words.contrast | words.verbs
    return form.text[0].isupper() and form.lower in known


def _ordinal(form: Form, words: Words) -> bool:
    """German writes ordinals with a dot: "3. Mai", "2. Klasse". English does not."""
    return bool(words.relative) and (
        _MONTHS.fullmatch(form.lower) is not None or form.lower not in words.mid_clause
    )


def _begins_item(tokens: Tokens, at: int) -> bool:
    """Whether a bullet, or a plus or dash between spaces, begins an item here."""
    forms, starts = tokens.forms, tokens.starts
    form = forms[at]
    if form.sign.is_sure_bullet:
        return True
    if not form.sign.is_bullet and form.text != "/":
        return False
    if at == 0 or at + 1 == len(forms):
        return False
    spaced = tokens.end(at - 1) < starts[at]
    clings = starts[at + 1] == tokens.end(at)
    if form.text in "+-" and spaced and clings:
        return forms[at + 1].text[0].isalpha()  # "+Lage super -laut"
    if not spaced or clings:
        return False
    least = 1 if forms[0].text in {"+", "-", "*"} else 2  # in a list of items one word is enough
    return min(_words_until(tokens, at, -1), _words_until(tokens, at, 1)) >= least


def _words_until(tokens: Tokens, at: int, step: int) -> int:
    """Words beside a sign, two at most."""
    count = 0
    place = at + step
    while 0 <= place < len(tokens.forms) and count < 2 and abs(place - at) <= 4:
        form = tokens.forms[place]
        if "\n" in form.text or form.sign.is_bullet or form.sign.is_end:
            break
        count += form.text[0].isalpha() or form.text[0].isdigit()
        place += step
    return count
