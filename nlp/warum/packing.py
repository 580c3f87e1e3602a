"""Comments on their way to worker processes, and what was read from them on the way back.

Only the values of the fields travel, and of a read comment not the comment, which is known where it
came from: that takes a fraction of the time in which dataclasses are pickled.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from copyreg import dispatch_table
from dataclasses import fields
from io import BytesIO
from operator import attrgetter
from typing import Any

from warum.records import Comment, Opinion, ReadComment, Segment


def _values(record: type, *, but: str = "") -> Callable[[Any], tuple[Any, ...]]:
    """A function that gives the values of a record's fields, in the order of its arguments."""
    return attrgetter(*(field.name for field in fields(record) if field.name != but))


_of_comment = _values(Comment)
_of_read = _values(ReadComment, but="comment")  # the first field
_of_segment = _values(Segment)
_of_opinion = _values(Opinion)


class _Pickler(pickle.Pickler):
    dispatch_table = {  # noqa: RUF012 - the name that pickle asks for
        **dispatch_table,
        Segment: lambda segment: (Segment, _of_segment(segment)),
        Opinion: lambda opinion: (Opinion, _of_opinion(opinion)),
    }


def pack_comments(comments: Sequence[Comment]) -> bytes:
    """Comments as bytes, for `unpack_comments`."""
    return pickle.dumps([_of_comment(comment) for comment in comments], pickle.HIGHEST_PROTOCOL)


def unpack_comments(packed: bytes) -> list[Comment]:
    """Comments from the bytes of `pack_comments`, which must come from this program."""
    return [Comment(*values) for values in pickle.loads(packed)]  # noqa: S301 - our own bytes


def pack_read(read: Sequence[ReadComment]) -> bytes:
    """What was read from comments as bytes, for `unpack_read`."""
    out = BytesIO()
    _Pickler(out, pickle.HIGHEST_PROTOCOL).dump([_of_read(comment) for comment in read])
    return out.getvalue()


def unpack_read(packed: bytes, comments: Sequence[Comment]) -> list[ReadComment]:
    """Read comments from the bytes of `pack_read`, which must come from this program.

    Args:
        packed: The bytes.
        comments: The comments that were read, in the same order.

    Raises:
        ValueError: If there are more or fewer of them.
    """
    read = pickle.loads(packed)  # noqa: S301 - our own bytes
    return [ReadComment(c, *values) for c, values in zip(comments, read, strict=True)]
