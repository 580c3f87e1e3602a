"""The comments of a request one by one: what can be read, and an error entry for what cannot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from warum.records import Comment
from warum_api.analyzing.schemas import AnalyzeRequest, CommentIn
from warum_api.problems import shortened
from warum_api.refusing import wording

_EXPECTED = "an object with id and text, and maybe language, question and source"


@dataclass(frozen=True, slots=True)
class Refused:
    """A comment that is not read.

    Attributes:
        comment_id: Its id; None where it has no usable one.
        code: Why, as `EntryError.code`.
        message: What is wrong, and where.
        came: What came, shortened.
        expected: What was expected.
    """

    comment_id: str | int | None
    code: str
    message: str
    came: str | None = None
    expected: str | None = None

    def entry(self) -> dict[str, Any]:
        """The error entry, see `ErrorOut`."""
        error = {
            "code": self.code,
            "message": self.message,
            "came": self.came,
            "expected": self.expected,
        }
        return {"id": self.comment_id, "error": error}


def accepted(item: object, request: AnalyzeRequest, most_characters: int) -> Comment | Refused:
    """A comment as the pipeline takes it, or why it is not read.

    Args:
        item: What stands in the list: a comment, or anything else.
        request: Gives what the comment leaves open: language, question, source.
        most_characters: Most characters of a text.
    """
    if not isinstance(item, CommentIn):
        return _invalid(item)
    if item.text is not None and len(item.text) > most_characters:
        return Refused(
            item.id,
            "text_too_long",
            "/text is too long: send it in parts.",
            f"{len(item.text)} characters",
            f"at most {most_characters} characters",
        )
    return Comment(
        comment_id=str(item.id),
        text=item.text,
        row=1,
        question=request.question if item.question is None else item.question,
        source=request.source if item.source is None else item.source,
        language=request.language if item.language is None else item.language,
    )


def _invalid(item: object) -> Refused:
    try:
        CommentIn.model_validate(item)
    except ValidationError as error:
        wrong = error.errors(include_url=False)
    place = wrong[0]["loc"][:1]
    # An id may be one of two things: both are said.
    said = [wording(e) for e in wrong if e["loc"][:1] == place]
    came = None if wrong[0]["type"] == "missing" else wrong[0]["input"]
    where = "".join(f"/{part}" for part in place) or "it"
    return Refused(
        _usable_id(item),
        "invalid_comment",
        f"{where} {' or '.join(dict.fromkeys(said))}",
        None if came is None else _visible(shortened(came)),
        _EXPECTED,
    )


def _usable_id(item: object) -> str | int | None:
    """The id of a comment that is wrong elsewhere."""
    try:
        return CommentIn.model_validate({"id": item["id"], "text": None}).id  # type: ignore[index]
    except (ValidationError, TypeError, KeyError, IndexError):
        return None


def _visible(text: str) -> str:
    """The text without halves of characters, which a reply cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
