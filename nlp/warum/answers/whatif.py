"""What if complaints of something became rarer: in points of the score, and in money.

The model's impacts taken at their word: a third fewer complaints take away a third of their impact.
What that assumes stands beside the result.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from warum.answers.columns import (
    caveat_column,
    count_column,
    estimate_columns,
    number_column,
    text_column,
)
from warum.answers.corrected import Corrected
from warum.answers.linear import linear_model
from warum.answers.options import WhyOptions
from warum.answers.rows import Ints, ScoreRows
from warum.caveats import Caveat
from warum.errors import UsageError
from warum.gold.cells import Names, UnreadableCellError
from warum.metrics import metric_range
from warum.occasions import Pair
from warum.reasons.impact_parts import Parts
from warum.reasons.journey_impacts import PlaceModel
from warum.records import POLARITIES, Estimate
from warum.result import Driver
from warum.table import Table
from warum.taxonomy import GENERAL

_Known = tuple[int, float, Estimate]
"""Mentions, share and impact of a category with a polarity."""


@dataclass(frozen=True)
class Assumed:
    """One assumed change.

    Attributes:
        category, polarity: Of what.
        change: Relative change of its mentions, at least -1: -0.33 for a third fewer.
        mentions: Occasions that mention it now.
        share, share_after: Share of occasions that mention it now, and would, 0..1.
        points: What that would move the metric by.
    """

    category: str
    polarity: str
    change: float
    mentions: int
    share: float
    share_after: float
    points: Estimate


@dataclass(frozen=True)
class WhatIf:
    """What the assumed changes would do together.

    Attributes:
        assumed: One by one.
        metric: The metric as it is.
        points: What all of them would move it by.
        metric_after: The metric then, without an interval of its own: that of `points` is the one.
        value: Worth of the improvement, in money; None where a point has no value.
        cost: What it costs; None likewise.
        net: Value less cost; None without a cost.
        break_even: Points from which the value exceeds the cost; None without a cost.
        corrected: Whether impacts are those corrected by an audit sample.
        assumptions: What has to hold, as sentences.
        caveats: Doubts.
    """

    assumed: tuple[Assumed, ...]
    metric: Estimate
    points: Estimate
    metric_after: float
    value: Estimate | None
    cost: float | None
    net: Estimate | None
    break_even: float | None
    corrected: bool
    assumptions: tuple[Caveat, ...]
    caveats: tuple[Caveat, ...]

    def tables(self) -> dict[str, Table]:
        """`what_if`: a row per assumed change and one, "(all)", for all of them together."""
        whole = Assumed("(all)", "", math.nan, 0, math.nan, math.nan, self.points)
        rows = (*self.assumed, whole)
        money = {"value": self.value, "net": self.net}
        columns = {
            "category": text_column(rows, lambda row: row.category),
            "polarity": text_column(rows, lambda row: row.polarity),
            "change": number_column(rows, lambda row: row.change),
            "mentions": count_column(rows, lambda row: row.mentions),
            "share": number_column(rows, lambda row: row.share),
            "share_after": number_column(rows, lambda row: row.share_after),
            **estimate_columns("points", rows, lambda row: row.points),
        }
        for name, estimate in money.items():
            of_whole = [None] * len(self.assumed) + [estimate]
            columns |= estimate_columns(name, of_whole, lambda one: one)
        columns["cost"] = number_column(rows, lambda row: self.cost if row is whole else None)
        columns["caveats"] = caveat_column(
            rows,
            lambda row: (*self.assumptions, *self.caveats) if row is whole else row.points.caveats,
        )
        return {"what_if": Table(columns)}


def what_if(
    rows: ScoreRows, options: WhyOptions, corrected: Corrected | None = None
) -> WhatIf | None:
    """Take the impacts at their word.

    Args:
        rows: The occasions.
        options: `what_if`, `value_per_point` and `cost` say what is assumed.
        corrected: Impacts corrected by an audit sample, which then count.

    Returns:
        None where nothing is assumed.

    Raises:
        UsageError: If a change takes away more than there is, a category or polarity is unknown, a
            point's value is not positive, or there is a cost and no value.
    """
    _check(options)
    if not options.what_if:
        return None
    asked = _asked(rows, options)
    fit, model = linear_model(rows, options.level)
    nothing = Estimate(math.nan, math.nan, math.nan, len(rows), "none", options.level)
    assumed = _assumed(asked, _known(fit.drivers, corrected), nothing)
    points, doubts = _together(assumed, model, fit.caveats, corrected is not None, options.level)
    metric = rows.metric(options.level)
    after = metric.value + points.value
    least, most = metric_range(rows.scale)
    if after < least or after > most or any(one.share_after > 1 for one in assumed):
        doubts = (*doubts, Caveat.of("what_if_beyond"))
    better = points if rows.higher_is_better else _times(points, -1.0)
    return replace(
        _in_money(better, options),
        assumed=tuple(assumed), metric=metric, points=points, metric_after=after,
        corrected=corrected is not None, caveats=tuple(dict.fromkeys(doubts)),
    )  # fmt: skip


def _known(drivers: Sequence[Driver], corrected: Corrected | None) -> dict[Pair, _Known]:
    """What is known of each category and polarity, corrected where it was."""
    known = {(d.category, d.polarity): (d.mentions, d.share, d.impact) for d in drivers}
    if corrected is not None:
        known |= {
            (d.category, d.polarity): (
                known.get((d.category, d.polarity), (0,))[0], d.share.corrected.value, d.impact,
            )
            for d in corrected.drivers
        }  # fmt: skip
    return known


def _asked(rows: ScoreRows, options: WhyOptions) -> dict[Pair, float]:
    """The change of each category and polarity that is named."""
    names = Names.of(rows.taxonomy)
    asked = {_pair(name, names): change for name, change in options.what_if.items()}
    if len(asked) < len(options.what_if):
        raise UsageError(
            f"--what-if names one driver twice: {', '.join(options.what_if)}.",
            hint="Name each category and polarity once.",
        )
    return asked


def _assumed(
    asked: Mapping[Pair, float], known: Mapping[Pair, _Known], nothing: Estimate
) -> list[Assumed]:
    """One by one what is assumed, with what it would do."""
    assumed = []
    for pair, change in asked.items():
        mentions, share, impact = known.get(pair, (0, math.nan, nothing))
        after = share * (1 + change)
        assumed.append(
            Assumed(*pair, change, mentions, share, after, _scaled(impact, change, pair))
        )
    return assumed


def _check(options: WhyOptions) -> None:
    value, cost = options.value_per_point, options.cost
    if value is not None and not 0 < value < math.inf:
        raise UsageError(f"--value-per-point is {value}, expected a number above 0.")
    if cost is not None and not 0 <= cost < math.inf:
        raise UsageError(f"--cost is {cost}, expected 0 or more.")
    if cost is not None and value is None:
        raise UsageError(
            "--cost needs --value-per-point.",
            hint="Without it points cannot be weighed against money.",
        )
    for name, change in options.what_if.items():
        if not -1 <= change < math.inf:
            raise UsageError(f"--what-if {name}: {change:+.0%} takes away more than there is.")


def _pair(name: str, names: Names) -> Pair:
    """Complaints, where no polarity is named."""
    said, _, polarity = name.partition(":")
    try:
        category = names.read(said)
    except UnreadableCellError as error:
        raise UsageError(f"--what-if {name!r}: {error}") from None
    if category == GENERAL:
        raise UsageError(
            f"--what-if {name!r}: praise or blame without a reason is no reason that could change.",
            hint="Name another category.",
        )
    found = next((one for one in POLARITIES if one == (polarity or "negative")), None)
    if found is None:
        raise UsageError(
            f"--what-if {name!r}: the polarity {polarity!r} is unknown.",
            hint=f"Choose from {', '.join(POLARITIES)}.",
        )
    return category, found


def _times(estimate: Estimate, factor: float) -> Estimate:
    """An estimate times a number that is known."""
    low, high = sorted((estimate.low * factor, estimate.high * factor))
    if math.isnan(estimate.low):
        low = high = math.nan
    return replace(estimate, value=estimate.value * factor, low=low, high=high)


def _scaled(impact: Estimate, change: float, pair: Pair) -> Estimate:
    points = _times(impact, change)
    if math.isnan(points.value):
        unknown = Caveat.of("what_if_unknown", name=" ".join(pair))
        return replace(points, caveats=(*points.caveats, unknown))
    return points


def _together(
    assumed: Sequence[Assumed],
    model: PlaceModel | None,
    doubts: tuple[Caveat, ...],
    corrected: bool,
    level: float,
) -> tuple[Estimate, tuple[Caveat, ...]]:
    """The sum of all changes with its interval."""
    doubts = (*doubts, *(caveat for one in assumed for caveat in one.points.caveats))
    value = math.fsum(one.points.value for one in assumed)
    first = assumed[0].points
    if len(assumed) == 1:
        return first, doubts
    reaches = [(one.points.high - one.points.low) / 2 for one in assumed]
    if math.isnan(value) or model is None or any(map(math.isnan, reaches)):
        return Estimate(value, math.nan, math.nan, first.n, first.method, level), doubts
    if corrected:
        reach = math.fsum(reaches)
        bound = Caveat.of("what_if_bound")
        return Estimate(value, value - reach, value + reach, first.n, first.method, level), (
            *doubts,
            bound,
        )
    reach = _joint_reach(assumed, model, reaches)
    return Estimate(value, value - reach, value + reach, first.n, first.method, level), doubts


def _joint_reach(assumed: Sequence[Assumed], model: PlaceModel, reaches: Sequence[float]) -> float:
    """Half width for the sum: the single ones, put together as their influences go together.

    The single intervals know what few people need (`reasons.small_sample`); the joint variance over
    the sum of the single ones says how far they add up or cancel out.
    """
    number = {(category, str(polarity)): k for k, (category, polarity) in enumerate(model.pairs)}
    entries: list[tuple[int, int, Ints, float]] = []
    for q, one in enumerate(assumed):
        k = number[one.category, one.polarity]
        at = np.flatnonzero(model.mentions[:, k])
        entries += [(into, k, at, one.change) for into in (q, len(assumed))]
    sizes = [len(at) for _, _, at, _ in entries]
    parts = Parts(
        np.repeat([q for q, _, _, _ in entries], sizes),
        np.concatenate([at for _, _, at, _ in entries]),
        np.repeat([k for _, k, _, _ in entries], sizes),
        np.repeat([change for _, _, _, change in entries], sizes),
        len(assumed) + 1,
    )
    variances = model.impacts(parts, range(len(assumed) + 1)).variances
    alone, joint = float(variances[:-1].sum()), float(variances[-1])
    together = joint / alone if alone > 0 else 1.0
    return math.sqrt(together * math.fsum(reach**2 for reach in reaches))


def _in_money(better: Estimate, options: WhyOptions) -> WhatIf:
    """The improvement in money; the rest of the record is filled by the caller."""
    value = net = break_even = None
    assumptions = [
        Caveat.of(code) for code in ("what_if_cause", "what_if_same_effect", "what_if_rest_stays")
    ]
    if options.value_per_point is not None:
        value = _times(better, options.value_per_point)
        cost = options.cost or 0.0
        assumptions.append(Caveat.of("what_if_value", value=options.value_per_point, cost=cost))
        if options.cost is not None:
            net = replace(
                value, value=value.value - cost, low=value.low - cost, high=value.high - cost
            )
            break_even = cost / options.value_per_point
    return WhatIf(
        assumed=(), metric=better, points=better, metric_after=math.nan, value=value,
        cost=options.cost, net=net, break_even=break_even, corrected=False,
        assumptions=tuple(assumptions), caveats=(),
    )  # fmt: skip
