"""All stages before the opinions, together, read these texts as the first version of each did.

The results in `golden.jsonl` were written before the stages were made fast. A rule that is changed
on purpose changes them too; anything else must not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from warum.records import Comment, ReadComment
from warum.stages.language import DetectLanguage
from warum.stages.nonanswer import DropNonAnswers
from warum.stages.orientation import ReadOrientation
from warum.stages.redaction import Redact
from warum.stages.segments import SplitSegments

STAGES = (
    DropNonAnswers(),
    Redact(),
    DetectLanguage("en"),
    ReadOrientation(),
    SplitSegments(),
)


def golden() -> Iterator[dict[str, Any]]:
    """Each text with what was read; `read` is true where the text stays as it is."""
    with Path(__file__).with_name("golden.jsonl").open(encoding="ascii") as file:
        yield from map(json.loads, file)


def test_all_is_read_as_before() -> None:
    rows = list(golden())
    read = [
        ReadComment(Comment(str(at), row["text"], at, question=row["question"]), row["text"])
        for at, row in enumerate(rows)
    ]
    for stage in STAGES:
        read = stage(read)
    for row, comment in zip(rows, read, strict=True):
        assert {
            "text": row["text"],
            "question": row["question"],
            "read": True if comment.text == row["text"] else comment.text,
            "language": comment.language,
            "sure": comment.language_sure,
            "orientation": comment.orientation,
            "segments": [[part.start, part.end] for part in comment.segments],
        } == row
