"""Labels: the next comment of a person, what they see in it, and how far several people agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from warum.audit.agreement import Agreement, agreement
from warum_api.auditing.drawing import missing, titles_of
from warum_api.auditing.sheets import is_same
from warum_api.auditing.texts import Texts
from warum_api.problems import Problem
from warum_api.results.shelf import Shelf
from warum_api.storing.audit_log import note_event
from warum_api.storing.audits import (
    AuditSample,
    Drawn,
    Label,
    Labelled,
    drawn_of,
    labellers_of,
    labels_of,
    sample,
    set_labels,
)
from warum_api.storing.database import Database

MOST_LABELLERS = 10
_LOOKED_AT = 20  # comments whose texts are fetched together to find the next one


@dataclass(frozen=True, slots=True)
class Item:
    """A comment to label, and what one person saw in it.

    Attributes:
        comment: Its id.
        position: Place in the order of labelling, from 0.
        text: The text; None where the data hold it no more, or another one.
        question: What it answers, "" if unknown.
        language: ISO 639-1 code, "" if unknown.
        labels: What the person saw; None while they have not looked.
        note: What they remarked.
    """

    comment: str
    position: int
    text: str | None
    question: str
    language: str
    labels: tuple[Label, ...] | None
    note: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a person stands.

    Attributes:
        item: The next comment; None if all are labelled.
        done: Comments that they have labelled.
        total: Comments of the draw.
    """

    item: Item | None
    done: int
    total: int


class Labelling:
    """What people label.

    Args:
        database: Where labels are kept.
        shelf: Has the texts.
    """

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self._database, self._texts = database, Texts(shelf)

    def next(self, tenant: str, project: str, name: str, labeller: str) -> Progress:
        """The first comment that a person has not labelled.

        Raises:
            Problem: `not_found`; `conflict`, if the data hold none of those that are left.
        """
        drawn, mine = self._drawn(tenant, project, name, labeller)
        left = [(at, one) for at, one in enumerate(drawn) if one.comment not in mine]
        for start in range(0, len(left), _LOOKED_AT):
            some = left[start : start + _LOOKED_AT]
            for item in self._items(tenant, project, some, mine):
                if item.text is not None:
                    return Progress(item, len(mine), len(drawn))
        if left:
            detail = "The data have changed since: draw a new sample and keep the labels (`labels_from`)."
            raise Problem(
                "conflict", detail, came=f"{len(left)} comments with another text or none"
            )
        return Progress(None, len(mine), len(drawn))

    def items(
        self,
        tenant: str,
        project: str,
        name: str,
        labeller: str,
        *,
        start: int = 0,
        limit: int = 50,
    ) -> tuple[tuple[Item, ...], Progress]:
        """Comments of a draw in the order of labelling, with what one person saw in them.

        Raises:
            Problem: `not_found`.
        """
        drawn, mine = self._drawn(tenant, project, name, labeller)
        some = list(enumerate(drawn))[start : start + limit]
        return self._items(tenant, project, some, mine), Progress(None, len(mine), len(drawn))

    def last(self, tenant: str, project: str, name: str, labeller: str) -> Item | None:
        """What a person answered last; None if they have answered nothing.

        Raises:
            Problem: `not_found`.
        """
        drawn, mine = self._drawn(tenant, project, name, labeller)
        if not mine:
            return None
        latest = max(mine.values(), key=lambda one: (one.changed_at, one.comment))
        some = [(at, one) for at, one in enumerate(drawn) if one.comment == latest.comment]
        return self._items(tenant, project, some, mine)[0]

    def label(
        self,
        tenant: str,
        who: str,
        project: str,
        name: str,
        comment: str,
        labeller: str,
        labels: Sequence[Label] | None,
        note: str = "",
    ) -> None:
        """Keep what a person saw in a comment, or take it back with None; done twice, it is the same.

        Raises:
            Problem: `not_found`, if there is no such audit or comment; `invalid_request`, if a category is none
                of the taxonomy; `conflict`, if too many people label already.
        """
        with self._database.writing() as connection:
            found = sample(tenant, connection, project, name)
            if found is None:
                raise missing(name)
            _check(found, labels or ())
            people = {one.labeller for one in labellers_of(tenant, connection, project, name)}
            if labels is not None and len(people | {labeller}) > MOST_LABELLERS:
                expected = f"at most {MOST_LABELLERS} people"
                raise Problem(
                    "conflict",
                    "Too many people label this audit.",
                    came=labeller,
                    expected=expected,
                )
            kept = set_labels(
                tenant, connection, project, name, comment,
                labeller=labeller, labels=labels, who=who, note=note,
            )  # fmt: skip
            if not kept:
                raise Problem("not_found", "The audit has no such comment.", came=comment)
            note_event(tenant, connection, "sample_labelled", who=who, project=project, thing=name)

    def agreed(self, tenant: str, project: str, name: str) -> tuple[Agreement, ...]:
        """How far the people who label a draw agree; nothing where no comment has two people's labels.

        Raises:
            Problem: `not_found`.
        """
        with self._database.reading() as connection:
            found = sample(tenant, connection, project, name)
            said = labels_of(tenant, connection, project, name)
        if found is None:
            raise missing(name)
        people: dict[str, dict[str, frozenset[tuple[str, str | None]]]] = {}
        for one in said:
            people.setdefault(one.labeller, {})[one.comment] = frozenset(one.labels)
        looked = [comment for labels in people.values() for comment in labels]
        if len(looked) == len(set(looked)):
            return ()
        return agreement(list(people.values()), tuple(titles_of(found)))

    def _drawn(
        self, tenant: str, project: str, name: str, labeller: str
    ) -> tuple[tuple[Drawn, ...], dict[str, Labelled]]:
        with self._database.reading() as connection:
            if sample(tenant, connection, project, name) is None:
                raise missing(name)
            mine = labels_of(tenant, connection, project, name, labeller=labeller)
            return drawn_of(tenant, connection, project, name), {one.comment: one for one in mine}

    def _items(
        self,
        tenant: str,
        project: str,
        some: Sequence[tuple[int, Drawn]],
        mine: dict[str, Labelled],
    ) -> tuple[Item, ...]:
        texts = self._texts.of(tenant, project, [one.comment for _, one in some])
        items = []
        for position, one in some:
            shown, seen = texts.get(one.comment), mine.get(one.comment)
            there = shown if is_same(one, shown) else None
            items.append(
                Item(
                    one.comment, position, None if there is None else there.text,
                    "" if there is None else there.question,
                    "" if there is None else there.language,
                    None if seen is None else seen.labels, "" if seen is None else seen.note,
                )
            )  # fmt: skip
        return tuple(items)


def _check(found: AuditSample, labels: Sequence[Label]) -> None:
    codes = titles_of(found)
    for category, _ in labels:
        if category not in codes:
            raise Problem(
                "invalid_request", "The taxonomy of the audit has no such category.", came=category,
                expected=f"one of: {', '.join(codes)}",
            )  # fmt: skip
