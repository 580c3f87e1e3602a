"""The picture of emotion, intent and effort."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from warum.caveats import Ui
from warum.report.chart_rows import finite, row_axis
from warum.report.chart_style import (
    BETTER,
    FONT,
    INK,
    MUTED,
    NEUTRAL,
    PAPER,
    WIDE,
    WORSE,
    Canvas,
    Row,
    named_apart,
    styled,
    tick_label,
)
from warum.report.manner import Manner, MannerRow
from warum.report.numbers import NOTHING, MetricFormat, percent
from warum.report.summary_records import Summary
from warum.report.words import say

if TYPE_CHECKING:
    import altair as alt

GOOD = frozenset({"joy", "gratitude", "praise", "low"})
BAD = frozenset(
    {
        "anger", "disappointment", "sadness", "fear", "confusion",
        "complaint", "bug_report", "churn_risk", "high",
    }
)  # fmt: skip

_ROW_WIDE, _ROW_NARROW = 27, 40
_TEXT = 64
"""Room of a column of numbers, in pixels."""


def manner_chart(summary: Summary, ui: Ui, canvas: Canvas = WIDE) -> alt.Chart:
    """Shares of emotions, intents and efforts as bars with their interval, in a group each.

    Blue sounds content, orange discontent. At the right stand the share and, where there is a score, the
    metric among the occasions with such a comment.

    Args:
        summary: A summary with at least one manner.
        ui: Language of labels and numbers.
        canvas: Size; its rows are set closer.
    """
    import altair as alt

    rows = named_apart([row for manner in summary.manners for row in _rows(manner, summary, ui)])
    canvas = replace(canvas, row=_ROW_NARROW if canvas.labels_above else _ROW_WIDE)
    base = alt.Chart(alt.Data(values=tuple(rows)))
    y = row_axis(rows, canvas)
    suffix = "\N{NO-BREAK SPACE}%" if ui == "de" else "%"
    axis = alt.Axis(
        title=say("share_comments", ui), labelExpr=tick_label(ui, suffix=suffix), tickCount=5
    )
    top = max(row["high"] for row in rows if not row["head"])
    scale = alt.Scale(domain=[0, top], nice=False)
    values = base.transform_filter("!datum.head")
    shift = 4 if canvas.labels_above else 0
    layers = [
        values.mark_bar(height=9 if canvas.labels_above else 14, yOffset=shift).encode(
            y=y,
            x=alt.X("value:Q", axis=axis, scale=scale),
            color=alt.Color("colour:N", scale=None),
        ),
        # The interval is visible on its own bar too: dark on a wider line of the paper.
        *(
            values.mark_rule(strokeWidth=width, color=colour, yOffset=shift).encode(
                y=y, x=alt.X("low:Q", scale=scale), x2="high:Q"
            )
            for width, colour in ((4.5, PAPER), (1.8, INK))
        ),
        *_texts(base, y, canvas, scored=bool(summary.scores)),
    ]
    chart = alt.layer(*layers).properties(height=canvas.row * len(rows))
    return styled(chart, canvas)  # the numbers at the right make their own room


def _rows(manner: Manner, summary: Summary, ui: Ui) -> list[Row]:
    """A heading, which names the columns of numbers too, and a row per value."""
    scores = summary.scores[:1]
    heading = {
        "name": manner.title[ui],
        "head": True,
        "text": say("share", ui),
        "among": _score_word(summary, ui) if scores else "",
    }
    return [heading, *(_value_row(row, summary, ui) for row in manner.rows)]


def _score_word(summary: Summary, ui: Ui) -> str:
    """The first score's metric in a word: names of columns are too long for a heading."""
    metric = summary.scores[0].scale.metric
    return metric.upper() if metric in ("nps", "csat", "ces") else say("score_word", ui)


def _value_row(row: MannerRow, summary: Summary, ui: Ui) -> Row:
    share = 100 * row.share.value
    among = NOTHING
    if summary.scores and row.metrics[0] is not None:
        among = MetricFormat(summary.scores[0].scale, ui).level(row.metrics[0].value)
    return {
        "name": row.title[ui],
        "head": False,
        "value": share,
        "low": finite(100 * row.share.low, share),
        "high": finite(100 * row.share.high, share),
        "text": percent(row.share.value, ui),
        "among": among if summary.scores else "",
        "colour": BETTER if row.code in GOOD else WORSE if row.code in BAD else NEUTRAL,
    }


def _texts(base: Any, y: Any, canvas: Canvas, *, scored: bool) -> list[Any]:  # noqa: ANN401 - altair's classes
    """Share and metric at the right, and on a narrow picture the name above its bar."""
    import altair as alt

    columns = {"text": -_TEXT if scored else 0, "among": 0}
    if not canvas.labels_above:
        columns = {"text": _TEXT - 4, "among": 2 * _TEXT - 4}
    if not scored:
        del columns["among"]
    texts = []
    for head, halo in product((True, False), _halos(canvas)):
        rows = base.transform_filter("datum.head" if head else "!datum.head")
        shared = {"font": FONT, "fontSize": 13, "dy": _dy(canvas, head), **halo}
        style = {"fontWeight": 400 if head else 600, "color": MUTED if head else INK}
        for column, dx in columns.items():
            mark = rows.mark_text(align="right", dx=dx, **shared, **style)
            texts.append(mark.encode(y=y, x=alt.XValue("width"), text=alt.Text(f"{column}:N")))
        if canvas.labels_above:
            named = {"fontWeight": 700 if head else 400, "color": INK}
            mark = rows.mark_text(align="left", limit=canvas.width - 2 * _TEXT, **shared, **named)
            texts.append(mark.encode(y=y, x=alt.XValue(0), text=alt.Text("name:N")))
    return texts


def _dy(canvas: Canvas, head: bool) -> int:
    """On a narrow picture a label stands above its bar, and a heading near what it heads."""
    if not canvas.labels_above:
        return 0
    return 4 if head else -11


def _halos(canvas: Canvas) -> tuple[dict[str, Any], ...]:
    """On a narrow picture a stroke in the paper's colour keeps grid lines out of the letters."""
    if not canvas.labels_above:
        return ({},)
    return ({"stroke": PAPER, "strokeWidth": 5, "strokeJoin": "round"}, {})
