"""Evidence: whole words around the highest score, never beyond the segment."""

from __future__ import annotations

import re

import numpy as np
import pytest

from warum_models.evidence import stretch

TEXT = "Lovely food, but the waiter was very rude."
WORDS = [m.span() for m in re.finditer(r"\w+|[^\w\s]", TEXT)]
STARTS, ENDS = (np.array(x) for x in zip(*WORDS, strict=True))


def _found(high: set[str], segment: tuple[int, int] = (0, len(TEXT))) -> str:
    scores = np.array([2.0 if TEXT[a:b] in high else -3.0 for a, b in WORDS], dtype=np.float32)
    start, end = stretch(scores, STARTS, ENDS, segment, TEXT)
    return TEXT[start:end]


@pytest.mark.parametrize(
    ("high", "expected"),
    [
        ({"waiter", "was", "very", "rude"}, "waiter was very rude"),
        ({"waiter", "rude"}, "rude"),  # too far apart: only the peak's side
        ({"waiter", "very"}, "waiter was very"),
        ({"food"}, "food"),
        (set(), "Lovely"),
    ],
)
def test_a_stretch_of_words(high: set[str], expected: str) -> None:
    found = _found(high)
    assert found == expected or (high == {"waiter", "rude"} and found in ("waiter", "rude"))


def test_it_stays_in_its_segment() -> None:
    assert _found({"food", ",", "but", "the"}, (0, 11)) == "food"
    assert _found({"food"}, (13, len(TEXT))) in TEXT[13:]


def test_pieces_of_a_word_become_the_word() -> None:
    starts, ends = np.array([0, 4]), np.array([4, 9])
    assert stretch(np.array([-1.0, 3.0], np.float32), starts, ends, (0, 9), "wartezeit") == (0, 9)


@pytest.mark.parametrize(
    ("text", "high", "expected"),
    [
        ("Wow, I didn't expect that", {"t", "expect", "that"}, "didn't expect that"),
        ("I’m scared", {"m", "scared"}, "I’m scared"),
        ("Der Kunden-Service war lahm", {"Service", "war", "lahm"}, "Kunden-Service war lahm"),
        (
            "Toll, zwei Stunden gewartet",
            {",", "zwei", "Stunden", "gewartet"},
            "zwei Stunden gewartet",
        ),
        ("teuer - aber gut", {"aber", "gut"}, "aber gut"),
        ("they said 'no' to me", {"no"}, "no"),
    ],
)
def test_no_word_is_cut_and_no_comma_leads(text: str, high: set[str], expected: str) -> None:
    spans = [m.span() for m in re.finditer(r"\w+|[^\w\s]", text)]
    starts, ends = (np.array(x) for x in zip(*spans, strict=True))
    scores = np.array([2.0 if text[a:b] in high else -3.0 for a, b in spans], dtype=np.float32)
    start, end = stretch(scores, starts, ends, (0, len(text)), text)
    assert text[start:end] == expected


def test_marks_alone_stay() -> None:
    spans = (np.array([0, 1]), np.array([1, 2]))
    assert stretch(np.array([1.0, 1.0], np.float32), *spans, (0, 2), "!?") == (0, 2)


def test_a_segment_without_pieces_is_its_own_evidence() -> None:
    assert stretch(np.zeros(1, np.float32), np.array([0]), np.array([3]), (5, 8), "abc  def") == (
        5,
        8,
    )
