"""Results as `warum` takes them up: from their folder, and remembered while nothing in it has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from warum.analysis import Analysis
from warum.answers.why import Why
from warum.result import Reading
from warum.taxonomy import Taxonomy
from warum_api.problems import Problem
from warum_api.results.correcting import all_corrections, corrected
from warum_api.results.remembering import Key, Remembered
from warum_api.storing.copies import Copies
from warum_api.storing.corrections import Correction
from warum_api.storing.database import Database
from warum_api.storing.files import Files
from warum_api.storing.local_files import LocalFiles
from warum_api.storing.projects import project
from warum_api.storing.results import (
    ANALYSIS,
    StoredResult,
    current_result,
    list_results,
    result_version,
)

REMEMBERED = 4
"""Results that stay taken up; the one not asked for longest goes first."""


class ReadUp(NamedTuple):
    """What was read of the comments, as people have corrected it, and the taxonomy it was read with."""

    reading: Reading
    taxonomy: Taxonomy


@dataclass(frozen=True)
class Found:
    """A result and the state of its files.

    Attributes:
        tenant: Whose.
        stored: Which version.
        files: Changes with every change of its files.
        corrections: What people said of its opinions.
    """

    tenant: str
    stored: StoredResult
    files: str
    corrections: tuple[Correction, ...] = field(default=(), repr=False)

    @property
    def state(self) -> str:
        """Changes with every change of its files, and with every correction."""
        return _digest([self.files, *(str(one.seq) for one in self.corrections)])

    def before(self, made: Callable[[Correction], bool]) -> Found:
        """The same as it was when fewer corrections were made.

        Args:
            made: Whether a correction was made by then.
        """
        return replace(self, corrections=tuple(one for one in self.corrections if made(one)))

    def key(self, *more: object) -> Key:
        """What something made from it, and from `more`, is remembered by."""
        return Key(self.tenant, self.stored.path, self.files, repr((self.state, *more)))


class Shelf:
    """The results of all tenants.

    Args:
        database: Where they are noted.
        files: Where they lie.
        most_bytes: Bytes of local copies, where they lie in a bucket.
    """

    def __init__(self, database: Database, files: Files, most_bytes: int = 2**30) -> None:
        self._database, self._files = database, files
        self.copies = Copies(files, most_bytes)
        self._taken = Remembered[Analysis](REMEMBERED)
        self._read = Remembered[ReadUp](REMEMBERED)
        self._whys = Remembered[Why](REMEMBERED)

    def versions(self, tenant: str, project_id: str) -> tuple[StoredResult, ...]:
        """All versions of all kinds, newest first.

        Raises:
            Problem: `not_found`.
        """
        with self._database.reading() as connection:
            if project(tenant, connection, project_id) is None:
                raise Problem("not_found", "There is no such project.", came=project_id)
            return list_results(tenant, connection, project_id)

    def find(self, tenant: str, project_id: str, version: str, kind: str = ANALYSIS) -> Found:
        """A version.

        Args:
            tenant: Whose.
            project_id: The project.
            version: Its number, or `current`.
            kind: What it is a result of.

        Raises:
            Problem: `not_found`.
        """
        with self._database.reading() as connection:
            if version == "current":
                stored = current_result(tenant, connection, project_id, kind)
            elif version.isascii() and version.isdigit() and len(version) < 10:
                stored = result_version(tenant, connection, project_id, int(version), kind)
            else:
                stored = None
        if stored is None:
            raise Problem("not_found", "There is no such result.", came=version)
        told = [
            f"{f.path} {f.size} {f.changed_at.timestamp()}"
            for f in self._files.list(tenant, stored.path)
        ]
        corrections = tuple(all_corrections(tenant, self._database, project_id))
        return Found(tenant, stored, _digest(told), corrections)

    @contextmanager
    def folder(self, found: Found) -> Iterator[Path]:
        """The files of a result as a local folder; not to be written to."""
        if isinstance(self._files, LocalFiles):
            yield self._files.root / found.tenant / found.stored.path
            return
        with self.copies.folder(found.tenant, found.stored.path, found.files) as folder:
            yield folder

    def taken_up(self, found: Found) -> Analysis:
        """A result with all its estimates, computed from what was read; no model is needed."""
        from warum.analyzing import taken_up

        def make() -> Analysis:
            with self.folder(found) as folder:
                return taken_up(folder, change=partial(corrected, corrections=found.corrections))

        return self._taken.get(found.key(), make)

    def read(self, found: Found) -> ReadUp:
        """What was read, corrected, without any estimate."""
        from warum.settings import taxonomy_of
        from warum.store import read_reading

        def make() -> ReadUp:
            with self.folder(found) as folder:
                reading = corrected(read_reading(folder), found.corrections)
                return ReadUp(reading, taxonomy_of(None, folder)[0])

        return self._read.get(found.key(), make)

    def why(self, found: Found) -> Why:
        """The answer of a job `why`.

        Raises:
            Problem: `not_found`, if it is no more, or another version of `warum` wrote it.
        """
        from warum.report.why_import import read_why

        def make() -> Why:
            try:
                return read_why(self.file(found, "why.json").decode("utf-8"))
            except ValueError:
                detail = "Another version of warum wrote it: submit the job again."
                raise Problem("not_found", detail, came=str(found.stored.version)) from None

        return self._whys.get(found.key(), make)

    def file(self, found: Found, name: str) -> bytes:
        """One file of a result.

        Raises:
            Problem: `not_found`, if it has none (it was erased, or never made).
        """
        there = {file.path for file in self._files.list(found.tenant, found.stored.path)}
        if f"{found.stored.path}/{name}" not in there:
            detail = "It is no more: comments were erased since. Submit the job again."
            raise Problem("not_found", detail, came=name)
        return self._files.get(found.tenant, f"{found.stored.path}/{name}")


def _digest(told: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:32]
