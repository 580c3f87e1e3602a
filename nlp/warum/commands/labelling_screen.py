"""Labelling in a terminal: one comment at a time is drawn, a key read, every answer saved at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from warum.audit.labelling import Labelling, begin, press
from warum.audit.sheet import AuditRow, AuditSheet, write_sheet
from warum.audit.sheet_reading import read_sheet
from warum.caveats import Ui
from warum.commands.keyboard import keyboard
from warum.report.terminal import clean
from warum.taxonomy import Taxonomy

_LINES, _FEWEST = 12, 4  # categories shown, also where the comment is long
_LEAST_TEXT = 3
_SIGNS = {"negative": "−", "neutral": "0", "positive": "+"}
_KEYS: Mapping[str, str] = {
    "\r": "enter", "\n": "enter", "\x7f": "backspace", "\b": "backspace", "\x1b": "escape",
    "\x15": "undo", "\x1a": "undo", "\x1b[A": "up", "\x1b[B": "down", "\x1b[C": "right", "\x1b[D": "left",
    "\x1bOA": "up", "\x1bOB": "down", "\x1bOC": "right", "\x1bOD": "left",
    "\xe0H": "up", "\xe0P": "down", "\xe0M": "right", "\xe0K": "left",
    "\x1b[5~": "pageup", "\x1b[6~": "pagedown", "\xe0I": "pageup", "\xe0Q": "pagedown",
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
        "more": "page {page} of {pages}: PgUp, PgDn",
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
        "more": "Seite {page} von {pages}: Bild auf, Bild ab",
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
    state = begin(sheet, taxonomy, ui)
    rows = {row.id: row for row in sheet.rows}
    keys = keyboard() if read_key is None else nullcontext(read_key)
    with keys as next_key, console.screen(hide_cursor=True) as screen:
        while not state.ended:
            screen.update(draw(state, rows, ui, console))
            try:
                key = next_key()
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


def draw(
    state: Labelling, rows: Mapping[str, AuditRow], ui: Ui = "en", console: Console | None = None
) -> RenderableType:
    """The screen: all that steers stands below the comment, and a long comment is turned page by page.

    Args:
        state: Where the person stands.
        rows: The comments by id.
        ui: Language.
        console: Where it is drawn; its size says how much of the comment fits.
    """
    words, console = _WORDS[ui], console or Console()
    head = Text(words["progress"].format(done=state.done, all=len(state.ids)), "bold")
    if state.at >= len(state.ids):
        return Group(head, Text(words["finished"]))
    row = rows[state.ids[state.at]]
    above = [head]
    if row.question:
        above.append(Text(words["question"].format(question=clean(row.question)), "dim"))
    titles = {choice.code: choice.title for choice in state.choices}
    seen = ", ".join(
        f"{titles.get(code, code)} {_SIGNS[side or 'neutral']}" for code, side in state.chosen
    )
    steering = [
        Text(words["seen"].format(labels=seen or words["nothing"]), "bold"),
        Text(words["typed"].format(typed=state.typed)),
    ]
    last = Text(
        words["asking"] if state.asking else words["keys"], "yellow" if state.asking else "dim"
    )
    room = console.height - sum(_height(part, console) for part in (*above, *steering, last)) - 2
    comment = Text(clean(row.text)).wrap(console, max(1, console.width - 4))
    fit = min(len(comment), max(_LEAST_TEXT, room - _FEWEST))
    pages = -(-len(comment) // fit) if fit else 1
    page = state.page % pages
    shown = Text("\n").join(comment[page * fit : (page + 1) * fit])
    more = words["more"].format(page=page + 1, pages=pages) if pages > 1 else None
    choices = _choices(state, max(1, min(_LINES, room - fit)))
    return Group(*above, Panel(shown, subtitle=more), *steering, *choices, last)


def _height(text: Text, console: Console) -> int:
    """Lines that a text takes."""
    return max(1, len(text.wrap(console, max(1, console.width))))


def _choices(state: Labelling, lines: int) -> list[Text]:
    """The categories around the marked one."""
    found = state.found
    first = max(0, min(state.cursor - lines // 2, len(found) - lines))
    return [
        Text(
            f"{'›' if i == state.cursor else ' '} {clean(choice.title)}",
            "reverse" if i == state.cursor else "",
        )
        for i, choice in enumerate(found[first : first + lines], start=first)
    ]
