"""The model that comes out of a user's labels: a base, experts on top of it, and their mix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from warum_models.own.experts import Linear
from warum_models.own.mixing import Mix
from warum_models.own.polarity import PolarityHead, evidence_texts, mixed
from warum_models.own.views import BaseView, Scaling, look
from warum_models.protocol import BaseReader, Found, Passage, Reading

Doubles = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Parts:
    """All that was learned.

    Attributes:
        scaling: How features are scaled.
        meaning: Expert on the base's features.
        words: Expert on n-grams.
        mix: How base and experts are mixed, which is also the calibration.
        thresholds: Presence from which a label counts as there, (k,).
        polarity: The polarity head.
    """

    scaling: Scaling
    meaning: Linear
    words: Linear
    mix: Mix
    thresholds: Doubles
    polarity: PolarityHead


@dataclass(frozen=True)
class Facts:
    """What is known of a model besides its weights.

    Attributes:
        taxonomy: Hash of the taxonomy its labels come from; empty where there is none.
        trained_on: Fingerprints of the texts it was fitted on.
        full: Whether the base itself was fine-tuned.
        card: The content of the model card, as data.
    """

    taxonomy: str = ""
    trained_on: frozenset[str] = frozenset()
    full: bool = False
    card: dict[str, Any] = field(default_factory=dict)


class OwnModel:
    """Reads the labels of a user, as the user labelled.

    What it says of a comment never depends on the other comments of the call: all sums run over one row.

    Args:
        name: Name under which results store it.
        version: Hash of all that it was made of.
        labels: Codes of the k labels.
        base: The base reader, which knows at least these labels.
        parts: What was learned.
        facts: What is known of it.

    Raises:
        ValueError: If the base lacks a label.
    """

    def __init__(
        self,
        name: str,
        version: str,
        labels: Sequence[str],
        base: BaseReader,
        parts: Parts,
        facts: Facts | None = None,
    ) -> None:
        self.name = name
        self.version = version
        self.labels = tuple(labels)
        self.base = base
        self.parts = parts
        self.facts = facts or Facts()
        lacking = sorted(set(self.labels) - set(base.labels))
        if lacking:
            raise ValueError(f"the base {base.name!r} does not know the labels {lacking}")

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the languages that the base reads."""
        return self.base.languages

    @property
    def thresholds(self) -> Doubles:
        """Presence from which a label counts as there; (k,)."""
        return self.parts.thresholds

    def named(self, name: str) -> OwnModel:
        """The same model under another name."""
        return OwnModel(name, self.version, self.labels, self.base, self.parts, self.facts)

    def read(self, passages: Sequence[Passage]) -> Reading:
        """Read n comments; see `Reader.read`."""
        passages = list(passages)
        if not passages:
            return self._nothing()
        view = look(self.base, passages, self.labels)
        meaning = self.parts.scaling.meaning(view.embedded, passages)
        presence = self._presence(passages, view, meaning)
        comment, label = np.nonzero(presence >= self.parts.thresholds)
        stored = presence.astype(np.float32)
        found = self._found(passages, comment, label, meaning, stored)
        return replace(view.reading, presence=stored, found=found)

    def _nothing(self) -> Reading:
        empty = self.base.read([])
        return replace(
            empty, presence=np.zeros((0, len(self.labels)), np.float32), found=Found.none()
        )

    def _presence(self, passages: Sequence[Passage], view: BaseView, meaning: Doubles) -> Doubles:
        parts = self.parts
        words = parts.scaling.words([p.text for p in passages])
        of_words = _times(words, parts.words.coefficients) + parts.words.bias
        of_meaning = _row_by_row(meaning, parts.meaning.coefficients) + parts.meaning.bias
        rows = zip(view.odds, of_meaning, of_words, strict=True)
        # One row at a time, so that every row takes the same way through the processor.
        return np.concatenate(
            [parts.mix.probabilities(np.stack(row, axis=1)[None]) for row in rows]
        )

    def _found(
        self,
        passages: Sequence[Passage],
        comment: Rows,
        label: Rows,
        meaning: Doubles,
        presence: npt.NDArray[np.float32],
    ) -> Found:
        if not len(comment):
            return Found.none()
        polarity, start, end = self.polarities(passages, comment, label, meaning)
        return Found(
            comment.astype(np.int64), label.astype(np.int64), presence[comment, label],
            polarity.astype(np.float32), start, end,
        )  # fmt: skip

    def polarities(
        self, passages: Sequence[Passage], comment: Rows, label: Rows, meaning: Doubles
    ) -> tuple[Doubles, Rows, Rows]:
        """Polarity (f, 3) and evidence (f,), (f,) of pairs that are known to be there.

        Args:
            passages: n comments.
            comment: Row of the comment for each pair, (f,).
            label: Column of the label in `labels`, (f,).
            meaning: Scaled features of the comments, (n, d).
        """
        column = np.array([self.base.labels.index(code) for code in self.labels], dtype=np.int64)
        said, start, end = self.base.locate(passages, comment, column[label])
        head = self.parts.polarity
        if head.silent:
            return said.astype(np.float64), start, end
        texts = evidence_texts(list(passages), comment, start, end)
        scores = _times(self.parts.scaling.words(texts), head.words) + head.bias
        scores = scores + _row_by_row(meaning[comment], head.meaning)
        rows = zip(said.astype(np.float64), scores, strict=True)
        return np.concatenate([mixed(a[None], b[None], head.mix) for a, b in rows]), start, end


def _times(words: sparse.csr_matrix, coefficients: Doubles) -> Doubles:
    """Sparse rows times coefficients: SciPy sums each row by itself, in the order of its entries."""
    return np.asarray(words @ coefficients)


def _row_by_row(dense: Doubles, coefficients: Doubles) -> Doubles:
    """Dense rows times coefficients; BLAS would choose its order of summation by the batch."""
    return np.stack([(coefficients * row[:, None]).sum(axis=0) for row in dense])
