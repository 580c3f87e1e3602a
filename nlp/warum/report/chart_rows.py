"""What pictures made of rows share: labels, numbers at the right, dots with intervals."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from warum.caveats import Ui
from warum.report.chart_style import (
    FONT,
    INK,
    MUTED,
    NEUTRAL,
    PAPER,
    Canvas,
    Row,
    named_apart,
    styled,
    tick_label,
)

if TYPE_CHECKING:
    import altair as alt

_ROOM = 0.04
"""Room beside the outermost values, as a part of the axis."""


def finite(value: float, otherwise: float) -> float:
    """The value, or another where it is NaN or infinite."""
    return value if math.isfinite(value) else otherwise


def row_axis(rows: Sequence[Row], canvas: Canvas) -> Any:  # noqa: ANN401 - an altair.Y
    """One line per row, its name at the left; a row with `head` is a heading in bold.

    Args:
        rows: Rows with a `name` each, all different, in order.
        canvas: Size; where labels stand above their row, `row_texts` writes them.
    """
    import altair as alt

    names = [row["name"] for row in rows]
    scale = alt.Scale(paddingOuter=0.1, domain=names)
    if canvas.labels_above:
        return alt.Y("name:N", sort=None, axis=None, scale=scale)
    heads = json.dumps([row["name"] for row in rows if row.get("head")])
    # A heading is bold, and so a little wider.
    room = canvas.label_room([row["name"] + "  " * bool(row.get("head")) for row in rows])
    axis = alt.Axis(
        title=None,
        labelLimit=room - 8,
        minExtent=room,
        maxExtent=room,
        labelColor=INK,
        labelFontSize=14,
        labelFontWeight=alt.condition(
            f"indexof({heads}, datum.value) >= 0", alt.value(700), alt.value(400)
        ),
    )
    return alt.Y("name:N", sort=None, axis=axis, scale=scale)


def value_scale(values: Iterable[float]) -> Any:  # noqa: ANN401 - an altair.Scale
    """A scale that just holds the values; those that are no numbers are passed over."""
    import altair as alt

    known = [value for value in values if math.isfinite(value)] or [0.0]
    low, high = min(known), max(known)
    room = _ROOM * (high - low or 1.0)
    return alt.Scale(domain=[low - room, high + room], nice=False, zero=False)


def forest(
    rows: list[Row], *, zero: float, dashed: bool, title: str, ui: Ui, canvas: Canvas
) -> alt.Chart:
    """Dots with their intervals, a row each.

    Args:
        rows: `name`, `value`, `low`, `high`, `text` (the number at the right), `colour` and `inside` (the
            dot's filling); a row with `head` has a name only. Where all of a kind have them: `beside`,
            another value, drawn as a small grey mark; `joined`, whether a line leads to the next row.
        zero: Where the upright line stands.
        dashed: Whether it is dashed.
        title: What the numbers are.
        ui: Language of the numbers on the axis.
        canvas: Size.
    """
    import altair as alt

    rows = _joined(named_apart(rows))
    base = alt.Chart(alt.Data(values=tuple(rows)))
    y = row_axis(rows, canvas)
    values = [zero, *(row[key] for row in rows if not row.get("head") for key in ("low", "high"))]
    values += [row["beside"] for row in rows if row.get("beside") is not None]
    axis = alt.Axis(title=title, labelExpr=tick_label(ui), tickCount=5, grid=True)
    scale = value_scale(values)
    dash = [4, 4] if dashed else [1, 0]
    colour = alt.Color("colour:N", scale=None)
    dots = base.transform_filter("!datum.head")
    x = alt.X("value:Q", axis=axis, scale=scale)
    layers = [
        base.mark_rule(color=MUTED, strokeDash=dash).encode(
            x=alt.XDatum(zero, type="quantitative")
        ),
        *_joins(base, x, y, rows),
        dots.mark_rule(strokeWidth=2.5, strokeCap="round").encode(
            y=y, x=alt.X("low:Q", axis=axis, scale=scale), x2="high:Q", color=colour
        ),
        dots.mark_point(size=95, strokeWidth=2, opacity=1, filled=False).encode(
            y=y, x=x, stroke=colour, fill=alt.Fill("inside:N", scale=None)
        ),
        *_beside(base, axis, scale, y, rows),
        *row_texts(base, y, canvas),
    ]
    chart = alt.layer(*layers).properties(height=canvas.row * len(rows))
    return styled(chart, canvas, right=canvas.right)


def _joined(rows: list[Row]) -> list[Row]:
    """Each joined row with the place of the next one."""
    found = []
    for row, following in zip(rows, [*rows[1:], {}], strict=True):
        if row.get("joined"):
            row = {**row, "next": following["name"], "next_value": following["value"]}
        found.append(row)
    return found


def _joins(base: Any, x: Any, y: Any, rows: Sequence[Row]) -> list[Any]:  # noqa: ANN401 - altair's classes
    import altair as alt

    if not any(row.get("joined") for row in rows):
        return []
    line = base.transform_filter("datum.joined").mark_rule(color=NEUTRAL, strokeWidth=1.5)
    return [line.encode(x=x, x2=alt.X2("next_value:Q"), y=y, y2=alt.Y2("next:N"))]


def _beside(base: Any, axis: Any, scale: Any, y: Any, rows: Sequence[Row]) -> list[Any]:  # noqa: ANN401 - altair's classes
    import altair as alt

    if not any(row.get("beside") is not None for row in rows):
        return []
    marks = base.transform_filter("isValid(datum.beside)").mark_point(
        shape="diamond", size=70, color=MUTED, fill=PAPER, strokeWidth=1.8, opacity=1
    )
    return [marks.encode(y=y, x=alt.X("beside:Q", axis=axis, scale=scale))]


def row_texts(base: Any, y: Any, canvas: Canvas, *, dy: int = -15) -> list[Any]:  # noqa: ANN401 - altair's classes
    """The number at the right of each row, and on a narrow picture the name above it.

    Args:
        base: A chart of the rows: `name`, `text`, perhaps `head`.
        y: What `row_axis` gave.
        canvas: Size.
        dy: How far above its row a name stands on a narrow picture, in pixels.
    """
    import altair as alt

    number_style: dict[str, Any] = {"align": "right", "fontSize": 13, "fontWeight": 600}
    if not canvas.labels_above:
        value = base.mark_text(font=FONT, color=INK, dx=canvas.right - 4, **number_style)
        return [value.encode(y=y, x=alt.XValue("width"), text=alt.Text("text:N"))]
    texts = []
    # The wide stroke in the paper's colour keeps grid lines from running through the letters.
    halos: tuple[dict[str, Any], ...] = (
        {"stroke": PAPER, "strokeWidth": 5, "strokeJoin": "round"},
        {},
    )
    for head, halo in product((True, False), halos):
        rows = base.transform_filter("datum.head" if head else "!datum.head")
        weight = {"fontWeight": 700} if head else {}
        shared = {"font": FONT, "color": INK, "dy": 4 if head else dy, **halo}
        limit = canvas.width - (8 if head else 70)
        name = rows.mark_text(align="left", fontSize=13, limit=limit, **weight, **shared)
        value = rows.mark_text(**number_style, **shared)
        texts.append(name.encode(y=y, x=alt.XValue(0), text=alt.Text("name:N")))
        texts.append(value.encode(y=y, x=alt.XValue("width"), text=alt.Text("text:N")))
    return texts
