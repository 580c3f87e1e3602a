"""Labelled texts as a model gets them in an analysis: redacted, in segments, with language and question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from warum.defaults import StageOptions, default_stages
from warum.gold.records import GoldText
from warum.pipeline import run
from warum.records import Comment, ReadComment
from warum.stages.language import main_language
from warum.taxonomy import Taxonomy
from warum_models.nothing import NothingModel
from warum_models.protocol import Floats, Passage, Reader, Reading

_Key = tuple[str, str, str]


@dataclass(frozen=True)
class ReadTexts:
    """What the stages and a model made of n texts.

    Attributes:
        comments: The texts after all stages, n of them.
        passages: What the model was asked, None for texts that rules answer or whose language it does
            not read.
        presence: What it said of each passage, (n, k); zeros where it was not asked.
    """

    comments: tuple[ReadComment, ...]
    passages: tuple[Passage | None, ...]
    presence: Floats


def read_texts(texts: Sequence[GoldText], reader: Reader, taxonomy: Taxonomy) -> ReadTexts:
    """Read labelled texts exactly as `warum analyze` reads comments.

    Args:
        texts: The texts.
        reader: The model.
        taxonomy: The categories.
    """
    listener = _Listener(reader)
    main = main_language(text.text for text in texts)
    stages = default_stages(listener, taxonomy, StageOptions(main))
    read = tuple(run(_comments(texts), stages))
    asked = [listener.heard.get(_key(c.text or "", c.language, c.orientation)) for c in read]
    presence = np.zeros((len(read), len(reader.labels)), dtype=np.float32)
    for i, heard in enumerate(asked):
        if heard is not None:
            presence[i] = heard[1]
    return ReadTexts(read, tuple(heard and heard[0] for heard in asked), presence)


def passages_of(
    texts: Sequence[GoldText], reader: Reader, taxonomy: Taxonomy
) -> tuple[Passage | None, ...]:
    """What a model would be asked about each text, None where it would not be asked.

    Args:
        texts: The texts.
        reader: Whose languages count; it reads nothing.
        taxonomy: The categories.
    """
    deaf = _Deaf(reader)
    return read_texts(texts, deaf, taxonomy).passages


def _comments(texts: Sequence[GoldText]) -> list[Comment]:
    return [
        Comment(
            text.id or str(i), text.text, text.rows[0], text.question, text.source, None, text.language
        )
        for i, text in enumerate(texts)
    ]  # fmt: skip


def _key(text: str, language: str, orientation: str) -> _Key:
    return text, language, orientation


class _Listener:
    """A reader that notes what another one is asked and says."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.name = reader.name
        self.version = reader.version
        self.labels = reader.labels
        self.languages = reader.languages
        self.heard: dict[_Key, tuple[Passage, Floats]] = {}

    def read(self, passages: Sequence[Passage]) -> Reading:
        """Ask, and note."""
        reading = self._reader.read(passages)
        for passage, presence in zip(passages, reading.presence, strict=True):
            key = _key(passage.text, passage.language, passage.orientation)
            self.heard[key] = passage, presence
        return reading


class _Deaf(NothingModel):
    """Reads nothing, in the languages of another reader."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader.labels)
        self.languages = reader.languages
