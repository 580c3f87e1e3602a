"""What is redacted, and what must stay."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.warum.stages.reading_of import comment_of
from warum.stages.redaction import BLOCK, Redact, redact

CASES = Path(__file__).with_name("pii_cases.jsonl")


class Case(NamedTuple):
    """A comment and what must be redacted in it."""

    text: str
    language: str
    redact: list[str]

    def spans(self) -> set[tuple[int, int]]:
        """Where it stands."""
        found: set[tuple[int, int]] = set()
        at = 0
        for part in self.redact:
            start = self.text.index(part, at)
            at = start + len(part)
            found.add((start, at))
        return found


def cases(language: str | None = None) -> list[Case]:
    """The authored comments of a language, or all."""
    read = [Case(**json.loads(line)) for line in CASES.read_text(encoding="utf-8").splitlines()]
    return [case for case in read if language in (None, case.language)]


def blocks(text: str) -> set[tuple[int, int]]:
    """Spans of redacted code points."""
    return {match.span() for match in re.finditer(f"{BLOCK}+", text)}


def test_the_set_has_500_of_each_kind() -> None:
    counts = Counter((case.language, bool(case.redact)) for case in cases())
    assert set(counts.values()) == {250}
    assert len({case.text for case in cases()}) == 1000


def tally(language: str) -> tuple[int, int, int]:
    """Spans of a language rightly redacted, wrongly redacted, and missed."""
    right = wrong = missed = 0
    for case in cases(language):
        wanted, found = case.spans(), blocks(redact(case.text))
        right += len(wanted & found)
        wrong += len(found - wanted)
        missed += len(wanted - found)
    return right, wrong, missed


@pytest.mark.parametrize("language", ["de", "en"])
def test_recall_and_precision(language: str) -> None:
    right, wrong, missed = tally(language)
    assert right / (right + missed) >= 0.98
    assert right / (right + wrong) >= 0.98


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("a@b.de", "██████"),
        ("Mail: max@x.example, danke", "Mail: █████████████, danke"),
        ("(info@x.example)", "(██████████████)"),
        ("name (at) x.example", "███████████████████"),
        ("Tel 030/23125118.", "Tel ████████████."),
        ("Tel.: +49 (0)30 23125118", "Tel.: " + BLOCK * 18),
        ("030 23125118 030 23125119", BLOCK * 12 + " " + BLOCK * 12),
        ("Am 12.03.2024 030 23125118", "Am 12.03.2024 ████████████"),
        ("IBAN DE89 3704 0044 0532 0130 00!", "IBAN ███████████████████████████!"),
        ("iban: DE8937040044053201300", "iban: " + BLOCK * 21),
        ("Karte 4111-1111-1111-1111 weg", "Karte ███████████████████ weg"),
        ("０３０ ２３１２５１１８", BLOCK * 12),
        ("030\u00a023125118", BLOCK * 12),
        ("０３０ ist die Vorwahl", "０３０ ist die Vorwahl"),
    ],
)
def test_spans_are_exact(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nichts",
        "@DB_Bahn danke",
        "5 @ 3 Euro",
        "ISIN LU1250154413 steht im Prospekt",
        "https://example.com/a/0301234567890/b",
        "Nr. 4111 1111 1111 1112 ist keine Karte",
        "Bestellnummer 030 23125118",
        "01/2014 22.304 km gelaufen",
        "02. - 16.05. 09. - 23.06.",
        "9/10, 2:1, 3-4, 10%",
        "625336387374579712",
    ],
)
def test_what_stays(text: str) -> None:
    assert redact(text) == text


@given(st.text(max_size=300))
def test_length_and_other_code_points_stay(text: str) -> None:
    redacted = redact(text)
    assert len(redacted) == len(text)
    assert all(new in (old, BLOCK) for old, new in zip(text, redacted, strict=True))


@given(st.text(alphabet="0123456789 +-/().@aDE:", max_size=120))
def test_redacting_twice_changes_nothing_that_was_blocked(text: str) -> None:
    once = redact(text)
    twice = redact(once)
    assert all(new in (old, BLOCK) for old, new in zip(once, twice, strict=True))


@given(st.text(alphabet="abcdefghäöüß .,!?\n", max_size=200))
def test_texts_without_digits_or_at_come_back_as_they_are(text: str) -> None:
    assert redact(text) is text


def test_keep_pii() -> None:
    batch = [comment_of("030 23125118"), comment_of(None)]
    assert Redact(enabled=False)(batch) == batch
    assert Redact()(batch)[0].text == BLOCK * 12
    assert Redact()(batch)[1].text is None


@pytest.mark.parametrize(
    "unit", ["1", "0 ", "0171 ", "DE12 ", "a@", "1.1.24 ", "+", "4111 1111 1111 1111 "]
)
def test_long_texts_end(unit: str) -> None:
    text = (unit * 20000)[:20000]
    assert len(redact(text)) == len(text)


@pytest.mark.parametrize(
    "number",
    [
        "030 23125118",
        "(030) / 231 - 25 118",
        "+49 (0) 30 231 251 18",
        "0171.2345678",
        "0041 44 668 18 00",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "DE89 3704 0044 0532 0130 00",
        "０３０ ２３１２５１１８",
        "030\u00a0231\u202f25\u2011118",
    ],
)
def test_no_shortcut_passes_a_number_by(number: str) -> None:
    """However its digits are set apart, and whatever other digits stand in the text."""
    assert redact(f"phone {number} please").count(BLOCK) == len(number)
    text = f"On 12.03.2024 at 14:30, 3 of 7: phone {number}, www.a.de/1 or WWW.B.DE"
    assert redact(text).count(BLOCK) == len(number)
