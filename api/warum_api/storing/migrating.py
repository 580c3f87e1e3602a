"""Bring a database to the tables of this program, also while other processes do the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text

from warum_api.storing.database import Database
from warum_api.storing.errors import StorageError
from warum_api.storing.migrations import NEWEST

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).with_name("migrations")
_LOCK = 7_723_091_215_001  # any number that nobody else locks in the same database


def upgrade(database: Database, revision: str = NEWEST) -> None:
    """Make the tables, or change those of an earlier version, all of it or nothing.

    Called by every process at its start: the first does it, the others wait and find it done.

    Args:
        database: The database.
        revision: How far; by default to the newest, which is what this program works with.

    Raises:
        StorageError: If the tables were made by a newer version of warum.
    """
    if current_revision(database) == revision:
        return
    from alembic import command

    with _alone(database) as connection:
        found = _revision(connection)
        if found is not None and found not in released_revisions():
            raise StorageError(
                f"The database {database} is of a newer version ({found!r}, this one knows up to "
                f"{NEWEST!r}).",
                hint="Start the version of warum that made it, or a newer one.",
            )
        command.upgrade(_config(connection), revision)


def current_revision(database: Database) -> str | None:
    """Which tables a database has; None if it has none yet."""
    with database.reading() as connection:
        return _revision(connection)


def released_revisions() -> tuple[str, ...]:
    """All tables that there ever were, oldest first."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(_FOLDER)).walk_revisions()
    return tuple(reversed([script.revision for script in scripts]))


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar_one_or_none()
    return found


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    """A connection in a transaction that one process at a time can have."""
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                yield connection
            return
        raw: Any = connection.connection.driver_connection
        # SQLite changes a table by making it anew, which must not delete the rows that point to it.
        raw.execute("PRAGMA foreign_keys = OFF")
        try:
            with database.begun_to_write(connection) as writing:
                yield writing
                broken = writing.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise StorageError(f"The change would leave {len(broken)} rows without owner.")
        finally:
            raw.execute("PRAGMA foreign_keys = ON")


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
