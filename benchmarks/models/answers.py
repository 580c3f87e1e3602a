"""Asks our models, through the whole pipeline, and keeps what they say in the labels of the set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from benchmarks.models.case import Case, Pairs
from warum.defaults import StageOptions, default_stages, load_model
from warum.pipeline import run
from warum.records import Comment, ReadComment
from warum.taxonomy import Taxonomy
from warum_models.protocol import (
    POLARITIES,
    BaseReader,
    Floats,
    Found,
    Passage,
    Reader,
    Reading,
)

Judged = Mapping[str, tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a contender says of a text.

    Attributes:
        found: Labels with polarity; the polarity is empty where the contender has none.
        polarity: Of the text as a whole; None where the contender does not tell.
        sentiment: Of the text as a whole, -1..1; NaN where the contender does not tell.
        judged: Label to polarity and its probability (NaN if unknown), for found labels and, where the
            contender can be asked so, for the gold ones.
        evidence: Label, start and end of each opinion.
        presence: Label to probability; empty where the contender does not tell.
        heads: "document", "emotion", "intent", "effort" to the answer and its probability, as far as told.
    """

    found: Pairs = frozenset()
    polarity: str | None = None
    sentiment: float = float("nan")
    judged: Judged = field(default_factory=dict)
    evidence: tuple[tuple[str, int, int], ...] = ()
    presence: Mapping[str, float] = field(default_factory=dict)
    heads: Judged = field(default_factory=dict)

    @property
    def labels(self) -> frozenset[str]:
        """The labels found, without polarity."""
        return frozenset(label for label, _ in self.found)


class Contender(Protocol):
    """Whoever answers: a model of ours or a baseline."""

    @property
    def name(self) -> str:
        """Name in the tables."""
        ...

    @property
    def way(self) -> str:
        """How it comes to the set's labels."""
        ...

    def answer(self, cases: Sequence[Case]) -> list[Answer]:
        """An answer to each case, in order."""
        ...


Key = tuple[str, str, str]


class Recording:
    """A reader that keeps what it was asked and what it said, which the pipeline rounds and drops in part.

    Args:
        reader: The reader that is asked.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.name, self.version = reader.name, reader.version
        self.labels, self.languages = reader.labels, reader.languages
        self.passages: dict[Key, Passage] = {}
        self.presence: dict[Key, Floats] = {}
        self.document: dict[Key, Floats] = {}
        self.sides: dict[tuple[Key, str], Floats] = {}

    def read(self, passages: Sequence[Passage]) -> Reading:
        """Read n comments; see `Reader.read`."""
        reading = self.reader.read(passages)
        for i, passage in enumerate(passages):
            key = (passage.text, passage.language, passage.orientation)
            self.passages[key] = passage
            self.presence[key] = reading.presence[i]
            self.document[key] = reading.document[i]
        self._keep_sides(passages, reading.found)
        return reading

    def _keep_sides(self, passages: Sequence[Passage], found: Found) -> None:
        """Polarity of each label found; of several opinions the surest counts, which comes last."""
        for j in np.argsort(found.confidence, kind="stable").tolist():
            passage = passages[int(found.comment[j])]
            key = (passage.text, passage.language, passage.orientation)
            self.sides[key, self.labels[int(found.label[j])]] = found.polarity[j]

    @staticmethod
    def key(comment: ReadComment) -> Key:
        """What tells passages apart."""
        return (comment.text or "", comment.language, comment.orientation)


class Pipeline:
    """A reader of ours in the whole pipeline.

    Args:
        reader: The reader.
        taxonomy: Its categories.
        mapping: Code to label of the set; codes outside it are ignored.
        way: How the labels are reached, for the tables.
        name: Name in the tables; the reader's own unless given.
    """

    def __init__(
        self,
        reader: Reader,
        taxonomy: Taxonomy,
        mapping: Mapping[str, str],
        way: str,
        name: str | None = None,
    ) -> None:
        self._reader, self._taxonomy, self._mapping = reader, taxonomy, mapping
        self.name, self.way = name or reader.name, way

    def answer(self, cases: Sequence[Case]) -> list[Answer]:
        """Read the cases; the language of each is detected, the set's language is the main one."""
        recording = Recording(self._reader)
        read = read_comments(recording, self._taxonomy, cases)
        located = self._located(recording, cases, read)
        return [
            self._answer(recording, comment, more)
            for comment, more in zip(read, located, strict=True)
        ]

    def _answer(
        self, recording: Recording, comment: ReadComment, located: Mapping[str, tuple[str, float]]
    ) -> Answer:
        own = [
            (self._mapping[o.category], o) for o in comment.opinions if o.category in self._mapping
        ]
        key = Recording.key(comment)
        judged = dict(located)  # what was found counts before what was only asked for
        for label, opinion in sorted(own, key=lambda pair: pair[1].confidence):
            sides = recording.sides.get((key, opinion.category))
            judged[label] = (
                opinion.polarity,
                float("nan") if sides is None else float(sides.max()),
            )
        return Answer(
            found=frozenset((label, o.polarity) for label, o in own),
            polarity=comment.polarity,
            sentiment=comment.sentiment,
            judged=judged,
            evidence=tuple((label, o.start, o.end) for label, o in own),
            presence=self._presence(recording, key),
            heads=_heads(comment, recording.document.get(key)),
        )

    def _presence(self, recording: Recording, key: Key) -> dict[str, float]:
        """The surest code of each label."""
        found: dict[str, float] = {}
        if key in recording.presence:
            for code, value in zip(
                self._reader.labels, recording.presence[key].tolist(), strict=True
            ):
                if code in self._mapping:
                    label = self._mapping[code]
                    found[label] = max(found.get(label, 0.0), value)
        return found

    def _located(
        self, recording: Recording, cases: Sequence[Case], read: Sequence[ReadComment]
    ) -> list[dict[str, tuple[str, float]]]:
        """Polarity of the gold labels, of readers that can be asked for labels known to be there."""
        answers: list[dict[str, tuple[str, float]]] = [{} for _ in cases]
        if not isinstance(self._reader, BaseReader):
            return answers
        asked = [(i, label) for i, c in enumerate(cases) if Recording.key(read[i]) in recording.passages
                 for label in sorted(c.labels) if label in self._mapping.values()]  # fmt: skip
        if not asked:
            return answers
        rows = sorted({i for i, _ in asked})
        place = {i: position for position, i in enumerate(rows)}
        passages = [recording.passages[Recording.key(read[i])] for i in rows]
        polarity, _, _ = self._reader.locate(
            passages,
            np.array([place[i] for i, _ in asked], dtype=np.int64),
            np.array(
                [self._column(recording, Recording.key(read[i]), label) for i, label in asked],
                dtype=np.int64,
            ),
        )
        for (i, label), sides in zip(asked, polarity, strict=True):
            answers[i][label] = (POLARITIES[int(np.argmax(sides))], float(np.max(sides)))
        return answers

    def _column(self, recording: Recording, key: Key, label: str) -> int:
        """The column of the code that stands for the label: the surest one."""
        columns = [
            j for j, code in enumerate(self._reader.labels) if self._mapping.get(code) == label
        ]
        return max(columns, key=lambda j: float(recording.presence[key][j]))


def read_comments(reader: Reader, taxonomy: Taxonomy, cases: Sequence[Case]) -> list[ReadComment]:
    """The cases through the whole pipeline; the language of each is detected, the first one's is the main one."""
    main = cases[0].language if cases else None
    options = StageOptions(main_language=main, keep_pii=True)
    comments = [Comment(str(i), c.text, i + 1, question=c.question) for i, c in enumerate(cases)]
    return list(run(comments, default_stages(reader, taxonomy, options)))


def _heads(comment: ReadComment, document: Floats | None) -> dict[str, tuple[str, float]]:
    heads: dict[str, tuple[str, float]] = {}
    if document is not None and comment.polarity is not None:
        heads["document"] = (comment.polarity, float(np.max(document)))
    for name in ("emotion", "intent", "effort"):
        answer: str | None = getattr(comment, name)
        if answer is not None:
            heads[name] = (answer, float(getattr(comment, f"{name}_probability")))
    return heads


def ours(name: str, taxonomy: Taxonomy, mapping: Mapping[str, str] | None, way: str) -> Pipeline:
    """One of our models.

    Args:
        name: Name of the model.
        taxonomy: What it reads.
        mapping: Code to label of the set; None where the codes are the labels.
        way: How the labels are reached.

    Raises:
        ModelError: If there is no such model or it cannot read the taxonomy.
    """
    codes = {code: code for code in taxonomy.codes}
    return Pipeline(load_model(name, taxonomy), taxonomy, mapping or codes, way, name)
