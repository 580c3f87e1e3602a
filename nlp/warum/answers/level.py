"""Why a metric is where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from warum.answers.columns import (
    caveat_column,
    count_column,
    estimate_columns,
    number_column,
    text_column,
)
from warum.answers.linear import linear_fit
from warum.answers.options import ModelKind, WhyOptions
from warum.answers.rows import Ints, ScoreRows
from warum.answers.selection import selection
from warum.caveats import Caveat
from warum.reasons.classes import ClassFit, Kind, estimate_class_drivers
from warum.reasons.level import LevelFit
from warum.reasons.model_agreement import Agreement
from warum.reasons.row_order import row_order
from warum.reasons.unexplained import unexplained_level
from warum.records import Estimate
from warum.result import Driver
from warum.table import Table

MOST_FOR_CLASSES = 50_000  # occasions; of more, customers are drawn for the model of the classes


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A category with a polarity, by both models.

    Attributes:
        driver: By the model of the classes where there is one, else by the linear model.
        linear_effect: By the linear model, as in `drivers.csv`.
        linear_impact: Likewise; these add up to the metric with `Level.rest`.
        selected: `driver.effect` with its FCR-adjusted interval if its q-value makes it a finding,
            else None.
    """

    driver: Driver
    linear_effect: Estimate
    linear_impact: Estimate
    selected: Estimate | None


@dataclass(frozen=True)
class Level:
    """What the metric is made of.

    Attributes:
        metric: The metric.
        rows: By falling |impact|, without one last.
        rest: The metric of an occasion that mentions nothing, at the average of what is adjusted for:
            what the comments do not explain. Linear impacts and `rest` add up to the metric.
        explained: What mentions explain beyond the controls, adjusted R squared, 0..1; NaN without a
            model.
        model: "ordered", "multinomial" or "linear": the model behind `driver`.
        agreement: Between that model and the linear one; None where they are the same.
        sampled: Occasions in the model of the classes; all unless there are very many.
        suppressed: Pairs not shown because too few people mention them.
        caveats: Doubts about the whole.
    """

    metric: Estimate
    rows: tuple[LevelRow, ...]
    rest: Estimate
    explained: float
    model: str
    agreement: Agreement | None
    sampled: int
    suppressed: int
    caveats: tuple[Caveat, ...]

    def tables(self) -> dict[str, Table]:
        """`level`: a row per category and polarity."""
        rows = self.rows
        return {
            "level": Table(
                {
                    "category": text_column(rows, lambda row: row.driver.category),
                    "polarity": text_column(rows, lambda row: row.driver.polarity),
                    "mentions": count_column(rows, lambda row: row.driver.mentions),
                    "share": number_column(rows, lambda row: row.driver.share),
                    "metric_among": number_column(rows, lambda row: row.driver.metric_among),
                    **estimate_columns("effect", rows, lambda row: row.driver.effect),
                    **estimate_columns("impact", rows, lambda row: row.driver.impact),
                    **estimate_columns("selected_effect", rows, lambda row: row.selected),
                    **estimate_columns("linear_effect", rows, lambda row: row.linear_effect),
                    **estimate_columns("linear_impact", rows, lambda row: row.linear_impact),
                    "p_value": number_column(rows, lambda row: row.driver.p_value),
                    "q_value": number_column(rows, lambda row: row.driver.q_value),
                    "method": text_column(rows, lambda row: row.driver.method),
                    "caveats": caveat_column(rows, lambda row: row.driver.caveats),
                }
            )
        }


def level(rows: ScoreRows, options: WhyOptions) -> Level:
    """Effects and impacts of every category and polarity, by the model that suits the score.

    NPS, CSAT, rates and ordinal scores of at most 11 values get a model of their classes; of more
    than 50,000 occasions it is fitted to a random sample of customers. The linear model stands beside
    it, over all occasions.
    """
    linear = linear_fit(rows, options.level)
    wanted: ModelKind = options.model or "ordered"
    sample = _sampled(rows, options.seed)
    fit = None if wanted == "linear" else _classes(rows, options, wanted, sample)
    if fit is None or fit.agreement is None:  # of one class too many, or without a solution
        found = tuple(zip(linear.drivers, linear.selected, strict=True))
        doubts = linear.caveats if fit is None else fit.caveats
        agreement, model, used = None, "linear", len(rows)
    else:
        found = _over_all(fit, linear)
        doubts = tuple(dict.fromkeys((*linear.caveats, *fit.caveats)))
        agreement, model, used = fit.agreement, wanted, len(sample)
        if used < len(rows):
            doubts += (Caveat.of("sampled_customers", n=used, all=len(rows)),)
    doubts += selection(rows, options.level)
    if rows.too_few:
        doubts += (Caveat.of("suppressed", n=1, least=rows.min_group),)
    return Level(
        metric=rows.metric(options.level),
        rows=_rows(found, linear.drivers),
        rest=_rest(rows, linear, options.level),
        explained=linear.explained,
        model=model,
        agreement=agreement,
        sampled=used,
        suppressed=linear.suppressed,
        caveats=doubts,
    )


def _classes(rows: ScoreRows, options: WhyOptions, kind: Kind, at: Ints) -> ClassFit:
    return estimate_class_drivers(
        rows.y[at], rows.mentions[at], rows.pairs,
        score=rows.scale.column,
        kind=kind,
        weights=None if rows.weights is None else rows.weights[at],
        clusters=None if rows.clusters is None else rows.clusters[at],
        controls=rows.controls[at],
        control_names=rows.control_names,
        people=rows.people[at],
        min_group=rows.min_group,
        level=options.level,
    )  # fmt: skip


def _sampled(rows: ScoreRows, seed: int) -> Ints:
    """All occasions, or those of customers drawn at random up to `MOST_FOR_CLASSES`."""
    if len(rows) <= MOST_FOR_CLASSES:
        return np.arange(len(rows))
    order = row_order([rows.y, rows.occasions.weight], rows.mentions, rows.people)
    lot = np.random.default_rng(seed).permutation(order.clusters)[order.cluster]
    last = np.sort(lot)[MOST_FOR_CLASSES]
    return np.sort(order.rows[lot < last])


def _over_all(fit: ClassFit, linear: LevelFit) -> tuple[tuple[Driver, Estimate | None], ...]:
    """The rows of the model of the classes, with counts over all occasions."""
    found = {(one.category, one.polarity): one for one in linear.drivers}
    rows = []
    for driver, selected in zip(fit.drivers, fit.selected, strict=True):
        whole = found.pop((driver.category, driver.polarity))
        counted = replace(
            driver, mentions=whole.mentions, share=whole.share, metric_among=whole.metric_among
        )
        rows.append((counted, selected))
    # Too rare in a sample of the customers: the linear model knows them all.
    own = dict(zip(linear.drivers, linear.selected, strict=True))
    return (*rows, *((driver, own[driver]) for driver in found.values()))


def _rows(
    found: Sequence[tuple[Driver, Estimate | None]], linear: Sequence[Driver]
) -> tuple[LevelRow, ...]:
    beside = {(one.category, one.polarity): one for one in linear}
    return tuple(
        LevelRow(driver, other.effect, other.impact, selected)
        for driver, selected in found
        for other in (beside[driver.category, driver.polarity],)
    )


def _rest(rows: ScoreRows, linear: LevelFit, level: float) -> Estimate:
    """What the mentions of the linear model leave."""
    shown = {
        (one.category, one.polarity)
        for one in linear.drivers
        if all(caveat.code != "too_many_columns" for caveat in one.caveats)
    }
    columns = [k for k, pair in enumerate(rows.pairs) if pair in shown]
    if not linear.drivers or not columns:
        nan = float("nan")
        rest = nan if rows.too_few else linear.rest
        return Estimate(rest, nan, nan, len(rows), "none", level)
    left_out = any(caveat.code == "controls_left_out" for caveat in linear.caveats)
    used = rows.occasions.weight > 0
    return unexplained_level(
        rows.y[used], rows.mentions[used][:, columns],
        rows.controls[used][:, :0] if left_out else rows.controls[used],
        weights=rows.occasions.weight[used],
        clusters=None if rows.clusters is None else rows.clusters[used],
        level=level,
    )  # fmt: skip
