"""Records filled anew equal those of `dataclasses.replace`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from warum.records import Comment, Opinion, ReadComment, Segment
from warum.stages.filling import filler

COMMENT = ReadComment(Comment("c", "Great", 1), "Great", sentiment=0.5)
OPINION = Opinion("staff", 0.5, "positive", 0.9, 0, 5, "Great")


def test_several_fields_are_filled() -> None:
    filled = filler(ReadComment, "segments", "language")(COMMENT, (Segment(0, 5),), "en")
    assert repr(filled) == repr(replace(COMMENT, segments=(Segment(0, 5),), language="en"))
    assert COMMENT.language == ""


def test_every_field_can_be_filled() -> None:
    for name in ReadComment.__dataclass_fields__:
        value = getattr(COMMENT, name)
        assert repr(filler(ReadComment, name)(COMMENT, value)) == repr(COMMENT)


def test_records_still_check_themselves() -> None:
    with pytest.raises(ValueError, match="sentiment is 2"):
        filler(Opinion, "sentiment")(OPINION, 2)


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Segment has no field 'stop', expected one of \['start"):
        filler(Segment, "stop")


def test_every_value_is_wanted() -> None:
    with pytest.raises(ValueError, match="zip"):
        filler(Segment, "start", "end")(Segment(0, 5), 1)


def test_fields_that_are_no_positional_arguments_are_refused() -> None:
    @dataclass
    class Odd:
        one: int = field(kw_only=True)

    with pytest.raises(TypeError, match=r"Odd\.one is no positional argument"):
        filler(Odd, "one")
