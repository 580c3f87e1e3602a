"""Labelled comments as all fits need them, looked at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from warum_models.own.folds import groups_of
from warum_models.own.gold import Gold, Judgement, gold_of
from warum_models.own.polarity import evidence_texts
from warum_models.own.views import BaseView, Scaling, learn_scaling, look
from warum_models.protocol import BaseReader, Floats, Passage

Doubles = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
LEAST_TEXTS = 10
"""Texts that differ which a fit needs."""


@dataclass(frozen=True)
class Material:
    """n labelled comments, seen by the base and as words.

    Attributes:
        passages: The comments.
        labels: Codes of the k labels.
        gold: What the person said.
        groups: Comments that must not be parted share a number, (n,).
        view: What the base says.
        scaling: How features are scaled.
        meaning: Scaled features, (n, d).
        words: N-grams, (n, v).
        alone: Log odds by the base as it is shipped, (n, k); those of `view` unless the base was tuned.
    """

    passages: tuple[Passage, ...]
    labels: tuple[str, ...]
    gold: Gold
    groups: Rows
    view: BaseView
    scaling: Scaling
    meaning: Doubles
    words: sparse.csr_matrix
    alone: Doubles


@dataclass(frozen=True)
class Pairs:
    """Labels that are there with one polarity, as the base sees them; f of them.

    Attributes:
        comment: Row of the comment, (f,).
        label: Column of the label, (f,).
        side: Row of `POLARITIES`, (f,).
        base: The base's probabilities, (f, 3).
        features: Meaning of the comment and words of the evidence, (f, d + v).
    """

    comment: Rows
    label: Rows
    side: Rows
    base: Doubles
    features: sparse.csr_matrix


@dataclass(frozen=True)
class Located:
    """What a base says of f pairs: polarity (f, 3), first code point of the evidence and the one behind it, (f,)."""

    said: Floats
    start: Rows
    end: Rows

    @classmethod
    def empty(cls, f: int) -> Located:
        """Room for f pairs."""
        return cls(np.zeros((f, 3), np.float32), np.zeros(f, np.int64), np.zeros(f, np.int64))

    def put(self, rows: Rows, answer: tuple[Floats, Rows, Rows]) -> None:
        """Write a base's answer about the pairs at `rows`, in place."""
        self.said[rows], self.start[rows], self.end[rows] = answer


@dataclass(frozen=True)
class Seen:
    """All that a model is fitted from: comments, the fold of each (n,), and the pairs with a known polarity."""

    material: Material
    fold: Rows
    pairs: Pairs


def gather(
    passages: Sequence[Passage],
    gold: Gold | Sequence[Collection[Judgement]],
    labels: Sequence[str],
    base: BaseReader,
    *,
    customers: Sequence[str | None] | None = None,
) -> Material:
    """Look at the comments once, for all fits; arguments as in `warum_models.own.fit`.

    Raises:
        ValueError: If there are too few comments, or a label is unknown.
    """
    texts = [p.text for p in passages]
    if not isinstance(gold, Gold):
        gold = gold_of(gold, labels)
    different = len(set(texts))
    if different < LEAST_TEXTS or len(gold.present) != len(texts):
        raise ValueError(
            f"{len(texts)} texts ({different} that differ) and labels of {len(gold.present)}: "
            f"expected as many of both, and at least {LEAST_TEXTS} texts that differ"
        )
    view = look(base, list(passages), labels)
    groups = groups_of(texts, customers)
    return _material(tuple(passages), tuple(labels), gold, groups, view, view.odds)


def seen_anew(material: Material, view: BaseView) -> Material:
    """The same comments with another view of them; what the base alone says stays."""
    return _material(
        material.passages, material.labels, material.gold, material.groups, view, material.alone
    )


def _material(
    passages: tuple[Passage, ...],
    labels: tuple[str, ...],
    gold: Gold,
    groups: Rows,
    view: BaseView,
    alone: Doubles,
) -> Material:
    texts = [p.text for p in passages]
    scaling = learn_scaling(view.embedded, texts)
    return Material(
        passages, labels, gold, groups, view, scaling, scaling.meaning(view.embedded, passages),
        scaling.words(texts), alone,
    )  # fmt: skip


def judged_pairs(gold: Gold) -> tuple[Rows, Rows]:
    """Comment and column of the labels whose one polarity the person gave, each (f,)."""
    comment, label = np.nonzero(gold.single >= 0)
    return comment.astype(np.int64), label.astype(np.int64)


def known_pairs(material: Material, base: BaseReader) -> Pairs:
    """The labels whose one polarity the person gave, with what the base says of them."""
    comment, label = judged_pairs(material.gold)
    located = Located.empty(len(comment))
    if len(comment):
        column = np.array([base.labels.index(code) for code in material.labels], dtype=np.int64)
        located = Located(*base.locate(material.passages, comment, column[label]))
    return pairs_of(material, comment, label, located)


def pairs_of(material: Material, comment: Rows, label: Rows, located: Located) -> Pairs:
    """Pairs with their features.

    Args:
        material: The comments.
        comment: Row of the comment, (f,).
        label: Column of the label, (f,).
        located: What the base says of the pairs.
    """
    if not len(comment):
        width = material.meaning.shape[1] + material.words.shape[1]
        return Pairs(comment, label, comment, np.zeros((0, 3)), sparse.csr_matrix((0, width)))
    texts = evidence_texts(material.passages, comment, located.start, located.end)
    features = sparse.hstack(
        [sparse.csr_matrix(material.meaning[comment]), material.scaling.words(texts)], format="csr"
    )
    side = material.gold.single[comment, label]
    return Pairs(comment, label, side, located.said.astype(np.float64), features)
