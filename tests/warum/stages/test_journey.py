"""Stage and touchpoint belong to the opinion: given, read, assumed, in that order."""

from __future__ import annotations

import pytest

from warum.records import Comment, Opinion, ReadComment
from warum.stages.journey import PlaceInJourney
from warum.taxonomy import load_taxonomy

STAGE = PlaceInJourney(load_taxonomy())


def _placed(evidence: str, category: str = "price.value", **fields: str) -> Opinion:
    opinion = Opinion(category, 0.5, "positive", 0.9, 0, len(evidence), evidence)
    comment = ReadComment(Comment("1", evidence, 1, **fields), evidence, opinions=(opinion,))
    return STAGE([comment])[0].opinions[0]


def test_columns_win() -> None:
    placed = _placed("bestellt in der App", stage="Nachkauf", touchpoint="Messe")
    assert (placed.stage, placed.stage_origin) == ("Nachkauf", "given")
    assert (placed.touchpoint, placed.touchpoint_origin) == ("Messe", "given")


@pytest.mark.parametrize(
    ("evidence", "stage", "touchpoint"),
    [
        ("In der App bestellt und gleich bezahlt", "purchase", "digital"),
        ("Werde kündigen, die Hotline ist teuer", "retention", "contact_centre"),
        ("I would recommend the branch in town", "advocacy", "physical"),
        ("Saw the advert, parcel was cheap", "awareness", "delivery"),
        ("Compared it with others", "consideration", "product"),
    ],
)
def test_words_of_the_evidence_are_read(evidence: str, stage: str, touchpoint: str) -> None:
    placed = _placed(evidence)
    assert placed.stage == stage
    assert placed.stage_origin == "read"
    assert placed.touchpoint == touchpoint


def test_the_channel_decides_where_the_words_do_not() -> None:
    placed = _placed("viel zu teuer", channel="Telefon")
    assert (placed.touchpoint, placed.touchpoint_origin) == ("contact_centre", "read")


def test_the_question_decides_the_stage_where_the_words_do_not() -> None:
    placed = _placed("price", question="Would you recommend us?")
    assert (placed.stage, placed.stage_origin) == ("advocacy", "read")


def test_else_the_default_is_assumed() -> None:
    placed = _placed("viel zu teuer")
    assert (placed.stage, placed.stage_origin) == ("consideration", "assumed")
    assert placed.touchpoint_origin == "assumed"
