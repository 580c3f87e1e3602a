"""What was read of a job so far, kept in parts: a killed worker loses one at most, and none is read twice.

A part is named after what it holds, so that it is used only for the very comments it was read from; it is JSON, so
that nothing that lies in a bucket is ever unpickled.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from typing import Any

from warum.comment_reading import ReadSome
from warum.records import Comment, Opinion, ReadComment, Segment
from warum_api.storing.errors import NoFileError
from warum_api.storing.files import Files

SIZE = 256
"""Comments of a part."""

_OF_READ = tuple(f.name for f in fields(ReadComment) if f.name != "comment")
_OF_OPINION = tuple(f.name for f in fields(Opinion))


class Parts:
    """The parts of a job.

    Args:
        files: Where they are.
        tenant: Whose.
        folder: The job's own, of one generation.
        by: What they are read with: another model or taxonomy makes other parts.
        tell: Told how many comments are done, of how many.
        size: Comments of a part.
    """

    def __init__(
        self,
        files: Files,
        tenant: str,
        folder: str,
        by: str,
        tell: Callable[[int, int], None],
        size: int = SIZE,
    ) -> None:
        self._files, self._tenant, self._folder, self._by = files, tenant, folder, by
        self._tell, self._size = tell, size

    def __call__(self, comments: Sequence[Comment], read: ReadSome) -> list[ReadComment]:
        """Read comments part by part; those that are there are not read again."""
        self._tell(0, len(comments))
        found: list[ReadComment] = []
        for some in _cut(comments, self._size):
            path = f"{self._folder}/{self._name(len(found), some)}"
            try:
                part = unpacked(self._files.get(self._tenant, path), some)
            except NoFileError:
                part = read(some)
                self._files.put(self._tenant, path, packed(part))
            found += part
            self._tell(len(found), len(comments))
        return found

    def _name(self, at: int, some: Sequence[Comment]) -> str:
        told = [self._by, *([c.comment_id, c.text, c.question, c.language] for c in some)]
        digest = hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()
        return f"{at:09d}-{digest[:24]}.json"


def packed(read: Sequence[ReadComment]) -> bytes:
    """What was read of comments, without them."""
    return json.dumps([_values(one) for one in read]).encode("ascii")


def unpacked(data: bytes, comments: Sequence[Comment]) -> list[ReadComment]:
    """Read comments from the bytes of `packed`.

    Args:
        data: The bytes.
        comments: The comments that were read, in the same order.

    Raises:
        ValueError: If there are more or fewer of them.
    """
    return [_read(c, values) for c, values in zip(comments, json.loads(data), strict=True)]


def _values(one: ReadComment) -> list[Any]:
    values = {name: getattr(one, name) for name in _OF_READ}
    values["segments"] = [[s.start, s.end] for s in one.segments]
    values["opinions"] = [[getattr(o, name) for name in _OF_OPINION] for o in one.opinions]
    return list(values.values())


def _read(comment: Comment, stored: Sequence[Any]) -> ReadComment:
    values = dict(zip(_OF_READ, stored, strict=True))
    values["segments"] = tuple(Segment(*s) for s in values["segments"])
    values["opinions"] = tuple(Opinion(*o) for o in values["opinions"])
    values["warnings"] = tuple(values["warnings"])
    return ReadComment(comment, **values)


def _cut(comments: Sequence[Comment], size: int) -> Iterator[Sequence[Comment]]:
    for start in range(0, len(comments), size):
        yield comments[start : start + size]
