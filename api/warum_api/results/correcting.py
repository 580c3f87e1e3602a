"""Opinions that people have corrected: kept with who, when, old and new, and applied wherever a result is shown.

An opinion is named by category and place, `delivery.speed:0:12`. A correction holds for later results too: what the
model says at that place gives way to what the person said. Estimates are made from the corrected opinions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from warum.records import Polarity
from warum.result import Reading
from warum.table import Column, Table, strings
from warum.taxonomy import Taxonomy
from warum_api.problems import Problem
from warum_api.storing.audit_log import note_event
from warum_api.storing.corrections import Correction, add_correction, list_corrections
from warum_api.storing.database import Database

SENTIMENTS: Mapping[str, float] = {"negative": -0.5, "neutral": 0.0, "positive": 0.5}
"""The sentiment of an opinion whose polarity a person has changed."""
_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person says of an opinion.

    Attributes:
        comment: The comment.
        opinion: Names the opinion; None to add one.
        category: Its category since; None to take the opinion away.
        polarity: Its polarity since.
        start: Where its evidence begins, where one is added.
        end: Where it ends.
    """

    comment: str
    opinion: str | None
    category: str | None
    polarity: Polarity | None
    start: int | None = None
    end: int | None = None


def name_of(opinion: Mapping[str, Any]) -> str:
    """The name of an opinion in its comment."""
    return f"{opinion['category']}:{opinion['start']}:{opinion['end']}"


def all_corrections(
    tenant: str, database: Database, project: str, comment: str | None = None
) -> list[Correction]:
    """The corrections of a project, or of one of its comments, in the order in which they were made."""
    found: list[Correction] = []
    with database.reading() as connection:
        while True:
            after = found[-1].seq if found else 0
            some = list_corrections(
                tenant, connection, project, comment=comment, after=after, limit=_PAGE
            )
            found += some
            if len(some) < _PAGE:
                return found


def corrected(reading: Reading, corrections: Sequence[Correction]) -> Reading:
    """A reading with its opinions as people have corrected them; those of unknown comments are left out."""
    if not corrections:
        return reading
    known = set(reading.comments["comment_id"].tolist())
    touched = {c.comment for c in corrections} & known
    if not touched:
        return reading
    table = reading.opinions
    ids = table["comment_id"].tolist()
    at = np.array([name in touched for name in ids], dtype=bool)
    by_comment: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in touched}
    for row in table.take(at).rows():
        by_comment[row["comment_id"]][name_of(row)] = row
    for correction in corrections:
        if correction.comment in touched:
            _apply(by_comment[correction.comment], correction)
    changed = _rows(table, [o for name in sorted(touched) for o in by_comment[name].values()])
    whole = _stacked(table.take(~at), changed)
    order = {name: i for i, name in enumerate(reading.comments["comment_id"].tolist())}
    places = np.array([order.get(name, -1) for name in whole["comment_id"].tolist()])
    sorted_ = np.lexsort((whole["start"], places))
    return replace(reading, opinions=whole.take(sorted_))


def correct(
    tenant: str, database: Database, project: str, reading: Reading, taxonomy: Taxonomy, wish: Wish, *, who: str
) -> Correction:  # fmt: skip
    """Keep what a person says.

    Args:
        tenant: Whose.
        database: Where it is kept.
        project: The project.
        reading: The current result, corrections applied.
        taxonomy: Its taxonomy.
        wish: What the person says.
        who: Who it is.

    Raises:
        Problem: `not_found`, if there is no such comment, opinion or category; `invalid_request`.
    """
    text = _text(reading, wish.comment)
    mine = reading.opinions.take(reading.opinions["comment_id"] == wish.comment)
    there = {name_of(row): row for row in mine.rows()}
    if wish.opinion is not None and wish.opinion not in there:
        expected = f"one of: {', '.join(there) or 'none'}"
        detail = "The comment has no such opinion."
        raise Problem("not_found", detail, came=wish.opinion, expected=expected)
    old = None if wish.opinion is None else there[wish.opinion]
    new = _new(text, old, taxonomy, wish)
    if new is None and old is None:
        raise Problem("invalid_request", "Name an opinion, or say what is to be added.")
    with database.writing() as connection:
        made = add_correction(
            tenant, connection, project, comment=wish.comment,
            opinion=wish.opinion or name_of(new or {}), who=who, old=old, new=new,
        )  # fmt: skip
        note_event(tenant, connection, "opinion_corrected", who=who, project=project)
    return made


def _text(reading: Reading, comment: str) -> str:
    names = reading.comments["comment_id"].tolist()
    if comment not in names:
        raise Problem("not_found", "The result has no such comment.", came=comment)
    return str(reading.comments["text"][names.index(comment)] or "")


def _new(
    text: str, old: Mapping[str, Any] | None, taxonomy: Taxonomy, wish: Wish
) -> dict[str, Any] | None:
    if wish.category is None:
        return None
    if wish.category not in taxonomy.codes:
        raise Problem("not_found", "The taxonomy has no such category.", came=wish.category)
    category = taxonomy[wish.category]
    start = wish.start if wish.start is not None else (old or {}).get("start", 0)
    end = wish.end if wish.end is not None else (old or {}).get("end", len(text))
    if not 0 <= start < end <= len(text):
        raise Problem(
            "invalid_request", "The evidence lies in the text.", came=f"{start}..{end}",
            expected=f"0 <= start < end <= {len(text)}",
        )  # fmt: skip
    polarity = wish.polarity or (old or {}).get("polarity") or "neutral"
    same = old is not None and old["polarity"] == polarity
    return {
        "comment_id": wish.comment,
        "category": wish.category,
        "sentiment": old["sentiment"] if same and old is not None else SENTIMENTS[polarity],
        "polarity": polarity,
        "confidence": 1.0,
        "start": start,
        "end": end,
        "evidence": text[start:end],
        "stage": category.stage,
        "touchpoint": category.touchpoint,
        "stage_origin": "assumed",
        "touchpoint_origin": "assumed",
        "source": "person",
    }


def _apply(opinions: dict[str, dict[str, Any]], correction: Correction) -> None:
    """What a person said of one opinion, on those of its comment."""
    if correction.old is not None:
        opinions.pop(name_of(correction.old), None)
    if correction.new is not None:
        opinions[name_of(correction.new)] = dict(correction.new)


def _rows(like: Table, rows: Iterable[Mapping[str, Any]]) -> Table:
    """Rows as a table with the columns of another."""
    listed = list(rows)
    return Table({name: _column(like[name], [row.get(name) for row in listed]) for name in like.columns})  # fmt: skip


def _column(like: Column, values: list[Any]) -> Column:
    if like.dtype == object:
        return strings(values)
    return np.array([np.nan if v is None else v for v in values], dtype=like.dtype)


def _stacked(first: Table, second: Table) -> Table:
    return Table({name: np.concatenate([first[name], second[name]]) for name in first.columns})
