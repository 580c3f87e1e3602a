"""CSV tables of a change."""

from __future__ import annotations

from collections.abc import Sequence

from warum.answers.columns import caveat_column, estimate_columns, number_column, text_column
from warum.reasons.change_rows import Change, ChangeRow, SegmentRow
from warum.table import Column, Table

SEGMENT_MIX, UNEXPLAINED = "(changed mix of segments)", "(not explained by the comments)"


def waterfall_table(change: Change) -> Table:
    """Bars of the waterfall; with the row of the segment mix their `total` adds up to the change."""
    rows = change.waterfall
    table: dict[str, Column] = {
        "category": text_column(rows, lambda row: row.category),
        "polarity": text_column(rows, lambda row: row.polarity),
        **_sides(rows),
        **estimate_columns("mix", rows, lambda row: row.mix),
        **estimate_columns("rate", rows, lambda row: row.rate),
        **estimate_columns("total", rows, lambda row: row.total),
        **estimate_columns("selected", rows, lambda row: row.selected),
        "p_value": number_column(rows, lambda row: row.p_value),
        "q_value": number_column(rows, lambda row: row.q_value),
        "method": text_column(rows, lambda row: row.total.method),
        "caveats": caveat_column(rows, lambda row: row.caveats),
    }
    return Table(table)


def adjusted_table(change: Change) -> Table:
    """Rows of the adjusted view."""
    rows = change.adjusted
    table: dict[str, Column] = {
        "pairs": text_column(rows, lambda row: ";".join(f"{c}:{p}" for c, p in row.pairs)),
        "controls": text_column(rows, lambda row: ";".join(row.controls)),
        **estimate_columns("composition", rows, lambda row: row.composition),
        **estimate_columns("coefficients", rows, lambda row: row.coefficients),
        **estimate_columns("total", rows, lambda row: row.total),
        **estimate_columns("selected", rows, lambda row: row.selected),
        "p_value": number_column(rows, lambda row: row.p_value),
        "q_value": number_column(rows, lambda row: row.q_value),
        "method": text_column(rows, lambda row: row.total.method),
        "caveats": caveat_column(rows, lambda row: row.caveats),
    }
    return Table(table)


def segments_table(change: Change) -> Table:
    """Segments: what their changed shares did, and what happened within them."""
    rows = change.segments
    table: dict[str, Column] = {
        "segment": text_column(rows, lambda row: row.value),
        **_sides(rows),
        **estimate_columns("mix", rows, lambda row: row.mix),
        **estimate_columns("within", rows, lambda row: row.within),
        "caveats": caveat_column(rows, lambda row: row.caveats),
    }
    return Table(table)


def _sides(rows: Sequence[ChangeRow] | Sequence[SegmentRow]) -> dict[str, Column]:
    """Occasions, share and metric of both sides."""
    found: dict[str, Column] = {}
    for side, figures in (
        ("before", [row.before for row in rows]),
        ("after", [row.after for row in rows]),
    ):
        found[f"mentions_{side}"] = number_column(figures, lambda one: one.mentions)
        found[f"share_{side}"] = number_column(figures, lambda one: one.share)
        found[f"metric_{side}"] = number_column(figures, lambda one: one.metric)
    return found
