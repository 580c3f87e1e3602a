"""The question behind an overview: from a form, into a form again, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from warum.caveats import Ui
from warum.errors import WarumError
from warum.question import Question
from warum.reading.periods import period
from warum.report.periods import period as period_title
from warum_api.pages.choices import column_title, value_title
from warum_api.pages.comment_filters import Filters
from warum_api.pages.doors import Form
from warum_api.pages.words import say
from warum_api.problems import Problem

_FIELDS = ("before", "after", "since", "until")
_RESTRICTING = ("where", "since", "until")
_WITHOUT_SAY = ("ui", "draws", "seed", "level")
"""Parts of a question that make it no other."""


@dataclass(frozen=True, slots=True)
class AskedChip:
    """A part of a question in words, and the question without it."""

    text: str
    without: Mapping[str, Any]


def asked_by(form: Form) -> dict[str, Any]:
    """The question of a form; what is left empty is not asked.

    Raises:
        Problem: `invalid_request`, if it cannot be meant; `detail` says why.
    """
    asked: dict[str, Any] = {name: form.text(name, 40) for name in _FIELDS}
    asked["compare"] = _compared(form.text("first", 300), form.text("second", 300))
    asked["where"] = [one for one in form.texts("where") if one][:20]
    asked = {name: value for name, value in asked.items() if value}
    try:
        Question(**asked)
        for name in ("since", "until"):
            if name in asked:
                period(asked[name], f"--{name}")
    except WarumError as error:
        raise Problem("invalid_request", str(error)) from None
    return asked


def _compared(first: str, second: str) -> str:
    if not first and not second:
        return ""
    (one, _, a), (other, _, b) = first.partition("="), second.partition("=")
    if not a or not b or one != other or a == b:
        raise Problem("invalid_request", "Choose two different groups of the same column.")
    return f"{one}={a},{b}"


def is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two questions ask for the same."""

    def told(asked: Mapping[str, Any]) -> dict[str, Any]:
        return {n: v for n, v in asked.items() if n not in _WITHOUT_SAY and v not in (None, [], False)}  # fmt: skip

    return told(one) == told(other)


def restricts(asked: Mapping[str, Any]) -> bool:
    """Whether a question is about some of the responses only."""
    return any(asked.get(name) for name in _RESTRICTING)


def restricting(asked: Mapping[str, Any]) -> Question:
    """The part of a question that restricts the responses."""
    return Question(**{name: asked[name] for name in _RESTRICTING if asked.get(name)})


def fields_of(
    asked: Mapping[str, Any], columns: Mapping[str, Sequence[str]]
) -> list[tuple[str, str]]:
    """A question as fields of a form, each a name and a value."""
    pairs = [(name, str(asked[name])) for name in _FIELDS if asked.get(name)]
    pairs += [("where", one) for one in asked.get("where", ())]
    if asked.get("compare"):
        pairs += list(zip(("first", "second"), compared_in(asked["compare"], columns), strict=True))
    return pairs


def compared_in(compare: str, columns: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """The two groups of `COLUMN=A,B`, each as `COLUMN=VALUE`; a value may hold commas."""
    column, _, values = compare.partition("=")
    parts = values.split(",")
    cuts = [(",".join(parts[:i]), ",".join(parts[i:])) for i in range(1, len(parts))]
    known = columns.get(column, ())
    first, second = next((cut for cut in cuts if cut[0] in known and cut[1] in known), cuts[0])
    return f"{column}={first}", f"{column}={second}"


def chips_of(asked: Mapping[str, Any], ui: Ui) -> list[AskedChip]:
    """Every part of a question in words; both periods of a change go together."""
    told: list[tuple[str, tuple[str, ...]]] = []
    if asked.get("before") and asked.get("after"):
        ends = {name: _span(asked[name], ui) for name in ("before", "after")}
        told.append((say("asked_periods", ui, **ends), ("before", "after")))
    if asked.get("compare"):
        column, _, values = str(asked["compare"]).partition("=")
        text = say("asked_groups", ui, column=column_title(column, ui), values=values)
        told.append((text, ("compare",)))
    told += [
        (say(f"filter_{end}_day", ui, day=_span(asked[end], ui)), (end,))
        for end in ("since", "until")
        if asked.get(end)
    ]
    chips = [AskedChip(text, _without(asked, *names)) for text, names in told]
    for one in asked.get("where", ()):
        column, _, value = one.partition("=")
        rest = [other for other in asked["where"] if other != one]
        text = f"{column_title(column, ui)}: {value_title(column, value, ui)}"
        chips.append(AskedChip(text, {**_without(asked, "where"), **({"where": rest} if rest else {})}))  # fmt: skip
    return chips


def in_comments(asked: Mapping[str, Any], where: Sequence[str]) -> Filters:
    """The same restriction of the comments.

    Args:
        asked: The question.
        where: Its conditions, as the data write them.
    """
    since, until = asked.get("since"), asked.get("until")
    return Filters(
        since=period(since, "--since")[0].isoformat() if since else "",
        until=period(until, "--until")[1].isoformat() if until else "",
        where=tuple(where),
    )


def _span(text: str, ui: Ui) -> str:
    return " – ".join(period_title(end.strip(), ui) for end in text.split(".."))


def _without(asked: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if name not in names}
