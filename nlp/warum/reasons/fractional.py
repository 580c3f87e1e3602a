"""How much of a change comes from what is talked about, and how much from how it is scored.

An occasion that mentions three categories counts a third in each, one that mentions none counts in
"(no category)", so that the parts of an occasion add up to one and the metric is a weighted mean of
category metrics. Its change then splits exactly and symmetrically (Kitagawa 1955, Components of a
difference between two rates, JASA 50:1168-1194) into

    mix:  change of a category's share x how far its metric lies from that of all,
    rate: change of a category's metric x its share,

both taken at the average of the two sides. Segments, which exclude each other, are split alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from warum.reasons.design import Floats
from warum.reasons.sample import Mentions


@dataclass(frozen=True)
class MixAndRate:
    """An exact decomposition of the change of a metric; K categories, any leading axes.

    Attributes:
        mix: Part of the changed shares, (..., K), in the metric's unit.
        rate: Part of the changed category metrics, (..., K), likewise.
        share: Share of each category on each side, 0..1, (..., 2, K).
        metric: Metric of each category on each side, (..., 2, K); NaN where it has no mass.
        overall: Metric of each side, (..., 2).
    """

    mix: Floats
    rate: Floats
    share: Floats
    metric: Floats
    overall: Floats

    @property
    def total(self) -> Floats:
        """Mix and rate together, (..., K); over the categories they sum to the change."""
        return self.mix + self.rate


def fractions(mentions: Mentions, categories: Sequence[Sequence[int]]) -> Floats:
    """How much of each occasion belongs to each category.

    Args:
        mentions: Which occasion mentions which pair, bool (m, k).
        categories: For each of K categories the columns of `mentions` that make it up.

    Returns:
        (m, K + 1), rows sum to 1; the last column is "(no category)".
    """
    parts = np.zeros((len(mentions), len(categories) + 1))
    for place, columns in enumerate(categories):
        parts[:, place] = mentions[:, list(columns)].any(axis=1)
    labels = parts.sum(axis=1)
    parts[:, -1] = labels == 0
    return np.asarray(parts / np.maximum(labels, 1)[:, None], dtype=np.float64)


def mix_and_rate(mass: Floats, score: Floats) -> MixAndRate:
    """Decompose the change between two sides.

    A category that only one side knows has no metric on the other; it is taken to be the same, so
    that all of its part is mix.

    Args:
        mass: Weight in each category, at least 0, before and after, (..., 2, K).
        score: Weighted sum of the contributions there, (..., 2, K).
    """
    total = mass.sum(axis=-1, keepdims=True)
    held = mass > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        share = mass / total
        metric = np.where(held, score / mass, np.nan)
        overall = score.sum(axis=-1) / total[..., 0]
    known = np.where(held, metric, np.where(held[..., ::-1, :], metric[..., ::-1, :], 0.0))
    about = known.mean(axis=-2) - overall.mean(axis=-1)[..., None]
    mix = about * (share[..., 1, :] - share[..., 0, :])
    rate = share.mean(axis=-2) * (known[..., 1, :] - known[..., 0, :])
    return MixAndRate(mix, rate, share, metric, overall)


@dataclass(frozen=True)
class Standardised:
    """Weights that give both sides the same mix of segments.

    Attributes:
        factor: What the weights of each side and segment are multiplied with, (..., 2, S).
        common: Share of the segments that both sides know, 0..1, (...).
    """

    factor: Floats
    common: Floats


def standardised(segments: MixAndRate) -> Standardised:
    """Bring both sides to the average of their mixes (direct standardisation).

    The change of the metric so weighted, times `common`, is the sum of `segments.rate`: the change
    within segments. Segments that one side does not know get weight 0.

    Args:
        segments: The change decomposed over S segments.
    """
    shared = np.asarray((segments.share > 0).all(axis=-2), dtype=np.bool_)
    target = np.where(shared, segments.share.mean(axis=-2), 0.0)
    common = target.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = target / common[..., None]
        factor = np.where(shared[..., None, :], weight[..., None, :] / segments.share, 0.0)
    return Standardised(factor, common)
