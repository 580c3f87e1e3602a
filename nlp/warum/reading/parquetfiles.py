"""Parquet, through DuckDB."""

from __future__ import annotations

from pathlib import Path

import duckdb

from warum.errors import InputError
from warum.reading.celltext import as_text
from warum.reading.part import Cells, Part, name_columns
from warum.table import connect, literal, quote

_BATCH = 50_000


def read_parquet(name: str, path: Path) -> Part:
    """Read a Parquet file as text.

    Args:
        name: Its name, for messages.
        path: Where it lies.

    Returns:
        All rows; `line` is the row's number in the file, from 1.

    Raises:
        InputError: If it is broken or has no rows.
    """
    try:
        with connect() as connection:
            relation = connection.sql(f"SELECT * FROM read_parquet({literal(str(path))})")  # noqa: S608
            raw = relation.columns
            picked = ", ".join(
                _readable(column, str(kind))
                for column, kind in zip(raw, relation.types, strict=True)
            )
            connection.execute(f"SELECT {picked} FROM read_parquet({literal(str(path))})")  # noqa: S608
            cells = _fetch(connection, len(raw))
    except duckdb.Error as error:
        said = str(error).replace(str(path), name).splitlines()[0]
        raise InputError(
            f"{name!r} is no readable Parquet file: {said}", hint="Write or download it again."
        ) from None
    rows = len(cells[0]) if cells else 0
    if not rows:
        raise InputError(f"{name!r} has columns ({', '.join(raw)[:200]}) but no rows.")
    header = name_columns(raw, file=name)
    return Part(
        name=name,
        columns=dict(zip(header.names, cells, strict=True)),
        line=range(1, rows + 1),
        unnamed=header.unnamed,
        notes=header.notes,
    )


def _readable(column: str, kind: str) -> str:
    """A column as a type whose Python value needs no further package and loses no digit."""
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"make_timestamp(epoch_us({quote(column)}))"
    if kind == "FLOAT":  # as text first: 0.1, not 0.10000000149
        return f"{quote(column)}::VARCHAR::DOUBLE"
    if kind == "TIMESTAMP_NS":
        return f"{quote(column)}::TIMESTAMP"
    return quote(column)


def _fetch(connection: duckdb.DuckDBPyConnection, width: int) -> list[Cells]:
    cells: list[Cells] = [[] for _ in range(width)]
    while batch := connection.fetchmany(_BATCH):
        for column, values in zip(cells, zip(*batch, strict=True), strict=True):
            column.extend(map(as_text, values))
    return cells
