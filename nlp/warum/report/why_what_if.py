"""What would be if something were said less or more often, in words: points, money, and what is assumed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import reduce

from warum.answers.whatif import Assumed, WhatIf
from warum.caveats import Ui
from warum.records import Estimate
from warum.report.numbers import NOTHING, MetricFormat, number, percent
from warum.report.sentences import inline, metric_named
from warum.report.why_labels import Titles, topic
from warum.report.why_sections import Cell, Line, Part, Sheet, amount, caveat_texts, change_cell
from warum.report.words import say


def what_if_part(found: WhatIf, titles: Titles, fmt: MetricFormat) -> Part:
    """What the assumed changes would do as sentences and a table.

    Args:
        found: What was estimated.
        titles: Titles of the categories.
        fmt: How the metric's numbers are written.
    """
    return Part(
        leads=tuple(_leads(found, titles, fmt)),
        sheets=(_sheet(found, titles, fmt),),
        notes=caveat_texts((*found.assumptions, *found.caveats), titles, fmt),
    )


def _leads(found: WhatIf, titles: Titles, fmt: MetricFormat) -> Iterator[str]:
    ui, points = fmt.ui, found.points
    assumed = reduce(
        lambda first, second: say("and_joined", ui, first=first, second=second),
        (_assumed(one, titles, ui) for one in found.assumed),
    )
    name = metric_named(fmt.scale, ui)
    if not math.isfinite(points.value):
        yield say("what_if_open", ui, assumed=assumed, metric=name)
        return
    yield say(
        "what_if_points" if math.isfinite(points.low) else "what_if_points_bare",
        ui,
        assumed=assumed,
        metric=name,
        points=amount(points.value, fmt),
        span=fmt.change_span(points),
        now=fmt.level(found.metric.value),
        after=fmt.level(found.metric_after),
    )
    if found.corrected:
        yield say("what_if_corrected", ui)
    yield from _money(found, fmt)


def _assumed(one: Assumed, titles: Titles, ui: Ui) -> str:
    """One assumption inside a sentence: "complaints about waiting time fell by 33%"."""
    title = inline(titles.get(one.category, {"en": one.category, "de": one.category}), ui)
    way = "fewer" if one.change < 0 else "more"
    size = percent(abs(one.change), ui)
    return say(f"assumed_{way}_{one.polarity}", ui, title=title, size=size)


def _money(found: WhatIf, fmt: MetricFormat) -> Iterator[str]:
    ui = fmt.ui
    if found.value is None:
        return
    told = {"value": _sum(found.value.value, ui), "span": _sums(found.value, ui)}
    yield say("what_if_value_is", ui, **told)
    if found.net is None or found.break_even is None:
        return
    net = {"net": _sum(found.net.value, ui), "span": _sums(found.net, ui)}
    yield say(
        "what_if_net",
        ui,
        cost=_sum(found.cost or 0.0, ui),
        break_even=fmt.points(found.break_even),
        **net,
    )


def _sum(value: float, ui: Ui) -> str:
    """A sum of money, in whole units where it is large."""
    return number(value, ui, 0 if abs(value) >= 100 else 2)


def _sums(estimate: Estimate, ui: Ui) -> str:
    low, high = _sum(estimate.low, ui), _sum(estimate.high, ui)
    return NOTHING if NOTHING in (low, high) else say("span", ui, low=low, high=high)


def _sheet(found: WhatIf, titles: Titles, fmt: MetricFormat) -> Sheet:
    ui = fmt.ui
    keys = ("driver", "what_if_moves", "what_if_change", "what_if_now", "what_if_then")
    lines = [
        Line(
            name=topic(one.category, one.polarity, titles, ui),
            cells=(
                change_cell(one.points, fmt),
                Cell(_relative(one.change, ui)),
                Cell(percent(one.share, ui, 1), number(one.mentions, ui)),
                Cell(percent(one.share_after, ui, 1)),
            ),
            notes=caveat_texts(one.points.caveats, titles, fmt),
        )
        for one in found.assumed
    ]
    if len(found.assumed) > 1:
        lines.append(Line(say("all_together", ui), (change_cell(found.points, fmt),)))
    return Sheet(
        title=say("what_if_table", ui),
        head=tuple(say(key, ui) for key in keys),
        lines=tuple(lines),
        shown=4,
    )


def _relative(change: float, ui: Ui) -> str:
    sign = "\N{NO-BREAK SPACE}%" if ui == "de" else "%"
    return number(100 * change, ui, signed=True) + sign
