"""Opinions of a result by DuckDB over Parquet: filtered, sorted, in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from warum.store import COMMENTS, OPINIONS, read_reading
from warum.table import Table, connect, literal, plain_path, quote
from warum_api.problems import Problem
from warum_api.results.correcting import corrected
from warum_api.storing.corrections import Correction

Sort = Literal[
    "row", "-row", "date", "-date", "confidence", "-confidence", "sentiment", "-sentiment"
]
SORTS: tuple[Sort, ...] = get_args(Sort)
SHOWN = (
    "comment_id", "category", "polarity", "sentiment", "confidence", "start", "end", "evidence", "stage",
    "touchpoint", "source",
)  # fmt: skip
_NAME = "o.category || ':' || o.start || ':' || o.\"end\" AS opinion"
_OF_COMMENT = ("text", "language", "date", "source", "channel", "question")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which opinions.

    Attributes:
        category: Codes; a first level stands for all below it.
        polarity: Polarities.
        language: ISO 639-1 codes of the comments.
        source: Sources of the comments.
        since: First day.
        until: Last day.
        where: Segments, each `COLUMN=VALUE`; of one column any, of several all must hold.
        sort: Order.
        start: Rows that are left out at the beginning.
        limit: Rows at most; None for all.
    """

    category: Sequence[str] = ()
    polarity: Sequence[str] = ()
    language: Sequence[str] = ()
    source: Sequence[str] = ()
    since: str | None = None
    until: str | None = None
    where: Sequence[str] = ()
    sort: Sort = "row"
    start: int = 0
    limit: int | None = 50

    @property
    def narrowed(self) -> bool:
        """Whether it asks for some of the comments only: what is found may be of very few people."""
        chosen = (self.category, self.polarity, self.language, self.source, self.where)
        return any(chosen) or self.since is not None or self.until is not None


@dataclass(frozen=True)
class Opinions:
    """What was found.

    Attributes:
        table: The rows.
        total: How many there are without `start` and `limit`.
        suppressed: Whether nothing is shown because it would be of too few people.
    """

    table: Table
    total: int
    suppressed: bool


def opinions(folder: Path, wanted: Wanted, corrections: Sequence[Correction] = ()) -> Opinions:
    """Opinions with their comments.

    Args:
        folder: The result folder.
        wanted: Which of them.
        corrections: What people said of them.

    Raises:
        Problem: `invalid_request`, if a segment is not known.
    """
    reading = read_reading(folder)
    asked, values = conditions(wanted, reading.columns.by)
    where = " AND ".join(asked) or "true"
    minus = wanted.sort.startswith("-")
    order = {"row": "c.row", "date": "c.date"}.get(
        wanted.sort.lstrip("-"), f"o.{wanted.sort.lstrip('-')}"
    )
    columns = ", ".join(
        [_NAME, *(f"o.{quote(n)}" for n in SHOWN), *(f"c.{quote(n)} AS {quote(_named(n))}" for n in _OF_COMMENT)]
    )  # fmt: skip
    with (
        plain_path(folder / OPINIONS) as of,
        plain_path(folder / COMMENTS) as comments,
        connect() as connection,
    ):
        if corrections:
            connection.register("changed", corrected(reading, corrections).opinions.relation(connection))  # fmt: skip
            connection.execute("CREATE TABLE o AS SELECT *, row_number() OVER () AS n FROM changed")
        else:
            numbered = f"read_parquet({literal(of)}, file_row_number=true)"
            connection.execute(f"CREATE VIEW o AS SELECT *, file_row_number AS n FROM {numbered}")  # noqa: S608
        connection.execute(f"CREATE VIEW c AS FROM read_parquet({literal(comments)})")
        body = f"FROM o JOIN c USING (comment_id) WHERE {where}"
        found = connection.execute(
            f"SELECT count(*), count(DISTINCT coalesce(c.customer, c.comment_id)) {body}", values
        ).fetchone()
        total, people = found or (0, 0)
        suppressed = wanted.narrowed and people < reading.facts.min_group
        most = 0 if suppressed else wanted.limit
        limit = "" if most is None else f" LIMIT {int(most)}"
        direction = "DESC" if minus else "ASC"
        query = f"SELECT {columns} {body} ORDER BY {order} {direction} NULLS LAST, o.n{limit} OFFSET {int(wanted.start)}"  # noqa: E501
        connection.execute(f"CREATE TEMP TABLE shown AS {query}", values)
        table = Table.from_relation(connection.sql("FROM shown"))
    return Opinions(table, 0 if suppressed else total, suppressed)


def conditions(wanted: Wanted, segments: Sequence[str]) -> tuple[list[str], list[object]]:
    """What is wanted as conditions on opinions `o` and their comments `c`, and the values in them.

    Raises:
        Problem: `invalid_request`, if a segment is not known.
    """
    found: list[str] = []
    values: list[object] = []
    for column, chosen in (
        ("o.polarity", wanted.polarity),
        ("c.language", wanted.language),
        ("c.source", wanted.source),
    ):
        if chosen:
            found.append(f"list_contains(?, {column})")
            values.append(list(chosen))
    if wanted.category:
        parts = []
        for code in wanted.category:
            parts.append("o.category = ? OR starts_with(o.category, ?)")
            values += [code, f"{code}."]
        found.append(f"({' OR '.join(parts)})")
    for sign, day in ((">=", wanted.since), ("<=", wanted.until)):
        if day is not None:
            found.append(f"c.date {sign} CAST(? AS DATE)")
            values.append(day)
    of_columns: dict[str, list[str]] = {}  # of one column any value, of several all
    for one in wanted.where:
        column, equals, value = one.partition("=")
        if not equals or column not in segments:
            raise Problem(
                "invalid_request",
                "Name a segment of the result and its value.",
                came=one,
                expected=f"COLUMN=VALUE with one of: {', '.join(segments) or 'no column'}",
            )
        of_columns.setdefault(column, []).append(value)
    for column, named in of_columns.items():
        found.append(f"list_contains(?, CAST(c.{quote(column)} AS VARCHAR))")
        values.append(named)
    return found, values


def _named(column: str) -> str:
    return "comment_source" if column == "source" else column
