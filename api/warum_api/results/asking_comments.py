"""Comments of a result with their opinions: filtered, the newest first, in pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from warum.answers.filtering import comparable
from warum.result import Reading
from warum.table import Table, connect
from warum_api.problems import Problem
from warum_api.results.asking import Wanted, conditions

_ORDERS = {"row": "n", "-date": "date DESC NULLS LAST, n", "date": "date ASC NULLS LAST, n"}
_WHO = "coalesce(c.customer, c.response_id)"


@dataclass(frozen=True)
class CommentRow:
    """A comment.

    Attributes:
        place: Its row in the table of comments.
        values: Its columns, as in `comments.parquet`.
        opinions: Its opinions, as in `opinions.parquet`, ordered by place.
    """

    place: int
    values: Mapping[str, Any]
    opinions: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class CommentPage:
    """Some comments.

    Attributes:
        rows: The comments.
        total: How many there are on all pages.
        next: `after` of the next page; None on the last.
        suppressed: Whether nothing is shown because it would be of too few people.
    """

    rows: tuple[CommentRow, ...]
    total: int
    next: int | None
    suppressed: bool


def comments_page(reading: Reading, wanted: Wanted, after: int | None = None) -> CommentPage:
    """Comments with a text, and with an opinion that is wanted where opinions are.

    Pages stay in order when opinions are corrected meanwhile: they go on behind a comment, not behind a number
    of them.

    Args:
        reading: What was read, corrected.
        wanted: Which of them; `sort` is one of "-date", "date" and "row", `start` is not used.
        after: The place of the last comment on the page before; None for the first page.

    Raises:
        Problem: `invalid_request`, if a segment is not known.
    """
    asked, values = conditions(wanted, comparable(reading))
    from_ = "o JOIN c USING (comment_id)" if wanted.category or wanted.polarity else "c"
    where = " AND ".join(["c.text <> ''", *asked])
    order = _ORDERS[wanted.sort]
    comments = {name: reading.comments[name] for name in reading.comments.columns}
    placed = Table({**comments, "n": np.arange(len(reading.comments))})
    ordered = f"SELECT *, row_number() OVER (ORDER BY {order}) AS nth FROM placed"  # noqa: S608 - our own words
    matching = f"SELECT DISTINCT c.n, c.nth, {_WHO} AS who FROM {from_} WHERE {where}"  # noqa: S608 - see conditions
    with connect() as connection:
        connection.register("placed", placed.relation(connection))
        connection.register("o", reading.opinions.relation(connection))
        connection.execute(f"CREATE TABLE c AS {ordered}")
        connection.execute(f"CREATE TABLE m AS {matching}", values)
        told = connection.execute("SELECT count(*), count(DISTINCT who) FROM m").fetchone()
        total, people = told or (0, 0)
        if wanted.narrowed and people < reading.facts.min_group:
            return CommentPage((), 0, None, suppressed=True)
        behind = "" if after is None else "WHERE nth > (SELECT nth FROM c WHERE n = ?)"
        limit = 50 if wanted.limit is None else wanted.limit
        query = f"SELECT n FROM m {behind} ORDER BY nth LIMIT {limit + 1}"  # noqa: S608 - numbers and our own words
        found = [
            n for (n,) in connection.execute(query, [] if after is None else [after]).fetchall()
        ]
    rows = _rows(reading, found[:limit])
    return CommentPage(
        rows, total, found[limit - 1] if len(found) > limit else None, suppressed=False
    )


def one_comment(reading: Reading, name: str) -> CommentRow:
    """The comment of an id.

    Raises:
        Problem: `not_found`.
    """
    names = reading.comments["comment_id"].tolist()
    if name not in names:
        raise Problem("not_found", "The result has no such comment.", came=name)
    (row,) = _rows(reading, [names.index(name)])
    return row


def _rows(reading: Reading, places: Sequence[int]) -> tuple[CommentRow, ...]:
    shown = list(reading.comments.take(np.array(places, dtype=np.int64)).rows())
    names = {row["comment_id"] for row in shown}
    own = np.array([name in names for name in reading.opinions["comment_id"].tolist()], dtype=bool)
    opinions: dict[str, list[Mapping[str, Any]]] = {name: [] for name in names}
    for opinion in reading.opinions.take(own).rows():
        opinions[opinion["comment_id"]].append(opinion)
    return tuple(
        CommentRow(
            place,
            values,
            tuple(sorted(opinions[values["comment_id"]], key=lambda o: (o["start"], o["end"], o["category"]))),
        )
        for place, values in zip(places, shown, strict=True)
    )  # fmt: skip
