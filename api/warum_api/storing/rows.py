"""From rows to records, and the few statements that the two databases spell differently."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Row, Select, Table, select
from sqlalchemy.dialects import postgresql, sqlite

Inserting = sqlite.Insert | postgresql.Insert
_Record = TypeVar("_Record")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def new_id(kind: str) -> str:
    """A new random id such as `job_3f…`: 80 bits behind the kind."""
    return f"{kind}_{secrets.token_hex(10)}"


def checked_name(what: str, name: str) -> str:
    """The name itself, if it can stand in keys and paths.

    Args:
        what: What it names, for the message.
        name: The name.

    Raises:
        ValueError: If it holds other than letters, digits, `_` and `-`, or more than 64 of them.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"the {what} is {name!r}, expected 1 to 64 letters, digits, _ or -, beginning with no sign"
        )
    return name


def asked(kind: type[_Record], table: Table, **named: Column[Any]) -> Select[Any]:
    """A query for the columns that a record's fields are named after.

    Args:
        kind: A dataclass.
        table: Where the columns are.
        **named: Columns that stand for fields of other names.
    """
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type] # a dataclass
    return select(*((named[n].label(n) if n in named else table.c[n]) for n in names))


def record(kind: type[_Record], row: Row[Any]) -> _Record:
    """A row of such a query as a record; lists become tuples."""
    values = {n: tuple(v) if isinstance(v, list) else v for n, v in row._mapping.items()}
    return kind(**values)


def one(kind: type[_Record], connection: Connection, query: Select[Any]) -> _Record | None:
    """The record that a query finds, None if it finds none."""
    row = connection.execute(query).one_or_none()
    return None if row is None else record(kind, row)


def many(kind: type[_Record], connection: Connection, query: Select[Any]) -> tuple[_Record, ...]:
    """The records that a query finds."""
    return tuple(record(kind, row) for row in connection.execute(query))


def inserting(connection: Connection, table: Table) -> Inserting:
    """An INSERT that knows `ON CONFLICT`, for the database in use."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def portions(values: Iterable[str], most: int = 500) -> Iterable[list[str]]:
    """Values in lists of at most so many, because a statement holds a limited number of them."""
    portion: list[str] = []
    for value in values:
        portion.append(value)
        if len(portion) == most:
            yield portion
            portion = []
    if portion:
        yield portion
