"""Files in a local folder."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from warum_api.storing.errors import NoFileError
from warum_api.storing.files import PIECE, StoredFile, checked_path

_PART = ".part"  # begins with a dot too, which no path may
_TRIES = 5


class LocalFiles:
    """A folder; see `Files`.

    Args:
        root: The folder; made where it is missing, readable by this user only.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, tenant: str, path: str, data: bytes | Iterable[bytes]) -> int:
        """See `Files`."""
        target = self._place(tenant, path)
        staging = self._new_beside(target)
        size = 0
        try:
            with staging.open("wb") as out:
                for piece in (data,) if isinstance(data, bytes) else data:
                    size += out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            staging.replace(target)
        finally:
            staging.unlink(missing_ok=True)
        _sync(target.parent)
        return size

    def get(self, tenant: str, path: str) -> bytes:
        """See `Files`."""
        try:
            return self._place(tenant, path).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise _missing(path) from None

    def stream(self, tenant: str, path: str, start: int = 0) -> Iterator[bytes]:
        """See `Files`."""
        try:
            file = self._place(tenant, path).open("rb")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise _missing(path) from None
        with file:
            file.seek(start)
            while piece := file.read(PIECE):
                yield piece

    def delete(self, tenant: str, path: str) -> None:
        """See `Files`."""
        place = self._place(tenant, path)
        with suppress(FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError):
            place.unlink()
        for folder in place.parents:  # empty ones are taken away
            if folder == self.root:
                break
            try:
                folder.rmdir()
            except OSError:
                break

    def list(self, tenant: str, folder: str = "") -> Iterator[StoredFile]:
        """See `Files`."""
        top = self.root / checked_path(tenant, folder, folder=True)
        found = (path for path in top.rglob("*") if not path.name.startswith("."))
        own = self.root / tenant
        for path in sorted(found, key=lambda path: path.relative_to(own).as_posix()):
            with suppress(FileNotFoundError):  # deleted meanwhile
                facts = path.stat()
                if path.is_file():
                    changed = datetime.fromtimestamp(facts.st_mtime, UTC)
                    yield StoredFile(path.relative_to(own).as_posix(), facts.st_size, changed)

    def clear_leftovers(self, seconds: float = 86_400) -> int:
        """Delete what killed writers left unfinished longer than this ago; the number of files."""
        old = [
            path
            for path in self.root.rglob(f".*{_PART}")
            if time.time() - path.stat().st_mtime > seconds
        ]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _place(self, tenant: str, path: str) -> Path:
        return self.root / checked_path(tenant, path)

    def _new_beside(self, target: Path) -> Path:
        """A new empty file that will take the target's place."""
        staging = target.with_name(f".{target.name[:64]}.{secrets.token_hex(6)}{_PART}")
        for left in reversed(range(_TRIES)):
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                staging.touch(exist_ok=False)
            except FileNotFoundError:  # somebody took the empty folder away just now
                if not left:
                    raise
            else:
                break
        return staging


def _sync(folder: Path) -> None:
    """Have the folder's entries survive a power cut, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _missing(path: str) -> NoFileError:
    return NoFileError(f"There is no file {path!r}.")
