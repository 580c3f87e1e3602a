"""The weighted happiness index over scores and further metrics, by the weights of a YAML file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from warum.answers.metric_rows import MetricRows
from warum.answers.rows import Floats, Ints
from warum.caveats import Caveat
from warum.reasons.happiness import HappinessIndex, happiness_index
from warum.reasons.index_scale import observed_ends, scaled_between, scaled_contributions
from warum.reasons.index_weights import IndexWeights, known_scores, read_weights
from warum.result import StoredTrade
from warum.trade import TRADES


def weighted_index(
    rows: MetricRows, path: Path, *, seed: int, level: float
) -> tuple[HappinessIndex, tuple[Caveat, ...]]:
    """The index over the metrics that a weights file names, and doubts about their scales.

    A row of the index is a response that opens an occasion or a customer, so that each metric's mean
    is the metric itself, put on 0 to 100.

    Args:
        rows: The occasions.
        path: The weights file.
        seed: Of the other weightings drawn.
        level: Confidence level.

    Raises:
        InputError: If the file cannot be read.
        UsageError: If a weight is negative, none is positive, or a column is not there.
    """
    weights = read_weights(path)
    scores = {score.scale.column: score for score in rows.rows.scores}
    trades = {trade.column: trade for trade in rows.rows.reading.columns.trades}
    numbers = set(rows.rows.reading.columns.numbers)
    known_scores(weights.shares, (*scores, *trades, *numbers))
    n = len(rows.rows.responses.table)
    scaled, doubts = {}, []
    for name in sorted(weights.shares):
        if name in scores:
            one = scores[name]
            at, raw = one.occasions.first_row, one.occasions.score
            ends = weights.ends.get(name)
            values = (
                scaled_contributions(raw, one.scale) if ends is None else scaled_between(raw, *ends)
            )
        else:
            at, raw = _units(rows, name, trades.get(name))
            values, doubt = _scaled(name, raw, trades.get(name), weights)
            doubts += doubt
        scaled[name] = np.full(n, np.nan)
        scaled[name][at] = values
    table, columns = rows.rows.responses.table, rows.rows.reading.columns
    index = happiness_index(
        scaled, weights.shares,
        segments={name: table[name] for name in columns.by},
        people=rows.occasions.cluster[rows.occasions.index],
        row_weights=table["weight"] if columns.has_weight else None,
        min_group=rows.rows.reading.facts.min_group,
        seed=seed,
        level=level,
    )  # fmt: skip
    return index, tuple(doubts)


def _units(rows: MetricRows, name: str, trade: StoredTrade | None) -> tuple[Ints, Floats]:
    """Rows that stand for the units of a further metric, and its values."""
    if trade is None or not TRADES[trade.name].of_customer:
        values = rows.values(name) if trade is None else rows.told(trade)
        return rows.occasions.first_row, values
    _, first = np.unique(rows.occasions.cluster, return_index=True)
    return rows.occasions.first_row[first], rows.outcome(trade).value


def _scaled(
    name: str, values: Floats, trade: StoredTrade | None, weights: IndexWeights
) -> tuple[Floats, list[Caveat]]:
    """A further metric on 0 to 100."""
    lower = trade is not None and TRADES[trade.name].lower_is_better
    if name in weights.ends:
        return scaled_between(values, *weights.ends[name]), []
    if trade is not None and TRADES[trade.name].kind == "event":
        return scaled_between(values, *((1.0, 0.0) if lower else (0.0, 1.0))), []
    ends = observed_ends(values, lower_is_better=lower)
    if ends is None:
        return np.full(len(values), np.nan), [Caveat.of("constant_score")]
    worst, best = (round(end, 4) for end in ends)
    return scaled_between(values, *ends), [
        Caveat.of("index_ends", column=name, worst=worst, best=best)
    ]
