"""Imported rows under the names of the file that they came from.

Ids and customers stand in them under names of our own, and for good: erasures, corrections and audits go by them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from warum.reading.records import RawTable, ReadOptions
from warum.store import parquet_metadata
from warum_api.projects.importing import CUSTOMER, DATE, ID, NAMED

_NONE = "none"


@dataclass(frozen=True)
class Held:
    """Roles that a file was imported with.

    Attributes:
        imported: Whether it was imported; what follows is empty where it was not.
        id: The column of ids; None if there is none.
        customer: The column of customers; None if there is none.
    """

    imported: bool = False
    id: str | None = None
    customer: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose roles stand."""
        return tuple(name for name in (self.id, self.customer) if name is not None)

    def options(self, options: ReadOptions) -> ReadOptions:
        """The options as they hold for this file."""
        if not self.imported:
            return options
        return replace(options, id=self.id or _NONE, customer=self.customer or _NONE)


def as_it_came(raw: RawTable, path: Path) -> tuple[RawTable, Held]:
    """Rows as their file named them, and the roles that stand since it was imported.

    Args:
        raw: The rows of `path`.
        path: A file as it came, or imported.
    """
    if ID not in raw.columns:
        return raw, Held()
    said = parquet_metadata(path).get(NAMED)
    there = {CUSTOMER: CUSTOMER} if CUSTOMER in raw.columns else {}
    # Files that an earlier version imported do not say what their columns were called.
    named: dict[str, str] = json.loads(said) if said is not None else there
    columns = {
        named.get(name, name): cells
        for name, cells in raw.columns.items()
        if name != DATE and (name != ID or ID in named)
    }
    return replace(raw, columns=columns), Held(True, named.get(ID), named.get(CUSTOMER))
