"""Metrics besides the scores in words: where they stand, what goes together, the index, peak and end."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from warum.answers.metrics import Metrics, ScorePeakEnd
from warum.answers.outcomes import Outcome
from warum.caveats import Ui
from warum.reasons.correlations import CorrelationRow
from warum.reasons.happiness import HappinessIndex, SegmentIndex
from warum.records import Estimate
from warum.report.chart_rows import finite, forest
from warum.report.chart_style import BETTER, Canvas, Row
from warum.report.numbers import NOTHING, MetricFormat, number, percent, q_value
from warum.report.sentences import caveat_text
from warum.report.why_labels import Titles, topic
from warum.report.why_sections import Cell, Figure, Line, Part, Sheet
from warum.report.words import say

if TYPE_CHECKING:
    import altair as alt

_SURE = 0.05
_NAMED = 3
_PICTURED = 20
_DRIVERS = 5


def metric_parts(found: Metrics, scores: Sequence[str], titles: Titles, ui: Ui) -> tuple[Part, ...]:
    """Outcomes, correlations, the happiness index, peak and end; empty where there is nothing.

    Args:
        found: What was estimated.
        scores: Columns of the scores, whose going together is no news.
        titles: Titles of the categories.
        ui: Language.
    """
    parts = [_outcomes(found.outcomes, titles, ui)] if found.outcomes else []
    if found.correlations:
        parts.append(_correlations(found.correlations, scores, titles, ui))
    if found.happiness is not None:
        doubts = (*found.happiness.overall.caveats, *found.happiness.caveats, *found.caveats)
        notes = tuple(dict.fromkeys(caveat_text(doubt, titles, ui) for doubt in doubts))
        parts.append(_happiness(found.happiness, notes, ui))
    if any(one.found.rows or one.found.caveats for one in found.peak_end):
        parts.append(_peak_end(found.peak_end, titles, ui))
    return tuple(parts)


def outcome_name(outcome: Outcome, ui: Ui) -> str:
    """What a metric of the trade is called: "Churn (“churned”)"."""
    return say("outcome_named", ui, name=say(f"trade_{outcome.name}", ui), column=outcome.column)


def _outcomes(rows: Sequence[Outcome], titles: Titles, ui: Ui) -> Part:
    return Part(
        heading=say("outcomes_heading", ui),
        leads=tuple(_outcome_leads(rows, titles, ui)),
        sheets=(
            Sheet(
                title=say("outcomes_table", ui),
                head=tuple(say(key, ui) for key in ("driver", "impact", "effect", "mentions", "q")),
                lines=tuple(_outcome_lines(rows, titles, ui)),
            ),
        ),
        notes=tuple(
            dict.fromkeys(caveat_text(doubt, titles, ui) for row in rows for doubt in row.caveats)
        ),
    )


def _outcome_leads(rows: Sequence[Outcome], titles: Titles, ui: Ui) -> Iterator[str]:
    for row in rows:
        fmt = MetricFormat(row.scale, ui)
        told = {
            "name": outcome_name(row, ui),
            "value": fmt.level(row.metric.value),
            "span": fmt.level_span(row.metric),
            "n": number(row.metric.n, ui),
        }
        text = say("outcome_customers" if row.of_customer else "outcome_answers", ui, **told)
        if row.left_out:
            text += " " + say("outcome_left_out", ui, n=number(row.left_out, ui))
        clear = [one for one in row.drivers if one.q_value < _SURE]
        if clear:
            first = clear[0]
            text += " " + say(
                "outcome_driver",
                ui,
                label=topic(first.category, first.polarity, titles, ui),
                impact=fmt.change(first.impact.value),
                span=fmt.change_span(first.impact),
            )
        yield text


def _outcome_lines(rows: Sequence[Outcome], titles: Titles, ui: Ui) -> Iterator[Line]:
    for row in rows:
        fmt = MetricFormat(row.scale, ui)
        yield Line(f"{outcome_name(row, ui)}: {fmt.level(row.metric.value)}", head=True)
        for one in row.drivers[:_DRIVERS]:
            yield Line(
                name=topic(one.category, one.polarity, titles, ui),
                cells=(
                    Cell(fmt.change(one.impact.value), _or_empty(fmt.change_span(one.impact))),
                    Cell(fmt.change(one.effect.value), _or_empty(fmt.change_span(one.effect))),
                    Cell(number(one.mentions, ui)),
                    Cell(q_value(one.q_value, ui)),
                ),
                notes=tuple(caveat_text(doubt, titles, ui) for doubt in one.caveats),
            )


def _or_empty(text: str) -> str:
    return "" if text == NOTHING else text


def _correlations(
    rows: Sequence[CorrelationRow], scores: Sequence[str], titles: Titles, ui: Ui
) -> Part:
    clear = [row for row in rows if row.q_value < _SURE]
    clear.sort(
        key=lambda row: ({row.first, row.second} <= set(scores), -abs(row.correlation.value))
    )
    leads = [_together(row, ui) for row in clear[:_NAMED]] or [say("together_none", ui)]
    head = ("pair_word", "correlation_word", "q", "answers")
    return Part(
        heading=say("correlations_heading", ui),
        leads=(" ".join(leads), say("correlation_about", ui)),
        sheets=(
            Sheet(
                title=say("correlations_table", ui),
                head=tuple(say(key, ui) for key in head),
                lines=tuple(_correlation_line(row, titles, ui) for row in rows),
            ),
        ),
    )


def _together(row: CorrelationRow, ui: Ui) -> str:
    key = "together_up" if row.correlation.value > 0 else "together_down"
    return say(
        key, ui, first=row.first, second=row.second, value=number(row.correlation.value, ui, 2)
    )


def _correlation_line(row: CorrelationRow, titles: Titles, ui: Ui) -> Line:
    told = row.correlation
    return Line(
        name=f"{row.first} · {row.second}",
        cells=(
            Cell(number(told.value, ui, 2), _fine_span(told, ui, 2)),
            Cell(q_value(row.q_value, ui)),
            Cell(number(told.n, ui)),
        ),
        notes=tuple(caveat_text(doubt, titles, ui) for doubt in told.caveats),
    )


def _fine_span(estimate: Estimate, ui: Ui, decimals: int) -> str:
    low, high = (number(end, ui, decimals) for end in (estimate.low, estimate.high))
    return "" if NOTHING in (low, high) else say("span", ui, low=low, high=high)


def _happiness(index: HappinessIndex, notes: tuple[str, ...], ui: Ui) -> Part:
    weights = ", ".join(
        say("with_span", ui, value=part.score, span=percent(part.weight, ui))
        for part in index.parts
    )
    lead = say(
        "happiness_is",
        ui,
        value=number(index.overall.value, ui, 1),
        span=_fine_span(index.overall, ui, 1) or say("interval_none", ui),
        weights=weights,
    )
    kept = [
        say("happiness_kept", ui, by=by, share=percent(share, ui)) for by, share in index.agreement
    ]
    ranked = [row for row in index.segments if math.isfinite(row.index.value)]
    figure = None
    if ranked:
        drawn = ranked[:_PICTURED]
        listed = "; ".join(f"{row.value} {number(row.index.value, ui, 1)}" for row in drawn)
        figure = Figure(
            draw=lambda canvas: _draw_index(drawn, index.overall, ui, canvas),
            description=say("chart_happiness", ui, list=listed),
            caption=say("caption_happiness", ui),
        )
    return Part(
        heading=say("happiness_heading", ui),
        leads=(lead, *([" ".join(kept)] if kept else [])),
        figure=figure,
        sheets=(_index_sheet(index, ui),) if index.segments else (),
        notes=notes,
    )


def _draw_index(
    rows: Sequence[SegmentIndex], overall: Estimate, ui: Ui, canvas: Canvas
) -> alt.Chart:
    drawn: list[Row] = []
    for by, members in groupby(rows, key=lambda row: row.by):
        drawn.append({"name": by, "head": True, "text": ""})
        drawn += [
            {
                "name": row.value,
                "head": False,
                "value": row.index.value,
                "low": finite(row.index.low, row.index.value),
                "high": finite(row.index.high, row.index.value),
                "text": number(row.index.value, ui, 1),
                "colour": BETTER,
                "inside": BETTER,
            }
            for row in members
        ]
    title = say("axis_happiness", ui)
    return forest(drawn, zero=overall.value, dashed=True, title=title, ui=ui, canvas=canvas)


def _index_sheet(index: HappinessIndex, ui: Ui) -> Sheet:
    keys = ("group_word", "index_word", "rank_word", "rank_range")
    return Sheet(
        title=say("data_table", ui),
        head=tuple(say(key, ui) for key in keys),
        lines=tuple(
            Line(
                name=f"{row.by}: {row.value}",
                cells=(
                    Cell(number(row.index.value, ui, 1), _fine_span(row.index, ui, 1)),
                    Cell(number(row.rank, ui) if row.rank else NOTHING),
                    Cell(
                        say("span", ui, low=row.rank_low, high=row.rank_high)
                        if row.rank
                        else NOTHING
                    ),
                ),
            )
            for row in index.segments
        ),
        shown=3,
    )


def _peak_end(rows: Sequence[ScorePeakEnd], titles: Titles, ui: Ui) -> Part:
    told = [one for one in rows if one.found.rows]
    notes = [
        f"{one.score}: {caveat_text(doubt, titles, ui)}"
        for one in rows
        for doubt in one.found.caveats
    ]
    lines = [line for one in told for line in _peak_lines(one, ui)]
    head = tuple(say(key, ui) for key in ("peak_word", "peak_explained", "peak_better_by", "q"))
    return Part(
        heading=say("peak_heading", ui),
        leads=tuple(_peak_leads(told, ui)),
        sheets=(Sheet(say("peak_table", ui), head, tuple(lines)),) if lines else (),
        notes=tuple(notes),
    )


def _peak_leads(told: Sequence[ScorePeakEnd], ui: Ui) -> Iterator[str]:
    """A sentence for each score that something foretells better than the mean, one for all others."""
    others: list[ScorePeakEnd] = []
    for one in told:
        better = [row for row in one.found.rows if row.q_value < _SURE and row.better_by.value > 0]
        if not better:
            others.append(one)
            continue
        best = max(better, key=lambda row: row.better_by.value)
        name, n = say(f"peak_{best.predictor}", ui), number(one.found.customers, ui)
        yield say("peak_better", ui, scores=one.score, name=name, n=n)
    if others:
        counts = dict.fromkeys(number(one.found.customers, ui) for one in others)
        names = ", ".join(one.score for one in others)
        yield say("peak_none", ui, scores=names, n=", ".join(counts))


def _peak_lines(one: ScorePeakEnd, ui: Ui) -> Iterator[Line]:
    yield Line(one.score, head=True)
    for row in one.found.rows:
        told = percent(row.explained, ui) if row.explained > 0 else say("peak_useless", ui)
        better = number(row.better_by.value, ui, 2, signed=True)
        yield Line(
            say(f"peak_{row.predictor}", ui),
            (
                Cell(told),
                Cell(better, _fine_span(row.better_by, ui, 2)),
                Cell(q_value(row.q_value, ui)),
            ),
        )
