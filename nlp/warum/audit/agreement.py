"""Do two people see the same? Krippendorff's alpha for nominal labels, with a bootstrap interval.

Krippendorff, Content Analysis (4th ed. 2018), chapter 12; the interval resamples comments. From 0.8
on he calls labels reliable, from 0.667 on good enough for tentative conclusions.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from warum.audit.phases import Floats, Ints
from warum.caveats import Caveat
from warum.gold.records import Judgement
from warum.records import Estimate

METHOD = "krippendorff"
TENTATIVE = 0.667
ALL = ""
_RESAMPLES = 2_000
_VALUES = (
    frozenset[str](),
    frozenset({"negative"}),
    frozenset({"neutral"}),
    frozenset({"positive"}),
)
_MIXED = len(_VALUES)

Labels = Mapping[str, Collection[Judgement]]
"""What one person saw: comment id to judgements."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people agree on a category.

    Attributes:
        category: Its code; `ALL` for all categories together.
        alpha: Krippendorff's alpha (1 agreement, 0 chance); `n` counts comments.
        seen: Comments in which at least one person saw it.
    """

    category: str
    alpha: Estimate
    seen: int


def agreement(
    labellers: Sequence[Labels],
    categories: Sequence[str],
    *,
    seed: int = 0,
    level: float = 0.95,
) -> tuple[Agreement, ...]:
    """Alpha over all categories, then per category that anybody saw, in their order.

    What is compared is what a person said of a category in a comment: not there, negative, neutral,
    positive, or several of these. Comments that fewer than two people labelled tell nothing.

    Args:
        labellers: What each person saw, at least two.
        categories: Codes of the taxonomy.
        seed: For the resamples.
        level: Confidence level.

    Raises:
        ValueError: If there are fewer than two people.
    """
    if len(labellers) < 2:
        raise ValueError(f"{len(labellers)} labellers, expected at least 2")
    counts = _counts(labellers, categories)
    told = [_agreement(ALL, counts, seed, level)]
    for c, category in enumerate(categories):
        if counts[:, c, 1:].any():
            told.append(_agreement(category, counts[:, c : c + 1], seed, level))
    return tuple(told)


def krippendorff_alpha(values: npt.NDArray[np.int64]) -> float:
    """Nominal alpha of labels.

    Args:
        values: Codes from 0, -1 where missing, (labellers, units).

    Returns:
        At most 1; NaN where fewer than two different labels occur in units with two or more.
    """
    kinds = int(values.max(initial=0)) + 1
    counts = np.stack([(values == kind).sum(axis=0) for kind in range(kinds)], axis=1)
    alphas = _alphas(*_sums(counts[:, None, :]), np.ones((1, values.shape[1])))
    return float(alphas[0])


def _counts(labellers: Sequence[Labels], categories: Sequence[str]) -> Ints:
    """How many people said what, (comments, categories, values)."""
    twice = sorted(
        one for one in set().union(*labellers) if sum(one in labels for labels in labellers) > 1
    )
    place = {category: c for c, category in enumerate(categories)}
    counts = np.zeros((len(twice), len(categories), _MIXED + 1), dtype=np.int64)
    for u, one in enumerate(twice):
        for labels in labellers:
            if one not in labels:
                continue
            said: dict[int, set[str]] = {}
            for category, polarity in labels[one]:
                said.setdefault(place[category], set()).add(polarity or "neutral")
            for c in range(len(categories)):
                value = frozenset(said.get(c, ()))
                counts[u, c, _VALUES.index(value) if value in _VALUES else _MIXED] += 1
    return counts


def _sums(counts: Ints) -> tuple[Floats, Floats]:
    """Disagreeing pairs (u,) and labels per value (u, v) of each comment, over its categories."""
    people = counts.sum(axis=2)
    paired = counts * (people > 1)[:, :, None]
    disagreeing = people**2 - (counts**2).sum(axis=2)
    apart = np.where(people > 1, disagreeing / np.maximum(people - 1, 1), 0.0).sum(axis=1)
    return apart.astype(np.float64), paired.sum(axis=1).astype(np.float64)


def _alphas(apart: Floats, margins: Floats, weights: Floats) -> Floats:
    """Alpha of each row of weights on the comments, (b,)."""
    each = weights @ margins
    total = each.sum(axis=1)
    expected = total**2 - (each**2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        alphas: Floats = 1 - (total - 1) * (weights @ apart) / expected
    return np.where(expected > 0, alphas, np.nan)


def _resamples(n: int, seed: int) -> Floats:
    """How often each of n comments stands in each resample, (b, n)."""
    drawn = np.random.default_rng(seed).integers(0, n, (_RESAMPLES, n))
    drawn += np.arange(_RESAMPLES)[:, None] * n
    counts = np.bincount(drawn.ravel(), minlength=_RESAMPLES * n)
    return counts.reshape(_RESAMPLES, n).astype(np.float64)


def _agreement(category: str, counts: Ints, seed: int, level: float) -> Agreement:
    apart, margins = _sums(counts)
    n = len(counts)
    value = float(_alphas(apart, margins, np.ones((1, n)))[0])
    low = high = math.nan
    if n > 1 and not math.isnan(value):
        alphas = _alphas(apart, margins, _resamples(n, seed))
        low, high = np.nanquantile(alphas, [(1 - level) / 2, (1 + level) / 2]).tolist()
        low, high = min(low, value), max(high, value)
    caveats: tuple[Caveat, ...] = ()
    if value < TENTATIVE:
        caveats = (Caveat.of("low_agreement", alpha=round(value, 2)),)
    seen = int((counts[:, :, 1:].sum(axis=(1, 2)) > 0).sum())
    return Agreement(category, Estimate(value, low, high, n, METHOD, level, caveats), seen)
