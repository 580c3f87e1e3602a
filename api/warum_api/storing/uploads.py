"""Uploads: how much of a file has arrived. The bytes themselves are in `Files`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from warum_api.storing.database import now
from warum_api.storing.errors import ConflictError
from warum_api.storing.rows import asked, many, new_id, one
from warum_api.storing.tables import uploads

UploadState = Literal["open", "complete", "failed"]
Purpose = Literal["data", "labels"]
"""`data` is analysed; on `labels` (texts with what a person saw in them) own models are trained."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in, or there.

    Attributes:
        project: The project it belongs to.
        id: Names it in paths.
        name: Its file name, as it came: for people, never for a path.
        size: Bytes announced; None if unknown until it is complete.
        received: Bytes that have arrived.
        sha256: Announced digest of all of it, or the one found at its end; None if unknown.
        state: `open` while bytes are missing, `complete`, or `failed`.
        created_at: Since when.
        changed_at: When bytes arrived last.
        purpose: What it is for.
    """

    project: str
    id: str
    name: str
    size: int | None
    received: int
    sha256: str | None
    state: UploadState
    created_at: datetime
    changed_at: datetime
    purpose: Purpose = "data"


@dataclass(frozen=True, slots=True)
class Abandoned:
    """An upload that nobody goes on with.

    Attributes:
        tenant: Whose it was.
        project: The project.
        id: The upload.
    """

    tenant: str
    project: str
    id: str


def begin_upload(
    tenant: str,
    connection: Connection,
    project: str,
    *,
    name: str,
    size: int | None = None,
    sha256: str | None = None,
    purpose: Purpose = "data",
) -> Upload:
    """Announce a file."""
    at = now(connection)
    row: dict[str, Any] = {
        "project": project, "id": new_id("upl"), "name": name, "size": size, "received": 0,
        "sha256": sha256, "state": "open", "created_at": at, "changed_at": at,
        "purpose": purpose,
    }  # fmt: skip
    connection.execute(insert(uploads).values(tenant=tenant, **row))
    return Upload(**row)


def upload(tenant: str, connection: Connection, project: str, upload_id: str) -> Upload | None:
    """One upload of a project."""
    return one(Upload, connection, asked(Upload, uploads).where(_is(tenant, project, upload_id)))


def list_uploads(tenant: str, connection: Connection, project: str) -> tuple[Upload, ...]:
    """All uploads of a project, oldest first."""
    c = uploads.c
    query = asked(Upload, uploads).where(c.tenant == tenant, c.project == project)
    return many(Upload, connection, query.order_by(c.created_at, c.id))


def advance_upload(
    tenant: str, connection: Connection, project: str, upload_id: str, *, at: int, by: int
) -> Upload:
    """Note that a piece has been stored.

    Args:
        tenant: Whose it is.
        connection: One that writes.
        project: The project.
        upload_id: The upload.
        at: Where the piece begins, in bytes: where the last one ended.
        by: Its bytes.

    Raises:
        ConflictError: If the upload is not open, waits for another piece, or grows over its size.
    """
    here = _is(tenant, project, upload_id)
    fits = (uploads.c.state == "open") & (uploads.c.received == at)
    fits &= uploads.c.size.is_(None) | (uploads.c.size >= at + by)
    values = {"received": at + by, "changed_at": now(connection)}
    changed = connection.execute(update(uploads).where(here, fits).values(**values)).rowcount
    found = upload(tenant, connection, project, upload_id)
    if found is None or not changed:
        waits = "is not there" if found is None else f"is {found.state} at byte {found.received}"
        raise ConflictError(
            f"The upload {upload_id!r} {waits} of {found.size if found else 0}, and {by} bytes came for byte {at}."
        )
    return found


def end_upload(
    tenant: str,
    connection: Connection,
    project: str,
    upload_id: str,
    *,
    state: Literal["complete", "failed"],
    sha256: str | None = None,
) -> bool:
    """Close an upload, with the digest that was found.

    Returns:
        Whether it was open.
    """
    here = _is(tenant, project, upload_id) & (uploads.c.state == "open")
    values: dict[str, Any] = {"state": state, "changed_at": now(connection)}
    values |= {"size": uploads.c.received} if state == "complete" else {}
    values |= {"sha256": sha256} if sha256 is not None else {}
    return connection.execute(update(uploads).where(here).values(**values)).rowcount > 0


def delete_upload(tenant: str, connection: Connection, project: str, upload_id: str) -> bool:
    """Forget an upload; its bytes are deleted from `Files`.

    Returns:
        Whether there was one.
    """
    return connection.execute(delete(uploads).where(_is(tenant, project, upload_id))).rowcount > 0


def abandon_uploads(connection: Connection, before: datetime) -> tuple[Abandoned, ...]:
    """Close the uploads of all tenants to which nothing was added since a moment.

    Args:
        connection: One that writes.
        before: The moment.

    Returns:
        All that failed, those of earlier calls too: their bytes are to be deleted from `Files`.
    """
    c = uploads.c
    open_ = (c.state == "open") & (c.changed_at < before)
    closed = {"state": "failed", "changed_at": now(connection)}
    connection.execute(update(uploads).where(open_).values(**closed))
    failed = select(c.tenant, c.project, c.id).where(c.state == "failed")
    return tuple(Abandoned(*row) for row in connection.execute(failed))


def forget_failed_uploads(connection: Connection, before: datetime) -> int:
    """Forget the uploads of all tenants that failed before a moment, once their bytes are deleted; their number."""
    old = (uploads.c.state == "failed") & (uploads.c.changed_at < before)
    return connection.execute(delete(uploads).where(old)).rowcount


def _is(tenant: str, project: str, upload_id: str) -> ColumnElement[bool]:
    c = uploads.c
    return (c.tenant == tenant) & (c.project == project) & (c.id == upload_id)
