"""Comments as they might have been read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from warum.records import Comment, Opinion, ReadComment
from warum.taxonomy import Taxonomy, load_taxonomy, taxonomy_of
from warum_api.engine.deadlines import Deadline

OWNED = taxonomy_of(
    {
        "name": "shop",
        "categories": [
            {"code": "digital.app", "title": {"en": "App", "de": "App"}, "description": "App",
             "owner": "Mobile team"},
            {"code": "price.level", "title": {"en": "Price", "de": "Preis"}, "description": "What it costs"},
        ],
    },
    origin="test",
)  # fmt: skip


def opinion(text: str, phrase: str, category: str = "digital.app", **how: Any) -> Opinion:
    start = text.index(phrase)
    given: dict[str, Any] = {"sentiment": -0.8, "polarity": "negative", "confidence": 0.9, **how}
    return Opinion(category, start=start, end=start + len(phrase), evidence=phrase, **given)


def reading(comment: Comment, **how: Any) -> ReadComment:
    """What the words of a comment say to a reader of three words."""
    text = comment.text
    given: dict[str, Any] = {
        "text": text,
        "language": comment.language or "en",
        "language_sure": True,
    }
    if text:
        words = (
            ("crash", "digital.app"),
            ("pay", "digital.app"),
            ("expensive", "price.level"),
            ("bezahlen", "digital.app"),
        )
        found = tuple(opinion(text, w, c) for w, c in words if w in text)
        given |= {
            "opinions": found, "sentiment": -0.8, "polarity": "negative", "intent": "complaint",
            "intent_probability": 0.9, "emotion": "anger", "emotion_probability": 0.7,
        }  # fmt: skip
    return ReadComment(comment, **{**given, **how})


@dataclass(frozen=True)
class Compiled:
    taxonomy: Taxonomy
    model: str = "words"
    version: str = "1"


class Words:
    """A reader that knows three words."""

    def __init__(self) -> None:
        self.read_texts: list[str | None] = []

    async def compiled(
        self, taxonomy: str | Mapping[str, Any] | None, deadline: Deadline
    ) -> Compiled:
        return Compiled(load_taxonomy("cx") if taxonomy == "cx" else OWNED)

    async def read(
        self, comments: Sequence[Comment], compiled: Compiled, deadline: Deadline
    ) -> list[object]:
        self.read_texts += [comment.text for comment in comments]
        return [
            object() if comment.text == "unreadable" else reading(comment) for comment in comments
        ]
