"""What holds for every stage of this room: order, count, batches, odd texts."""

from __future__ import annotations

import random

import pytest

from tests.warum.stages.reading_of import comment_of
from warum.records import ReadComment
from warum.stages.language import DetectLanguage
from warum.stages.nonanswer import DropNonAnswers
from warum.stages.orientation import ReadOrientation
from warum.stages.protocol import Stage
from warum.stages.redaction import Redact
from warum.stages.segments import SplitSegments

STAGES: tuple[Stage, ...] = (
    DropNonAnswers(),
    Redact(),
    DetectLanguage("de"),
    ReadOrientation(),
    SplitSegments(),
)
TEXTS = (
    None,
    "",
    " ",
    "Super",
    "SEHR UNFREUNDLICHES PERSONAL, NIE WIEDER",
    "the drivr was realy frendly but teh bus was lat",
    "schon schön, groß und süß",
    "👍👍🏽 👩‍👩‍👧",
    "12345",
    "n/a",
    "Nichts",
    "Anruf 030 23125118, danke!",
    "Line one\r\nline two\x00\ttab\u200b",
    "\ud800 lone surrogate",
    "Wort " * 4000,
    "x" * 20000,
)
QUESTIONS = ("What was good?", "Was können wir besser machen?", None, "Kommentar")


@pytest.fixture(scope="module")
def batch() -> list[ReadComment]:
    """One comment of every kind."""
    return [
        comment_of(text, question=QUESTIONS[at % 4], read=("de", "en", "fr", "und", "")[at % 5])
        for at, text in enumerate(TEXTS)
    ]


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_a_comment_does_not_depend_on_its_batch(stage: Stage, batch: list[ReadComment]) -> None:
    together = stage(batch)
    assert len(together) == len(batch)
    order = list(range(len(batch)))
    random.Random(3).shuffle(order)
    shuffled = stage([batch[at] for at in order])
    for place, at in enumerate(order):
        assert repr(shuffled[place]) == repr(together[at])
        assert repr(stage([batch[at]])) == repr([together[at]])


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_the_comment_as_it_came_stays(stage: Stage, batch: list[ReadComment]) -> None:
    for before, after in zip(batch, stage(batch), strict=True):
        assert after.comment is before.comment
        if after.text is not None and before.text is not None:
            assert len(after.text) == len(before.text)


def test_an_empty_batch_is_fine() -> None:
    assert all(stage([]) == [] for stage in STAGES)


def test_names_are_distinct() -> None:
    assert len({stage.name for stage in STAGES}) == len(STAGES)


def test_all_stages_in_a_row(batch: list[ReadComment]) -> None:
    read = list(batch)
    for stage in STAGES:
        read = stage(read)
    by_text = {comment.comment.text: comment for comment in read}
    assert by_text["n/a"].text is None
    assert by_text["n/a"].segments == ()
    assert by_text["Super"].language == "de"
    assert by_text["Super"].language_sure is False
    assert by_text["Anruf 030 23125118, danke!"].text == "Anruf ████████████, danke!"
    assert "schön, groß und süß" in (by_text["schon schön, groß und süß"].text or "")
    assert by_text[None].language == ""
