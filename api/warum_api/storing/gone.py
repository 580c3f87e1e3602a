"""What is to be erased, and the files that it can be taken out of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from warum.table import connect, literal, plain_path, quote


@dataclass(frozen=True, slots=True)
class Gone:
    """What is to be erased from a project: all that one of these names.

    Attributes:
        comments: Ids of comments.
        customers: Customers.
        before: Comments written before it; None for none.
        texts: Fingerprints of their texts (`warum_models.own.storing.fingerprint`), for what was labelled without
            ids.
        young: Ids of responses for which the date in a result says nothing, because an upload has them under
            another; found anew each time, see `erasing_dates`.
    """

    comments: frozenset[str] = frozenset()
    customers: frozenset[str] = frozenset()
    before: datetime | None = None
    texts: frozenset[str] = frozenset()
    young: frozenset[str] = frozenset()

    def and_comments(self, ids: Iterable[str]) -> Gone:
        """The same with further comments."""
        return replace(self, comments=self.comments.union(ids))

    def and_texts(self, fingerprints: Iterable[str]) -> Gone:
        """The same with the fingerprints of further texts."""
        return replace(self, texts=self.texts.union(fingerprints))

    def data(self) -> dict[str, Any]:
        """As it is stored until it is done."""
        before = None if self.before is None else self.before.astimezone(UTC).isoformat()
        lists = {"comments": sorted(self.comments), "customers": sorted(self.customers)}
        return {**lists, "before": before, "texts": sorted(self.texts)}

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Gone:
        """What `data` gave."""
        before = data["before"]
        moment = None if before is None else datetime.fromisoformat(before)
        texts = frozenset(data.get("texts", ()))  # an earlier version had none
        return cls(frozenset(data["comments"]), frozenset(data["customers"]), moment, texts)


class Rewriter(Protocol):
    """Takes comments out of files of one form."""

    def takes(self, path: str) -> bool:
        """Whether it knows files of this path."""

    def finds(self, source: Path, gone: Gone) -> Collection[str] | None:
        """Ids of the comments in a file that are to go; None if there are none in it."""

    def without(self, source: Path, target: Path, gone: Gone) -> None:
        """Write a file without them."""


IDS = ("comment_id", "response_id", "warum_id")
"""Columns that hold the id of a comment or of the response that it stands in."""
RESPONSE = "response_id"
CUSTOMERS = ("customer", "warum_customer")
DATES = ("date", "warum_date")
OWN_ID = "warum_id"
"""Where it stands, rows were imported: `warum_date` is their date, and a column `date` whatever the file meant."""
LABEL_ID, TEXT = "warum_label_id", "warum_text"
"""In files of labels: the id that stood there, which may be another comment's too and so names none; and the
fingerprint of the text, which tells where there is no id."""


class Untouched:
    """Files that hold nothing of a comment, by their name; they stay.

    Args:
        *names: The names.
    """

    def __init__(self, *names: str) -> None:
        self._names = names

    def takes(self, path: str) -> bool:
        """See `Rewriter`."""
        return path.rpartition("/")[2] in self._names

    def finds(self, source: Path, gone: Gone) -> Collection[str] | None:  # noqa: ARG002
        """Nothing; see `Rewriter`."""
        return None

    def without(self, source: Path, target: Path, gone: Gone) -> None:  # noqa: ARG002
        """The same; see `Rewriter`."""
        target.write_bytes(source.read_bytes())


class ParquetRewriter:
    """Takes rows out of Parquet files with a column of ids, and of customers and dates where they are."""

    def takes(self, path: str) -> bool:
        """See `Rewriter`."""
        return path.endswith(".parquet")

    def finds(self, source: Path, gone: Gone) -> Collection[str] | None:
        """See `Rewriter`."""
        with _opened(source, gone) as (connection, columns, condition):
            if condition is None:
                return None
            named = next((name for name in IDS if name in columns), None)
            shown = "NULL" if named is None else f"CAST({quote(named)} AS VARCHAR)"
            rows = connection.execute(f"SELECT {shown} FROM file WHERE {condition}").fetchall()  # noqa: S608 - quoted
        return frozenset(row[0] for row in rows if row[0] is not None) if rows else None

    def without(self, source: Path, target: Path, gone: Gone) -> None:
        """See `Rewriter`."""
        with _opened(source, gone) as (connection, _, condition):
            kept = f"SELECT * FROM file WHERE NOT coalesce({condition or 'false'}, false)"  # noqa: S608 - quoted
            with plain_path(source) as path:
                pairs = connection.execute(
                    "SELECT decode(key), decode(value) FROM parquet_kv_metadata(?)", [path]
                ).fetchall()
            said = ", ".join(f"{quote(k)}: {literal(v)}" for k, v in pairs if k != "ARROW:schema")
            also = f", KV_METADATA {{{said}}}" if said else ""
            out = literal(str(target))
            connection.execute(f"COPY ({kept}) TO {out} (FORMAT parquet, COMPRESSION zstd{also})")


def selected(source: Path, gone: Gone, column: str) -> list[Any]:
    """The values of a column in the rows of a Parquet file that are to go; none where it has no such column."""
    with _opened(source, gone) as (connection, columns, condition):
        if condition is None or column not in columns:
            return []
        query = f"SELECT {quote(column)} FROM file WHERE {condition}"  # noqa: S608 - quoted
        return [row[0] for row in connection.execute(query).fetchall()]


def undated(source: Path) -> list[str]:
    """Ids of imported rows without a date; none where the file was not imported."""
    with _opened(source, Gone()) as (connection, columns, _):
        if OWN_ID not in columns:
            return []
        dated = f"{quote(DATES[1])} IS NOT NULL" if DATES[1] in columns else "false"
        query = f"SELECT {quote(OWN_ID)} FROM file WHERE NOT ({dated})"  # noqa: S608 - quoted
        return [row[0] for row in connection.execute(query).fetchall()]


@contextmanager
def _opened(source: Path, gone: Gone) -> Iterator[tuple[Any, frozenset[str], str | None]]:
    """A Parquet file as the view `file`, its columns, and the condition of what is to go."""
    with plain_path(source) as path, connect() as connection:
        connection.execute(f"CREATE VIEW file AS FROM read_parquet({literal(path)})")
        rows = connection.execute("DESCRIBE file").fetchall()
        columns = frozenset(row[0] for row in rows)
        connection.execute("CREATE TEMP TABLE ids (id VARCHAR)")
        connection.execute("CREATE TEMP TABLE people (id VARCHAR)")
        connection.execute("CREATE TEMP TABLE texts (id VARCHAR)")
        connection.execute("CREATE TEMP TABLE young (id VARCHAR)")
        tables = (
            ("ids", gone.comments), ("people", gone.customers), ("texts", gone.texts),
            ("young", gone.young),
        )  # fmt: skip
        for table, values in tables:
            if values:
                connection.execute(f"INSERT INTO {table} SELECT unnest(?)", [sorted(values)])
        conditions = []
        by_text = () if LABEL_ID in columns else (TEXT,)
        for names, table, wanted in (
            ((*IDS, LABEL_ID), "ids", gone.comments),
            (CUSTOMERS, "people", gone.customers),
            (by_text, "texts", gone.texts),
        ):
            conditions += [
                f"CAST({quote(name)} AS VARCHAR) IN (SELECT id FROM {table})"  # noqa: S608 - quoted
                for name in names
                if wanted and name in columns
            ]
        for name in DATES[1:] if OWN_ID in columns else DATES:
            if gone.before is not None and name in columns:
                before = gone.before.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
                earlier = f"TRY_CAST({quote(name)} AS TIMESTAMP) < TIMESTAMP {literal(before)}"
                if RESPONSE in columns and gone.young:
                    known = f"CAST({RESPONSE} AS VARCHAR) IN (SELECT id FROM young)"  # noqa: S608 - no value
                    earlier = f"({earlier} AND NOT coalesce({known}, false))"
                conditions.append(earlier)
        condition = " OR ".join(f"coalesce({one}, false)" for one in conditions) or None
        yield connection, columns, condition
