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
from warum_models.protocol import BaseReader, Passage

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
    """

    passages: tuple[Passage, ...]
    labels: tuple[str, ...]
    gold: Gold
    groups: Rows
    view: BaseView
    scaling: Scaling
    meaning: Doubles
    words: sparse.csr_matrix


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
    scaling = learn_scaling(view.embedded, texts)
    return Material(
        tuple(passages), tuple(labels), gold, groups_of(texts, customers), view, scaling,
        scaling.meaning(view.embedded, list(passages)), scaling.words(texts),
    )  # fmt: skip


def known_pairs(material: Material, base: BaseReader) -> Pairs:
    """The labels whose one polarity the person gave, with what the base says of them."""
    single = material.gold.single
    comment, label = (a.astype(np.int64) for a in np.nonzero(single >= 0))
    column = np.array([base.labels.index(code) for code in material.labels], dtype=np.int64)
    if not len(comment):
        width = material.meaning.shape[1] + material.words.shape[1]
        return Pairs(comment, label, comment, np.zeros((0, 3)), sparse.csr_matrix((0, width)))
    said, start, end = base.locate(material.passages, comment, column[label])
    texts = evidence_texts(material.passages, comment, start, end)
    features = sparse.hstack(
        [sparse.csr_matrix(material.meaning[comment]), material.scaling.words(texts)], format="csr"
    )
    return Pairs(comment, label, single[comment, label], said.astype(np.float64), features)
