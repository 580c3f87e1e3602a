"""Phone numbers in a text, as spans: DACH countries, Britain, Ireland, North America, and "+".

A number is looked for in runs of digits with separators; each run may hold one or more. The
numbering plans are those of phonenumbers; the rules here say when a number is meant as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from warum.stages.redaction_cues import says_order, says_phone, says_phone_directly

REGIONS = ("DE", "GB", "AT", "CH", "IE")
"""Regions whose national numbers begin with 0, asked in this order."""

_RUN = re.compile(r"(?<![\w.,])[+(]{0,2}\d+(?:(?: ?[-/()] ?[-/()]? ?|\.| \(?\+?)\d+)*(?!\w)")
_INSIDE_WORD = re.compile(r"\w[-/=_]")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:(?:19|20)\d\d|\d\d)"
_DATE = (
    rf"(?:(?:{_DAY}[./-]{_MONTH}|{_MONTH}[./-]{_DAY})[./-]{_YEAR}"
    rf"|(?:19|20)\d\d[./-]{_MONTH}[./-]{_DAY})"
)
_NO_PHONE = re.compile(
    rf"(?=\d)(?<![\d+])(?<!\d[./-])(?:{_DATE}(?: ?- ?{_DATE})?(?![./-]?\d)|\d{{1,2}}:\d\d(?::\d\d)?(?!\d)"
    r"|(?:0?[1-9]|1[0-2])[./](?:19|20)\d\d(?!\d)|(?:19|20)\d\d ?- ?(?:19|20)\d\d(?![-./]?\d)"
    r"|\d{1,3}(?:\.\d{3})+,\d\d(?!\d))"
)
_AMERICAN = re.compile(r"(?:\+?1[-. ])?(\(?)[2-9]\d\d(?:\) ?|[-. ])[2-9]\d\d[-. ]\d{4}")
_THREE_THREE_FOUR = re.compile(r"\(?\d{3}(?:\) ?|[-. ])\d{3}[-. ]\d{4}")
_AMERICAN_LOCAL = re.compile(r"[2-9]\d\d[-. ]\d{4}")
_NEAR = ("0041", "0043", "0044", "0049", "00353")
_MOST_DIGITS = 15
_MOST_GROUPS = 10


def phone_spans(text: str) -> Iterator[tuple[int, int]]:
    """Spans of phone numbers.

    Args:
        text: Any text.

    Yields:
        Start and end in code points, in order, never overlapping.
    """
    # Dates and times are taken out first: "12.03.2024 0171 …" would else be one run of digits.
    others = (_URL, _NO_PHONE) if _may_hold_url(text) else (_NO_PHONE,)
    for other in others:
        text = other.sub(lambda match: "x" * len(match[0]), text)
    for run in _RUN.finditer(text):
        if sum(map(str.isdigit, run[0])) >= 6 and not _is_something_else(text, run.start()):
            yield from _in_run(text, run.start(), run.end())


def _may_hold_url(text: str) -> bool:
    return "://" in text or "www." in text.lower()


def _is_something_else(text: str, start: int) -> bool:
    """Whether the digits at `start` follow the name of an order or sit inside a longer code."""
    inside = _INSIDE_WORD.match(text, max(0, start - 2)) is not None
    return says_order(text, start) or (inside and not says_phone_directly(text, start))


def _in_run(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Numbers in one run: from each group on, the longest that is one."""
    groups = [group.span() for group in _DIGITS.finditer(text, start, end)]
    at = 0
    while at < len(groups):
        taken = 0
        if _may_begin(text, start, groups[at][0]):
            taken = _longest(text, groups[at : at + _MOST_GROUPS])
        if taken:
            yield _with_signs(text, groups[at][0], start), groups[at + taken - 1][1]
        at += taken or 1


def _may_begin(text: str, run: int, at: int) -> bool:
    """A number begins the run, or stands behind a space or bracket in it."""
    return at == run or text[at - 1] in " (+" or at - run <= 2


def _with_signs(text: str, at: int, run: int) -> int:
    """The start with "+" and an opening bracket that belong to the number."""
    while at > run and text[at - 1] in "+(":
        if text[at - 1] == "(" and not _closes(text, at):
            break
        at -= 1
    return at


def _closes(text: str, at: int) -> bool:
    """Whether a bracket opened before `at` closes within the area code."""
    return re.match(r"\+?\d{1,6}\) ?[\d/-]", text[at : at + 10]) is not None


def _longest(text: str, groups: list[tuple[int, int]]) -> int:
    """How many groups, from the first on, make the longest phone number; 0 for none."""
    sizes = [end - start for start, end in groups]
    first = groups[0][0]
    for count in range(len(groups), 0, -1):
        if 6 <= sum(sizes[:count]) <= _MOST_DIGITS + 2 and _is_phone(
            text, first, groups[count - 1][1], count
        ):
            return count
    return 0


def _is_phone(text: str, start: int, end: int, groups: int) -> bool:
    """Whether text[start:end] is meant as a phone number."""
    number = text[start:end]
    digits = "".join(filter(str.isdigit, number))
    if text[start - 1 : start] == "+" or text[max(0, start - 2) : start] == "+(":
        return _possible(f"+{digits}" if "(0)" not in number else "+" + _without_trunk(number))
    if digits.startswith("00"):
        return _international(text, start, digits, groups)
    if digits.startswith("0"):
        return _national(text, start, digits, groups)
    return _without_prefix(text, start, number, digits)


def _without_trunk(number: str) -> str:
    return "".join(filter(str.isdigit, number.replace("(0)", "", 1)))


def _international(text: str, start: int, digits: str, groups: int) -> bool:
    """A number that begins with 00 and a country code."""
    number = f"+{digits[2:]}"
    likely = groups > 1 or digits.startswith(_NEAR) or says_phone(text, start)
    return (likely and _possible(number)) or _valid(number, None)


def _national(text: str, start: int, digits: str, groups: int) -> bool:
    """A number that begins with the trunk prefix 0."""
    if not 7 <= len(digits) <= (13 if groups > 1 else 12):
        return False
    cue = says_phone(text, start)
    if len(digits) < 9 and not cue:
        return False
    if any(_valid(digits, region) for region in REGIONS):
        return True
    # Regulators keep ranges for fiction and new ranges appear: grouping stands in for the plan.
    return (groups > 1 or cue) and 8 <= len(digits) <= 12


def _without_prefix(text: str, start: int, number: str, digits: str) -> bool:
    """A North American number, or a local one that a word announces."""
    if _AMERICAN.fullmatch(number) or _AMERICAN.fullmatch(text[start - 1] + number):
        marked = "-" in number or ")" in number or "." in number
        return (marked or says_phone(text, start)) and _possible(digits, "US")
    if len(digits) in (10, 11) and number == digits:
        return says_phone(text, start) and _valid(digits, "US")
    local = _AMERICAN_LOCAL.fullmatch(number) or _THREE_THREE_FOUR.fullmatch(number)
    if local and says_phone(text, start):
        return True
    return 6 <= len(digits) <= 12 and says_phone_directly(text, start)


@lru_cache(maxsize=4096)
def _possible(number: str, region: str | None = None) -> bool:
    """Whether the plan knows numbers of this length."""
    import phonenumbers

    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(number, region)))
    except phonenumbers.NumberParseException:
        return False


@lru_cache(maxsize=4096)
def _valid(number: str, region: str | None) -> bool:
    """Whether the plan assigns this range."""
    import phonenumbers

    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(number, region)))
    except phonenumbers.NumberParseException:
        return False
