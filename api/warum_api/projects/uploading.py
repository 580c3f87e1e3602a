"""Files that are uploaded: announced, sent in as many pieces as it takes, put together at the end.

Every piece is a file of its own until then, so that what was acknowledged survives a crash, and a client that lost
its connection asks how many bytes are there and goes on behind them.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TypeVar

from anyio.to_thread import run_sync

from warum_api.problems import Problem
from warum_api.projects.importing import ROWS, SOURCE, file_name, pieces, upload_folder
from warum_api.storing.audit_log import note_event
from warum_api.storing.database import Database
from warum_api.storing.errors import ConflictError
from warum_api.storing.files import Files, delete_all, fetch
from warum_api.storing.projects import project
from warum_api.storing.uploads import (
    Purpose,
    Upload,
    advance_upload,
    begin_upload,
    delete_upload,
    end_upload,
    list_uploads,
    upload,
)

_Found = TypeVar("_Found")
SAMPLE = 512 * 1024
"""Bytes of a file that a preview looks at."""


class Uploading:
    """The uploads of projects.

    Args:
        database: Where they are noted.
        files: Where their bytes are.
        most_bytes: Most bytes of a file.
    """

    def __init__(self, database: Database, files: Files, *, most_bytes: int) -> None:
        self._database, self._files, self._most = database, files, most_bytes

    def begin(
        self,
        tenant: str,
        project_id: str,
        *,
        name: str,
        size: int | None,
        sha256: str | None,
        purpose: Purpose = "data",
    ) -> Upload:
        """Announce a file.

        Raises:
            Problem: `not_found`, or `body_too_large`.
        """
        self._refuse_too_large(size or 0)
        with self._database.writing() as connection:
            there(project(tenant, connection, project_id), "project", project_id)
            return begin_upload(
                tenant, connection, project_id, name=name, size=size, sha256=sha256, purpose=purpose
            )

    def all(self, tenant: str, project_id: str) -> tuple[Upload, ...]:
        """The uploads of a project, oldest first.

        Raises:
            Problem: `not_found`.
        """
        with self._database.reading() as connection:
            there(project(tenant, connection, project_id), "project", project_id)
            return list_uploads(tenant, connection, project_id)

    def one(self, tenant: str, project_id: str, upload_id: str) -> Upload:
        """One upload.

        Raises:
            Problem: `not_found`.
        """
        with self._database.reading() as connection:
            return there(upload(tenant, connection, project_id, upload_id), "upload", upload_id)

    async def put(
        self,
        tenant: str,
        project_id: str,
        upload_id: str,
        body: AsyncIterator[bytes],
        *,
        at: int,
        last: bool,
        who: str,
    ) -> Upload:
        """Take a piece.

        Args:
            tenant: Whose.
            project_id: The project.
            upload_id: The upload.
            body: The piece, in parts.
            at: Where it begins, in bytes.
            last: Whether the file ends with it; it does too where the announced size is reached.
            who: For the audit log.

        Raises:
            Problem: `not_found`; `conflict`, if another piece is waited for, or the digest differs.
        """
        found = await run_sync(self.one, tenant, project_id, upload_id)
        if found.state != "open" or found.received != at:
            raise _conflict(
                f"It is {found.state} at byte {found.received}.", f"a piece at byte {at}"
            )
        with tempfile.TemporaryDirectory() as folder:
            piece, size = Path(folder) / "piece", 0
            with piece.open("wb") as out:
                async for data in body:
                    size += len(data)
                    self._refuse_too_large(at + size)
                    await run_sync(out.write, data)
            found = await run_sync(self._keep, tenant, found, piece, size)
            if last or found.received == found.size:
                found = await run_sync(self._end, tenant, found, Path(folder) / "whole", who)
        return found

    def delete(self, tenant: str, project_id: str, upload_id: str) -> None:
        """Forget an upload and its rows; results that were made of it stay.

        Raises:
            Problem: `not_found`.
        """
        with self._database.writing() as connection:
            if not delete_upload(tenant, connection, project_id, upload_id):
                raise missing("upload", upload_id)
        delete_all(tenant, self._files, upload_folder(project_id, upload_id))

    def sample(self, tenant: str, project_id: str, upload_id: str, folder: Path) -> Path:
        """The beginning of a file, for a preview; the whole of it where its form has to be read whole.

        Raises:
            Problem: `not_found`; `conflict`, if it is not there yet.
        """
        found = self.one(tenant, project_id, upload_id)
        if found.state != "complete":
            raise _conflict(f"It is {found.state}.", "a preview", "a complete upload")
        top = upload_folder(project_id, upload_id)
        there_ = {file.path for file in self._files.list(tenant, top)}
        if f"{top}/{ROWS}" in there_:
            return fetch(tenant, self._files, f"{top}/{ROWS}", folder / "rows.parquet")
        path = folder / file_name(found)
        taken = 0
        with path.open("wb") as out:
            for piece in self._files.stream(tenant, f"{top}/{SOURCE}"):
                out.write(piece)
                taken += len(piece)
                if taken >= SAMPLE and piece and _is_text(path):
                    break
        if taken >= SAMPLE and _is_text(path):
            _cut_at_line(path)
        return path

    def _keep(self, tenant: str, found: Upload, piece: Path, size: int) -> Upload:
        folder = upload_folder(found.project, found.id)
        if size:
            self._files.put(tenant, f"{folder}/part-{found.received:015d}", pieces(piece))
        try:
            with self._database.writing() as connection:
                return advance_upload(
                    tenant, connection, found.project, found.id, at=found.received, by=size
                )
        except ConflictError as error:
            raise _conflict(str(error), f"{size} bytes at byte {found.received}") from None

    def _end(self, tenant: str, found: Upload, whole: Path, who: str) -> Upload:
        """Put the pieces together, if they are what was announced."""
        folder = upload_folder(found.project, found.id)
        digest = hashlib.sha256()
        with whole.open("wb") as out:
            for part in self._parts(tenant, folder):
                for piece in self._files.stream(tenant, part):
                    digest.update(piece)
                    out.write(piece)
        size, sha256 = whole.stat().st_size, digest.hexdigest()
        short = found.size is not None and size != found.size
        wrong = found.sha256 is not None and sha256 != found.sha256.lower()
        if not (short or wrong):
            self._files.put(tenant, f"{folder}/{SOURCE}", pieces(whole))
        with self._database.writing() as connection:
            state = "failed" if wrong or short else "complete"
            end_upload(
                tenant, connection, found.project, found.id,
                state="failed" if state == "failed" else "complete", sha256=sha256,
            )  # fmt: skip
            if state == "complete":
                note_event(
                    tenant, connection, "uploaded", who=who, project=found.project, thing=found.id
                )
        for part in list(self._parts(tenant, folder)):
            self._files.delete(tenant, part)
        if short:
            raise _conflict("It is shorter than announced.", f"{size} bytes", f"{found.size} bytes")
        if wrong:
            raise _conflict("Its digest is not the announced one.", sha256, found.sha256 or "")
        return self.one(tenant, found.project, found.id)

    def _parts(self, tenant: str, folder: str) -> Iterator[str]:
        for file in self._files.list(tenant, folder):
            if file.path.startswith(f"{folder}/part-"):
                yield file.path

    def _refuse_too_large(self, size: int) -> None:
        if size > self._most:
            raise Problem(
                "body_too_large",
                "Split the file.",
                came=f"at least {size} bytes",
                expected=f"at most {self._most} bytes",
            )


def there(found: _Found | None, what: str, name: str) -> _Found:
    """What was found.

    Raises:
        Problem: `not_found`, if it was not.
    """
    if found is None:
        raise missing(what, name)
    return found


def missing(what: str, name: str) -> Problem:
    """The problem that something is not there."""
    return Problem("not_found", f"There is no such {what}.", came=name)


def _conflict(
    detail: str, came: str, expected: str = "a piece that begins where the last ended"
) -> Problem:
    return Problem("conflict", detail, came=came, expected=expected)


def _is_text(path: Path) -> bool:
    with path.open("rb") as file:
        begin = file.read(4096)
    return not begin.startswith((b"PAR1", b"PK", b"\xd0\xcf", b"\x1f\x8b")) and b"\x00" not in begin


def _cut_at_line(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: data.rfind(b"\n") + 1] or data)
