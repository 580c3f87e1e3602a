"""What hurts and what delights, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from warum.caveats import Caveat
from warum.reasons.asymmetry import Asymmetries, Asymmetry
from warum.records import Estimate
from warum.report.asymmetry_chart import KINDS, PICTURED, asymmetry_chart, ranked_asymmetries
from warum.report.numbers import MetricFormat, number
from warum.report.sentences import metric_named
from warum.report.why_labels import Titles, topic
from warum.report.why_sections import (
    Cell,
    Figure,
    Line,
    Part,
    Sheet,
    amount,
    caveat_texts,
    change_cell,
)
from warum.report.words import say

_NAMED = 5


def asymmetry_part(found: Asymmetries, titles: Titles, fmt: MetricFormat) -> Part:
    """Penalty and reward of every topic as sentences, map and table.

    Args:
        found: What was estimated.
        titles: Titles of the categories.
        fmt: How the metric's numbers are written.
    """
    ui = fmt.ui
    ranked = ranked_asymmetries(found.rows)
    drawn = tuple(row for row in ranked if math.isfinite(row.contrast.value))[:PICTURED]
    doubts: tuple[Caveat, ...] = found.caveats
    if not drawn:
        return Part(leads=(say("asymmetry_none", ui),), notes=caveat_texts(doubts, titles, fmt))
    listed = "; ".join(
        say(
            "chart_asymmetry_row",
            ui,
            title=topic(row.category, None, titles, ui),
            penalty=fmt.change(row.penalty.value),
            reward=fmt.change(row.reward.value),
            kind=say(f"asymmetry_{row.kind}", ui),
        )
        for row in drawn
    )
    figure = Figure(
        draw=lambda canvas: asymmetry_chart(drawn, titles, fmt, canvas),
        description=say("chart_asymmetry", ui, list=listed),
        caption=say("caption_asymmetry", ui, metric=metric_named(fmt.scale, ui)),
        key=(("negative", say("penalty", ui)), ("positive", say("reward", ui))),
    )
    return Part(
        leads=tuple(_leads(ranked, drawn, titles, fmt)),
        figure=figure,
        sheets=(_sheet(ranked, titles, fmt),),
        notes=caveat_texts(doubts, titles, fmt),
    )


def _leads(
    rows: Sequence[Asymmetry], drawn: Sequence[Asymmetry], titles: Titles, fmt: MetricFormat
) -> Iterator[str]:
    ui = fmt.ui
    yield from _most(drawn, titles, fmt)
    for kind in KINDS[:-1]:
        names = [topic(row.category, None, titles, ui) for row in rows if row.kind == kind]
        if names:
            listed = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
            yield say(f"asymmetry_lead_{kind}", ui, list=listed)
    open_ = sum(row.kind == "undecided" for row in rows)
    if open_ == len(rows):
        yield say("asymmetry_all_undecided", ui, n=number(open_, ui))
    elif open_:
        yield say("asymmetry_lead_undecided", ui, n=number(open_, ui), all=number(len(rows), ui))


def _most(rows: Sequence[Asymmetry], titles: Titles, fmt: MetricFormat) -> Iterator[str]:
    """The surest cost and gain in the picture: those whose intervals lie farthest from 0."""
    costs = [row for row in rows if row.penalty.low > 0]
    gains = [row for row in rows if row.reward.low > 0]
    if not costs or not gains:
        return
    cost = max(costs, key=lambda row: (row.penalty.low, row.category))
    gain = max(gains, key=lambda row: (row.reward.low, row.category))
    yield say(
        "asymmetry_most",
        fmt.ui,
        cost=topic(cost.category, None, titles, fmt.ui),
        amount=amount(cost.penalty.value, fmt, signed=False),
        cost_span=_size_span(cost.penalty, fmt),
        gain=topic(gain.category, None, titles, fmt.ui),
        gained=amount(gain.reward.value, fmt, signed=False),
        gain_span=_size_span(gain.reward, fmt),
    )


def _sheet(rows: Sequence[Asymmetry], titles: Titles, fmt: MetricFormat) -> Sheet:
    ui = fmt.ui
    keys = ("driver", "penalty", "reward", "contrast", "verdict", "complaints", "praises")
    return Sheet(
        title=say("data_table", ui),
        head=tuple(say(key, ui) for key in keys),
        lines=tuple(
            Line(
                name=topic(row.category, None, titles, ui),
                cells=(
                    _size(row.penalty, fmt),
                    _size(row.reward, fmt),
                    change_cell(row.contrast, fmt),
                    Cell(say(f"asymmetry_{row.kind}", ui)),
                    Cell(number(row.complaints, ui)),
                    Cell(number(row.praises, ui)),
                ),
                notes=caveat_texts(row.caveats, titles, fmt),
            )
            for row in rows
        ),
    )


def _size(of: Estimate, fmt: MetricFormat) -> Cell:
    """A cost or gain, which has no sign of its own."""
    return Cell(fmt.change(of.value, signed=False), _size_span(of, fmt))


def _size_span(of: Estimate, fmt: MetricFormat) -> str:
    """The interval of a cost or gain; empty where it is withheld."""
    if not (math.isfinite(of.low) and math.isfinite(of.high)):
        return ""
    low, high = (fmt.change(end, signed=False) for end in (of.low, of.high))
    return say("span", fmt.ui, low=low, high=high)
