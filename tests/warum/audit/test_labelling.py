"""Labelling by keyboard, key by key, without a terminal; and once through a terminal's keys."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from warum.audit.labelling import Labelling, begin, press
from warum.audit.sheet import AuditRow, AuditSheet, write_sheet
from warum.audit.sheet_fit import check_complete
from warum.audit.sheet_reading import read_sheet
from warum.commands.labelling_screen import draw, label
from warum.taxonomy import load_taxonomy

TAXONOMY = load_taxonomy()
WAIT = ("wait_time", "negative")


def sheet(n: int = 3) -> AuditSheet:
    rows = tuple(
        AuditRow(f"c{i}", f"c{i}", f"Text {i} \x1b[31m", 0.5, question="Why?") for i in range(n)
    )
    return AuditSheet(rows, "linear 1", TAXONOMY.name, TAXONOMY.hash, 1)


def after(*keys: str, state: Labelling | None = None) -> Labelling:
    state = begin(sheet(), TAXONOMY) if state is None else state
    for key in keys:
        state = press(state, key)
    return state


def test_a_comment_is_labelled() -> None:
    state = after(*"wait_t", "-", "enter")
    assert state.answers == {"c0": {WAIT}}
    assert (state.at, state.done, state.chosen, state.typed) == (1, 1, (), "")


def test_letters_find_categories() -> None:
    assert len(begin(sheet(), TAXONOMY).found) == len(TAXONOMY.codes)
    state = after(*"wait")
    assert state.found[0].code == "wait_time"
    assert after(*"waitqq").typed == "wait"  # what finds nothing is not taken
    assert after(*"wait", "backspace").typed == "wai"
    german = begin(sheet(), TAXONOMY, "de")
    assert after(*"warte", state=german).found[0].code == "wait_time"


def test_codes_can_be_typed_as_they_are() -> None:
    """An underscore belongs to a code and is no minus."""
    assert after(*"wait_time", "+").chosen == (("wait_time", "positive"),)
    assert after(*"food_drink", "-").chosen == (("food_drink", "negative"),)


def test_the_mark_moves_and_wraps() -> None:
    state = after("down", "down", "+")
    assert state.chosen == ((TAXONOMY.codes[2], "positive"),)
    assert after("up", "0").chosen == ((TAXONOMY.codes[-1], "neutral"),)


def test_several_and_twice() -> None:
    state = after(*"wait_t", "-", *"wait_t", "-", *"wait_t", "+", "enter")
    assert state.answers["c0"] == {WAIT, ("wait_time", "positive")}


def test_choices_are_taken_back() -> None:
    assert after("+", "down", "-", "backspace").chosen == ((TAXONOMY.codes[0], "positive"),)


def test_nothing_is_asked_back() -> None:
    state = after("enter")
    assert (state.asking, state.answers) == (True, {})
    assert after("enter", "enter").answers == {"c0": frozenset()}
    state = after("enter", "+")  # the person thought again
    assert (state.asking, len(state.chosen)) == (False, 1)


def test_enter_in_the_midst_of_a_word_does_nothing() -> None:
    assert after(*"wait", "enter") == after(*"wait")


def test_left_open_and_come_back() -> None:
    state = after("right", "+", "enter")
    assert (set(state.answers), state.at) == ({"c1"}, 2)
    state = after("enter", "enter", state=state)
    assert state.at == 0  # the one left open
    state = after("+", "enter", state=state)
    assert (state.finished, state.at) == (True, 3)
    assert after("x", "enter", "right", state=state) == state
    state = after("left", state=state)
    assert (state.at, state.chosen) == (2, ())


def test_an_answer_is_changed() -> None:
    state = after("+", "enter", "left")
    assert state.chosen == ((TAXONOMY.codes[0], "positive"),)
    state = after("backspace", *"wait_t", "-", "enter", state=state)
    assert state.answers == {"c0": {WAIT}}


def test_undo() -> None:
    state = after("+", "enter", "-", "enter", "undo")
    assert (set(state.answers), state.at) == ({"c0"}, 1)
    assert state.chosen == ((TAXONOMY.codes[0], "negative"),)  # shown, to mend
    assert after("undo", "undo", state=state).answers == {}
    changed = after("+", "enter", "left", "backspace", "-", "enter", "undo")
    assert changed.answers == {"c0": {(TAXONOMY.codes[0], "positive")}}
    assert after("undo") == after()


def test_it_goes_on_where_it_stopped() -> None:
    labelled = sheet().with_labels({"c0": frozenset({WAIT})}, "Ada")
    assert begin(labelled, TAXONOMY).at == 1


KEYS = [
    "enter",
    "backspace",
    "up",
    "down",
    "left",
    "right",
    "undo",
    "pageup",
    "pagedown",
    "+",
    "0",
    "-",
    "a",
    "w",
    " ",
    "é",
    "",
]


@given(st.lists(st.sampled_from(KEYS), max_size=40))
def test_no_keys_break_it(keys: list[str]) -> None:
    state = after(*keys)
    assert 0 <= state.at <= 3
    assert set(state.answers) <= {"c0", "c1", "c2"}
    console = Console(file=io.StringIO(), width=80)
    console.print(draw(state, {row.id: row for row in sheet().rows}))


@pytest.mark.parametrize("ui", ["en", "de"])
def test_the_screen(ui: str) -> None:
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=True, color_system=None)
    console.print(draw(after("+", *"wait"), {row.id: row for row in sheet().rows}, ui))  # type: ignore[arg-type]
    text = out.getvalue()
    assert "Text 0" in text
    assert "\x1b[31m" not in text  # nothing from a comment steers the terminal
    assert "Why?" in text
    assert ("Find: wait" if ui == "en" else "Suche: wait") in text
    assert "wait" not in text.replace("wait", "", 1) or ui == "en"


@pytest.mark.parametrize("words", [3, 60, 600])
@pytest.mark.parametrize("height", [16, 24, 40])
def test_a_long_comment_leaves_room_for_all_that_steers(words: int, height: int) -> None:
    text = " ".join(f"word{i}" for i in range(words))
    row = AuditRow("c0", "c0", text, 0.5, question="Why?")
    console = Console(file=io.StringIO(), width=80, height=height)

    def shown(state: Labelling) -> list[str]:
        with console.capture() as captured:
            console.print(draw(state, {"c0": row}, console=console))
        return captured.get().splitlines()

    state = begin(AuditSheet((row,), "linear 1", TAXONOMY.name, TAXONOMY.hash, 1), TAXONOMY)
    lines = shown(state)
    assert len(lines) <= height
    assert "Esc stop" in lines[-1]
    assert sum(TAXONOMY.title(code) in line for code in TAXONOMY.codes for line in lines) >= 4
    assert "Enter once more" in shown(press(state, "enter"))[-1]
    seen = set()
    for _ in range(30):
        seen |= {word for line in shown(state) for word in line.split() if word.startswith("word")}
        state = press(state, "pagedown")
    assert len(seen) == words


def keys(*pressed: str) -> object:
    queue = list(pressed)

    def next_key() -> str:
        if not queue:
            raise KeyboardInterrupt
        return queue.pop(0)

    return next_key


def test_in_a_terminal_every_answer_is_saved(tmp_path: Path) -> None:
    path = tmp_path / "audit.csv"
    write_sheet(path, sheet())
    console = Console(file=io.StringIO(), width=80)

    def go(*pressed: str) -> AuditSheet:
        return label(path, TAXONOMY, labeller="Ada", read_key=keys(*pressed), console=console)  # type: ignore[arg-type]

    go(*"wait_t", "-", "\r", "\x1b[B", "+")  # then Ctrl-C, in the midst of the second
    assert read_sheet(path, TAXONOMY).labelled == {"c0": {WAIT}}
    assert read_sheet(path, TAXONOMY).rows[0].labeller == "Ada"
    go("\r", "\r", "\x15", "\r", "\r", "+", "\n", "\x1b")
    done = read_sheet(path, TAXONOMY)
    check_complete(done)
    assert done.labelled["c1"] == frozenset()
    assert [p.name for p in tmp_path.iterdir()] == ["audit.csv"]


def test_keys_that_arrive_together_are_taken_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "audit.csv"
    write_sheet(path, sheet())
    console = Console(file=io.StringIO(), width=80)
    strange = "\x1b[24~"  # F12 is none of ours
    label(
        path, TAXONOMY, labeller="Ada", read_key=keys(strange, "wait_t-\r", "\x1b"), console=console
    )  # type: ignore[arg-type]
    assert read_sheet(path, TAXONOMY).labelled == {"c0": {WAIT}}
