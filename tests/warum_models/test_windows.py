"""Long comments in windows: all of the text, in order, and no word far away tips the scale."""

from __future__ import annotations

import re

import pytest

from tests.warum_models.test_shipped import LABELS
from warum_models.protocol import Passage
from warum_models.shipped import load_shipped
from warum_models.windows import LONGEST, segments_in, stretch_of, windows_of

FILLER = "Am Montag war ich bei meiner Tante in Köln, wir sprachen über Tiere und Pflanzen. "
PLAIN = "Das Personal war furchtbar unfreundlich. "


def _passage(text: str) -> Passage:
    return Passage(text, "de", tuple(m.span() for m in re.finditer(r"[^.\s][^.]*\.", text)))


def test_a_short_comment_is_its_own_window() -> None:
    passage = _passage(PLAIN)
    assert [w.passage for w in windows_of(passage)] == [passage]


@pytest.mark.parametrize(
    "text", [FILLER * 200, "ohne punkt " * 900, "a" * 5_000, " " * 5_000 + "b"]
)
def test_windows_cover_all_of_the_text(text: str) -> None:
    windows = windows_of(_passage(text))
    for window in windows:
        passage = window.passage
        assert 0 < len(passage.text) <= LONGEST
        assert text[window.start :].startswith(passage.text)
        assert all(0 <= a < b <= len(passage.text) for a, b in passage.segments)
    assert "".join(w.passage.text for w in windows).split() == text.split() or " " not in text
    assert sum(len(w.passage.text.strip()) for w in windows) >= len(text.replace(" ", ""))


def test_no_window_begins_within_a_sentence() -> None:
    assert all(
        w.passage.text.strip().startswith("Am Montag") for w in windows_of(_passage(FILLER * 200))
    )


def test_a_stretch_holds_the_parts_of_segments_in_it() -> None:
    passage = Passage("abc. defg. hi.", "de", ((0, 4), (5, 10), (11, 14)))
    assert stretch_of(passage, 2, 8) == Passage("c. def", "de", ((0, 2), (3, 6)))
    assert segments_in(passage, 2, 8) == [0, 1]


@pytest.mark.parametrize("name", ["fast", "accurate", "auto"])
def test_a_long_comment_is_read_as_its_parts_are(name: str) -> None:
    """What no part says is not found in the whole, and what one part says is, wherever it stands."""
    reader = load_shipped(name, LABELS)
    filler, said = _passage(FILLER * 10), _passage(FILLER * 300 + PLAIN + FILLER * 300)
    alone, long = reader.read([filler]), reader.read([said])
    staff = long.found.label == 1
    assert staff.any()
    first, last = len(FILLER) * 300, len(FILLER) * 300 + len(PLAIN)
    assert ((long.found.start[staff] >= first) & (long.found.end[staff] <= last)).any()
    quiet = [0, 2]
    assert long.presence[0, quiet] == pytest.approx(alone.presence[0, quiet], abs=0.15)
