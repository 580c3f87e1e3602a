"""Projects and the comments that are appended to them, and what is erased again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from warum.errors import ModelError, UsageError, WarumError
from warum.taxonomy import SHIPPED, taxonomy_of
from warum_api.problems import Problem
from warum_api.projects.importing import options_of
from warum_api.projects.uploading import missing, there
from warum_api.storing.audit_log import Event, list_events, note_event
from warum_api.storing.comments import Appended, NewComment, append_comments, count_comments
from warum_api.storing.database import Database
from warum_api.storing.erasing import Erased, Eraser
from warum_api.storing.errors import ConflictError
from warum_api.storing.files import Files, delete_all, project_folder
from warum_api.storing.idempotency import StoredAnswer, claim_key, store_answer
from warum_api.storing.models import PREFIX, model
from warum_api.storing.projects import (
    Project,
    add_project,
    change_project,
    delete_project,
    list_projects,
    project,
)


@dataclass(frozen=True, slots=True)
class Keyed:
    """A request that may come again.

    Attributes:
        key: Its `Idempotency-Key`; None where it has none.
        body: What was asked, to tell it from another with the same key.
    """

    key: str | None
    body: bytes


class Keeping:
    """The projects of tenants.

    Args:
        database: Where they are.
        files: Where their files are.
        eraser: Erases.
    """

    def __init__(self, database: Database, files: Files, eraser: Eraser) -> None:
        self._database, self._files, self._eraser = database, files, eraser

    def add(self, tenant: str, who: str, wanted: Mapping[str, Any]) -> Project:
        """Make a project.

        Args:
            tenant: Whose.
            who: For the audit log.
            wanted: `name`, and maybe `taxonomy`, `columns` and `retention_days`.

        Raises:
            Problem: `unknown_taxonomy`, `broken_taxonomy` or `invalid_request`.
        """
        _check(wanted)
        with self._database.writing() as connection:
            made = add_project(tenant, connection, **wanted)
            note_event(tenant, connection, "project_created", who=who, project=made.id)
        return made

    def some(self, tenant: str, after: str | None, limit: int) -> tuple[Project, ...]:
        """Projects by id, those behind `after`."""
        with self._database.reading() as connection:
            return list_projects(tenant, connection, after=after, limit=limit)

    def one(self, tenant: str, project_id: str) -> tuple[Project, int]:
        """A project, and how many comments were appended to it.

        Raises:
            Problem: `not_found`.
        """
        with self._database.reading() as connection:
            found = there(project(tenant, connection, project_id), "project", project_id)
            return found, count_comments(tenant, connection, project_id)

    def change(self, tenant: str, who: str, project_id: str, changes: Mapping[str, Any]) -> Project:
        """Change some of a project.

        Raises:
            Problem: As `add`, and `not_found`.
        """
        _check(changes)
        with self._database.writing() as connection:
            named = changes.get("model") or ""
            if named.startswith(PREFIX):
                there(model(tenant, connection, project_id, named), "model", named)
            changed = change_project(tenant, connection, project_id, **changes)
            found = there(changed, "project", project_id)
            note_event(tenant, connection, "project_changed", who=who, project=project_id)
        return found

    def delete(self, tenant: str, who: str, project_id: str) -> None:
        """Delete a project with everything in it.

        Raises:
            Problem: `not_found`.
        """
        with self._database.writing() as connection:
            if not delete_project(tenant, connection, project_id):
                raise missing("project", project_id)
            note_event(tenant, connection, "project_deleted", who=who, project=project_id)
        delete_all(tenant, self._files, project_folder(project_id))
        self._database.truncate_log()

    def append(
        self, tenant: str, who: str, project_id: str, new: Sequence[NewComment], keyed: Keyed
    ) -> bytes:
        """Append comments; the same request with the same key gets the same answer.

        Returns:
            The answer as JSON: how many are new, and which ids were there already, or stood twice.

        Raises:
            Problem: `not_found`; `key_in_use`, if the key belongs to another request.
        """
        with self._database.writing() as connection:
            there(project(tenant, connection, project_id), "project", project_id)
            if keyed.key is not None:
                asked = hashlib.sha256(f"{project_id}\n".encode() + keyed.body).hexdigest()
                claim = claim_key(tenant, connection, keyed.key, asked, project=project_id)
                if isinstance(claim, StoredAnswer) and claim.body:
                    return claim.body
                if claim in ("other", "pending"):
                    raise Problem(
                        "key_in_use",
                        "Use a new key for each request.",
                        came=keyed.key,
                        expected="a key that was not used for another request",
                    )
            done = append_comments(tenant, connection, project_id, new)
            answer = _bytes(done)
            if keyed.key is not None:
                store_answer(tenant, connection, keyed.key, 200, answer)
            note_event(
                tenant, connection, "appended", who=who, project=project_id, count=done.added
            )
        return answer

    def erase(
        self, tenant: str, who: str, project_id: str, *, customer: str | None, comment: str | None
    ) -> Erased:
        """Erase everything of a customer, or one comment: from tables, files and results.

        Raises:
            Problem: `not_found`; `conflict`, if a file is on its way or cannot be read.
        """
        with self._database.reading() as connection:
            there(project(tenant, connection, project_id), "project", project_id)
        try:
            if customer is not None:
                return self._eraser.erase_customer(tenant, project_id, customer, who=who)
            return self._eraser.erase_comment(tenant, project_id, comment or "", who=who)
        except (ConflictError, WarumError) as error:
            raise Problem("conflict", f"Nothing was erased: {error}") from None

    def events(self, tenant: str, before: int | None, limit: int) -> tuple[Event, ...]:
        """The audit log, newest first."""
        with self._database.reading() as connection:
            return list_events(tenant, connection, before=before, limit=limit)


def _bytes(done: Appended) -> bytes:
    told = {"added": done.added, "known": list(done.known), "repeated": list(done.repeated)}
    return json.dumps(told).encode("ascii")


def _check(wanted: Mapping[str, Any]) -> None:
    taxonomy = wanted.get("taxonomy")
    if isinstance(taxonomy, str) and taxonomy not in SHIPPED:
        raise Problem(
            "unknown_taxonomy",
            "Name a built-in taxonomy, or send one as an object.",
            came=taxonomy,
            expected=f"one of: {', '.join(SHIPPED)}",
        )
    try:
        if isinstance(taxonomy, Mapping):
            taxonomy_of({"name": "own", **taxonomy}, origin="taxonomy")
        options_of(wanted.get("columns") or {})
    except ModelError as error:
        raise Problem("broken_taxonomy", str(error)) from None
    except (UsageError, TypeError, ValueError) as error:
        raise Problem("invalid_request", f"/columns: {error}") from None
