"""IBANs and payment card numbers in a text, as spans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from warum.stages.redaction_cues import says_card, says_order

_IBAN_START = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{2})[ -]?(\d{2})(?=[ -]?[A-Za-z0-9])")
_IBAN_REST = re.compile(r"(?:[ .-]?[A-Za-z0-9]){1,32}")
# After the word itself a wrong number of digits is enough.
_SAID_IBAN = re.compile(
    r"\biban\W{1,4}([A-Z]{2} ?\d{2}(?: ?[A-Z]{4})?(?:[ -]?\d){9,28})(?!\w)", re.IGNORECASE
)
_STRUCTURE = re.compile(r"(\d+)!([nac])")
_KINDS = {"n": r"\d", "a": "[A-Z]", "c": "[A-Z0-9]"}
_CARD_RUN = re.compile(r"(?<![\w+])(?<!\d[.,])\d(?:[ -]?\d){12,120}(?!\w)")
_DIGITS = re.compile(r"\d+")
# Issuer ranges in use: Visa, Mastercard, American Express, Diners, Discover, JCB, Maestro.
_ISSUER = re.compile(
    r"(?:4|5[0-9]|6|3[47]|3(?:0[0-5]|[689])|35(?:2[89]|[3-8])"
    r"|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720))"
)
# Other lengths (13, 17-19) are product codes and ids far more often than cards.
_COMMON = re.compile(r"\d{16}|3[47]\d{13}|3[0689]\d{12}")


@cache
def _iban_form(country: str) -> tuple[int, re.Pattern[str]] | None:
    """Length and form of a country's IBAN behind the check digits; None if it has none."""
    from stdnum import numdb

    details = numdb.get("iban").info(country)[0][1]
    if "bban" not in details:
        return None
    parts = [(int(size), kind) for size, kind in _STRUCTURE.findall(details["bban"])]
    form = "".join(f"{_KINDS[kind]}{{{size}}}" for size, kind in parts)
    return sum(size for size, _ in parts), re.compile(form)


def iban_spans(text: str) -> Iterator[tuple[int, int]]:
    """Spans of what has a country's IBAN form; a wrong check digit is taken for a typing error.

    Args:
        text: Any text.

    Yields:
        Start and end in code points, in order.
    """
    last = 0
    said = {match.start(1): match.end(1) for match in _SAID_IBAN.finditer(text)}
    for start in _IBAN_START.finditer(text):
        if start.start() < last:
            continue
        end = _iban_end(text, start) or said.get(start.start(), 0)
        if end:
            last = end
            yield start.start(), end


def _iban_end(text: str, start: re.Match[str]) -> int:
    """Where the IBAN that begins at a match ends; 0 if there is none."""
    form = _iban_form(start[1].upper())
    rest = _IBAN_REST.match(text, start.end())
    if form is None or rest is None:
        return 0
    size, pattern = form
    places = [at for at in range(*rest.span()) if text[at].isalnum()][:size]
    if len(places) < size or not pattern.fullmatch("".join(text[at] for at in places).upper()):
        return 0
    end = places[-1] + 1
    if text[end : end + 1].isalnum() or not _iban_written(text[start.start() : end]):
        return 0
    return end


def _iban_written(text: str) -> bool:
    """Whether an IBAN-shaped text is written in one piece, in fours, or has a valid check."""
    from stdnum import iban

    groups = re.split("[ .-]", text)
    in_fours = all(len(group) == 4 for group in groups[:-1]) and len(groups[-1]) <= 4
    return len(groups) == 1 or in_fours or bool(iban.is_valid(text))


def card_spans(text: str) -> Iterator[tuple[int, int]]:
    """Spans of payment card numbers: an issuer's range and length, and a valid check digit.

    Args:
        text: Any text.

    Yields:
        Start and end in code points, in order.
    """
    for run in _CARD_RUN.finditer(text):
        if says_order(text, run.start()) and not says_card(text, run.start()):
            continue
        groups = [group.span() for group in _DIGITS.finditer(text, *run.span())]
        at = 0
        while at < len(groups):
            taken = _card_groups(text, groups[at : at + 8])
            if taken:
                yield groups[at][0], groups[at + taken - 1][1]
            at += taken or 1


def _card_groups(text: str, groups: list[tuple[int, int]]) -> int:
    """How many of these digit groups, from the first on, make up a card number; 0 for none."""
    from stdnum import luhn

    number = ""
    best = 0
    said = range(13, 20) if says_card(text, groups[0][0]) else ()
    for count, (start, end) in enumerate(groups, 1):
        number += text[start:end]
        if len(number) > 19:
            break
        likely = len(number) in said or _COMMON.fullmatch(number)
        if likely and _ISSUER.match(number) and luhn.is_valid(number):
            best = count
    return best
