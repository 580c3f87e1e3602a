"""The parts of a change as tables."""

from __future__ import annotations

import math
from collections.abc import Iterator

from warum.answers.change import Comparison
from warum.reasons.change_rows import AdjustedRow, Change, ChangeRow, SegmentRow, SideOfRow
from warum.records import Estimate
from warum.report.change_steps import is_clear
from warum.report.column_words import column_name
from warum.report.numbers import NOTHING, MetricFormat, number, percent
from warum.report.summary import higher_is_better
from warum.report.why_labels import Titles, topic
from warum.report.why_sections import (
    Cell,
    Line,
    Sheet,
    Tone,
    caveat_texts,
    change_cell,
    improves,
)
from warum.report.words import say

_GROUP_HEAD = ("group_word", "mix_part", "within_part", "share_of_answers", "metric_among_short")


def change_sheets(comparison: Comparison, titles: Titles, fmt: MetricFormat) -> Iterator[Sheet]:
    """The parts of a change as tables: the waterfall, who answered, the adjusted view, other mixes.

    Args:
        comparison: What was estimated.
        titles: Titles of the categories.
        fmt: How the metric's numbers are written.
    """
    ui, change = fmt.ui, comparison.parts
    if change.waterfall:
        yield Sheet(
            title=say("data_table", ui),
            head=tuple(
                say(key, ui)
                for key in (
                    "driver",
                    "part",
                    "mentioned",
                    "metric_among_short",
                    "mix_word",
                    "rate_word",
                )
            ),
            lines=tuple(_line(row, titles, fmt) for row in change.waterfall),
            about=say("explain_parts", ui),
            toned=True,
        )
    if change.segments:
        yield Sheet(
            title=say(
                "segments_more", ui, by=column_name(comparison.segment or say("group_word", ui), ui)
            ),
            head=tuple(
                say(key, ui)
                for key in (
                    "group_word",
                    "mix_part",
                    "within_part",
                    "share_of_answers",
                    "metric_among_short",
                )
            ),
            lines=tuple(_segment(row, titles, fmt) for row in change.segments),
        )
    if change.adjusted:
        yield Sheet(
            title=say("adjusted_more", ui),
            head=tuple(
                say(key, ui) for key in ("driver", "part", "composition_word", "coefficient_word")
            ),
            lines=tuple(_adjusted(change, titles, fmt)),
            about=say("adjusted_about", ui),
            toned=True,
        )
    if len(comparison.mixes) > 1:
        yield Sheet(
            title=say("mixes_more", ui),
            head=(say("column", ui), say("part", ui)),
            lines=tuple(
                Line(
                    column_name(mix.column, ui),
                    (change_cell(mix.part, fmt),),
                    tone=_clear_tone(mix.part, fmt),
                )
                for mix in comparison.mixes
            ),
            about=say("mixes_about", ui),
            toned=True,
        )


def _line(row: ChangeRow, titles: Titles, fmt: MetricFormat) -> Line:
    return Line(
        name=topic(row.category, row.polarity, titles, fmt.ui),
        cells=(
            change_cell(row.total, fmt),
            _shares(row.before, row.after, fmt),
            _levels(row.before, row.after, fmt),
            change_cell(row.mix, fmt),
            change_cell(row.rate, fmt),
        ),
        notes=caveat_texts(row.caveats, titles, fmt),
        tone=_tone(row.total, fmt) if row.selected is not None else "",
    )


def _tone(part: Estimate, fmt: MetricFormat) -> Tone:
    return improves(part.value, higher_is_better(fmt.scale))


def _clear_tone(part: Estimate, fmt: MetricFormat) -> Tone:
    return _tone(part, fmt) if is_clear(part) else ""


def _shares(before: SideOfRow, after: SideOfRow, fmt: MetricFormat) -> Cell:
    ui = fmt.ui
    return Cell(
        _arrow(percent(before.share, ui), percent(after.share, ui), fmt),
        _arrow(_count(before, fmt), _count(after, fmt), fmt),
    )


def _count(one: SideOfRow, fmt: MetricFormat) -> str:
    return NOTHING if one.mentions is None else number(one.mentions, fmt.ui)


def _levels(before: SideOfRow, after: SideOfRow, fmt: MetricFormat) -> Cell:
    return Cell(_arrow(fmt.level(before.metric), fmt.level(after.metric), fmt))


def _arrow(before: str, after: str, fmt: MetricFormat) -> str:
    return say("before_after", fmt.ui, before=before, after=after)


def _segment(row: SegmentRow, titles: Titles, fmt: MetricFormat) -> Line:
    return Line(
        name=row.value,
        cells=(
            change_cell(row.mix, fmt),
            change_cell(row.within, fmt),
            _shares(row.before, row.after, fmt),
            _levels(row.before, row.after, fmt),
        ),
        notes=caveat_texts(row.caveats, titles, fmt),
        tone=_clear_tone(row.mix, fmt),
    )


def _adjusted(change: Change, titles: Titles, fmt: MetricFormat) -> Iterator[Line]:
    for row in change.adjusted:
        yield Line(
            name=_members(row, titles, fmt),
            cells=(
                change_cell(row.total, fmt),
                change_cell(row.composition, fmt),
                change_cell(row.coefficients, fmt),
            ),
            notes=caveat_texts(row.caveats, titles, fmt),
            tone=_tone(row.total, fmt) if row.selected is not None else "",
        )
    if math.isfinite(change.unexplained.value):
        yield Line(say("unexplained_word", fmt.ui), (change_cell(change.unexplained, fmt),))


def _members(row: AdjustedRow, titles: Titles, fmt: MetricFormat) -> str:
    """The topics and facts of a row; all polarities of one category are that category."""
    polarities: dict[str, list[str]] = {}
    for category, polarity in row.pairs:
        polarities.setdefault(category, []).append(polarity)
    names = [
        topic(category, said[0] if len(said) == 1 else None, titles, fmt.ui)
        for category, said in polarities.items()
    ]
    return ", ".join([*names, *(column_name(one, fmt.ui) for one in row.controls)])
