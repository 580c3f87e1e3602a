"""Searching in lower case finds what searching without regard to case finds."""

from __future__ import annotations

import re
import sys

from hypothesis import given
from hypothesis import strategies as st

from warum.stages.lowercase import lower

LETTERS = "abcdefghijklmnopqrstuvwxyzäöüß"


def test_every_letter_is_found_in_each_of_its_forms() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    forms = re.findall(f"[{LETTERS}]", every, re.IGNORECASE)
    assert len(forms) > 2 * len(LETTERS)
    for form in forms:
        (letter,) = (x for x in LETTERS if re.fullmatch(x, form, re.IGNORECASE))
        assert lower(form) == letter


@given(st.text(alphabet=LETTERS + LETTERS.upper() + "ẞİıſ 's.", max_size=40))
def test_patterns_find_as_much(text: str) -> None:
    for words in ("support|is", "außer|süß", r"\w+s"):
        plain, without_case = (
            re.compile(rf"(?<!\w)(?:{words})(?!\w)", flag) for flag in (0, re.IGNORECASE)
        )
        assert bool(plain.search(lower(text))) == bool(without_case.search(text))
