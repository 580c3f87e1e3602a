"""The "why" on a terminal: sentences first, then the figures, readable at 80 columns and without colour."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from warum.caveats import Ui
from warum.report.numbers import NOTHING
from warum.report.terminal import clean
from warum.report.why_sections import Line, Part, Section, Sheet
from warum.report.words import say

SHOWN = 8
DOUBTED = "*"
_NUMBER = re.compile(r"\d+")
_STYLES = {"better": "blue", "worse": "red", "": ""}


def print_why(sections: Sequence[Section], console: Console, ui: Ui = "en") -> None:
    """Print the sections.

    Args:
        sections: What was found, in the reader's words.
        console: Where to.
        ui: Language of what is added here.
    """
    for section in sections:
        for part in why_renderables(section, ui):
            console.print(part)


def why_renderables(section: Section, ui: Ui = "en") -> Iterator[RenderableType]:
    """A section's parts in order: title, sentences, the first table of each part, doubts.

    Args:
        section: The section.
        ui: Language.
    """
    yield Text(f"\n{clean(section.title)}", "bold")
    for part in section.parts:
        yield Padding(Group(*_part(part, ui)), (0, 0, 0, 2), expand=False)


def _part(part: Part, ui: Ui) -> Iterator[RenderableType]:
    if part.heading:
        yield Text(f"\n{clean(part.heading)}", "bold")
    for sentence in part.leads:
        yield Text(clean(sentence))
    for sheet in part.sheets[:1]:
        if not sheet.shown:
            continue
        yield Padding(_table(sheet), (1, 0, 0, 0), expand=False)
        if len(sheet.lines) > SHOWN:
            yield Text(say("term_more", ui, n=len(sheet.lines) - SHOWN), "dim")
        yield from _doubts(sheet)
        if sheet.toned and not all(line.tone for line in sheet.lines[:SHOWN]):
            yield Text(say("term_unclear_note", ui), "dim")
    for note in part.notes:
        yield Text(f"· {clean(note)}", "dim")


def _doubts(sheet: Sheet) -> Iterator[Text]:
    """Doubts about the lines shown, each once with the lines that it is about; a star marks these.

    Those that differ in their one number only stand together: "Only 6–13 cases".
    """
    about: dict[str, list[tuple[str, str]]] = {}
    for line in sheet.lines[:SHOWN]:
        for note in line.notes:
            numbers = _NUMBER.findall(note)
            alike, number = (
                (_NUMBER.sub("{}", note), numbers[0]) if len(numbers) == 1 else (note, "")
            )
            about.setdefault(alike, []).append((line.name, number))
    for alike, told in about.items():
        names = clean(", ".join(dict.fromkeys(name for name, _ in told)))
        sizes = sorted({number for _, number in told}, key=lambda one: (len(one), one))
        note = alike.replace("{}", "–".join(dict.fromkeys((sizes[0], sizes[-1]))))
        yield Text(f"{DOUBTED} {names}: {clean(note)}", "dim")


def _table(sheet: Sheet) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0))
    for i, name in enumerate(sheet.head[: 1 + sheet.shown]):
        table.add_column(clean(name), justify="right" if i else "left", overflow="fold")
    for line in sheet.lines[:SHOWN]:
        table.add_row(*_cells(line, sheet))
    return table


def _cells(line: Line, sheet: Sheet) -> Iterator[RenderableType]:
    name = f"{clean(line.name)} {DOUBTED}" if line.notes else clean(line.name)
    yield Text(name, "bold" if line.head else "")
    for i, cell in enumerate(line.cells[: sheet.shown]):
        doubtful = sheet.toned and not line.tone and not i and cell.text != NOTHING
        text = Text(f"({clean(cell.text)})" if doubtful else clean(cell.text), justify="right")
        if not i:
            text.stylize(_STYLES[line.tone])
        if cell.under:
            text.append(f"\n{clean(cell.under)}", "dim")
        yield text
