"""How sure the labels are, in words: the model's figures beside those corrected by a person's labels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from warum.answers.corrected import Corrected
from warum.audit.driver_records import CorrectedDriver
from warum.report.corrected_chart import corrected_chart, pictured_corrections
from warum.report.manner_sentences import share_span
from warum.report.numbers import MetricFormat, number, percent
from warum.report.summary import higher_is_better
from warum.report.why_labels import Titles, topic
from warum.report.why_sections import (
    Cell,
    Figure,
    Line,
    Part,
    Sheet,
    caveat_texts,
    change_cell,
    improves,
)
from warum.report.words import say


def audit_part(found: Corrected, titles: Titles, fmt: MetricFormat) -> Part:
    """The correction as sentences, picture and table.

    Args:
        found: What was estimated.
        titles: Titles of the categories.
        fmt: How the metric's numbers are written.
    """
    ui, drawn = fmt.ui, pictured_corrections(found.drivers)
    figure = None
    if drawn:
        better_up = higher_is_better(fmt.scale)
        listed = "; ".join(
            say(
                "chart_audit_row",
                ui,
                label=_name(row, titles, fmt),
                impact=fmt.change(row.impact.value),
                naive=fmt.change(row.naive_impact.value),
            )
            for row in drawn
        )
        figure = Figure(
            draw=lambda canvas: corrected_chart(
                drawn, titles, fmt, better_up=better_up, canvas=canvas
            ),
            description=say("chart_audit", ui, list=listed),
            caption=say("caption_audit", ui),
            key=(
                ("negative", say("worse_side", ui)),
                ("positive", say("better_side", ui)),
                ("hollow", say("hollow", ui)),
                ("diamond", say("model_alone", ui)),
            ),
        )
    return Part(
        leads=tuple(_leads(found, titles, fmt)),
        figure=figure,
        sheets=(_sheet(found.drivers, titles, fmt),) if found.drivers else (),
        notes=caveat_texts(found.caveats, titles, fmt),
    )


def _name(row: CorrectedDriver, titles: Titles, fmt: MetricFormat) -> str:
    return topic(row.category, row.polarity, titles, fmt.ui)


def _leads(found: Corrected, titles: Titles, fmt: MetricFormat) -> Iterator[str]:
    ui = fmt.ui
    yield say("audit_lead", ui, n=number(found.labelled, ui), people=number(found.customers, ui))
    first = next((row for row in found.drivers if row.selected is not None), None)
    if first is not None:
        naive = first.naive_impact
        yield say(
            "audit_first",
            ui,
            label=_name(first, titles, fmt),
            impact=fmt.change(first.impact.value),
            span=fmt.change_span(first.impact),
            naive=fmt.change(naive.value),
        )
        yield say("audit_wide", ui)
    elif found.drivers:
        yield say("audit_unclear", ui)
    overall = next((one for one in found.agreement if not one.category), None)
    if overall is not None and math.isfinite(overall.alpha.value):
        low, high = (number(end, ui, 2) for end in (overall.alpha.low, overall.alpha.high))
        yield say(
            "agreement_all",
            ui,
            alpha=number(overall.alpha.value, ui, 2),
            span=say("span", ui, low=low, high=high),
        )


def _sheet(rows: Sequence[CorrectedDriver], titles: Titles, fmt: MetricFormat) -> Sheet:
    ui = fmt.ui
    keys = (
        "driver", "impact_corrected", "impact_model", "share_corrected", "share_model",
        "effect_corrected", "missed_invented", "labelled_people",
    )  # fmt: skip
    return Sheet(
        title=say("data_table", ui),
        head=tuple(say(key, ui) for key in keys),
        lines=tuple(_line(row, titles, fmt) for row in rows),
        about=say("audit_about", ui),
        toned=True,
    )


def _line(row: CorrectedDriver, titles: Titles, fmt: MetricFormat) -> Line:
    ui, share = fmt.ui, row.share
    tone = improves(row.impact.value, higher_is_better(fmt.scale))
    return Line(
        name=_name(row, titles, fmt),
        cells=(
            change_cell(row.impact, fmt),
            change_cell(row.naive_impact, fmt),
            Cell(percent(share.corrected.value, ui), share_span(share.corrected, ui)),
            Cell(percent(share.naive.value, ui)),
            change_cell(row.effect, fmt),
            Cell(f"{number(share.missed, ui)} · {number(share.invented, ui)}"),
            Cell(number(row.labelled, ui)),
        ),
        notes=caveat_texts(row.caveats, titles, fmt),
        tone="" if row.selected is None else tone,
    )
