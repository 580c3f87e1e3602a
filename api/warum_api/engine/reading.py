"""Reading a batch in a thread, so that a comment that cannot be read stands by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from warum.pipeline import run
from warum.records import Comment, ReadComment
from warum_api.engine.compiling import Compiled
from warum_api.observing.logs import log, places


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What came of a comment that a stage failed on."""


Read = ReadComment | Unreadable


def read_comments(compiled: Compiled, comments: Sequence[Comment]) -> list[Read]:
    """Read comments together; where that fails, one by one, so that the others are read all the same.

    Args:
        compiled: What to read them by.
        comments: Any number.

    Returns:
        As many, in their order.
    """
    try:
        return [*run(comments, compiled.stages, batch_size=max(1, len(comments)))]
    except Exception as error:
        if len(comments) > 1:
            return [read for one in comments for read in read_comments(compiled, [one])]
        log().error("a comment could not be read", **places(error))
        return [Unreadable()]
