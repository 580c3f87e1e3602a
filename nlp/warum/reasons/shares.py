"""How much of the metric's variation each category goes with: shares of R squared.

A share has no sign and says nothing about significance: every category gets one, whether or not it
matters. So it comes with the sign of the category's effects, with a figure from which chance is
taken off, and with the part that the comments do not explain. Means and covariances of the columns
are all that is needed, so that the time hardly depends on the number of responses.
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
from warum.reasons.collinearity import Identified, identify
from warum.reasons.cross_products import cross_products
from warum.reasons.design import Design, Floats
from warum.reasons.level import LEAST_DF, LEAST_SCORES
from warum.reasons.sample import Mentions, Sample
from warum.reasons.shapley import Split, relative_weights, split_r_squared
from warum.records import Polarity

COLLINEAR = 0.8  # of a column's variance that other categories determine: an inflation of 5
ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Share:
    """What one category, with all its polarities, goes with.

    Attributes:
        category: Code from the taxonomy.
        share: Part of the metric's variance, 0..1 (LMG: averaged over all orders of entering).
        adjusted: The same with chance taken off; near 0, on either side, where there is nothing.
        relative_weight: Johnson's relative weight, 0..1, for comparison with other tools.
        error: Monte-Carlo standard error of `share`; 0 where it is exact.
        adjusted_error: Of `adjusted`.
        signs: Sign of the effect of each polarity in the joint model, -1 or 1; 0 where the data
            do not determine it.
        direction: Sign of the category's impacts together, -1 or 1; 0 likewise.
        caveats: Doubts about this row.
    """

    category: str
    share: float
    adjusted: float
    relative_weight: float
    error: float
    adjusted_error: float
    signs: tuple[tuple[Polarity, int], ...]
    direction: int
    caveats: tuple[Caveat, ...]


@dataclass(frozen=True)
class Shares:
    """How the metric's variance divides: `controls`, the rows and `unexplained` add up to 1.

    Attributes:
        rows: By descending share, ties by category.
        controls: Part that the controls go with, taken off first, 0..1.
        explained: Sum of the rows' shares.
        unexplained: Not explained by the comments (nor the controls), 0..1.
        adjusted_controls, adjusted_explained, adjusted_unexplained: The same with chance taken off.
        method: "lmg" or "lmg-sampled".
        orders: Orders sampled; 0 where all were counted.
        caveats: Doubts about the whole.
    """

    rows: tuple[Share, ...]
    controls: float
    explained: float
    unexplained: float
    adjusted_controls: float
    adjusted_explained: float
    adjusted_unexplained: float
    method: str
    orders: int
    caveats: tuple[Caveat, ...]


def estimate_shares(
    y: Floats,
    mentions: Mentions,
    pairs: Sequence[Pair],
    *,
    weights: Floats | None = None,
    controls: npt.NDArray[Any] | None = None,
    people: npt.NDArray[Any] | None = None,
    min_group: int = 5,
    orders: int = 2_000,
    seed: int = 0,
) -> Shares:
    """Divide the metric's variance among categories, controls and what is not explained.

    Exact up to 15 categories, from a sample of orders above.

    Args:
        y: Contributions to the metric, (m,), finite.
        mentions: Which occasion mentions which pair, bool (m, k).
        pairs: The k pairs.
        weights: Weights, at least 0, (m,).
        controls: Columns whose part is taken off first, (m, c).
        people: Person of each occasion, (m,), for counting groups.
        min_group: Pairs mentioned by fewer people are left out.
        orders: Orders sampled above 15 categories.
        seed: Of that sample.

    Returns:
        The shares; without rows if the scores are fewer than 20 or all equal, or nothing is
        mentioned often enough.

    Raises:
        ValueError: If shapes do not fit or y is not finite.
        UsageError: If a weight is negative or not finite.
    """
    if mentions.shape[1] != len(pairs):
        raise ValueError(f"{mentions.shape[1]} columns of mentions for {len(pairs)} pairs")
    sample = Sample.of(y, mentions, weights=weights, controls=controls, people=people)
    if len(sample) < LEAST_SCORES:
        return _none(Caveat.of("few_scores", n=len(sample), least=LEAST_SCORES))
    if (sample.y == sample.y[0]).all():
        return _none(Caveat.of("constant_score"))
    shown = np.flatnonzero((sample.people_with >= min_group) & (sample.people_with > 0)).tolist()
    frequent = sorted(shown, key=lambda k: (-sample.counts[k], pairs[k]))
    units = len(sample) if sample.people is None else len(sample.people)
    room = max(0, units - 1 - sample.controls.shape[1] - LEAST_DF)
    left = len(frequent) - len(frequent[:room])
    caveats = (Caveat.of("too_many_columns", n=left),) if left else ()
    # By name, so that the sampled orders do not depend on how the pairs came.
    columns = sorted(frequent[:room], key=lambda k: pairs[k])
    if not columns:
        return _none(*caveats)
    return _divided(sample, columns, [pairs[k] for k in columns], orders, seed, caveats)


def _none(*caveats: Caveat) -> Shares:
    return Shares((), *(math.nan,) * 6, "none", 0, caveats)


def _divided(
    sample: Sample,
    columns: list[int],
    pairs: list[Pair],
    orders: int,
    seed: int,
    caveats: tuple[Caveat, ...],
) -> Shares:
    design = Design((sample.only(columns), sample.controls, sample.y[:, None]))
    means, centred, raw = cross_products(design, sample.weights)
    groups = _groups(pairs)
    always = range(len(pairs), len(centred) - 1)
    split = split_r_squared(
        centred, list(groups.values()), len(sample), always=always, orders=orders, seed=seed
    )
    johnson = relative_weights(centred, always=always)
    slopes = _slopes(centred, identify(centred[:-1, :-1], raw[:-1]))
    alike = _collinear(centred, groups, always)
    rows = []
    for g, (category, members) in enumerate(groups.items()):
        impact = float(slopes[members] @ means[members])
        rows.append(
            Share(
                category=category,
                share=float(split.parts[g]),
                adjusted=float(split.adjusted[g]),
                relative_weight=float(johnson[members].sum()),
                error=float(split.error[g]),
                adjusted_error=float(split.adjusted_error[g]),
                signs=tuple((pairs[j][1], _sign(slopes[j])) for j in members),
                direction=_sign(impact),
                caveats=alike[g],
            )
        )
    rows.sort(key=lambda row: (-row.share, row.category))
    return _summed(split, tuple(rows), caveats)


def _summed(split: Split, rows: tuple[Share, ...], caveats: tuple[Caveat, ...]) -> Shares:
    explained = math.fsum(row.share for row in rows)
    adjusted = math.fsum(row.adjusted for row in rows)
    return Shares(
        rows=rows,
        controls=split.always,
        explained=explained,
        unexplained=1 - split.always - explained,
        adjusted_controls=split.adjusted_always,
        adjusted_explained=adjusted,
        adjusted_unexplained=1 - split.adjusted_always - adjusted,
        method="lmg-sampled" if split.orders else "lmg",
        orders=split.orders,
        caveats=caveats,
    )


def _groups(pairs: Sequence[Pair]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for j, (category, _) in enumerate(pairs):
        groups.setdefault(category, []).append(j)
    return groups


def _slopes(centred: Floats, identified: Identified) -> Floats:
    """Slopes of the joint model; NaN where the data do not determine them."""
    kept = list(identified.kept)
    slopes = np.full(len(centred) - 1, np.nan)
    slopes[kept] = np.linalg.solve(centred[np.ix_(kept, kept)], centred[kept, -1])
    slopes[list(identified.undetermined)] = np.nan
    return slopes


def _sign(value: float) -> int:
    return 0 if math.isnan(value) else int(np.sign(value))


def _collinear(
    centred: Floats, groups: dict[str, list[int]], always: range
) -> list[tuple[Caveat, ...]]:
    """Which categories are so often mentioned along with others that their shares are a convention."""
    scale = np.sqrt(np.diag(centred)[:-1])
    scale = np.where(scale > 0, scale, 1.0)
    correlation = centred[:-1, :-1] / scale[:, None] / scale
    doubts: list[tuple[Caveat, ...]] = []
    for category, members in groups.items():
        others = [j for name, columns in groups.items() if name != category for j in columns]
        known = [*others, *always]
        inside = np.linalg.pinv(correlation[np.ix_(known, known)], rcond=1e-9, hermitian=True)
        reach = correlation[np.ix_(members, known)]
        determined = np.einsum("ij,jk,ik->i", reach, inside, reach)
        if not len(known) or determined.max() < COLLINEAR:
            doubts.append(())
            continue
        near = {
            name: float(np.abs(correlation[np.ix_(members, columns)]).max())
            for name, columns in groups.items()
            if name != category
        }
        named = [name for name, size in near.items() if size >= ALIKE] or sorted(
            near, key=lambda name: (-near[name], name)
        )[:1]
        doubts.append((Caveat.of("shared_share", others=", ".join(named)),))
    return doubts
