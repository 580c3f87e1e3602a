"""The sections of the "why" in a reader's words: built once, shown as page, on a terminal and in a notebook.

Plain sentences come first, then a picture, then the figures.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from warum.caveats import Caveat
from warum.records import Estimate
from warum.report.chart_style import Canvas
from warum.report.marked import ShownQuote
from warum.report.numbers import NOTHING, MetricFormat
from warum.report.sentences import caveat_text
from warum.report.why_labels import Titles
from warum.report.words import say

if TYPE_CHECKING:
    import altair as alt

Tone = Literal["", "better", "worse"]
Dot = Literal["negative", "neutral", "positive", "hollow", "diamond", "band"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its words.

    Attributes:
        draw: Draws it at a size.
        description: What it shows, for those who do not see it.
        caption: How it is read.
        key: Marks and what they mean.
    """

    draw: Callable[[Canvas], alt.Chart]
    description: str
    caption: str
    key: tuple[tuple[Dot, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, and what stands small beneath it (its interval, mostly)."""

    text: str
    under: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a sheet.

    Attributes:
        name: Its first cell.
        cells: The others.
        notes: Doubts about it.
        tone: Colours the first figure; "" where it could be chance.
        head: Whether it heads the lines beneath it.
    """

    name: str
    cells: tuple[Cell, ...] = ()
    notes: tuple[str, ...] = ()
    tone: Tone = ""
    head: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """Figures as a table.

    Attributes:
        title: What it is.
        head: Heading of each column.
        lines: Its rows.
        about: How it is read; may hold tags of ours.
        shown: Figures of a line that a terminal has room for; 0 where it does without the table.
        toned: Whether a line without a tone could be chance.
    """

    title: str
    head: tuple[str, ...]
    lines: tuple[Line, ...]
    about: str = ""
    shown: int = 2
    toned: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a section: sentences, a picture, figures, comments.

    Attributes:
        heading: Empty where the section has one part only.
        leads: What was found, in plain sentences.
        figure: The picture.
        sheets: The figures.
        quotes: Comments behind it.
        polarity: What colours the comments' margin.
        notes: Doubts about all of it.
    """

    heading: str = ""
    leads: tuple[str, ...] = ()
    figure: Figure | None = None
    sheets: tuple[Sheet, ...] = ()
    quotes: tuple[ShownQuote, ...] = ()
    polarity: str = "neutral"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One question and its answer.

    Attributes:
        key: Anchor on the page.
        title: The question.
        parts: The answer, at least one.
        more: Parts that a reader has to ask for.
        more_title: What they are.
    """

    key: str
    title: str
    parts: tuple[Part, ...]
    more: tuple[Part, ...] = field(default=())
    more_title: str = ""


def named(part: Part, name: str) -> Part:
    """The part under a heading that says of which score it tells."""
    return replace(part, heading=f"{name}: {part.heading}" if part.heading else name)


def caveat_texts(caveats: Iterable[Caveat], titles: Titles, fmt: MetricFormat) -> tuple[str, ...]:
    """Doubts as sentences, each once."""
    return tuple(dict.fromkeys(caveat_text(caveat, titles, fmt.ui) for caveat in caveats))


def change_cell(estimate: Estimate, fmt: MetricFormat) -> Cell:
    """A difference in the metric with its interval."""
    return Cell(fmt.change(estimate.value), _span(fmt.change_span(estimate)))


def level_cell(estimate: Estimate, fmt: MetricFormat) -> Cell:
    """The metric with its interval."""
    return Cell(fmt.level(estimate.value), _span(fmt.level_span(estimate)))


def _span(text: str) -> str:
    return "" if text == NOTHING else text


def amount(value: float, fmt: MetricFormat, *, signed: bool = True) -> str:
    """A difference with its unit, as it stands in a sentence: "−12.0 points"."""
    if not math.isfinite(value):
        return NOTHING
    text = fmt.change(value if signed else abs(value), signed=signed)
    return f"{text}\N{NO-BREAK SPACE}{say(fmt.unit_key, fmt.ui)}"


def improves(value: float, better_up: bool) -> Tone:
    """The tone of a difference."""
    return "better" if (value > 0) == better_up else "worse"
