"""Draws: made from the current result, looked at, forgotten."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Connection

from warum.audit.frame import draw_audit, frame_of
from warum.audit.sheet import AuditSheet
from warum.errors import WarumError
from warum.result import Reading
from warum.taxonomy import Taxonomy
from warum_api.auditing.frames import audit_folder, put_frame
from warum_api.auditing.sheets import drawn_rows, facts_of
from warum_api.problems import Problem
from warum_api.results.shelf import Found, Shelf
from warum_api.storing.audit_log import note_event
from warum_api.storing.audits import (
    AuditSample,
    Labeller,
    add_sample,
    delete_sample,
    drawn_of,
    labellers_of,
    labels_of,
    list_samples,
    new_sample_id,
    sample,
    set_labels,
)
from warum_api.storing.database import Database
from warum_api.storing.errors import ConflictError
from warum_api.storing.files import Files, delete_all
from warum_api.storing.projects import lock_project, project
from warum_api.storing.results import check_not_erasing

MOST_KEPT = 100
"""Draws of a project."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be drawn.

    Attributes:
        labels: Occasions wanted.
        seed: Another seed draws other comments.
        method: `poisson` or `balanced`.
        labels_from: An earlier draw whose labels are kept for comments that are drawn again.
    """

    labels: int = 400
    seed: int = 0
    method: Literal["poisson", "balanced"] = "poisson"
    labels_from: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a draw is.

    Attributes:
        sample: The draw.
        comments: Comments in it.
        occasions: Units that they belong to.
        labellers: Who labels it, in the order in which they began.
    """

    sample: AuditSample
    comments: int
    occasions: int
    labellers: tuple[Labeller, ...]


class Drawing:
    """The draws of tenants.

    Args:
        database: Where they are kept.
        files: Where what they were drawn from is kept.
        shelf: Has the results.
    """

    def __init__(self, database: Database, files: Files, shelf: Shelf) -> None:
        self._database, self._files, self._shelf = database, files, shelf

    def draw(self, tenant: str, who: str, project_id: str, wish: Wish) -> Standing:
        """Draw a sample from what the model alone read in the current result.

        Raises:
            Problem: `not_found`; `conflict`, if nothing can be drawn or the result changes meanwhile.
        """
        found = self._shelf.find(tenant, project_id, "current")
        read = self._shelf.read(replace(found, corrections=()))
        earlier = self._earlier(tenant, project_id, wish.labels_from, read.taxonomy.hash)
        sheet = _drawn(read.reading, wish)
        name, units = new_sample_id(), frame_of(read.reading).units
        more = {
            "wanted": wish.labels, "method": wish.method, "result": found.stored.version,
            "categories": _categories(read.taxonomy),
        }  # fmt: skip
        put_frame(tenant, self._files, project_id, name, units)
        try:
            with self._database.writing() as connection:
                self._check(connection, found, project_id)
                made = add_sample(
                    tenant, connection, project_id, facts_of(sheet, **more), drawn_rows(sheet), named=name
                )  # fmt: skip
                if earlier is not None:
                    _carry_over(tenant, connection, project_id, made, earlier)
                note_event(
                    tenant, connection, "sample_drawn",
                    who=who, project=project_id, thing=name, count=len(sheet.rows),
                )  # fmt: skip
        except ConflictError as error:
            delete_all(tenant, self._files, audit_folder(project_id, name))
            raise Problem("conflict", str(error)) from None
        return self.one(tenant, project_id, name)

    def all(self, tenant: str, project_id: str) -> tuple[Standing, ...]:
        """The draws of a project, newest first.

        Raises:
            Problem: `not_found`.
        """
        with self._database.reading() as connection:
            if project(tenant, connection, project_id) is None:
                raise Problem("not_found", "There is no such project.", came=project_id)
            found = list_samples(tenant, connection, project_id)
        return tuple(self.one(tenant, project_id, one.id) for one in found)

    def one(self, tenant: str, project_id: str, name: str) -> Standing:
        """One draw.

        Raises:
            Problem: `not_found`.
        """
        with self._database.reading() as connection:
            found = sample(tenant, connection, project_id, name)
            if found is None:
                raise missing(name)
            drawn = drawn_of(tenant, connection, project_id, name)
            labellers = labellers_of(tenant, connection, project_id, name)
        return Standing(found, len(drawn), len({one.unit for one in drawn}), labellers)

    def delete(self, tenant: str, who: str, project_id: str, name: str) -> None:
        """Forget a draw with its labels.

        Raises:
            Problem: `not_found`.
        """
        with self._database.writing() as connection:
            if not delete_sample(tenant, connection, project_id, name):
                raise missing(name)
            note_event(
                tenant, connection, "sample_deleted", who=who, project=project_id, thing=name
            )
        delete_all(tenant, self._files, audit_folder(project_id, name))

    def _check(self, connection: Connection, found: Found, project_id: str) -> None:
        """Refuse to keep a draw from a result that is not as it was, or one too many.

        Raises:
            ConflictError: If so.
        """
        lock_project(found.tenant, connection, project_id)
        check_not_erasing(found.tenant, connection, project_id)
        if self._shelf.find(found.tenant, project_id, "current").files != found.files:
            raise ConflictError("The result has changed meanwhile.", hint="Draw again.")
        if len(list_samples(found.tenant, connection, project_id)) >= MOST_KEPT:
            raise ConflictError(f"The project has {MOST_KEPT} audits.", hint="Delete some.")

    def _earlier(
        self, tenant: str, project_id: str, named: str | None, taxonomy_hash: str
    ) -> AuditSample | None:
        """The draw whose labels are to be kept."""
        if named is None:
            return None
        with self._database.reading() as connection:
            found = sample(tenant, connection, project_id, named)
        if found is None:
            raise missing(named)
        if found.facts.get("taxonomy_hash") != taxonomy_hash:
            detail = "That audit was drawn for another taxonomy: its labels mean something else."
            raise Problem("conflict", detail, came=named)
        return found


def _drawn(reading: Reading, wish: Wish) -> AuditSheet:
    try:
        sheet = draw_audit(reading, labels=wish.labels, seed=wish.seed, method=wish.method)
    except WarumError as error:
        raise Problem("conflict", str(error)) from None
    if not sheet.rows:
        came = f"{wish.labels} labels"
        raise Problem("conflict", "Chance drew nothing: ask for more labels.", came=came)
    return sheet


def _carry_over(
    tenant: str, connection: Connection, project_id: str, made: AuditSample, earlier: AuditSample
) -> None:
    """Keep the labels of an earlier draw where the same text was drawn again."""
    old = {one.comment: one for one in drawn_of(tenant, connection, project_id, earlier.id)}
    new = {one.comment: one for one in drawn_of(tenant, connection, project_id, made.id)}
    again = old.keys() & new.keys()
    same = {one for one in again if old[one].digest in (None, new[one].digest)}
    for said in labels_of(tenant, connection, project_id, earlier.id):
        if said.comment in same:
            set_labels(
                tenant, connection, project_id, made.id, said.comment,
                labeller=said.labeller, labels=said.labels, who=said.who, note=said.note,
            )  # fmt: skip


def _categories(taxonomy: Taxonomy) -> list[list[Any]]:
    """Codes and titles; a list, because not every database keeps the order of keys."""
    return [[one.code, dict(one.title)] for one in taxonomy.categories]


def missing(name: str) -> Problem:
    """The problem that there is no such draw."""
    return Problem("not_found", "There is no such audit.", came=name)


def titles_of(found: AuditSample) -> dict[str, dict[str, str]]:
    """The categories that a draw is labelled with, in their order: code to title per language."""
    return dict(found.facts.get("categories", ()))
