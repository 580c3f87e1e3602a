"""Churn, repurchase, times, volume and value: where each stands, and what goes with it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from warum.answers.metric_rows import MetricRows
from warum.answers.rows import Floats, Ints
from warum.caveats import Caveat
from warum.estimation import control_levels
from warum.metrics import ScoreScale, contributions, estimate_metric
from warum.occasions import Pair, mention_matrix, mentioned_pairs
from warum.reasons.controls import control_dummies
from warum.reasons.level import estimate_drivers, without_general
from warum.records import Estimate
from warum.result import Driver, StoredTrade
from warum.trade import TRADES


@dataclass(frozen=True)
class Outcome:
    """A metric of the trade and its drivers.

    Attributes:
        name: The metric, e.g. "churn".
        column: Its column.
        scale: How it is read: events as a rate in percent, numbers as a mean.
        of_customer: Whether `metric` counts customers, and not occasions.
        metric: Over all who have it.
        drivers: Comments that count (before the day of an event), by falling |impact|. Of what
            belongs to a customer, each customer counts once, however often it wrote.
        explained: What mentions explain beyond the controls, 0..1; NaN without a model.
        counted: Occasions that count for the drivers.
        left_out: Occasions on or after the day of the event, or of unknown date.
        suppressed: Pairs not shown because too few people mention them.
        caveats: Doubts.
    """

    name: str
    column: str
    scale: ScoreScale
    of_customer: bool
    metric: Estimate
    drivers: tuple[Driver, ...]
    explained: float
    counted: int
    left_out: int
    suppressed: int
    caveats: tuple[Caveat, ...]


@dataclass(frozen=True)
class _Units:
    """What counts for the drivers of a metric, u occasions, and the metric's own units."""

    at: Ints  # (u,)
    values: Floats  # (u,)
    weights: Floats | None  # (u,)
    metric: Estimate
    people: int
    left_out: int


def outcomes(rows: MetricRows, *, level: float) -> tuple[Outcome, ...]:
    """Every metric of the trade in the data, in the columns' order.

    Args:
        rows: The occasions.
        level: Confidence level.
    """
    return tuple(_outcome(rows, trade, level) for trade in rows.rows.reading.columns.trades)


def _outcome(rows: MetricRows, trade: StoredTrade, level: float) -> Outcome:
    scale, known = rows.scale(trade), TRADES[trade.name]
    units = (_customers if known.of_customer else _occasions)(rows, trade, scale, level)
    reading, least = rows.rows.reading, rows.rows.reading.facts.min_group
    doubts = _doubts(trade, units)
    metric = units.metric
    if 0 < units.people < least:  # all of them together are a small group
        metric = Estimate(math.nan, math.nan, math.nan, metric.n, "none", level)
        doubts = (*doubts, Caveat.of("suppressed", n=1, least=least))
    responses = rows.rows.responses
    pairs = without_general(
        mentioned_pairs(responses.categories.tolist(), responses.polarities.tolist())
    )
    # What is explained is no control of itself.
    others = tuple(name for name in reading.columns.controls if name != trade.stored)
    adjusted = replace(reading, columns=replace(reading.columns, controls=others))
    controls, names = control_dummies(control_levels(adjusted, responses, rows.occasions))
    if len(controls) != len(rows):
        controls = np.zeros((len(rows), 0), dtype=np.bool_)
    fit = estimate_drivers(
        contributions(units.values, scale), _mentions(rows, pairs)[units.at], pairs,
        score=trade.column,
        weights=units.weights,
        clusters=None if rows.clusters is None else rows.clusters[units.at],
        controls=controls[units.at],
        control_names=names,
        people=rows.occasions.cluster[units.at],
        min_group=least,
        level=level,
    )  # fmt: skip
    return Outcome(
        name=trade.name,
        column=trade.column,
        scale=scale,
        of_customer=known.of_customer,
        metric=metric,
        drivers=fit.drivers,
        explained=fit.explained,
        counted=len(units.at),
        left_out=units.left_out,
        suppressed=fit.suppressed,
        caveats=tuple(dict.fromkeys((*doubts, *fit.caveats))),
    )


def _mentions(rows: MetricRows, pairs: tuple[Pair, ...]) -> np.ndarray:
    responses = rows.rows.responses
    return mention_matrix(
        rows.occasions.index[responses.opinion_row], responses.categories, responses.polarities,
        pairs, len(rows),
    )  # fmt: skip


def _customers(rows: MetricRows, trade: StoredTrade, scale: ScoreScale, level: float) -> _Units:
    """Each customer once."""
    found = rows.outcome(trade)
    known = ~np.isnan(found.value)
    metric = estimate_metric(
        found.value, scale,
        weights=None if rows.weights is None else found.customer_weight,
        level=level,
    )  # fmt: skip
    return _Units(
        found.used, found.occasion_value, found.weight, metric, int(known.sum()), found.left_out
    )


def _occasions(rows: MetricRows, trade: StoredTrade, scale: ScoreScale, level: float) -> _Units:
    """Each occasion with a value of its own."""
    values = rows.told(trade)
    at = np.flatnonzero(~np.isnan(values))
    weights = None if rows.weights is None else rows.weights[at]
    clusters = None if rows.clusters is None else rows.clusters[at]
    metric = estimate_metric(values[at], scale, weights=weights, clusters=clusters, level=level)
    people = len(np.unique(rows.occasions.cluster[at]))
    return _Units(at.astype(np.int64), values[at], weights, metric, people, 0)


def _doubts(trade: StoredTrade, units: _Units) -> tuple[Caveat, ...]:
    if TRADES[trade.name].kind != "event":
        return ()
    if trade.dates is None:
        return (Caveat.of("outcome_undated", column=trade.column),)
    doubts = [Caveat.of("follow_up", column=trade.column)]
    if units.left_out:
        doubts.append(Caveat.of("after_outcome", n=units.left_out, column=trade.column))
    return tuple(doubts)
