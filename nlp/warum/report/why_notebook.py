"""The "why" in a notebook: its sections as a card with sentences, pictures and foldable tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from warum.caveats import Ui
from warum.report.chart_style import swap_colours, to_svg
from warum.report.notebook import CANVAS, CSS, DARK_THEMES
from warum.report.why_sections import Cell, Figure, Line, Part, Section, Sheet
from warum.report.words import say

_CSS = """
.warum-card h3{margin:1.2em 0 .2em}
.warum-card h4{margin:1em 0 .2em}
.warum-card details{margin:.3em 0}
.warum-card blockquote{margin:.4em 0;padding-left:.8em;border-left:3px solid #8d98a4}
.warum-card td small{display:block;opacity:.8}
"""


class WhyCard:
    """Sections that a notebook shows by themselves.

    Args:
        sections: The sections, in the reader's words.
        ui: Their language.
    """

    def __init__(self, sections: Sequence[Section], ui: Ui = "en") -> None:
        self.sections = tuple(sections)
        self._ui: Ui = ui

    def __repr__(self) -> str:
        return "\n".join(
            f"{part.heading or section.title}: {' '.join(part.leads[:2])}"
            for section in self.sections
            for part in section.parts
        )

    def _repr_html_(self) -> str:
        return why_html(self.sections, self._ui)


def why_html(sections: Iterable[Section], ui: Ui = "en") -> str:
    """A small HTML fragment with some sections.

    Args:
        sections: The sections.
        ui: Their language.
    """
    css = Markup(CSS + _CSS + "\n".join(map(swap_colours, DARK_THEMES)))  # noqa: S704 - our own text
    body = _join(_section(section, ui) for section in sections)
    return str(Markup("<div class='warum-card'><style>{}</style>{}</div>").format(css, body))


def _join(pieces: Iterable[Markup]) -> Markup:
    return Markup("\n").join(pieces)


def _section(section: Section, ui: Ui) -> Markup:
    parts = _join(_part(part, ui) for part in section.parts)
    return Markup("<h3>{}</h3>{}").format(section.title, parts)


def _part(part: Part, ui: Ui) -> Markup:
    pieces = [Markup("<h4>{}</h4>").format(part.heading)] if part.heading else []
    pieces += [Markup("<p>{}</p>").format(lead) for lead in part.leads]
    if part.figure is not None:
        pieces.append(_figure(part.figure))
    pieces += [_sheet(sheet) for sheet in part.sheets]
    if part.quotes:
        quotes = _join(
            Markup("<blockquote>{}</blockquote>").format("".join(p.text for p in quote.pieces))
            for quote in part.quotes
        )
        pieces.append(_folded(say("alert_quotes", ui), quotes))
    pieces += [Markup("<p class='note'>{}</p>").format(note) for note in part.notes]
    return _join(pieces)


def _figure(figure: Figure) -> Markup:
    svg = Markup(to_svg(figure.draw(CANVAS)))  # noqa: S704 - Vega escapes
    return Markup("<div role='img' aria-label='{}'>{}</div><p class='note'>{}</p>").format(
        figure.description, svg, figure.caption
    )


def _sheet(sheet: Sheet) -> Markup:
    head = Markup("").join(Markup("<th>{}</th>").format(name) for name in sheet.head)
    lines = _join(_line(line) for line in sheet.lines)
    table = Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, lines)
    return _folded(sheet.title, table)


def _folded(title: str, body: Markup) -> Markup:
    return Markup("<details><summary>{}</summary>{}</details>").format(title, body)


def _line(line: Line) -> Markup:
    name = Markup("<b>{}</b>").format(line.name) if line.head else escape(line.name)
    notes = Markup("").join(Markup("<small>{}</small>").format(note) for note in line.notes)
    cells = Markup("").join(_cell(cell) for cell in line.cells)
    return Markup("<tr><td>{}{}</td>{}</tr>").format(name, notes, cells)


def _cell(cell: Cell) -> Markup:
    under = Markup("<small>{}</small>").format(cell.under) if cell.under else ""
    return Markup("<td>{}{}</td>").format(cell.text, under)
