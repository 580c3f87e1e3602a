"""A file of labels becomes rows that can be erased: with ids, customers and fingerprints of texts under our own names.

What marks it as an audit sample stays with it, so that no model ever learns from it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from warum.errors import ColumnError, ModelError
from warum.gold import GoldOptions
from warum.gold.cells import Names
from warum.gold.layout import Layout, find_layout
from warum.gold.reading import read_table
from warum.reading.records import RawTable
from warum.table import Column, Table, strings
from warum.taxonomy import Taxonomy, load_taxonomy, taxonomy_of
from warum_api.storing.erasing_models import fingerprints
from warum_api.storing.gone import LABEL_ID, TEXT
from warum_api.storing.projects import Project

LABEL_CUSTOMER, AUDIT = "warum_customer", "audit"


def read_labels(path: Path, of: Project) -> tuple[Table, RawTable]:
    """The rows of a file of labels as they are kept, and as they came.

    Args:
        path: The file.
        of: Its project, whose taxonomy tells how labels stand in it.

    Raises:
        WarumError: If it cannot be read.
    """
    raw, marked = read_table([str(path)], GoldOptions())
    return _rows(raw, _layout(raw, of), marked=marked), raw


def taxonomy_of_project(of: Project) -> Taxonomy:
    """The taxonomy of a project.

    Raises:
        ModelError: If it cannot be used any more.
    """
    if isinstance(of.taxonomy, str):
        return load_taxonomy(of.taxonomy)
    return taxonomy_of({"name": "own", **of.taxonomy}, origin="taxonomy")


def _layout(raw: RawTable, of: Project) -> Layout | None:
    """What the columns are; None where it cannot be told, which is said when they are trained on."""
    try:
        return find_layout(raw, Names.of(taxonomy_of_project(of)), GoldOptions())
    except (ColumnError, ModelError):
        return None


def _rows(raw: RawTable, layout: Layout | None, *, marked: bool) -> Table:
    columns: dict[str, Column] = dict(raw.columns)
    made: dict[str, Column] = {}
    if layout is not None:
        texts: list[Any] = columns[layout.text].tolist()
        made[TEXT] = strings([next(iter(fingerprints([text])), None) for text in texts])
        if layout.id is not None:
            made[LABEL_ID] = columns.pop(layout.id)
        customer = layout.roles.get("customer")
        if customer is not None:
            made[LABEL_CUSTOMER] = columns.pop(customer)
    if marked:
        columns[AUDIT] = strings(["true"] * len(raw))
    return Table({**made, **{n: c for n, c in columns.items() if n not in made}})
