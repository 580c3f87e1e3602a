"""Metrics as the trade uses them: outcomes, what goes together, the index, and peak and end."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from warum.answers.columns import (
    caveat_column,
    count_column,
    estimate_columns,
    number_column,
    text_column,
)
from warum.answers.doubts import Doubt
from warum.answers.happiness import weighted_index
from warum.answers.metric_rows import MetricRows
from warum.answers.options import WhyOptions
from warum.answers.outcomes import Outcome, outcomes
from warum.answers.rows import Floats, WhyRows
from warum.caveats import Caveat
from warum.reasons.correlations import CorrelationRow, correlate_metrics
from warum.reasons.happiness import HappinessIndex
from warum.reasons.peak_end import PeakEnd, peak_end
from warum.table import Table


@dataclass(frozen=True)
class ScorePeakEnd:
    """What foretells the last score of those who wrote several times."""

    score: str
    found: PeakEnd


@dataclass(frozen=True)
class Metrics:
    """Metrics besides the scores, and how all of them go together.

    Attributes:
        outcomes: Churn, repurchase, times, volume and value, as far as the data have them.
        correlations: Every two of scores, outcomes and further numbers; of events, occasions before.
        happiness: The weighted index; None without a weights file.
        peak_end: Per score; empty without customers or dates.
        caveats: Doubts about the index.
    """

    outcomes: tuple[Outcome, ...]
    correlations: tuple[CorrelationRow, ...]
    happiness: HappinessIndex | None
    peak_end: tuple[ScorePeakEnd, ...]
    caveats: tuple[Caveat, ...]

    def doubts(self) -> Iterator[Doubt]:
        """Doubts about whole parts."""
        happiness = () if self.happiness is None else self.happiness.caveats
        yield from (("", "happiness", one) for one in (*self.caveats, *happiness))
        for score in self.peak_end:
            yield from ((score.score, "peak_end", one) for one in score.found.caveats)
        for outcome in self.outcomes:
            yield from ((outcome.column, "metrics", one) for one in outcome.caveats)

    def tables(self) -> dict[str, Table]:
        """`metrics`, `metric_drivers`, `correlations`, `happiness`, `peak_end`; those that hold rows."""
        tables = {
            "metrics": _outcome_table(self.outcomes),
            "metric_drivers": _driver_table(self.outcomes),
            "correlations": _correlation_table(self.correlations),
            "peak_end": _peak_table(self.peak_end),
        }
        if self.happiness is not None:
            tables["happiness"] = _happiness_table(self.happiness)
            tables["happiness_parts"] = _parts_table(self.happiness)
        return {stem: table for stem, table in tables.items() if len(table)}


def metrics(rows: WhyRows, options: WhyOptions) -> Metrics:
    """Compute all of them.

    Raises:
        InputError: If the weights file cannot be read.
        UsageError: If its weights cannot be meant.
    """
    units = MetricRows.of(rows)
    index: HappinessIndex | None = None
    doubts: tuple[Caveat, ...] = ()
    if options.weights is not None:
        index, doubts = weighted_index(
            units, options.weights, seed=options.seed, level=options.level
        )
    return Metrics(
        outcomes=outcomes(units, level=options.level),
        correlations=correlate_metrics(
            _columns(units),
            clusters=units.clusters,
            weights=units.weights,
            min_group=rows.reading.facts.min_group,
            level=options.level,
        ),
        happiness=index,
        peak_end=_peak_end(rows, options),
        caveats=doubts,
    )


def _columns(units: MetricRows) -> dict[str, Floats]:
    """Scores, metrics and further numbers of each occasion, by header."""
    columns = units.rows.reading.columns
    found = {score.scale.column: units.values(score.stored) for score in columns.scores}
    trades = {trade.stored: trade for trade in columns.trades}
    for stored in columns.numbers:
        trade = trades.get(stored)
        if trade is None:
            found[stored] = units.values(stored)
        else:
            told = units.told(trade)
            found[trade.column] = np.where(units.in_time(trade), told, math.nan)
    return found


def _peak_end(rows: WhyRows, options: WhyOptions) -> tuple[ScorePeakEnd, ...]:
    columns, comments = rows.reading.columns, rows.reading.comments
    if not columns.has_customer or not columns.has_date:
        return ()
    return tuple(
        ScorePeakEnd(
            score.scale.column,
            peak_end(
                comments["customer"], comments["date"], comments["sentiment"],
                np.asarray(comments[score.stored], dtype=np.float64),
                seed=options.seed, level=options.level,
            ),
        )
        for score in columns.scores
    )  # fmt: skip


def _outcome_table(rows: Sequence[Outcome]) -> Table:
    return Table(
        {
            "metric": text_column(rows, lambda row: row.name),
            "column": text_column(rows, lambda row: row.column),
            "counts": text_column(
                rows, lambda row: "customers" if row.of_customer else "occasions"
            ),
            "n": count_column(rows, lambda row: row.metric.n),
            **estimate_columns("value", rows, lambda row: row.metric),
            "explained": number_column(rows, lambda row: row.explained),
            "occasions_counted": count_column(rows, lambda row: row.counted),
            "occasions_left_out": count_column(rows, lambda row: row.left_out),
            "caveats": caveat_column(rows, lambda row: (*row.caveats, *row.metric.caveats)),
        }
    )


def _driver_table(found: Sequence[Outcome]) -> Table:
    rows = [(one, driver) for one in found for driver in one.drivers]
    return Table(
        {
            "metric": text_column(rows, lambda row: row[0].name),
            "column": text_column(rows, lambda row: row[0].column),
            "category": text_column(rows, lambda row: row[1].category),
            "polarity": text_column(rows, lambda row: row[1].polarity),
            "mentions": count_column(rows, lambda row: row[1].mentions),
            "share": number_column(rows, lambda row: row[1].share),
            **estimate_columns("effect", rows, lambda row: row[1].effect),
            **estimate_columns("impact", rows, lambda row: row[1].impact),
            "p_value": number_column(rows, lambda row: row[1].p_value),
            "q_value": number_column(rows, lambda row: row[1].q_value),
            "caveats": caveat_column(rows, lambda row: row[1].caveats),
        }
    )


def _correlation_table(rows: Sequence[CorrelationRow]) -> Table:
    return Table(
        {
            "first": text_column(rows, lambda row: row.first),
            "second": text_column(rows, lambda row: row.second),
            "n": count_column(rows, lambda row: row.correlation.n),
            **estimate_columns("correlation", rows, lambda row: row.correlation),
            "p_value": number_column(rows, lambda row: row.p_value),
            "q_value": number_column(rows, lambda row: row.q_value),
            "caveats": caveat_column(rows, lambda row: row.correlation.caveats),
        }
    )


def _happiness_table(index: HappinessIndex) -> Table:
    rows = index.segments
    kept = dict(index.agreement)
    overall = [("", "(all)", index.overall, 0, 0, 0)]
    listed = overall + [(r.by, r.value, r.index, r.rank, r.rank_low, r.rank_high) for r in rows]
    return Table(
        {
            "by": text_column(listed, lambda row: row[0]),
            "value": text_column(listed, lambda row: row[1]),
            **estimate_columns("index", listed, lambda row: row[2]),
            "rank": count_column(listed, lambda row: row[3]),
            "rank_low": count_column(listed, lambda row: row[4]),
            "rank_high": count_column(listed, lambda row: row[5]),
            "order_kept": number_column(listed, lambda row: kept.get(row[0])),
            "caveats": caveat_column(listed, lambda row: row[2].caveats),
        }
    )


def _parts_table(index: HappinessIndex) -> Table:
    rows = index.parts
    return Table(
        {
            "column": text_column(rows, lambda row: row.score),
            "weight": number_column(rows, lambda row: row.weight),
            "scaled": number_column(rows, lambda row: row.scaled),
            "n": count_column(rows, lambda row: row.n),
        }
    )


def _peak_table(found: Sequence[ScorePeakEnd]) -> Table:
    rows = [(one.score, row) for one in found for row in one.found.rows]
    return Table(
        {
            "score": text_column(rows, lambda row: row[0]),
            "predictor": text_column(rows, lambda row: row[1].predictor),
            "explained": number_column(rows, lambda row: row[1].explained),
            **estimate_columns("better_by", rows, lambda row: row[1].better_by),
            "p_value": number_column(rows, lambda row: row[1].p_value),
            "q_value": number_column(rows, lambda row: row[1].q_value),
        }
    )
