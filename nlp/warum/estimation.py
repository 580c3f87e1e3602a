"""From the stored tables to metrics and drivers; reads no text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.caveats import Caveat
from warum.manner import MANNERS
from warum.metrics import ScoreScale, contributions, estimate_metric
from warum.occasions import Occasions, Pair, form_occasions, mention_matrix, mentioned_pairs
from warum.reasons.controls import banded, control_dummies
from warum.reasons.level import LevelFit, estimate_drivers, without_general
from warum.reasons.segments import (
    period_labels,
    period_metrics,
    period_step,
    segment_metrics,
)
from warum.records import Estimate
from warum.result import Reading, Result, ScoreResult, SegmentMetric, StoredScore
from warum.table import Column, Table, strings

TIME = "(time)"  # no header of a segment
_LEAST_FOR_DIRECTION = 50
_CONTRADICTION = -0.15


@dataclass(frozen=True)
class ResponseRows:
    """The responses behind the comments.

    Attributes:
        table: One row per response, columns as in `comments.parquet` (those of its first comment).
        comment_row: Row of each comment in `table`, int64 (comments,).
        opinion_row: Row of each opinion's comment in `table`, int64 (opinions,).
        categories: Category of each opinion, object (opinions,).
        polarities: Polarity of each opinion, object (opinions,).
    """

    table: Table
    comment_row: npt.NDArray[np.int64]
    opinion_row: npt.NDArray[np.int64]
    categories: Column
    polarities: Column

    @classmethod
    def of(cls, reading: Reading) -> ResponseRows:
        """Find the responses of what was read."""
        comments, opinions = reading.comments, reading.opinions
        first: dict[Any, int] = {}
        response = np.array(
            [first.setdefault(r, len(first)) for r in comments["response_id"].tolist()],
            dtype=np.int64,
        )
        _, positions = np.unique(response, return_index=True)
        of_comment = dict(zip(comments["comment_id"].tolist(), response.tolist(), strict=True))
        rows = [of_comment[c] for c in opinions["comment_id"].tolist()]
        return cls(
            table=comments.take(positions),
            comment_row=response,
            opinion_row=np.array(rows, dtype=np.int64),
            categories=opinions["category"],
            polarities=opinions["polarity"],
        )


def estimate(reading: Reading) -> Result:
    """Compute every metric, its drivers, segments and trend.

    Args:
        reading: What was read, fresh or from a result folder.
    """
    rows = ResponseRows.of(reading)
    scores = tuple(_score(reading, rows, score) for score in reading.columns.scores)
    return Result(reading.comments, reading.opinions, scores, reading.facts)


def _score(reading: Reading, rows: ResponseRows, score: StoredScore) -> ScoreResult:
    columns, table, least = reading.columns, rows.table, reading.facts.min_group
    occasions = form_occasions(
        len(table),
        customer=table["customer"] if columns.has_customer else None,
        date_key=table["date_key"] if columns.has_date else None,
        score=table[score.stored],
        weight=table["weight"] if columns.has_weight else None,
    )
    weights = occasions.weight if columns.has_weight else None
    clusters = occasions.cluster if columns.has_customer else None
    y = contributions(occasions.score, score.scale)
    fit, fit_general = _drivers(reading, rows, occasions, y, score.scale.column)
    by = {name: table[name][occasions.first_row] for name in columns.by}
    segments, hidden = segment_metrics(
        occasions.score, score.scale, by,
        people=occasions.cluster, weights=weights, clusters=clusters, min_group=least,
    )  # fmt: skip
    trend: tuple[SegmentMetric, ...] = ()
    hidden_periods = 0
    if columns.has_date:
        trend, hidden_periods = period_metrics(
            occasions.score, score.scale, table["date"][occasions.first_row],
            people=occasions.cluster, weights=weights, clusters=clusters, min_group=least,
        )  # fmt: skip
    manners = _manners(reading, rows, occasions, score)
    metric = estimate_metric(occasions.score, score.scale, weights=weights, clusters=clusters)
    values, counts = np.unique(occasions.score, return_counts=True)
    too_few = 0 < occasions.people < least
    if too_few:  # all of them together are a small group
        metric = Estimate(math.nan, math.nan, math.nan, metric.n, "none", metric.level)
        values, counts = values[:0], counts[:0]
    return ScoreResult(
        scale=score.scale,
        metric=metric,
        distribution=tuple(zip(values.tolist(), counts.tolist(), strict=True)),
        drivers=fit.drivers,
        drivers_with_general=fit_general.drivers,
        explained=fit.explained,
        suppressed=fit.suppressed,
        segments=segments,
        trend=trend,
        caveats=(
            *fit.caveats,
            *_direction(rows, score),
            *_suppressed(hidden + hidden_periods + fit.suppressed + too_few, least),
        ),
        manners=manners,
    )


def _manners(
    reading: Reading, rows: ResponseRows, occasions: Occasions, score: StoredScore
) -> tuple[SegmentMetric, ...]:
    """The metric by emotion, intent and effort; an occasion of several comments may stand in several groups."""
    columns = reading.columns
    of_comment = occasions.index[rows.comment_row].tolist()
    shown: list[SegmentMetric] = []
    for manner in MANNERS:
        told = reading.comments[manner].tolist()
        pairs = dict.fromkeys((at, v) for at, v in zip(of_comment, told, strict=True) if at >= 0)
        said = {at for at, value in pairs if value is not None}
        if not said:
            continue
        kept = [pair for pair in pairs if pair[1] is not None or pair[0] not in said]
        at = np.array([occasion for occasion, _ in kept], dtype=np.int64)
        groups, _ = segment_metrics(
            occasions.score[at], score.scale, {manner: strings([value for _, value in kept])},
            people=occasions.cluster[at],
            weights=occasions.weight[at] if columns.has_weight else None,
            clusters=occasions.cluster[at] if columns.has_customer else None,
            min_group=reading.facts.min_group,
        )  # fmt: skip
        shown += groups
    return tuple(shown)


def _drivers(
    reading: Reading,
    rows: ResponseRows,
    occasions: Occasions,
    y: npt.NDArray[np.float64],
    score: str,
) -> tuple[LevelFit, LevelFit]:
    """The default model, and the one with the overall judgement in it."""
    columns = reading.columns
    occasion = (
        occasions.index[rows.opinion_row] if len(rows.opinion_row) else np.zeros(0, dtype=np.int64)
    )
    pairs = mentioned_pairs(rows.categories.tolist(), rows.polarities.tolist())
    controls, names = control_dummies(control_levels(reading, rows, occasions))

    def fit(wanted: Sequence[Pair]) -> LevelFit:
        mentions = mention_matrix(
            occasion, rows.categories, rows.polarities, wanted, len(occasions)
        )
        return estimate_drivers(
            y, mentions, wanted,
            score=score,
            weights=occasions.weight if columns.has_weight else None,
            clusters=occasions.cluster if columns.has_customer else None,
            controls=controls if len(controls) == len(y) else None,
            control_names=names,
            people=occasions.cluster,
            min_group=reading.facts.min_group,
        )  # fmt: skip

    default = without_general(pairs)
    return fit(default), fit(pairs)


def control_levels(reading: Reading, rows: ResponseRows, occasions: Occasions) -> dict[str, Column]:
    """What effects are adjusted for: segments, channel, source, language, question and time.

    Each where it varies. A question counts where every response answers one; time is the month (the
    quarter over more than two years, the week below three months). Number columns that are asked for
    (`StoredColumns.controls`) come in bands.

    Args:
        reading: What was read.
        rows: Its responses.
        occasions: The occasions, m of them.

    Returns:
        Name to level of each occasion, str or None, object (m,).
    """
    named = dict.fromkeys((*reading.columns.by, "channel", "source", "language"))
    levels = {name: rows.table[name] for name in named}
    if "question" not in levels and _one_question_each(reading, rows):
        levels["question"] = rows.table["question"]
    found = {name: values[occasions.first_row] for name, values in levels.items()}
    if reading.columns.has_date:
        dates = rows.table["date"][occasions.first_row]
        found[TIME] = period_labels(dates, period_step(dates))
    for name in reading.columns.controls:
        found[name] = banded(np.asarray(rows.table[name], dtype=np.float64)[occasions.first_row])
    return {name: values for name, values in found.items() if len(set(values.tolist())) > 1}


def _one_question_each(reading: Reading, rows: ResponseRows) -> bool:
    """Whether no response answers two different questions, as those of several text columns do."""
    asked = set(zip(rows.comment_row.tolist(), reading.comments["question"].tolist(), strict=True))
    return len(asked) == len(rows.table)


def _direction(rows: ResponseRows, score: StoredScore) -> tuple[Caveat, ...]:
    """A scale that runs against the texts' sentiment was probably meant the other way round."""
    from scipy.stats import spearmanr

    scale: ScoreScale = score.scale
    values, sentiment = rows.table[score.stored], rows.table["sentiment"]
    both = ~np.isnan(values) & ~np.isnan(sentiment)
    if both.sum() < _LEAST_FOR_DIRECTION or len(np.unique(values[both])) < 2:
        return ()
    if len(np.unique(sentiment[both])) < 2:
        return ()
    sign = -1.0 if scale.lower_is_better else 1.0
    correlation = sign * float(spearmanr(values[both], sentiment[both]).statistic)
    if correlation > _CONTRADICTION:
        return ()
    return (Caveat.of("scale_direction", score=scale.column, correlation=round(correlation, 2)),)


def _suppressed(n: int, least: int) -> tuple[Caveat, ...]:
    return (Caveat.of("suppressed", n=n, least=least),) if n else ()
