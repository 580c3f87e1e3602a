"""Labelling in a terminal: one comment at a time is drawn, a key read, every answer saved at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from warum.audit.labelling import Labelling, begin, press
from warum.audit.sheet import AuditRow, AuditSheet, write_sheet
from warum.audit.sheet_reading import read_sheet
from warum.caveats import Ui
from warum.report.terminal import clean
from warum.taxonomy import Taxonomy

_LINES = 12
_SIGNS = {"negative": "−", "neutral": "0", "positive": "+"}
_KEYS: Mapping[str, str] = {
    "\r": "enter", "\n": "enter", "\x7f": "backspace", "\b": "backspace", "\x1b": "escape",
    "\x15": "undo", "\x1a": "undo", "\x1b[A": "up", "\x1b[B": "down", "\x1b[C": "right", "\x1b[D": "left",
    "\x1bOA": "up", "\x1bOB": "down", "\x1bOC": "right", "\x1bOD": "left",
    "\xe0H": "up", "\xe0P": "down", "\xe0M": "right", "\xe0K": "left",
}  # fmt: skip
_WORDS: Mapping[Ui, Mapping[str, str]] = {
    "en": {
        "progress": "{done} of {all} comments labelled",
        "question": "Question: {question}",
        "seen": "Seen: {labels}",
        "nothing": "nothing yet",
        "typed": "Find: {typed}",
        "asking": "No category at all? Enter once more.",
        "keys": "letters find · ↑ ↓ mark · + 0 − choose · Enter done · ⌫ take back · ← → leave open · "
        "Ctrl-U undo · Esc stop",
        "finished": "All comments are labelled. Esc ends; ← shows the last one again.",
    },
    "de": {
        "progress": "{done} von {all} Kommentaren beurteilt",
        "question": "Frage: {question}",
        "seen": "Gesehen: {labels}",
        "nothing": "noch nichts",
        "typed": "Suche: {typed}",
        "asking": "Gar keine Kategorie? Noch einmal Enter.",
        "keys": "Buchstaben suchen · ↑ ↓ markieren · + 0 − wählen · Enter fertig · ⌫ zurücknehmen · "
        "← → offen lassen · Strg-U rückgängig · Esc aufhören",
        "finished": "Alle Kommentare sind beurteilt. Esc beendet; ← zeigt den letzten noch einmal.",
    },
}  # fmt: skip


def label(
    path: Path,
    taxonomy: Taxonomy,
    *,
    labeller: str,
    ui: Ui = "en",
    read_key: Callable[[], str] | None = None,
    console: Console | None = None,
) -> AuditSheet:
    """Let a person label a sheet; it is saved after every answer, and taken up again where it was left.

    Args:
        path: The audit file.
        taxonomy: Its categories.
        labeller: Name of the person.
        ui: Language of the screen.
        read_key: Gives the next key as the terminal sends it; by default from the terminal.
        console: Where to draw.

    Returns:
        The sheet as saved.

    Raises:
        InputError: If the file cannot be used.
        OutputError: If it cannot be written.
    """
    sheet = read_sheet(path, taxonomy)
    console = console or Console()
    read_key = read_key or _from_terminal
    state = begin(sheet, taxonomy, ui)
    rows = {row.id: row for row in sheet.rows}
    with console.screen(hide_cursor=True) as screen:
        while not state.ended:
            screen.update(draw(state, rows, ui))
            try:
                key = read_key()
            except (KeyboardInterrupt, EOFError):
                break
            before = state
            for one in _keys(key):
                state = press(state, one)
            if state.answers != before.answers:
                changed = {
                    one: state.answers.get(one)
                    for one in {*state.answers, *before.answers}
                    if state.answers.get(one) != before.answers.get(one)
                }
                sheet = sheet.with_labels(changed, labeller)
                write_sheet(path, sheet)
    return sheet


def _keys(read: str) -> list[str]:
    """The keys in what a terminal sent at once: who types fast sends several."""
    if read in _KEYS or read.startswith(("\x1b", "\xe0", "\x00")):
        return [_KEYS.get(read, "")]
    return [_KEYS.get(one, one) for one in read]


def draw(state: Labelling, rows: Mapping[str, AuditRow], ui: Ui = "en") -> RenderableType:
    """The screen.

    Args:
        state: Where the person stands.
        rows: The comments by id.
        ui: Language.
    """
    words = _WORDS[ui]
    head = Text(words["progress"].format(done=state.done, all=len(state.ids)), "bold")
    if state.at >= len(state.ids):
        return Group(head, Text(words["finished"]))
    row = rows[state.ids[state.at]]
    titles = {choice.code: choice.title for choice in state.choices}
    seen = ", ".join(
        f"{titles.get(code, code)} {_SIGNS[side or 'neutral']}" for code, side in state.chosen
    )
    parts: list[RenderableType] = [head]
    if row.question:
        parts.append(Text(words["question"].format(question=clean(row.question)), "dim"))
    parts += [
        Panel(Text(clean(row.text))),
        Text(words["seen"].format(labels=seen or words["nothing"]), "bold"),
        Text(words["typed"].format(typed=state.typed)),
        *_choices(state),
        Text(
            words["asking"] if state.asking else words["keys"], "yellow" if state.asking else "dim"
        ),
    ]
    return Group(*parts)


def _choices(state: Labelling) -> list[Text]:
    """The categories around the marked one."""
    found = state.found
    first = max(0, min(state.cursor - _LINES // 2, len(found) - _LINES))
    return [
        Text(
            f"{'›' if i == state.cursor else ' '} {clean(choice.title)}",
            "reverse" if i == state.cursor else "",
        )
        for i, choice in enumerate(found[first : first + _LINES], start=first)
    ]


def _from_terminal() -> str:
    import click

    return click.getchar()
