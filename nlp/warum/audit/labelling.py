"""Labelling by keyboard: what every key does, without a terminal.

The person never sees what the model read: who does, agrees with it too often.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from warum.audit.sheet import AuditSheet
from warum.caveats import Ui
from warum.gold.records import Judgement
from warum.taxonomy import Taxonomy

SIDES: Mapping[str, str] = {
    "-": "negative", "0": "neutral", "+": "positive", "=": "positive",
}  # fmt: skip
Answer = frozenset[Judgement]


@dataclass(frozen=True, slots=True)
class Choice:
    """A category to choose from: its code and what is shown for it."""

    code: str
    title: str


@dataclass(frozen=True)
class Labelling:
    """Where a person stands in labelling a sheet.

    Attributes:
        ids: Comments, in the order to label them in.
        choices: All categories.
        answers: What was seen so far, by comment.
        at: Position of the comment shown; the number of comments when all are done.
        chosen: Judgements chosen for it, not yet confirmed.
        typed: What was typed to find a category.
        cursor: Position of the marked category among those found.
        page: How often the page of a comment too long for the screen was turned; it begins anew after the last.
        asking: Whether "no category at all" was asked back.
        history: Earlier positions and what stood there, to undo.
        ended: Whether the person left.
    """

    ids: tuple[str, ...]
    choices: tuple[Choice, ...]
    answers: Mapping[str, Answer] = field(default_factory=dict)
    at: int = 0
    chosen: tuple[Judgement, ...] = ()
    typed: str = ""
    cursor: int = 0
    page: int = 0
    asking: bool = False
    history: tuple[tuple[int, Answer | None], ...] = ()
    ended: bool = False

    @property
    def done(self) -> int:
        """Number of comments answered."""
        return len(self.answers)

    @property
    def finished(self) -> bool:
        """Whether every comment is answered."""
        return self.done == len(self.ids)

    @property
    def found(self) -> tuple[Choice, ...]:
        """The categories that fit what was typed: by the beginning of a word first, then anywhere."""
        wanted = self.typed.casefold()
        if not wanted:
            return self.choices
        names = [(choice, f"{choice.title} {choice.code}".casefold()) for choice in self.choices]
        begins = [
            choice
            for choice, name in names
            if any(word.startswith(wanted) for word in name.replace(".", " ").split())
        ]
        return (*begins, *(c for c, name in names if wanted in name and c not in begins))


def begin(sheet: AuditSheet, taxonomy: Taxonomy, ui: Ui = "en") -> Labelling:
    """Begin, or go on at the first comment without labels.

    Args:
        sheet: The sheet.
        taxonomy: Its categories.
        ui: Language of the titles.
    """
    choices = tuple(Choice(code, taxonomy.title(code, ui)) for code in taxonomy.codes)
    state = Labelling(tuple(row.id for row in sheet.rows), choices, sheet.labelled)
    return _moved(state, _next(state, -1))


def press(state: Labelling, key: str) -> Labelling:
    """What follows from a key.

    Args:
        state: Where the person stands.
        key: A character, or "enter", "backspace", "escape", "up", "down", "left", "right", "undo",
            "pageup", "pagedown".
            Letters find a category, + 0 - choose the marked one as positive, neutral or negative, enter
            confirms the comment (twice, if it holds nothing), backspace takes back a letter or a
            choice, left and right leave it as it is, undo takes back the last answer, the pages turn a
            long comment.
    """
    if key == "escape":
        return replace(state, ended=True)
    if key == "undo":
        return _undone(state)
    if key in ("left", "right"):
        return _moved(state, max(0, state.at - 1) if key == "left" else _after(state))
    if state.at >= len(state.ids):
        return state
    if key in ("pageup", "pagedown"):
        return replace(state, page=state.page + (1 if key == "pagedown" else -1))
    if key == "enter":
        return _confirmed(state)
    state = replace(state, asking=False)
    if key == "backspace":
        return _taken_back(state)
    if key in ("up", "down"):
        step = -1 if key == "up" else 1
        return replace(state, cursor=(state.cursor + step) % max(1, len(state.found)))
    if key in SIDES:
        return _chosen(state, SIDES[key])
    if len(key) == 1 and key.isprintable() and (state.typed or key != " "):
        longer = replace(state, typed=state.typed + key, cursor=0)
        return longer if longer.found else state
    return state


def _chosen(state: Labelling, polarity: str) -> Labelling:
    found = state.found
    judgement: Judgement = (found[min(state.cursor, len(found) - 1)].code, polarity)
    chosen = state.chosen if judgement in state.chosen else (*state.chosen, judgement)
    return replace(state, chosen=chosen, typed="", cursor=0)


def _taken_back(state: Labelling) -> Labelling:
    if state.typed:
        return replace(state, typed=state.typed[:-1], cursor=0)
    return replace(state, chosen=state.chosen[:-1])


def _confirmed(state: Labelling) -> Labelling:
    if state.typed:  # a category is being looked for: it needs its sign first
        return state
    if not state.chosen and not state.asking:
        return replace(state, asking=True)
    one = state.ids[state.at]
    history = (*state.history, (state.at, state.answers.get(one)))
    answers = {**state.answers, one: frozenset(state.chosen)}
    answered = replace(state, answers=answers, history=history)
    return _moved(answered, _next(answered, state.at))


def _undone(state: Labelling) -> Labelling:
    if not state.history:
        return state
    *earlier, (at, before) = state.history
    answers = {one: seen for one, seen in state.answers.items() if one != state.ids[at]}
    if before is not None:
        answers[state.ids[at]] = before
    shown = _moved(
        replace(state, history=tuple(earlier)), at
    )  # with the labels taken back, to mend
    return replace(shown, answers=answers)


def _after(state: Labelling) -> int:
    return min(state.at + 1, len(state.ids))


def _next(state: Labelling, at: int) -> int:
    """The next comment without an answer, from the beginning again if need be; the end if none."""
    order: Sequence[int] = (*range(at + 1, len(state.ids)), *range(at + 1))
    return next((i for i in order if state.ids[i] not in state.answers), len(state.ids))


def _moved(state: Labelling, at: int) -> Labelling:
    chosen: tuple[Judgement, ...] = ()
    if at < len(state.ids):
        chosen = tuple(
            sorted(state.answers.get(state.ids[at], ()), key=lambda j: (j[0], j[1] or ""))
        )
    return replace(state, at=at, chosen=chosen, typed="", cursor=0, page=0, asking=False)
