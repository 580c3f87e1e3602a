"""How topics, sides of a change and places of the journey are named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from warum.caveats import Ui
from warum.reasons.buckets import NO_CATEGORY, OTHER_CATEGORIES
from warum.records import Polarity
from warum.report.periods import period
from warum.report.sentences import label
from warum.report.words import say, say_or

Titles = Mapping[str, Mapping[Ui, str]]
"""Title per language of every category."""

_RESTS = {NO_CATEGORY: "no_topic", OTHER_CATEGORIES: "rare_topics"}


def topic(category: str, polarity: Polarity | str | None, titles: Titles, ui: Ui) -> str:
    """A category with the sign of its polarity, if it has one: "Waiting time −", "Rare topics"."""
    if category in _RESTS:
        return say(_RESTS[category], ui)
    title = titles.get(category, {"en": category, "de": category})
    if not polarity:
        return title[ui]
    return label(title, polarity, ui)  # type: ignore[arg-type] # tables hold polarities as text


def side(name: str, ui: Ui) -> str:
    """A side of a change: "Jan – Sep 2025" for a span of time, others unchanged."""
    ends = [period(part.strip(), ui) for part in name.split("..")]
    if len(ends) != 2:
        return period(name, ui)
    first, year = ends[0][:-5], ends[0][-4:]
    if first and year.isdigit() and ends[1].endswith(f" {year}"):
        ends[0] = first.rstrip(",")
    return " – ".join(ends)


def time_span(first: str, last: str, ui: Ui) -> str:
    """Days from first to last, both included, as "Jun 2025" where they are a month, else "2 – 8 Jun 2025".

    Args:
        first: First day, "2025-06-01".
        last: Last day.
        ui: Language.
    """
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    following = end + timedelta(days=1)
    if start.day == following.day == 1:
        months = f"{start:%Y-%m}", f"{end:%Y-%m}"
        return period(months[0], ui) if months[0] == months[1] else side("..".join(months), ui)
    return period(first, ui) if start == end else side(f"{first}..{last}", ui)


def stage(code: str, ui: Ui) -> str:
    """A journey stage: "Purchase"."""
    return say_or(f"stage_{code}", ui, code) if code else say("any_stage", ui)


def touchpoint(code: str, ui: Ui) -> str:
    """A touchpoint: "Contact centre"."""
    return say_or(f"touchpoint_{code}", ui, code) if code else say("any_touchpoint", ui)


def where(name: str, by: str, value: str, ui: Ui) -> str:
    """A name with its segment behind it: "Waiting time − · branch: North"; the name alone for everybody."""
    return say("where", ui, name=name, by=by, value=value) if by else name
