"""Local copies of folders that lie in a bucket, for what needs files by name: made once, up to a number of bytes."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from warum_api.storing.files import Files, fetch


@dataclass(eq=False)
class _Copy:
    """A folder that is copied, or about to be.

    Attributes:
        state: Of the stored folder, when it was asked for.
        users: How many read it now.
        size: In bytes; 0 until it is made.
        used_at: When it was given back last.
        folder: Where it is; its maker sets it.
    """

    state: str
    users: int = 0
    size: int = 0
    used_at: float = 0.0
    folder: Future[Path] = field(default_factory=Future)


class Copies:
    """Copies of stored folders; those not used for longest go first.

    Args:
        files: Where the folders are.
        most_bytes: So many at most; what is being read stays, however much it is.
        seconds: A copy that is not used for so long goes, too: it may hold what was erased since.
    """

    def __init__(self, files: Files, most_bytes: int, seconds: float = 600.0) -> None:
        self._files, self._most, self._seconds = files, most_bytes, seconds
        self._top: Path | None = None
        self._kept: dict[tuple[str, str], _Copy] = {}  # the one used last stands last
        self._one = threading.Lock()

    @contextmanager
    def folder(self, tenant: str, path: str, state: str) -> Iterator[Path]:
        """The files of a stored folder in a local one; not to be written to.

        Args:
            tenant: Whose.
            path: The stored folder.
            state: Changes with its files: a copy of another state is made anew.

        Raises:
            NoFileError: If one of them is deleted meanwhile.
        """
        copy, made = self._taken((tenant, path), state)
        try:
            if not made:
                self._make(copy, tenant, path)
            yield copy.folder.result()
        finally:
            self._give_back((tenant, path), copy)

    def forget_old(self) -> None:
        """Delete the copies that nobody has used for a while."""
        with self._one:
            self._shrink()

    def _taken(self, key: tuple[str, str], state: str) -> tuple[_Copy, bool]:
        """The copy, and whether it is made, or being made by somebody else."""
        with self._one:
            copy = found = self._kept.pop(key, None)
            if copy is None or copy.state != state:
                copy = _Copy(state)
                if found is not None and not found.users:
                    _delete(found)
            copy.users += 1
            self._kept[key] = copy
            return copy, copy is found

    def _make(self, copy: _Copy, tenant: str, path: str) -> None:
        try:
            folder = self._new_folder()
            for file in self._files.list(tenant, path):
                to = folder / file.path.removeprefix(f"{path}/")
                to.parent.mkdir(parents=True, exist_ok=True)
                fetch(tenant, self._files, file.path, to)
                copy.size += file.size
        except BaseException as error:
            copy.folder.set_exception(error)  # those who wait for it learn it, too
            raise
        copy.folder.set_result(folder)

    def _new_folder(self) -> Path:
        with self._one:
            if self._top is None:
                self._top = Path(tempfile.mkdtemp(prefix="warum-copies-"))
                weakref.finalize(self, shutil.rmtree, self._top, ignore_errors=True)
        return Path(tempfile.mkdtemp(dir=self._top))

    def _give_back(self, key: tuple[str, str], copy: _Copy) -> None:
        with self._one:
            copy.users -= 1
            copy.used_at = time.monotonic()
            if copy.users:
                return
            kept = self._kept.get(key) is copy
            if kept and copy.folder.exception() is not None:
                del self._kept[key]
            elif not kept:  # another has taken its place meanwhile
                _delete(copy)
            self._shrink()

    def _shrink(self) -> None:
        total = sum(copy.size for copy in self._kept.values())
        old = time.monotonic() - self._seconds
        for key, copy in list(self._kept.items()):
            if not copy.users and (total > self._most or copy.used_at < old):
                total -= copy.size
                del self._kept[key]
                _delete(copy)


def _delete(copy: _Copy) -> None:
    if copy.folder.done() and copy.folder.exception() is None:
        shutil.rmtree(copy.folder.result(), ignore_errors=True)
