"""Results as `warum` takes them up: from their folder, and remembered while nothing in it has changed."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from warum.analysis import Analysis
from warum_api.problems import Problem
from warum_api.results.correcting import all_corrections, corrected
from warum_api.storing.corrections import Correction
from warum_api.storing.database import Database
from warum_api.storing.files import Files, fetch
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


@dataclass(frozen=True)
class Found:
    """A result and the state of its files.

    Attributes:
        tenant: Whose.
        stored: Which version.
        state: Changes with every change of its files, and with every correction.
        corrections: What people said of its opinions.
    """

    tenant: str
    stored: StoredResult
    state: str
    corrections: tuple[Correction, ...] = field(default=(), repr=False)


class Shelf:
    """The results of all tenants.

    Args:
        database: Where they are noted.
        files: Where they lie.
    """

    def __init__(self, database: Database, files: Files) -> None:
        self._database, self._files = database, files
        self._taken: OrderedDict[tuple[str, str, str], Analysis] = OrderedDict()
        self._one = threading.Lock()

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
        told += [str(one.seq) for one in corrections]
        digest = hashlib.sha256("\n".join(told).encode()).hexdigest()
        return Found(tenant, stored, digest[:32], corrections)

    @contextmanager
    def folder(self, found: Found) -> Iterator[Path]:
        """The files of a result as a local folder; not to be written to."""
        if isinstance(self._files, LocalFiles):
            yield self._files.root / found.tenant / found.stored.path
            return
        with tempfile.TemporaryDirectory() as name:
            for file in self._files.list(found.tenant, found.stored.path):
                to = Path(name) / file.path.removeprefix(f"{found.stored.path}/")
                to.parent.mkdir(parents=True, exist_ok=True)
                fetch(found.tenant, self._files, file.path, to)
            yield Path(name)

    def taken_up(self, found: Found) -> Analysis:
        """A result with all its estimates, computed from what was read; no model is needed."""
        from warum.analyzing import taken_up

        key = (found.tenant, found.stored.path, found.state)
        with self._one:  # the second who asks finds it done
            if key not in self._taken:
                with self.folder(found) as folder:
                    change = partial(corrected, corrections=found.corrections)
                    self._taken[key] = taken_up(folder, change=change)
            self._taken.move_to_end(key)
            for old in [k for k in self._taken if k[:2] == key[:2] and k != key]:
                del self._taken[old]  # what was erased since does not stay in memory
            while len(self._taken) > REMEMBERED:
                self._taken.popitem(last=False)
            return self._taken[key]

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
