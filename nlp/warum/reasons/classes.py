"""Why is the metric where it is, by a model of the classes behind it (NPS, CSAT, ordinal scores).

The linear model of `level` takes the metric's contributions as they are (-100, 0, 100); here a logit
model predicts in which class an occasion is, and effect and impact are differences of predicted
metrics. Both answer the same question in the same unit. Where they disagree, the row says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from warum.caveats import Caveat
from warum.occasions import Pair
from warum.reasons.class_columns import ClassColumns, modelled_pairs
from warum.reasons.class_effects import ClassEffects, class_effects
from warum.reasons.class_families import Family, Multinomial, Ordered
from warum.reasons.class_model import (
    ClassModel,
    NoConvergenceError,
    fit_class_model,
    sort_classes,
)
from warum.reasons.design import Floats
from warum.reasons.driver_rows import WIDE, same_side
from warum.reasons.level import LevelFit, estimate_drivers, finding_level
from warum.reasons.model_agreement import Agreement, compare_models, lie_apart
from warum.reasons.multiplicity import benjamini_hochberg
from warum.reasons.sample import Mentions, Sample
from warum.records import Estimate
from warum.result import Driver

Kind = Literal["ordered", "multinomial"]
FAMILIES: dict[Kind, type[Family]] = {"ordered": Ordered, "multinomial": Multinomial}
MOST_CLASSES = 11
_REPLACED = frozenset({"wide_interval", "separation", "perfect_fit", "pooled_spread"})


@dataclass(frozen=True)
class ClassFit:
    """What the model of the classes says about one score column.

    Attributes:
        drivers: As those of `LevelFit`; the linear model's where this model cannot be fitted.
        linear: The linear model of the same occasions.
        agreement: Between the two; None where this model cannot be fitted.
        classes: Values of the classes, ascending.
        held: Pairs that separate the classes: a weak prior holds their effects.
        fitted: The model's metric; the observed one differs by what the model's form misses.
        selected: As in `LevelFit`.
        caveats: Doubts about the whole model.
    """

    drivers: tuple[Driver, ...]
    linear: LevelFit
    agreement: Agreement | None
    classes: tuple[float, ...]
    held: tuple[Pair, ...]
    fitted: float
    selected: tuple[Estimate | None, ...]
    caveats: tuple[Caveat, ...]


def estimate_class_drivers(
    y: Floats,
    mentions: Mentions,
    pairs: Sequence[Pair],
    *,
    score: str,
    kind: Kind = "ordered",
    weights: Floats | None = None,
    clusters: npt.NDArray[Any] | None = None,
    controls: npt.NDArray[Any] | None = None,
    control_names: Sequence[str] = (),
    people: npt.NDArray[Any] | None = None,
    min_group: int = 5,
    level: float = 0.95,
) -> ClassFit:
    """Estimate effect and impact of every pair by a logit model of the score's values.

    The classes are the distinct contributions: three for NPS, two for CSAT, the steps of an ordinal
    score. Pairs and controls are those of the linear model. The time is proportional to
    n p (p + k L) for p columns, k pairs and L + 1 classes.

    Args:
        y: Contributions to the metric, (m,), finite.
        mentions: Which occasion mentions which pair, bool (m, k).
        pairs: The k pairs.
        score: The score column's name.
        kind: "ordered" (proportional odds) or "multinomial"; the same for two classes.
        weights: As for `estimate_drivers`, like all below.
        clusters: Customer of each occasion, (m,).
        controls: Columns to adjust for, (m, c).
        control_names: Their names.
        people: Person of each occasion, (m,).
        min_group: Pairs mentioned by fewer people are neither shown nor modelled.
        level: Confidence level of the intervals.

    Raises:
        ValueError: If shapes do not fit or y is not finite.
        UsageError: If a weight is negative or not finite.
    """
    linear = estimate_drivers(
        y, mentions, pairs,
        score=score, weights=weights, clusters=clusters, controls=controls,
        control_names=control_names, people=people, min_group=min_group, level=level,
    )  # fmt: skip
    sample = Sample.of(
        y, mentions, weights=weights, clusters=clusters, controls=controls, people=people
    )
    values, classes = sort_classes(sample.y)
    modelled = modelled_pairs(sample, linear, pairs)
    if len(values) < 2 or not modelled:
        return _linear(linear, values)
    if len(values) > MOST_CLASSES:
        return _linear(linear, values, Caveat.of("not_ordinal", n=len(values), most=MOST_CLASSES))
    fitted = ClassColumns.of(sample, linear, modelled)
    if not fitted.pairs:  # mentioned by all, or not to be told from what is adjusted for
        return _linear(linear, values)
    try:
        model = fit_class_model(fitted.design, classes, FAMILIES[kind](), weights=sample.weights)
        effects = class_effects(model, values, fitted.pairs, clusters=sample.clusters)
    except (NoConvergenceError, np.linalg.LinAlgError):
        return _linear(linear, values, Caveat.of("no_convergence"))
    rows = _Rows(fitted, model, effects, values, level)
    return _told(rows, linear, {pairs[k]: j for j, k in enumerate(modelled)}, modelled)


def _told(rows: _Rows, linear: LevelFit, at: dict[Pair, int], modelled: list[int]) -> ClassFit:
    """What the fitted model says, beside the linear one."""
    drivers = [rows.driver(driver, at, modelled) for driver in linear.drivers]
    ranked, position = _ranked(drivers), rows.fitted.position
    return ClassFit(
        ranked,
        linear,
        compare_models(drivers, linear.drivers),
        tuple(rows.values.tolist()),
        tuple(pair for pair, j in at.items() if position.get(j, -1) in rows.model.held),
        rows.effects.fitted,
        _selected(rows, ranked, linear, at, modelled),
        linear.caveats,
    )


def _linear(linear: LevelFit, values: Floats, *caveats: Caveat) -> ClassFit:
    shown = tuple(values[:MOST_CLASSES].tolist())
    return ClassFit(
        linear.drivers, linear, None, shown, (), math.nan, linear.selected,
        (*linear.caveats, *caveats),
    )  # fmt: skip


@dataclass(frozen=True)
class _Rows:
    """Drivers from the model of the classes."""

    fitted: ClassColumns
    model: ClassModel
    effects: ClassEffects
    values: Floats
    level: float

    @property
    def method(self) -> str:
        name = "logit" if len(self.values) == 2 else self.model.family.name
        return f"{name}-{'hc3' if self.fitted.sample.clusters is None else 'cr3'}"

    def driver(self, linear: Driver, at: dict[Pair, int], modelled: list[int]) -> Driver:
        """The row of a pair, with the linear model's where this one tells nothing."""
        column = at.get((linear.category, linear.polarity))
        if column is None or column in self.fitted.undetermined:
            return linear
        j = self.fitted.position[column]
        fewest = int(self.fitted.sample.fewest[modelled[column]])
        withheld = bool(self.fitted.precision.withheld[j])
        df = 0.0 if withheld else float(self.fitted.precision.df[j])
        # A logit's variance shrinks to nothing where nearly all mentions are of one class.
        floor = float(self.fitted.precision.floor[j])
        variance = max(float(self.effects.effect_variance[j]), floor)
        of_impact = max(float(self.effects.impact_variance[j]), linear.share**2 * floor)
        effect = self._interval(self.effects.effects[j], variance, df)
        impact = same_side(self._interval(self.effects.impacts[j], of_impact, df), effect)
        doubts = [caveat for caveat in linear.caveats if caveat.code not in _REPLACED]
        if withheld:
            doubts.append(Caveat.of("interval_withheld", n=fewest))
        doubts += self._doubts(linear, j, effect, impact)
        p_value = math.nan
        if math.isfinite(effect.low):
            p_value = float(2 * stdtr(df, -abs(effect.value) / math.sqrt(variance)))
        return replace(
            linear,
            effect=effect,
            impact=impact,
            p_value=p_value,
            method=self.method,
            caveats=tuple(dict.fromkeys(doubts)),
        )

    def _interval(self, value: float, variance: float, df: float) -> Estimate:
        reach = math.nan
        if variance > 0 and df > 0:
            reach = float(stdtrit(df, (1 + self.level) / 2)) * math.sqrt(variance)
        n, value = len(self.fitted.sample), float(value)
        return Estimate(value, value - reach, value + reach, n, self.method, self.level)

    def _doubts(self, linear: Driver, j: int, effect: Estimate, impact: Estimate) -> list[Caveat]:
        doubts = []
        if (impact.high - impact.low) / 2 > WIDE * self.fitted.sample.deviation:
            doubts.append(Caveat.of("wide_interval"))
        if j in self.model.held:
            doubts.append(Caveat.of("penalised", n=linear.mentions))
        if lie_apart(effect, linear.effect):
            doubts.append(Caveat.of("model_dependent", linear=round(linear.effect.value, 1)))
        return doubts


def _selected(
    rows: _Rows,
    drivers: Sequence[Driver],
    linear: LevelFit,
    at: dict[Pair, int],
    modelled: list[int],
) -> tuple[Estimate | None, ...]:
    """Findings with the intervals that findings need."""
    wanted = replace(rows, level=finding_level(drivers, rows.level))
    own = {(one.category, one.polarity): one for one in linear.drivers}
    return tuple(
        wanted.driver(own[driver.category, driver.polarity], at, modelled).effect
        if driver.q_value <= 1 - rows.level
        else None
        for driver in drivers
    )


def _ranked(drivers: Sequence[Driver]) -> tuple[Driver, ...]:
    """With q-values, strongest first, without an impact last."""
    q = benjamini_hochberg(np.array([driver.p_value for driver in drivers]))
    judged = [replace(driver, q_value=float(one)) for driver, one in zip(drivers, q, strict=True)]

    def rank(driver: Driver) -> tuple[float, str, str]:
        size = abs(driver.impact.value)
        return math.inf if math.isnan(size) else -size, driver.category, driver.polarity

    return tuple(sorted(judged, key=rank))
