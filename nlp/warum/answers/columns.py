"""Columns of the CSV tables of the "why"."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from warum.caveats import Caveat
from warum.records import Estimate
from warum.table import Column, Table, strings

_Row = TypeVar("_Row")


def text_column(rows: Sequence[_Row], of: Callable[[_Row], str | None]) -> Column:
    """A text of each row, object (n,)."""
    return strings([of(row) for row in rows])


def number_column(rows: Sequence[_Row], of: Callable[[_Row], float | None]) -> Column:
    """A number of each row, float64 (n,); NaN where there is none."""
    values = [of(row) for row in rows]
    return np.array([math.nan if v is None else v for v in values], dtype=np.float64)


def count_column(rows: Sequence[_Row], of: Callable[[_Row], int]) -> Column:
    """A count of each row, int64 (n,)."""
    return np.array([of(row) for row in rows], dtype=np.int64)


def estimate_columns(
    name: str, rows: Sequence[_Row], of: Callable[[_Row], Estimate | None]
) -> dict[str, Column]:
    """An estimate of each row as three columns: `name`, `name_low`, `name_high`."""
    found = [of(row) for row in rows]
    return {
        name: number_column(found, lambda one: None if one is None else one.value),
        f"{name}_low": number_column(found, lambda one: None if one is None else one.low),
        f"{name}_high": number_column(found, lambda one: None if one is None else one.high),
    }


def caveat_column(rows: Sequence[_Row], of: Callable[[_Row], Sequence[Caveat]]) -> Column:
    """Codes of each row's caveats, joined by semicolons, object (n,)."""
    return strings([";".join(dict.fromkeys(caveat.code for caveat in of(row))) for row in rows])


def stacked(tables: Sequence[Table]) -> Table:
    """Tables of the same columns one below the other; (n_1 + n_2 + …) rows.

    Raises:
        ValueError: If the columns differ.
    """
    names = {table.columns for table in tables}
    if len(names) != 1:
        raise ValueError(f"tables differ in their columns: {sorted(names)}")
    return Table({name: np.concatenate([t[name] for t in tables]) for name in tables[0].columns})


def labelled(table: Table, name: str, value: str) -> Table:
    """The table with a first column that holds one text throughout."""
    columns: dict[str, Any] = {name: strings([value] * len(table))}
    return Table(columns | {one: table[one] for one in table.columns})
