"""The lines of the requirement with what was measured, as markdown."""

from __future__ import annotations

import math
from collections.abc import Sequence

from benchmarks.models import categories, training
from benchmarks.models.aims import Aim, aims
from benchmarks.models.category_sets import MAPPING
from benchmarks.models.record import Row, number
from benchmarks.models.tables import interval


def table(rows: Sequence[Row], models: Sequence[str]) -> str:
    """The table, with a column per model; a dash where nothing was measured."""
    head = ["on", "anchor", "must", "aim", "most frequent always", *models]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for aim in aims():
        cells = [_measured(aim, row_of(rows, aim, model)) for model in models]
        given = [aim.on, aim.anchor, aim.must, aim.aim, _constant(aim, rows)]
        lines.append("| " + " | ".join([*given, *cells]) + " |")
    return "\n".join(lines)


def row_of(rows: Sequence[Row], aim: Aim, model: str) -> Row | None:
    """A model's row for a line: by descriptions where it can, else by the mapping from `cx`.

    In the part that trains, the model is the base.
    """
    name = f"warum train ({model})" if aim.part == training.PART else model
    mine = [r for r in rows if (r.part, r.key, r.contender) == (aim.part, aim.key, name)]
    return min(mine, key=lambda row: row.way == MAPPING, default=None)


def _measured(aim: Aim, row: Row | None) -> str:
    if row is None or not math.isfinite(row[aim.figure]):
        return "–"
    if aim.key == categories.DIFFERENCE:
        return interval(row)
    text = _both(row, (aim.figure, *([aim.macro] if aim.macro else [])))
    if aim.count:
        text += f" (n {int(row[aim.count]):,})"
    return text + (" by mapping" if row.way == MAPPING else "")


def _constant(aim: Aim, rows: Sequence[Row]) -> str:
    """The figures of the constant answer: those of the set, the same whoever is measured."""
    for row in rows:
        if (
            (row.part, row.key) == (aim.part, aim.key)
            and aim.constant
            and aim.constant[0] in row.figures
        ):
            return _both(row, aim.constant)
    return "–"


def _both(row: Row, figures: Sequence[str]) -> str:
    return " / ".join(number(row[figure]) for figure in figures)
