"""The seam for files: uploads, results, parts of jobs. A local folder, or a bucket of an S3-compatible store.

Paths are the service's own (`projects/<id>/uploads/<id>`), never made of a name that came from a caller;
the tenant is their first folder and is given by itself, so that nobody forgets it. What `put` writes is seen
whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from warum_api.storing.errors import StorageError
from warum_api.storing.rows import checked_name

PIECE = 2**20
"""Bytes that `stream` hands out at a time, at most."""
_SEGMENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._=-]{0,127}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is there.

    Attributes:
        path: Behind the tenant.
        size: In bytes.
        changed_at: When it was written.
    """

    path: str
    size: int
    changed_at: datetime


class Files(Protocol):
    """Where files are. All raise `ValueError` for a path that is none, `NoFileError` for a file that is not there."""

    def put(self, tenant: str, path: str, data: bytes | Iterable[bytes]) -> int:
        """Write a file in place of an earlier one; its bytes. If `data` raises, nothing is changed."""

    def get(self, tenant: str, path: str) -> bytes:
        """A whole file."""

    def stream(self, tenant: str, path: str, start: int = 0) -> Iterator[bytes]:
        """A file in pieces, from a byte on."""

    def delete(self, tenant: str, path: str) -> None:
        """Delete a file, if it is there."""

    def list(self, tenant: str, folder: str = "") -> Iterator[StoredFile]:
        """The files in a folder and in those below it, by path; all files of the tenant with ""."""


def project_folder(project: str) -> str:
    """Where everything of a project lies: in it `uploads/`, `results/` and `jobs/`."""
    return f"projects/{checked_name('project', project)}"


def delete_all(tenant: str, files: Files, folder: str = "") -> int:
    """Delete the files in a folder and in those below it; their number."""
    found = [file.path for file in files.list(tenant, folder)]
    for path in found:
        files.delete(tenant, path)
    return len(found)


def fetch(tenant: str, files: Files, path: str, to: Path) -> Path:
    """Copy a file to a local one, for what needs a file by name, such as DuckDB.

    Raises:
        NoFileError: If there is none.
    """
    with to.open("wb") as out:
        for piece in files.stream(tenant, path):
            out.write(piece)
    return to


def checked_path(tenant: str, path: str, *, folder: bool = False) -> str:
    """The path with its tenant.

    Args:
        tenant: Whose file it is.
        path: Such as `projects/p1/results/1/comments.parquet`.
        folder: Whether it may be empty.

    Raises:
        ValueError: If it could lead anywhere else, or a part of it is empty, too long or hidden.
    """
    checked_name("tenant", tenant)
    if folder and not path:
        return tenant
    parts = path.split("/")
    if not all(_SEGMENT.fullmatch(part) for part in parts):
        raise ValueError(f"the path is {path!r}, expected letters, digits, . _ = - between the /")
    return "/".join((tenant, *parts))


def open_files(url: str) -> Files:
    """The files that a setting names.

    Args:
        url: A folder, `file:///folder`, or `s3://bucket/prefix`; for the latter the key, the region and another
            endpoint are read from the usual variables (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL`, …).

    Raises:
        StorageError: If it names neither, or obstore is missing.
    """
    parts = urlsplit(url)
    if parts.scheme == "s3":
        from warum_api.storing.bucket_files import BucketFiles

        return BucketFiles.of(parts.netloc, parts.path.strip("/"))
    if parts.scheme not in ("", "file") or (parts.scheme == "file" and parts.netloc):
        raise StorageError(
            f"The storage is {url!r}, which is neither a folder nor a bucket.",
            hint="Expected a folder, file:///folder or s3://bucket/prefix.",
        )
    from warum_api.storing.local_files import LocalFiles

    return LocalFiles(Path(unquote(parts.path) if parts.scheme else url))
