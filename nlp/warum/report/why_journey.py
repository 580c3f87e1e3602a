"""The journey in words: where the metric is low and high, and how the places are known."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from warum.answers.journey import Journey
from warum.reasons.journey import ANY, JourneyRow, Origins
from warum.records import Estimate
from warum.report.journey_chart import (
    journey_chart,
    known_places,
    stages_of,
    stands_apart,
    touchpoints_of,
)
from warum.report.numbers import MetricFormat, number, percent, percents
from warum.report.sentences import metric_name, metric_named
from warum.report.summary import higher_is_better
from warum.report.why_labels import Titles, stage, topic, touchpoint
from warum.report.why_sections import (
    Cell,
    Figure,
    Line,
    Part,
    Sheet,
    caveat_texts,
    change_cell,
    level_cell,
)
from warum.report.words import say


def journey_part(journey: Journey, overall: Estimate, titles: Titles, fmt: MetricFormat) -> Part:
    """The journey as sentences, picture and tables.

    Args:
        journey: What was estimated.
        overall: The metric of all.
        titles: Titles of the categories.
        fmt: How the metric's numbers are written.
    """
    ui, name, rows = fmt.ui, metric_name(fmt.scale, fmt.ui), journey.rows
    margins = [*stages_of(rows), *touchpoints_of(rows)]
    known = known_places(rows)
    figure = None
    if known:
        listed = "; ".join(f"{place(row, fmt)} {fmt.level(row.metric.value)}" for row in known)
        better_up = higher_is_better(fmt.scale)
        figure = Figure(
            draw=lambda canvas: journey_chart(
                rows, overall, fmt, name, better_up=better_up, canvas=canvas
            ),
            description=say("chart_journey", ui, metric=name, list=listed),
            caption=say("caption_journey", ui, metric=name),
        )
    both = [row for row in rows if row.stage and row.touchpoint]
    groups = ((say("data_table", ui), margins), (say("journey_more", ui), both))
    return Part(
        leads=tuple(_leads(rows, known, overall, titles, fmt)),
        figure=figure,
        sheets=tuple(_sheet(title, some, titles, fmt) for title, some in groups if some),
        notes=_notes(journey, titles, fmt),
    )


def _notes(journey: Journey, titles: Titles, fmt: MetricFormat) -> tuple[str, ...]:
    doubts = caveat_texts(journey.caveats, titles, fmt)
    if not journey.suppressed:
        return doubts
    return (*doubts, say("journey_hidden", fmt.ui, n=number(journey.suppressed, fmt.ui)))


def place(row: JourneyRow, fmt: MetricFormat) -> str:
    """Where a row stands: "Purchase", "Digital", "Purchase · Digital"."""
    names = []
    if row.stage:
        names.append(stage(row.stage, fmt.ui))
    if row.touchpoint:
        names.append(touchpoint(row.touchpoint, fmt.ui))
    return " · ".join(names) or stage(ANY, fmt.ui)


def _leads(
    rows: Sequence[JourneyRow],
    known: Sequence[JourneyRow],
    overall: Estimate,
    titles: Titles,
    fmt: MetricFormat,
) -> Iterator[str]:
    ui = fmt.ui
    side = {id(row): stands_apart(row.metric, overall.value, len(known)) for row in known}
    below = [row for row in known if side[id(row)] < 0]
    above = [row for row in known if side[id(row)] > 0]
    if below:
        lowest = min(below, key=lambda row: row.metric.value)
        name = metric_named(fmt.scale, ui, opens=True)
        yield say("journey_worst", ui, name=name, **_told(lowest, fmt))
        if listed := _drivers(lowest, titles, fmt):
            yield say("journey_drivers", ui, list=listed)
        elif lowest.top:
            said = [topic(category, polarity, titles, ui) for category, polarity, _ in lowest.top]
            yield say("journey_said", ui, list=", ".join(said))
    if above:
        yield say("journey_best", ui, **_told(max(above, key=lambda row: row.metric.value), fmt))
    if not below and not above:
        yield say("journey_flat", ui)
    whole = next((row for row in rows if not row.stage and not row.touchpoint), None)
    if whole is not None and whole.opinions:
        yield _origins(whole, fmt)


def _drivers(row: JourneyRow, titles: Titles, fmt: MetricFormat) -> str:
    """What moves the metric most at a place: "Waiting time − (−2.1), …"; empty where unknown."""
    return ", ".join(
        f"{topic(one.category, one.polarity, titles, fmt.ui)} ({fmt.change(one.impact.value)})"
        for one in row.drivers
        if math.isfinite(one.impact.value)
    )


def _told(row: JourneyRow, fmt: MetricFormat) -> dict[str, str]:
    return {
        "place": place(row, fmt),
        "value": fmt.level(row.metric.value),
        "span": fmt.level_span(row.metric),
    }


def _origins(row: JourneyRow, fmt: MetricFormat) -> str:
    """How the stages are known; touchpoints stand in the table."""
    known: Origins = row.stage_origins
    names = ("given", "read", "assumed")
    shares = percents([getattr(known, name) / row.opinions for name in names], fmt.ui)
    told = dict(zip(names, shares, strict=True))
    return say("journey_origins", fmt.ui, n=number(row.opinions, fmt.ui), **told)


def _sheet(title: str, rows: Sequence[JourneyRow], titles: Titles, fmt: MetricFormat) -> Sheet:
    ui = fmt.ui
    keys = (
        "impact_there",
        "opinions_word",
        "blame",
        "praise",
        "origin_word",
        "drivers_there",
        "said_most",
    )
    return Sheet(
        title=title,
        head=(
            say("place_word", ui),
            metric_name(fmt.scale, ui),
            *(say(key, ui) for key in keys),
        ),
        lines=tuple(_line(row, titles, fmt) for row in rows),
        shown=3,
    )


def _line(row: JourneyRow, titles: Titles, fmt: MetricFormat) -> Line:
    ui = fmt.ui
    origins = row.stage_origins if row.stage else row.touchpoint_origins
    shares = [getattr(origins, name) / row.opinions for name in ("given", "read", "assumed")]
    said = ", ".join(
        f"{topic(category, polarity, titles, ui)} ({number(count, ui)})"
        for category, polarity, count in row.top
    )
    return Line(
        name=place(row, fmt),
        cells=(
            level_cell(row.metric, fmt),
            change_cell(row.impact, fmt),
            Cell(number(row.opinions, ui)),
            Cell(percent(row.negative, ui)),
            Cell(percent(row.positive, ui)),
            Cell(" · ".join(percent(share, ui) for share in shares)),
            Cell("", _drivers(row, titles, fmt)),
            Cell("", said),
        ),
        notes=caveat_texts((*row.caveats, *row.metric.caveats, *row.impact.caveats), titles, fmt),
    )
