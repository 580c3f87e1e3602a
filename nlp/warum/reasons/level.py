"""Why is the metric where it is: effect and impact of every category and polarity.

One linear model holds all pairs of category and polarity and the controls, so that categories
mentioned together are told apart. The effect is a pair's coefficient; its impact is the effect
times the share of occasions that mention it, which is the observed metric minus the model's metric
with that mention absent everywhere. Impacts and `LevelFit.rest` add up to the metric.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.caveats import Caveat
from warum.metrics import FEW_CLUSTERS
from warum.occasions import Pair
from warum.reasons.design import Design, Floats
from warum.reasons.driver_rows import DriverRows
from warum.reasons.least_squares import adjusted, adjusted_r_squared
from warum.reasons.multiplicity import benjamini_hochberg, fcr_level
from warum.reasons.sample import Mentions, Sample
from warum.reasons.small_sample import mentions_alike, pair_precision
from warum.reasons.sufficient import fit_linear
from warum.records import Estimate
from warum.result import Driver
from warum.taxonomy import GENERAL

LEAST_SCORES = 20
LEAST_DF = 10


@dataclass(frozen=True)
class LevelFit:
    """What the model says about one score column.

    Attributes:
        drivers: By descending |impact|, without an impact last, ties by category and polarity.
        explained: What the mentions explain beyond the controls, as a difference of adjusted R
            squared, 0..1; NaN where there is no model.
        suppressed: Pairs left out because fewer than `min_group` people mention them.
        caveats: Doubts about the whole model.
        rest: The metric minus all impacts: what the mentions do not explain.
        selected: Of each driver whose q-value makes it a finding (at most 1 - level), the effect with
            its FCR-adjusted interval; None for the others.
    """

    drivers: tuple[Driver, ...]
    explained: float
    suppressed: int
    caveats: tuple[Caveat, ...]
    rest: float
    selected: tuple[Estimate | None, ...] = ()


def without_general(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """The pairs of the default model: an overall judgement restates the score."""
    return tuple(pair for pair in pairs if pair[0] != GENERAL)


def estimate_drivers(
    y: Floats,
    mentions: Mentions,
    pairs: Sequence[Pair],
    *,
    score: str,
    weights: Floats | None = None,
    clusters: npt.NDArray[Any] | None = None,
    controls: npt.NDArray[Any] | None = None,
    control_names: Sequence[str] = (),
    people: npt.NDArray[Any] | None = None,
    min_group: int = 5,
    level: float = 0.95,
) -> LevelFit:
    """Estimate effect and impact of every pair on the metric.

    Pairs that nobody mentions are left out. Where people are so few that fewer than 10 degrees of
    freedom remained, the rarest pairs stay outside the model and are shown without an effect; where
    the controls alone would do that, they are left out.

    Args:
        y: Contributions to the metric, (m,), finite.
        mentions: Which occasion mentions which pair, bool (m, k).
        pairs: The k pairs.
        score: The score column's name.
        weights: Weights, at least 0, (m,); occasions of weight 0 are left out.
        clusters: Customer of each occasion, (m,), for clustered intervals (CR3, or CR1 where so many
            people mention a pair that it is the same); HC3 where None or all different.
        controls: Columns to adjust for (`control_dummies`), (m, c).
        control_names: Their names, for caveats.
        people: Person of each occasion, (m,), for counting groups; `clusters` where None.
        min_group: Pairs mentioned by fewer people are neither shown nor modelled.
        level: Confidence level of the intervals.

    Returns:
        The fit; without drivers if the scores are fewer than 20 or all equal.

    Raises:
        ValueError: If shapes do not fit or y is not finite.
        UsageError: If a weight is negative or not finite.
    """
    sample = Sample.of(
        y, mentions, weights=weights, clusters=clusters, controls=controls, people=people
    )
    if mentions.shape[1] != len(pairs):
        raise ValueError(f"{mentions.shape[1]} columns of mentions for {len(pairs)} pairs")
    mentioned = sample.people_with > 0
    shown = mentioned & (sample.people_with >= min_group)
    fit = _fitted(sample, pairs, np.flatnonzero(shown).tolist(), control_names, score, level)
    return replace(fit, suppressed=int((mentioned & ~shown).sum()))


def _fitted(
    sample: Sample,
    pairs: Sequence[Pair],
    shown: list[int],
    control_names: Sequence[str],
    score: str,
    level: float,
) -> LevelFit:
    """The fit of the pairs shown; what was suppressed is not known here."""
    doubt = _unfit(sample)
    if doubt:
        return LevelFit((), math.nan, 0, (doubt,), sample.metric if len(sample) else math.nan)
    frequent = sorted(shown, key=lambda k: (-sample.counts[k], pairs[k]))
    rows = _modelled(sample, pairs, frequent, control_names)
    drivers = _ranked([rows.driver(k, pairs[k], score, level) for k in frequent])
    explained = _explained(sample, rows)
    rest = sample.metric - _sum_of_impacts(drivers)
    selected = _selected(rows, pairs, drivers, level)
    return LevelFit(drivers, explained, 0, rows.caveats, rest, selected)


def _selected(
    rows: DriverRows, pairs: Sequence[Pair], drivers: Sequence[Driver], level: float
) -> tuple[Estimate | None, ...]:
    """Findings with the intervals that findings need."""
    wanted = finding_level(drivers, level)
    place = {pair: k for k, pair in enumerate(pairs)}
    return tuple(
        rows.effect(place[driver.category, driver.polarity], wanted)
        if driver.q_value <= 1 - level
        else None
        for driver in drivers
    )


def finding_level(drivers: Sequence[Driver], level: float) -> float:
    """Confidence level for the intervals of the drivers whose q-value is at most 1 - level."""
    found = sum(driver.q_value <= 1 - level for driver in drivers)
    return fcr_level(found, sum(math.isfinite(driver.p_value) for driver in drivers), level=level)


def _explained(sample: Sample, rows: DriverRows) -> float:
    """Adjusted R squared of the model minus that of its controls alone.

    Unadjusted, 50 mentions of nothing would explain 6 % of 800 scores.
    """
    if rows.fit is None:
        return math.nan
    alone = 0.0
    if rows.controls.shape[1]:
        alone = adjusted_r_squared(Design((rows.controls,)), sample.y, weights=sample.weights)
    kept = len(rows.fit.identified.kept)
    return max(0.0, adjusted(rows.fit.explained, len(sample), kept) - alone)


def _unfit(sample: Sample) -> Caveat | None:
    """Why there can be no drivers, if so."""
    if len(sample) < LEAST_SCORES:
        return Caveat.of("few_scores", n=len(sample), least=LEAST_SCORES)
    return Caveat.of("constant_score") if (sample.y == sample.y[0]).all() else None


def _modelled(
    sample: Sample, pairs: Sequence[Pair], frequent: list[int], control_names: Sequence[str]
) -> DriverRows:
    """The model of as many pairs as the people allow."""
    units = sample.units()
    controls, caveats = sample.controls, []
    if units - 1 - controls.shape[1] < LEAST_DF and controls.shape[1]:
        controls = controls[:, :0]
        caveats.append(Caveat.of("controls_left_out"))
    room = max(0, units - 1 - controls.shape[1] - LEAST_DF)
    columns = frequent[:room]
    if len(columns) < len(frequent):
        caveats.append(Caveat.of("too_many_columns", n=len(frequent) - len(columns)))
    if units < min(FEW_CLUSTERS, len(sample)):
        caveats.append(Caveat.of("few_clusters", n=units))
    fit = precision = None
    if columns:
        design = Design((sample.only(columns), controls))
        fit = fit_linear(design, sample.y, weights=sample.weights, clusters=sample.clusters)
        precision = pair_precision(
            design, sample.y, fit,
            fewest=sample.fewest[columns],
            alike=mentions_alike(sample)[columns],
            weights=sample.weights,
            clusters=sample.clusters,
        )  # fmt: skip
    names = [f"{category} {polarity}" for category, polarity in (pairs[k] for k in columns)]
    names += list(control_names) or [f"control {j + 1}" for j in range(controls.shape[1])]
    return DriverRows(
        sample, tuple(columns), fit, precision, tuple(names), tuple(caveats), controls
    )


def _sum_of_impacts(drivers: Sequence[Driver]) -> float:
    return math.fsum(d.impact.value for d in drivers if math.isfinite(d.impact.value))


def _ranked(drivers: list[Driver]) -> tuple[Driver, ...]:
    """With q-values, strongest first."""
    q = benjamini_hochberg(np.array([driver.p_value for driver in drivers]))
    judged = [replace(driver, q_value=float(one)) for driver, one in zip(drivers, q, strict=True)]

    def rank(driver: Driver) -> tuple[bool, float, str, str]:
        size = abs(driver.impact.value)
        unknown = math.isnan(size)
        return unknown, 0.0 if unknown else -size, driver.category, driver.polarity

    return tuple(sorted(judged, key=rank))
