"""Erase a customer, a comment, or what is older than a project keeps: from the tables and from the files.

What is to go is written down first and crossed out last, so that an erasure that was interrupted is finished
by `finish_erasures`; until then no result of the project is published. Jobs that may have read what is erased
begin anew. The audit log says that something was erased, never what.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from warum.errors import WarumError
from warum_api.observing.logs import log, places
from warum_api.storing.audit_log import Action, note_event
from warum_api.storing.comments import ids_before, ids_of_customer, texts_of
from warum_api.storing.database import Database, now
from warum_api.storing.erasing_files import FromFiles, check_uploads, erase_from_files
from warum_api.storing.erasing_models import fingerprints
from warum_api.storing.erasing_rows import erase_rows
from warum_api.storing.errors import ConflictError
from warum_api.storing.files import Files
from warum_api.storing.gone import Gone, ParquetRewriter, Rewriter, Untouched
from warum_api.storing.jobs import restart_jobs
from warum_api.storing.models import mark_stale
from warum_api.storing.projects import kept_for_a_time, lock_project
from warum_api.storing.rows import new_id
from warum_api.storing.tables import erasures
from warum_api.storing.uploads import delete_upload, list_uploads

REWRITERS: tuple[Rewriter, ...] = (ParquetRewriter(), Untouched("run.json", "rejected.jsonl"))
Prepare = Callable[[str, str], None]
"""Brings the uploads of a tenant's project into a form that comments can be taken out of."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased.

    Attributes:
        comments: How many comments, of tables and files.
        rewritten: Files that are there without them.
        deleted: Files that could not be rewritten and have to be made anew: reports, summaries, parts of jobs.
            Where there are some, or some were rewritten, the project's results are stale: analyse it again.
    """

    comments: int
    rewritten: tuple[str, ...]
    deleted: tuple[str, ...]


@dataclass(frozen=True)
class Eraser:
    """Erases from a project.

    Attributes:
        database: The tables.
        files: The files.
        rewriters: Which files comments can be taken out of. An upload that none of them takes stops an
            erasure before it has begun.
        prepare: Called before an erasure; None where uploads come in a form that can be rewritten.
    """

    database: Database
    files: Files
    rewriters: Sequence[Rewriter] = REWRITERS
    prepare: Prepare | None = None

    def erase_customer(self, tenant: str, project: str, customer: str, *, who: str) -> Erased:
        """Erase everything of one customer.

        Raises:
            ConflictError: If an upload of the project is under way.
            StorageError: If one cannot be rewritten.
        """
        gone = Gone(customers=frozenset({customer}))
        return self._erase(tenant, project, gone, "customer_erased", who)

    def erase_comment(self, tenant: str, project: str, comment: str, *, who: str) -> Erased:
        """Erase one comment.

        Raises:
            ConflictError: If an upload of the project is under way.
            StorageError: If one cannot be rewritten.
        """
        gone = Gone(comments=frozenset({comment}))
        return self._erase(tenant, project, gone, "comment_erased", who)

    def erase_before(self, tenant: str, project: str, moment: datetime, *, who: str) -> Erased:
        """Erase the comments written before a moment; where that is unknown, those added before it.

        Raises:
            StorageError: If an upload of the project cannot be rewritten.
        """
        return self._erase(tenant, project, Gone(before=moment), "retention_applied", who)

    def apply_retention(self) -> int:
        """Erase in the projects of all tenants what is older than they keep; the number of comments."""
        with self.database.reading() as connection:
            at, kept = now(connection), kept_for_a_time(connection)
        total = 0
        for one in kept:
            moment = at - timedelta(days=one.days)
            try:
                done = self.erase_before(one.tenant, one.project, moment, who="retention")
            except (
                WarumError
            ) as error:  # a file that cannot be read, and stands in no other project's way
                log().error("a retention failed", project=one.project, **places(error))
            else:
                total += done.comments
        return total

    def finish_erasures(self) -> int:
        """Finish the erasures of all tenants that were interrupted; their number. Called at the start."""
        c = erasures.c
        with self.database.reading() as connection:
            query = select(c.tenant, c.project, c.id).order_by(c.created_at)
            begun = connection.execute(query).all()
        for tenant, project, erasure in begun:
            self._finish(tenant, project, erasure)
        return len(begun)

    def _erase(self, tenant: str, project: str, gone: Gone, action: Action, who: str) -> Erased:
        going = self._under_way(tenant, project, action)
        if self.prepare is not None:
            self.prepare(tenant, project)
        check_uploads(tenant, self.files, project, self.rewriters, going)
        erasure = new_id("era")
        with self.database.writing() as connection:
            if not lock_project(tenant, connection, project):
                return Erased(0, (), ())
            ids = gone.comments | _ids_in_table(tenant, connection, project, gone)
            said = fingerprints(texts_of(tenant, connection, project, ids))
            found = erase_rows(tenant, connection, project, ids)
            restart_jobs(tenant, connection, project)
            row = {"id": erasure, "project": project, "created_at": now(connection)}
            kept = gone.and_comments(ids).and_texts(said).data()
            connection.execute(insert(erasures).values(tenant=tenant, gone=kept, **row))
            note_event(tenant, connection, action, who=who, project=project)
        files = self._finish(tenant, project, erasure)
        self.database.truncate_log()
        return Erased(len(found | files.comments), files.rewritten, files.deleted)

    def _under_way(self, tenant: str, project: str, action: Action) -> frozenset[str]:
        """Ids of the uploads that are not complete: nothing can be taken out of them.

        Raises:
            ConflictError: If somebody asked for the erasure, who would think that all of it is gone.
        """
        with self.database.reading() as connection:
            uploads = list_uploads(tenant, connection, project)
        going = [one for one in uploads if one.state == "open"]
        begun = next((one.id for one in going if one.received), None)
        if begun is not None and action != "retention_applied":
            raise ConflictError(
                f"The upload {begun!r} is under way and may hold what is to go.",
                hint="Send the rest of it, or delete it, and ask again.",
            )
        return frozenset(one.id for one in going)

    def _finish(self, tenant: str, project: str, erasure: str) -> FromFiles:
        """The second half: the files, and what was noted of comments that stand in files only."""
        here = (erasures.c.tenant == tenant) & (erasures.c.id == erasure)
        with self.database.alone("erasing"):
            with self.database.reading() as connection:
                query = select(erasures.c.gone, erasures.c.created_at).where(here)
                row = connection.execute(query).one_or_none()
                if row is None:  # another process has finished it
                    return FromFiles()
                uploads = list_uploads(tenant, connection, project)
            gone = Gone.of_data(row.gone)
            old = {one.id for one in uploads if gone.before and one.created_at < gone.before}
            done = erase_from_files(tenant, self.files, project, gone, self.rewriters, old)
            with self.database.writing() as connection:
                lock_project(tenant, connection, project)
                erase_rows(tenant, connection, project, done.comments)
                mark_stale(tenant, connection, project, done.models)
                for upload in old:
                    delete_upload(tenant, connection, project, upload)
                restart_jobs(tenant, connection, project)
                connection.execute(delete(erasures).where(here))
        return done


def _ids_in_table(tenant: str, connection: Connection, project: str, gone: Gone) -> frozenset[str]:
    found: set[str] = set()
    for customer in gone.customers:
        found.update(ids_of_customer(tenant, connection, project, customer))
    if gone.before is not None:
        found.update(ids_before(tenant, connection, project, gone.before))
    return frozenset(found)
