"""Corrected drivers as records, and their order."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from warum.audit.prevalence import Parts, Prevalence
from warum.caveats import Caveat
from warum.reasons.multiplicity import benjamini_hochberg, fcr_level
from warum.records import Estimate, Polarity

_NO_PARTS = Parts(math.nan, math.nan)


@dataclass(frozen=True)
class CorrectedDriver:
    """A pair as a reason for the metric, before and after the correction.

    Attributes:
        category: Code from the taxonomy.
        polarity: Polarity of the mentions.
        labelled: Audited customers in whose comments a person saw it.
        share: Share of occasions that mention it: naive, from the labels alone, corrected.
        naive: Effect as the model's mentions give it, in a model of the same columns; NaN where the
            model found it too rarely.
        labels_alone: Effect as the labels alone give it.
        effect: Corrected effect; NaN where the labels cannot bear it.
        naive_impact: `naive` times the naive share.
        impact: Corrected effect times corrected share.
        selected: `effect` with its FCR-adjusted interval if its q-value makes it a finding, else None.
        p_value: Two-sided, of `effect`.
        q_value: Benjamini-Hochberg over the rows.
        tuning: Weight of the model's own coefficient in the correction, 0..1.
        caveats: Doubts about this row.
        score: The score column.
        effect_parts: Where the variance of `effect` comes from.
        impact_parts: Where that of `impact` comes from.
        freedom: Degrees of freedom of `effect` and `impact`.
        rank: Place by |corrected impact|, from 1; 0 where there is none.
        naive_rank: Place that it would have by |naive impact|, from 1; 0 likewise.
    """

    category: str
    polarity: Polarity
    labelled: int
    share: Prevalence
    naive: Estimate
    labels_alone: Estimate
    effect: Estimate
    naive_impact: Estimate
    impact: Estimate
    p_value: float
    q_value: float
    tuning: float
    caveats: tuple[Caveat, ...]
    score: str
    effect_parts: Parts = _NO_PARTS
    impact_parts: Parts = _NO_PARTS
    freedom: float = math.nan
    selected: Estimate | None = None
    rank: int = 0
    naive_rank: int = 0


@dataclass(frozen=True)
class CorrectedFit:
    """The corrected drivers of one score column.

    Attributes:
        drivers: By descending |corrected impact|, without one last, ties by category and polarity.
        labelled: Labelled occasions; those without a text, known to mention nothing, do not count.
        customers: Customers behind them.
        caveats: Doubts about the whole model.
        suppressed: Pairs left out because the model found them in, and a person saw them in, the
            comments of fewer than `min_group` people.
    """

    drivers: tuple[CorrectedDriver, ...]
    labelled: int
    customers: int
    caveats: tuple[Caveat, ...]
    suppressed: int = 0


def ranked(drivers: list[CorrectedDriver], level: float) -> tuple[CorrectedDriver, ...]:
    """The drivers with their q-values, findings with FCR-adjusted intervals, strongest first.

    Args:
        drivers: Without q-values.
        level: Confidence level; those with a q-value of at most 1 - level are findings.
    """
    q = benjamini_hochberg(np.array([driver.p_value for driver in drivers]))
    found = q <= 1 - level
    wanted = fcr_level(int(found.sum()), int((~np.isnan(q)).sum()), level=level)
    judged = [
        replace(driver, q_value=float(one), selected=_at_level(driver, wanted) if yes else None)
        for driver, one, yes in zip(drivers, q, found.tolist(), strict=True)
    ]

    ranks, naive_ranks = (
        _ranks(judged, [d.impact.value for d in judged]),
        _ranks(judged, [d.naive_impact.value for d in judged]),
    )
    placed = [
        replace(driver, rank=one, naive_rank=two)
        for driver, one, two in zip(judged, ranks, naive_ranks, strict=True)
    ]
    return tuple(sorted(placed, key=lambda d: (not d.rank, d.rank, d.category, d.polarity)))


def _ranks(drivers: list[CorrectedDriver], impacts: list[float]) -> list[int]:
    """Place of each by descending size, ties by category and polarity; 0 without an impact."""
    known = [i for i, impact in enumerate(impacts) if not math.isnan(impact)]
    known.sort(key=lambda i: (-abs(impacts[i]), drivers[i].category, drivers[i].polarity))
    place = {i: rank for rank, i in enumerate(known, start=1)}
    return [place.get(i, 0) for i in range(len(drivers))]


def _at_level(driver: CorrectedDriver, level: float) -> Estimate:
    """The effect with an interval of another level."""
    effect, df = driver.effect, driver.freedom
    times = float(stdtrit(df, (1 + level) / 2)) / float(stdtrit(df, (1 + effect.level) / 2))
    reach = (effect.high - effect.value) * times
    return replace(effect, low=effect.value - reach, high=effect.value + reach, level=level)
