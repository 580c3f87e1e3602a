"""Why did the metric move, in words: the change, who answered, the topics."""

from __future__ import annotations

import math
from collections.abc import Iterator

from warum.answers.change import Comparison
from warum.caveats import Ui
from warum.reasons.change_rows import Change, ChangeRow
from warum.records import Estimate
from warum.report.change_chart import waterfall_chart
from warum.report.change_steps import is_clear, waterfall_steps
from warum.report.column_words import column_name
from warum.report.numbers import MetricFormat, percent
from warum.report.sentences import metric_name, metric_named
from warum.report.summary import higher_is_better
from warum.report.why_change_tables import change_sheets
from warum.report.why_labels import Titles, side, topic
from warum.report.why_sections import (
    Figure,
    Part,
    amount,
    caveat_texts,
)
from warum.report.words import say

_TOLD = 3
"""Topics that get a sentence of their own."""


def change_part(comparison: Comparison, titles: Titles, fmt: MetricFormat) -> Part:
    """A change as sentences, waterfall and tables.

    Args:
        comparison: What was estimated.
        titles: Titles of the categories.
        fmt: How the metric's numbers are written.
    """
    change = comparison.parts
    steps = waterfall_steps(change, titles, fmt)
    better_up = higher_is_better(fmt.scale)
    figure = None
    if steps:
        figure = Figure(
            draw=lambda canvas: waterfall_chart(
                steps, fmt, metric_name(fmt.scale, fmt.ui), better_up=better_up, canvas=canvas
            ),
            description=say(
                "chart_change",
                fmt.ui,
                before=f"{steps[0].name} {fmt.level(steps[0].part.value)}",
                after=f"{steps[-1].name} {fmt.level(steps[-1].part.value)}",
                list="; ".join(f"{s.name} {fmt.change(s.part.value)}" for s in steps[1:-1]),
            ),
            caption=say("caption_change", fmt.ui),
            key=(
                ("negative", say("key_worse", fmt.ui)),
                ("positive", say("key_better", fmt.ui)),
                ("hollow", say("hollow", fmt.ui)),
            ),
        )
    return Part(
        leads=tuple(_leads(comparison, titles, fmt)),
        figure=figure,
        sheets=tuple(change_sheets(comparison, titles, fmt)),
        notes=caveat_texts(change.caveats, titles, fmt),
    )


def comparison_name(comparison: Comparison, ui: Ui) -> str:
    """What is compared: "May 2025 → Jun 2025", "branch: North → South"."""
    before, after = (side(name, ui) for name in comparison.parts.names)
    sides = say("before_after", ui, before=before, after=after)
    return sides if comparison.kind == "periods" else f"{comparison.by}: {sides}"


def _leads(comparison: Comparison, titles: Titles, fmt: MetricFormat) -> Iterator[str]:
    """Paragraphs: that it moved, who answered, the topics."""
    change = comparison.parts
    difference, moved = change.difference, _moved(change, fmt, comparison.kind == "periods")
    if math.isfinite(difference.low):
        key = "change_sure" if is_clear(difference) else "change_unsure"
        low, high = fmt.change(difference.low), fmt.change(difference.high)
        moved = f"{moved} {say(key, fmt.ui, low=low, high=high)}"
    yield moved
    if not change.waterfall:
        return
    if change.segment_mix is not None:
        yield " ".join(_mix(comparison, change.segment_mix, fmt))
    found = [row for row in change.waterfall if row.selected is not None]
    for row in found[:_TOLD]:
        yield _topic(row, change, titles, fmt)
    if not found:
        yield say("change_no_topic", fmt.ui)


def _moved(change: Change, fmt: MetricFormat, over_time: bool) -> str:
    name = metric_named(fmt.scale, fmt.ui, opens=True)
    first, second = (side(one, fmt.ui) for one in change.names)
    if not math.isfinite(change.difference.value):
        return say("change_unknown", fmt.ui, name=name, first=first, second=second)
    fell = change.difference.value < 0
    key = ("change_" if over_time else "differ_") + ("fell" if fell else "rose")
    return say(
        key,
        fmt.ui,
        name=name,
        amount=amount(change.difference.value, fmt, signed=False),
        before=fmt.level(change.before.value),
        after=fmt.level(change.after.value),
        first=first,
        second=second,
    )


def _mix(comparison: Comparison, mix: Estimate, fmt: MetricFormat) -> Iterator[str]:
    """What a changed mix of segments does, with the segment that does most of it."""
    change = comparison.parts
    told = {
        "part": amount(mix.value, fmt),
        "span": fmt.change_span(mix),
        "by": column_name(comparison.segment or "", fmt.ui),
    }
    if not is_clear(mix):
        yield say("change_mix_unsure", fmt.ui, **told)
        return
    largest = max(change.segments, key=lambda row: abs(row.mix.value))
    first, second = (side(one, fmt.ui) for one in change.names)
    yield say(
        "change_mix",
        fmt.ui,
        value=largest.value,
        before=percent(largest.before.share, fmt.ui),
        after=percent(largest.after.share, fmt.ui),
        first=first,
        second=second,
        **told,
    )
    yield say("change_within", fmt.ui, part=amount(change.difference.value - mix.value, fmt))


def _topic(row: ChangeRow, change: Change, titles: Titles, fmt: MetricFormat) -> str:
    told = {
        "title": topic(row.category, row.polarity, titles, fmt.ui),
        "part": amount(row.total.value, fmt),
        "span": fmt.change_span(row.selected or row.total),
    }
    sides = (row.before, row.after)
    if any(math.isnan(one.share) or math.isnan(one.metric) for one in sides):
        return say("change_topic_bare", fmt.ui, **told)
    first, second = (side(one, fmt.ui) for one in change.names)
    return say(
        "change_topic",
        fmt.ui,
        before=percent(row.before.share, fmt.ui),
        after=percent(row.after.share, fmt.ui),
        metric=metric_name(fmt.scale, fmt.ui),
        level_before=fmt.level(row.before.metric),
        level_after=fmt.level(row.after.metric),
        first=first,
        second=second,
        **told,
    )
