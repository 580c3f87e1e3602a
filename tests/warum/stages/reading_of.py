"""Comments as the stages receive them, made from a text."""

from __future__ import annotations

from warum.records import Comment, ReadComment


def comment_of(
    text: str | None, *, question: str | None = None, language: str | None = None, read: str = ""
) -> ReadComment:
    """A comment; `language` is what the data give, `read` what an earlier stage has read."""
    comment = Comment("c1", text, 1, question=question, language=language)
    return ReadComment(comment, text, language=read)
