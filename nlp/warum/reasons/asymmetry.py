"""Does praise of a category raise the metric as much as a complaint lowers it?

Penalty-reward contrast (Brandt 1987, after Kano 1984): of each category the effect of a complaint and
of praise, each against occasions that do not mention it so, from the one linear model of all pairs
and controls. The penalty is minus the effect of a complaint, so that both are positive as a rule.

Three claims are possible about a category:

- basic: a complaint costs more than praise gives, and it does cost something;
- excitement: praise gives more than a complaint costs, and it does give something;
- performance: neither is more than twice the other (then both are positive).

Each claim holds where all its one-sided tests at half the error rate do (an intersection-union test;
for performance two one-sided tests of equivalence), which is where the intervals lie on the right
side. At most one of basic and excitement can; where one of them and performance both can, performance
stands: the difference is there, but small. Over the rows shown, the claims are controlled by
Benjamini and Hochberg's procedure, which is to say that the deciding intervals are widened to the
level that it leaves (Benjamini and Yekutieli 2005).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.caveats import Caveat
from warum.occasions import Pair
from warum.reasons.design import Floats
from warum.reasons.driver_rows import LEAST_MENTIONS
from warum.reasons.level import estimate_drivers
from warum.reasons.multiplicity import benjamini_hochberg
from warum.reasons.penalty_reward import AGREE, METHOD, Kind, PairModel, Weighed
from warum.reasons.sample import Mentions, Sample
from warum.records import Estimate

_PASSED_ON = frozenset(
    {"collinear", "always_mentioned", "too_many_columns", "few_clusters", "perfect_fit", *AGREE}
)


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """One category: what complaints cost and praise gives.

    Attributes:
        category: Code from the taxonomy.
        penalty: Minus the effect of a complaint, in the metric's unit.
        reward: Effect of praise.
        contrast: Penalty minus reward.
        complaints: Occasions that complain.
        praises: Occasions that praise.
        kind: What is established; "undecided" where nothing is.
        deciding: The contrast with the interval at the level that decided (`Asymmetries.level`).
        p_value: Of the best supported claim; NaN where there is no interval.
        q_value: The same, controlled over the rows shown.
        method: Short name of the method.
        caveats: Doubts about this row.
    """

    category: str
    penalty: Estimate
    reward: Estimate
    contrast: Estimate
    complaints: int
    praises: int
    kind: Kind
    deciding: Estimate
    p_value: float
    q_value: float
    method: str
    caveats: tuple[Caveat, ...]


@dataclass(frozen=True)
class Asymmetries:
    """All categories that are both praised and complained of, and those that are not.

    Attributes:
        rows: By descending |contrast|, without one last, ties by category.
        one_sided: Categories of which only praise or only complaints are shown.
        level: Confidence level of the intervals that decided.
        caveats: Doubts about the whole model.
    """

    rows: tuple[Asymmetry, ...]
    one_sided: tuple[str, ...]
    level: float
    caveats: tuple[Caveat, ...]


def estimate_asymmetry(
    y: Floats,
    mentions: Mentions,
    pairs: Sequence[Pair],
    *,
    score: str,
    weights: Floats | None = None,
    clusters: npt.NDArray[Any] | None = None,
    controls: npt.NDArray[Any] | None = None,
    people: npt.NDArray[Any] | None = None,
    min_group: int = 5,
    level: float = 0.95,
    lower_is_better: bool = False,
) -> Asymmetries:
    """Weigh praise against complaints for every category that has both.

    Args:
        y: Contributions to the metric, (m,), finite.
        mentions: Which occasion mentions which pair, bool (m, k).
        pairs: The k pairs.
        score: The score column's name.
        weights: As for `estimate_drivers`, like all below.
        clusters: Customer of each occasion, (m,).
        controls: Columns to adjust for, (m, c).
        people: Person of each occasion, (m,).
        min_group: Pairs mentioned by fewer people are neither shown nor modelled.
        level: Confidence level of the intervals; 1 - level is the error rate of the claims.
        lower_is_better: Whether a complaint is expected to raise the metric: penalty and reward are
            then counted downwards.

    Raises:
        ValueError: If shapes do not fit or y is not finite.
        UsageError: If a weight is negative or not finite.
    """
    y = np.asarray(y, dtype=np.float64) * (-1 if lower_is_better else 1)
    linear = estimate_drivers(
        y, mentions, pairs,
        score=score, weights=weights, clusters=clusters, controls=controls,
        people=people, min_group=min_group, level=level,
    )  # fmt: skip
    shown = {(driver.category, driver.polarity): driver for driver in linear.drivers}
    sided = {category for category, polarity in shown if polarity != "neutral"}
    both = [
        (shown[category, "negative"], shown[category, "positive"])
        for category in sorted(sided)
        if (category, "negative") in shown and (category, "positive") in shown
    ]
    alone = tuple(sorted(sided - {complaint.category for complaint, _ in both}))
    if not both:
        return Asymmetries((), alone, level, linear.caveats)
    sample = Sample.of(
        y, mentions, weights=weights, clusters=clusters, controls=controls, people=people
    )
    weighed = PairModel.of(sample, pairs, linear).weighed(both)
    return _decided(weighed, alone, len(sample), level, linear.caveats)


def _decided(
    weighed: Sequence[Weighed],
    alone: tuple[str, ...],
    n: int,
    level: float,
    caveats: tuple[Caveat, ...],
) -> Asymmetries:
    """Rows with what is established when all rows shown are counted in."""
    p = np.array([one.p_value for one in weighed])
    q = benjamini_hochberg(p)
    found, tested = int((q <= 1 - level).sum()), int((~np.isnan(p)).sum())
    cut = (1 - level) * max(1, found) / max(1, tested)
    rows = []
    for one, p_value, q_value in zip(weighed, p.tolist(), q.tolist(), strict=True):
        supported = [kind for kind, claim in one.claims.items() if 2 * claim <= cut]
        kind = supported[0] if q_value <= 1 - level and supported else "undecided"
        rows.append(
            Asymmetry(
                category=one.complaint.category,
                penalty=one.estimate(0, n, level),
                reward=one.estimate(1, n, level),
                contrast=one.estimate(2, n, level),
                complaints=one.complaint.mentions,
                praises=one.praise.mentions,
                kind=kind,
                deciding=one.estimate(2, n, 1 - cut),
                p_value=p_value,
                q_value=q_value,
                method=METHOD,
                caveats=_doubts(one),
            )
        )
    rows.sort(key=_rank)
    return Asymmetries(tuple(rows), alone, 1 - cut, caveats)


def _rank(row: Asymmetry) -> tuple[float, str]:
    size = abs(row.contrast.value)
    return (math.inf if math.isnan(size) else -size), row.category


def _doubts(one: Weighed) -> tuple[Caveat, ...]:
    """What holds of either side's row holds of their contrast."""
    sides = (*one.complaint.caveats, *one.praise.caveats)
    doubts = [caveat for caveat in sides if caveat.code in _PASSED_ON]
    fewest = min(one.complaint.mentions, one.praise.mentions)
    if math.isfinite(one.values[2]) and np.isnan(one.errors).any():
        doubts.append(Caveat.of("interval_withheld", n=fewest))
    elif fewest < LEAST_MENTIONS:
        doubts.append(Caveat.of("small_n", n=fewest))
    return tuple(dict.fromkeys(doubts))
