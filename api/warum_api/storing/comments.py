"""Comments that were appended by the API; those of uploaded files stay in their files."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from warum_api.storing.database import now
from warum_api.storing.rows import asked, inserting, many, one, portions
from warum_api.storing.tables import comments


@dataclass(frozen=True)
class NewComment:
    """A comment to append.

    Attributes:
        id: Unique in its project.
        text: The text; None where there are only fields.
        customer: Who wrote it; None if unknown.
        date: When it was written; None if unknown.
        fields: Everything else that came with it, by column: scores, segments, …
    """

    id: str
    text: str | None
    customer: str | None = None
    date: datetime | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredComment(NewComment):
    """A comment with its place.

    Attributes:
        seq: Rises with every comment added; never given out again.
        added_at: When it was appended.
    """

    seq: int = 0
    added_at: datetime = datetime.min  # noqa: DTZ901 - always given


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of comments that were to be appended.

    Attributes:
        added: How many are new.
        known: Ids that the project already has; those are left as they were.
        repeated: Ids that stood among them before: the first of each was taken, whatever the others say.
    """

    added: int
    known: tuple[str, ...]
    repeated: tuple[str, ...] = ()


def append_comments(
    tenant: str, connection: Connection, project: str, new: Sequence[NewComment]
) -> Appended:
    """Append comments to a project.

    Raises:
        sqlalchemy.exc.IntegrityError: If the tenant has no such project.
    """
    at, seen = now(connection), set[str]()
    rows, repeated = list[dict[str, Any]](), list[str]()
    for comment in new:
        if comment.id in seen:
            repeated.append(comment.id)
            continue
        seen.add(comment.id)
        rows.append({
            "tenant": tenant, "project": project, "id": comment.id, "customer": comment.customer,
            "text": comment.text, "fields": dict(comment.fields), "date": comment.date,
            "added_at": at,
        })  # fmt: skip
    if not rows:
        return Appended(0, ())
    statement = inserting(connection, comments).on_conflict_do_nothing(
        index_elements=("tenant", "project", "id")
    )
    added = set(connection.execute(statement.returning(comments.c.id), rows).scalars())
    known = [row["id"] for row in rows if row["id"] not in added]
    return Appended(len(added), tuple(known), tuple(dict.fromkeys(repeated)))


def comment(
    tenant: str, connection: Connection, project: str, comment_id: str
) -> StoredComment | None:
    """One comment of a project."""
    query = asked(StoredComment, comments).where(_of(tenant, project), comments.c.id == comment_id)
    return one(StoredComment, connection, query)


def list_comments(
    tenant: str,
    connection: Connection,
    project: str,
    *,
    after: int = 0,
    until: int | None = None,
    limit: int = 1_000,
) -> tuple[StoredComment, ...]:
    """Comments of a project in the order in which they came.

    Args:
        tenant: Whose they are.
        connection: Any.
        project: The project.
        after: Those behind this `seq`.
        until: Those up to this `seq`, as `newest_comment` gave it; None for no end.
        limit: So many at most.
    """
    query = asked(StoredComment, comments).where(_of(tenant, project), comments.c.seq > after)
    if until is not None:
        query = query.where(comments.c.seq <= until)
    return many(StoredComment, connection, query.order_by(comments.c.seq).limit(limit))


def count_comments(tenant: str, connection: Connection, project: str) -> int:
    """How many comments of a project were appended."""
    query = select(func.count()).select_from(comments).where(_of(tenant, project))
    return int(connection.execute(query).scalar_one())


def newest_comment(tenant: str, connection: Connection, project: str) -> int:
    """The highest `seq` of a project, 0 if it has no comment: how far a job has to read."""
    query = select(func.max(comments.c.seq)).where(_of(tenant, project))
    return int(connection.execute(query).scalar_one() or 0)


def ids_of_customer(
    tenant: str, connection: Connection, project: str, customer: str
) -> tuple[str, ...]:
    """Ids of a customer's comments."""
    query = select(comments.c.id).where(_of(tenant, project), comments.c.customer == customer)
    return tuple(connection.execute(query.order_by(comments.c.seq)).scalars())


def texts_of(
    tenant: str, connection: Connection, project: str, ids: Collection[str]
) -> tuple[str | None, ...]:
    """The texts of comments that were appended; ids of others are left out."""
    found: list[str | None] = []
    for some in portions(sorted(ids)):
        query = select(comments.c.text).where(_of(tenant, project), comments.c.id.in_(some))
        found += connection.execute(query).scalars()
    return tuple(found)


def ids_before(
    tenant: str, connection: Connection, project: str, moment: datetime
) -> tuple[str, ...]:
    """Ids of comments written (or, where that is unknown, added) before a moment."""
    written = func.coalesce(comments.c.date, comments.c.added_at)
    query = select(comments.c.id).where(_of(tenant, project), written < moment)
    return tuple(connection.execute(query.order_by(comments.c.seq)).scalars())


def _of(tenant: str, project: str) -> ColumnElement[bool]:
    return (comments.c.tenant == tenant) & (comments.c.project == project)
