"""Redaction: e-mail addresses, phone, IBAN and card numbers become blocks of the same length.

Names of persons are not recognised. Doubtful numbers are decided in favour of the text where a word
in front says what they are ("order", "Rechnung"), and in favour of privacy elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from warum.records import ReadComment
from warum.stages.filling import filler
from warum.stages.redaction_accounts import card_spans, iban_spans
from warum.stages.redaction_phones import phone_spans

BLOCK = "█"
"""What each redacted code point becomes (U+2588)."""

Span = tuple[int, int]

# Fewer digits than this hold no phone number outside a local network, and no account or card.
LEAST_DIGITS = 6

# Wide digits, unusual spaces and dashes are read as their plain forms, one code point for one, so
# that positions hold for the original text.
_PLAIN: Mapping[str, str] = {
    **dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " "),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    "＠": "@",
    "＋": "+",
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
    **{chr(0x0660 + digit): str(digit) for digit in range(10)},
}
_UNUSUAL = re.compile(f"[{''.join(_PLAIN)}]")
_LOCAL = r"[^\W_](?:[\w.!#$%&'*+/=?^`{|}~-]{0,126}[\w+~=-])?"
_DOMAIN = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}"
_EMAIL = re.compile(rf"{_LOCAL}@{_DOMAIN}")
_AT = r"\s?(?:\[\s?(?:at|ät)\s?\]|\(\s?(?:at|ät)\s?\)|\{\s?at\s?\})\s?"
_DOT = r"(?:\.|\s?[\[(]\s?(?:dot|punkt)\s?[\])]\s?)"
_HIDDEN_EMAIL = re.compile(
    rf"[^\W_](?:[\w.+-]{{0,62}}[\w+-])?{_AT}(?:[^\W_][\w-]{{0,62}}{_DOT}){{1,8}}[^\W\d_]{{2,24}}",
    re.IGNORECASE,
)
_MAY_HIDE_EMAIL = re.compile(r"[\[({]\s?(?:at|ät)\s?[\])}]", re.IGNORECASE)
_HAS_DIGITS = re.compile(r"\d")
# Every match holds at least one of these; most comments hold none.
_CANDIDATE = re.compile(r"[\d@＠\[({]")
# Without six digits close together there is no phone and no card number.
_DENSE = re.compile(r"\d(?:[-/(). +]{0,5}\d){5}")


def email_spans(text: str) -> Iterator[Span]:
    """Spans of e-mail addresses, also of those written with (at) or [at], in code points."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield match.span()
    if _MAY_HIDE_EMAIL.search(text):
        for match in _HIDDEN_EMAIL.finditer(text):
            yield match.span()


def _blank(text: str, spans: Sequence[Span], filler: str) -> str:
    """The text with every span filled, its length unchanged."""
    parts, at = [], 0
    for start, end in sorted(spans):
        if start < at:
            start = at
        if start >= end:
            continue
        parts += [text[at:start], filler * (end - start)]
        at = end
    return "".join([*parts, text[at:]])


def redact(text: str) -> str:
    """Replace e-mail addresses, phone, IBAN and card numbers.

    Args:
        text: Any text.

    Returns:
        A text of the same length in code points, each code point of a match replaced by `BLOCK`.

    Examples:
        >>> redact("Rufen Sie 030 23125118 an, Bestellung 4500123987")
        'Rufen Sie ████████████ an, Bestellung 4500123987'
    """
    if not _CANDIDATE.search(text):
        return text
    few_digits = len(_HAS_DIGITS.findall(text)) < LEAST_DIGITS
    if few_digits and "@" not in text and "＠" not in text and not _MAY_HIDE_EMAIL.search(text):
        return text
    plain = text if text.isascii() else _UNUSUAL.sub(lambda sign: _PLAIN[sign[0]], text)
    found = list(email_spans(plain))
    if not few_digits:
        searches = (iban_spans, card_spans, phone_spans) if _DENSE.search(plain) else (iban_spans,)
        # What is found is blanked before the next search, so that no part of it is found again.
        for search in searches:
            found += search(_blank(plain, found, "█") if found else plain)
    return _blank(text, found, BLOCK)


_with_text = filler(ReadComment, "text")


class Redact:
    """The stage that redacts; it must come before anything is stored, logged or cached.

    Args:
        enabled: False keeps personal data (`--keep-pii`).
    """

    name = "redaction"

    def __init__(self, enabled: bool = True) -> None:
        self.enabled = enabled

    def __call__(self, batch: Sequence[ReadComment]) -> list[ReadComment]:
        """Redact each text; comments without anything to redact come back as they are."""
        return [self._one(comment) for comment in batch] if self.enabled else list(batch)

    @staticmethod
    def _one(comment: ReadComment) -> ReadComment:
        if comment.text is None:
            return comment
        text = redact(comment.text)
        return comment if text == comment.text else _with_text(comment, text)
