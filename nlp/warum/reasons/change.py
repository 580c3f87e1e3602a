"""Why did the metric move between two periods, or why does it differ between two groups?

The change is first split into what a changed mix of segments does and what happened within them.
The change within is then taken apart twice, each time exactly: over categories by their shares and
metrics (`fractional.py`, the waterfall), and over mentions and controls by a regression on each
side (`blinder.py`, the adjusted view). Intervals come from drawing customers anew (`bootstrap.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.caveats import Caveat
from warum.metrics import FEW_CLUSTERS, ScoreScale
from warum.occasions import Pair
from warum.reasons.bootstrap import Units
from warum.reasons.buckets import form_buckets
from warum.reasons.change_model import ChangeModel
from warum.reasons.change_rows import Change
from warum.reasons.change_table import ChangeTable
from warum.reasons.change_terms import Terms
from warum.reasons.compared import Compared
from warum.reasons.design import Floats, Ints
from warum.reasons.level import LEAST_SCORES
from warum.reasons.sample import Mentions
from warum.records import Estimate

DRAWS = 1_000
LEAST_OF_LEVEL = 10  # people of a segment or control level on a side


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOptions:
    """How a change is estimated.

    Attributes:
        names: Names of the two sides, for caveats.
        segment_name: Name of the segment, for the adjusted view.
        by_polarity: Rows per category and polarity instead of per category.
        min_group: Groups of fewer people are not shown.
        level: Confidence level, between 0 and 1.
        draws: Number of bootstrap draws.
        seed: Their seed.
    """

    names: tuple[str, str] = ("before", "after")
    segment_name: str = "segment"
    by_polarity: bool = False
    min_group: int = 5
    level: float = 0.95
    draws: int = DRAWS
    seed: int = 0


def estimate_change(
    scores: Floats,
    scale: ScoreScale,
    mentions: Mentions,
    pairs: Sequence[Pair],
    sides: Ints,
    *,
    weights: Floats | None = None,
    clusters: npt.NDArray[Any] | None = None,
    people: npt.NDArray[Any] | None = None,
    segments: npt.NDArray[Any] | None = None,
    controls: Mapping[str, npt.NDArray[Any]] | None = None,
    options: ChangeOptions | None = None,
) -> Change:
    """Take a change apart.

    Args:
        scores: Score of each occasion, (m,); NaN where missing.
        scale: How they are read.
        mentions: Which occasion mentions which pair, bool (m, k).
        pairs: The k pairs.
        sides: 0 for occasions before (or of the first group), 1 after (of the second), -1 for
            neither, (m,).
        weights: Weights, at least 0, (m,).
        clusters: Customer of each occasion, (m,); None where each is its own.
        people: Person of each occasion, (m,), for counting groups; `clusters` where None.
        segments: Segment of each occasion, str or None, object (m,), whose mix is split off.
        controls: Name to levels of what the adjusted view adjusts for, besides the segment.
        options: How to estimate.

    Returns:
        The change and its parts; the same for any order of the occasions and for the same seed.

    Raises:
        ValueError: If shapes do not fit.
        UsageError: If a weight is negative or not finite.
    """
    options = options or ChangeOptions()
    if mentions.shape[1] != len(pairs):
        raise ValueError(f"{mentions.shape[1]} columns of mentions for {len(pairs)} pairs")
    compared = Compared.of(
        scores, scale, mentions, sides,
        weights=weights, clusters=clusters, people=people, segments=segments,
        controls=controls or {}, least=max(LEAST_OF_LEVEL, options.min_group),
    )  # fmt: skip
    if min(compared.people_on) < max(1, options.min_group):
        return _nothing(compared, options)
    caveats = _doubts(compared, options)
    if compared.segments is not None and _disjoint(compared):
        compared = replace(compared, segments=None)
    if min(compared.sizes) < LEAST_SCORES or (compared.y == compared.y[0]).all():
        return _only_metric(compared, options, caveats)
    return _whole(compared, pairs, options, caveats)


def _whole(
    compared: Compared, pairs: Sequence[Pair], options: ChangeOptions, caveats: list[Caveat]
) -> Change:
    """The change with all its parts."""
    buckets = form_buckets(
        compared.mentions, pairs, compared.sides, compared.people,
        by_polarity=options.by_polarity, least=options.min_group,
    )  # fmt: skip
    terms = Terms.of(compared, pairs, options.segment_name, options.min_group)
    model = _model(compared, buckets.parts, terms)
    units = _units(compared, model, options)
    dependent = model.dependent(units)
    rows = terms.rows(dependent, by_polarity=options.by_polarity)
    table = _measured(compared, replace(model, rows=terms.summing(rows)), units, options, caveats)
    return Change(
        names=options.names,
        before=compared.metric(0, options.level),
        after=compared.metric(1, options.level),
        difference=table.difference(),
        segment_mix=table.segment_mix(),
        segments=table.segments(),
        waterfall=table.waterfall(buckets),
        adjusted=table.adjusted(terms, rows, dependent),
        unexplained=table.unexplained(terms),
        suppressed=buckets.suppressed,
        caveats=(*caveats, *terms.caveats, *_suppressed(buckets.suppressed, options)),
    )


def _only_metric(compared: Compared, options: ChangeOptions, caveats: list[Caveat]) -> Change:
    """Metric and difference, without reasons."""
    bare = replace(compared, segments=None, controls={})
    model = _model(bare, np.ones((len(bare), 1)), Terms.of(bare, (), "", 1))
    table = _measured(bare, model, _units(bare, model, options), options, caveats)
    return Change(
        options.names, bare.metric(0, options.level), bare.metric(1, options.level),
        table.difference(), None, (), (), (), _unknown(len(bare), options), 0, tuple(caveats),
    )  # fmt: skip


def _model(compared: Compared, spread: Floats, terms: Terms) -> ChangeModel:
    y = compared.y - compared.centre
    alone = np.eye(len(terms))
    return ChangeModel(y, compared.weights, spread, terms.columns, terms.meaning, alone)


def _units(compared: Compared, model: ChangeModel, options: ChangeOptions) -> Units:
    segments = compared.segments
    return Units.of(
        model.summed, model.width, compared.cluster, compared.sides,
        np.zeros(len(compared), dtype=np.int64) if segments is None else segments.codes,
        segments=1 if segments is None else len(segments), seed=options.seed,
    )  # fmt: skip


def _measured(
    compared: Compared,
    model: ChangeModel,
    units: Units,
    options: ChangeOptions,
    caveats: Sequence[Caveat],
) -> ChangeTable:
    """The parts with their bootstrap draws."""
    point = model.parts(units, np.ones((1, units.groups)))
    draws = model.draws(units, options.draws, options.seed)
    return ChangeTable(
        compared, point, draws, options.names, options.min_group, options.level, tuple(caveats)
    )


def _nothing(compared: Compared, options: ChangeOptions) -> Change:
    """A side without occasions, or of too few people to show their metric."""
    metrics, caveats = [], []
    for side, (size, people) in enumerate(zip(compared.sizes, compared.people_on, strict=True)):
        if not size:
            caveats.append(Caveat.of("empty_side", side=options.names[side]))
        elif people < options.min_group:
            caveats += _suppressed(1, options)
        shown = people >= options.min_group and size > 0
        metrics.append(compared.metric(side, options.level) if shown else _unknown(size, options))
    unknown = _unknown(len(compared), options)
    return Change(
        options.names, metrics[0], metrics[1], unknown, None, (), (), (), unknown, 0, tuple(caveats)
    )


def _doubts(compared: Compared, options: ChangeOptions) -> list[Caveat]:
    """Caveats about the whole comparison."""
    caveats = [
        Caveat.of("few_on_side", n=size, side=name, least=LEAST_SCORES)
        for size, name in zip(compared.sizes, options.names, strict=True)
        if size < LEAST_SCORES
    ]
    if (compared.y == compared.y[0]).all():
        caveats.append(Caveat.of("constant_score"))
    if compared.clustered and min(compared.people_on) < FEW_CLUSTERS:
        caveats.append(Caveat.of("few_clusters", n=min(compared.people_on)))
    if compared.segments is None:
        return caveats
    if _disjoint(compared):
        return [*caveats, Caveat.of("segments_disjoint")]
    if compared.segments.pooled:
        caveats.append(Caveat.of("segments_pooled", n=compared.segments.pooled))
    for side, name in enumerate(options.names):
        alone = _alone(compared, side)
        if alone:
            caveats.append(Caveat.of("segment_on_one_side", side=name, segments=", ".join(alone)))
    return caveats


def _alone(compared: Compared, side: int) -> list[str]:
    """Segments that only this side has."""
    assert compared.segments is not None
    on = [set(compared.segments.codes[compared.sides == one].tolist()) for one in (0, 1)]
    return [compared.segments.names[code] for code in sorted(on[side] - on[1 - side])]


def _disjoint(compared: Compared) -> bool:
    assert compared.segments is not None
    return len(_alone(compared, 0)) == len(
        set(compared.segments.codes[compared.sides == 0].tolist())
    )


def _suppressed(n: int, options: ChangeOptions) -> tuple[Caveat, ...]:
    return (Caveat.of("suppressed", n=n, least=options.min_group),) if n else ()


def _unknown(n: int, options: ChangeOptions) -> Estimate:
    return Estimate(math.nan, math.nan, math.nan, n, "none", options.level)
