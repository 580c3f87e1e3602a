"""Comments and what was read from them come back from bytes as they were."""

from __future__ import annotations

import math

import pytest

from warum.packing import pack_comments, pack_read, unpack_comments, unpack_read
from warum.records import Comment, Opinion, ReadComment, Segment

COMMENTS = [
    Comment("a", "Great staff 👍🏽", 1, question="What was good?", language="en"),
    Comment("b", None, 2, source="review", channel="app", stage="purchase", touchpoint="digital"),
    Comment("c", "\ud800 half", 3),
]


def test_comments_come_back() -> None:
    assert unpack_comments(pack_comments(COMMENTS)) == COMMENTS


def test_what_was_read_comes_back_beside_the_comments() -> None:
    opinion = Opinion("service.attitude", 0.9, "positive", 0.8123, 0, 11, "Great staff")
    read = [
        ReadComment(
            COMMENTS[0],
            COMMENTS[0].text,
            language="en",
            language_sure=True,
            orientation="good",
            segments=(Segment(0, 11), Segment(12, 14)),
            opinions=(opinion,),
            sentiment=0.5,
            polarity="positive",
            warnings=("odd",),
        ),
        ReadComment(COMMENTS[1], None),
        ReadComment(COMMENTS[2], "\ud800 half"),
    ]
    back = unpack_read(pack_read(read), COMMENTS)
    assert repr(back) == repr(read)  # a NaN equals nothing
    assert all(a.comment is b for a, b in zip(back, COMMENTS, strict=True))
    assert math.isnan(back[1].sentiment)


def test_another_number_of_comments_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        unpack_read(pack_read([]), COMMENTS)
