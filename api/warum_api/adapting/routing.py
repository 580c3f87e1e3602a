"""What a rule says of a comment that was read: category, owner and urgency, and why."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from warum.caveats import Ui
from warum.records import Opinion, ReadComment
from warum.taxonomy import Taxonomy
from warum_api.adapting.rules import RoutingRule, Row, Urgency

Part = Literal["intent", "emotion", "polarity", "category", "otherwise"]

_SENTENCES: Mapping[str, Mapping[Ui, str]] = {
    "urgency": {
        "en": "Urgency {urgency} by the row “{row}”: {parts}.",
        "de": "Dringlichkeit {urgency} durch die Zeile „{row}“: {parts}.",
    },
    "otherwise": {"en": "no other row holds", "de": "keine andere Zeile trifft zu"},
    "category": {
        "en": "Category {category}: the opinion “{evidence}” holds it with confidence {confidence}.",
        "de": "Kategorie {category}: die Meinung „{evidence}“ trägt sie mit Sicherheit {confidence}.",
    },
    "no_category": {
        "en": "No category: no opinion has the confidence {least}.",
        "de": "Keine Kategorie: keine Meinung hat die Sicherheit {least}.",
    },
    "owner": {"en": "Owner {owner}: looks after the category.", "de": "Zuständig: {owner}, für die Kategorie."},
    "fallback": {"en": "Owner {owner}: gets what nobody else owns.", "de": "Zuständig: {owner}, für alles Übrige."},
    "no_owner": {
        "en": "No owner: neither the category nor the rule names one.",
        "de": "Niemand zuständig: weder die Kategorie noch die Regel nennt jemanden.",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """A condition that held.

    Attributes:
        part: What it asked about.
        came: What was read.
        confidence: Its probability; None where there is none.
        expected: The values that the row takes.
        least: The probability that the row asks for; None where there is none.
    """

    part: Part
    came: str | None
    confidence: float | None = None
    expected: tuple[str, ...] = ()
    least: float | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Where a comment belongs, and why.

    Attributes:
        category: Code out of the taxonomy; None if no opinion is sure enough.
        opinion: The opinion that gave it.
        owner: Who looks after it, if anyone.
        owner_from: Whether the `category` names them, the rule's `fallback`, or nobody (None).
        urgency: How urgent.
        row: The row of the rule that fired.
        held: Its conditions, each with what came.
    """

    category: str | None
    opinion: Opinion | None
    owner: str | None
    owner_from: Literal["category", "fallback"] | None
    urgency: Urgency
    row: str
    held: tuple[Held, ...]


def route(read: ReadComment, taxonomy: Taxonomy, rule: RoutingRule) -> Route:
    """Apply a rule to a comment.

    Args:
        read: The comment with its opinions, emotion and intent.
        taxonomy: What it was read by; names owners.
        rule: The rule.
    """
    opinion = _telling(read, rule)
    category = None if opinion is None else opinion.category
    owner = _owner(taxonomy, category)
    row, held = _first(read, category, rule)
    owner_from: Literal["category", "fallback"] | None = "category" if owner else None
    if owner is None and rule.fallback_owner is not None:
        owner, owner_from = rule.fallback_owner, "fallback"
    return Route(category, opinion, owner, owner_from, row.urgency, row.name, held)


def explained(found: Route, rule: RoutingRule, titles: Mapping[str, str], ui: Ui) -> list[str]:
    """A route in sentences: urgency, category, owner.

    Args:
        found: The route.
        rule: The rule it came by.
        titles: Titles of the categories by code.
        ui: English or German.
    """
    parts = ", ".join(_said(held, ui) for held in found.held)
    sentences = [_sentence("urgency", ui, urgency=found.urgency, row=found.row, parts=parts)]
    if found.opinion is None:
        sentences.append(_sentence("no_category", ui, least=_number(rule.least_category, ui)))
    else:
        sentences.append(
            _sentence(
                "category",
                ui,
                category=titles.get(found.opinion.category, found.opinion.category),
                evidence=found.opinion.evidence,
                confidence=_number(found.opinion.confidence, ui),
            )
        )
    which = {"category": "owner", "fallback": "fallback", None: "no_owner"}[found.owner_from]
    sentences.append(_sentence(which, ui, owner=found.owner))
    return sentences


def _telling(read: ReadComment, rule: RoutingRule) -> Opinion | None:
    """The opinion that gives the category."""
    sure = [o for o in read.opinions if o.confidence >= rule.least_category]

    def rank(opinion: Opinion) -> tuple[bool, float, int, str]:
        other = read.polarity is not None and opinion.polarity != read.polarity
        return other, -opinion.confidence, opinion.start, opinion.category

    return min(sure, key=rank, default=None)


def _owner(taxonomy: Taxonomy, category: str | None) -> str | None:
    if category is None:
        return None
    try:
        return taxonomy[category].owner
    except KeyError:  # the general category of a reader, which no taxonomy lists
        return None


def _first(
    read: ReadComment, category: str | None, rule: RoutingRule
) -> tuple[Row, tuple[Held, ...]]:
    for row in rule.rows:
        held = _holds(read, category, row)
        if held is not None:
            return row, held
    raise AssertionError("the last row of a rule has no condition")


def _holds(read: ReadComment, category: str | None, row: Row) -> tuple[Held, ...] | None:
    """The row's conditions with what came; None if one of them does not hold."""
    if not row.when.any:
        return (Held("otherwise", None),)
    held: list[Held] = []
    manners: tuple[tuple[Part, tuple[str, ...], str | None, float], ...] = (
        ("intent", row.when.intent, read.intent, read.intent_probability),
        ("emotion", row.when.emotion, read.emotion, read.emotion_probability),
    )
    for part, wanted, came, probability in manners:
        if not wanted:
            continue
        # A probability that is not known (NaN) is never enough.
        if came not in wanted or math.isnan(probability) or probability < row.least:
            return None
        held.append(Held(part, came, probability, wanted, row.least))
    if row.when.polarity:
        if read.polarity not in row.when.polarity:
            return None
        held.append(Held("polarity", read.polarity, None, row.when.polarity))
    if row.when.category:
        if category is None or not any(_within(category, c) for c in row.when.category):
            return None
        held.append(Held("category", category, None, row.when.category))
    return tuple(held)


def _within(category: str, asked: str) -> bool:
    return category == asked or category.startswith(f"{asked}.")


def _said(held: Held, ui: Ui) -> str:
    if held.part == "otherwise":
        return _sentence("otherwise", ui)
    if held.confidence is None or held.least is None:
        return f"{held.part} {held.came}"
    return f"{held.part} {held.came} {_number(held.confidence, ui)} ≥ {_number(held.least, ui)}"


def _sentence(code: str, ui: Ui, **values: object) -> str:
    return _SENTENCES[code][ui].format(**values)


def _number(value: float, ui: Ui) -> str:
    text = f"{value:.2f}"
    return text.replace(".", ",") if ui == "de" else text
