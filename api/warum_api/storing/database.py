"""The database: SQLite in a file unless an URL names PostgreSQL.

A connection is either reading or writing. In SQLite a writer takes the write lock at its very begin, so that
it never has to give up in the middle because another came first.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from warum_api.storing.errors import StorageError
from warum_api.storing.rows import checked_name

_WRITES = "warum_writes"
_PATIENCE = 30  # seconds that a writer waits for another
_LONG = 600  # seconds that somebody waits who wants to be alone
_PRAGMAS = (
    f"busy_timeout = {_PATIENCE * 1000}",
    "synchronous = FULL",  # what was acknowledged survives a power cut
    "foreign_keys = ON",
    "secure_delete = ON",  # what is erased is overwritten in the file
    "trusted_schema = OFF",
)


def in_folder(folder: Path) -> str:
    """The URL of the SQLite database that lies in a data folder."""
    return str(URL.create("sqlite", database=str(folder / "warum.db")))


class Database:
    """A database and its connections; every process makes its own.

    Args:
        url: `sqlite:///path` or `postgresql://user@host/name`.

    Raises:
        StorageError: If the URL names neither, or a driver is missing.
    """

    def __init__(self, url: str) -> None:
        self.url = _meant(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        try:
            self.engine = _sqlite(self.url) if self.is_sqlite else _postgresql(self.url)
        except ModuleNotFoundError as error:
            raise StorageError(
                f"The database {self} needs the package {error.name!r}.",
                hint='Install it with: pip install "warum[api,postgres]"',
            ) from None

    def __str__(self) -> str:
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the data and changes nothing."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose changes happen together at its end, or not at all if there is an error."""
        with self.engine.connect() as connection, self.begun_to_write(connection) as writing:
            yield writing

    @contextmanager
    def begun_to_write(self, connection: Connection) -> Iterator[Connection]:
        """The same on a connection that is open already."""
        writing = connection.execution_options(**{_WRITES: True})
        with writing.begin():
            yield writing

    @contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """Have other processes that are alone with the same wait; a dead one lets go of it.

        Args:
            what: Names what nobody else may touch; letters, digits, `_` and `-`.
        """
        if self.is_sqlite:  # a file of its own, so that nobody waits who only writes
            path = Path(f"{self.url.database}.{checked_name('lock', what)}.lock")
            with closing(sqlite3.connect(path, timeout=_LONG, isolation_level=None)) as lock:
                lock.execute("BEGIN EXCLUSIVE")
                yield
            return
        number = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], signed=True)
        with self.engine.connect() as connection, connection.begin():
            connection.execute(select(func.pg_advisory_xact_lock(number)))
            yield

    def missing(self) -> str | None:
        """None if the database answers, else what is missing, in one sentence; for `/health/ready`."""
        try:
            with self.reading() as connection:
                connection.execute(text("SELECT version_num FROM alembic_version"))
        except SQLAlchemyError as error:
            return f"The database does not answer ({type(error).__name__})."
        return None

    def truncate_log(self) -> None:
        """Move what SQLite's log holds into the database and empty the log: erased text stands in neither.

        Readers that are still busy keep the log a little longer; the next call empties it.
        """
        if self.is_sqlite:
            with closing(self.engine.raw_connection()) as raw:  # outside of any transaction
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def now(connection: Connection) -> datetime:
    """The time that leases go by: the database's own, because several machines may share it."""
    if connection.dialect.name == "sqlite":  # one machine
        return datetime.now(UTC)
    found: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return found.astimezone(UTC)


def _meant(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StorageError(
            "The URL of the database cannot be read.", hint=f"Expected {_EXPECTED}."
        ) from None
    kind = parsed.get_backend_name()
    if kind not in ("sqlite", "postgresql"):
        raise StorageError(f"There is no support for {kind!r}.", hint=f"Expected {_EXPECTED}.")
    if kind == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.database in (None, "", ":memory:"):
        raise StorageError(
            "A SQLite database in memory is seen by one connection only.",
            hint="Name a file, such as sqlite:///warum.db.",
        )
    return parsed.set(drivername="sqlite+pysqlite")


_EXPECTED = "sqlite:///path or postgresql://user:password@host/name"


def _postgresql(url: URL) -> Engine:
    try:
        return create_engine(
            url, pool_pre_ping=True, hide_parameters=True, connect_args={"connect_timeout": 10}
        )
    except NoSuchModuleError as error:
        raise StorageError(f"The driver of {url.drivername!r} is not known: {error}.") from None


def _sqlite(url: URL) -> Engine:
    assert url.database is not None
    file = Path(url.database).resolve()
    # It holds comments and secrets: of what is made here, nobody else on the machine reads. SQLite's log and index
    # take their mode from the file.
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        file.touch(mode=0o600)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _PATIENCE})

    @event.listens_for(engine, "connect")
    def connected(raw: Any, _: object) -> None:  # noqa: ANN401 - a driver's own
        raw.isolation_level = None  # transactions begin where they are begun, also around DDL
        for pragma in _PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")
        _write_ahead(raw)

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _write_ahead(raw: Any) -> None:  # noqa: ANN401 - a driver's own
    """Have readers not wait for writers; the file remembers it.

    SQLite does not wait its turn for this one change, so it is tried again while another process is at it.
    """
    until = time.monotonic() + _PATIENCE
    while raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            raw.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
