"""Every database that was ever released comes to the tables of today, whoever starts first."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import DateTime, LargeBinary, MetaData, insert, text

from tests.warum_api.databases import NewDatabase
from tests.warum_api.storing.filled import fill, rows_of
from warum_api.storing.database import Database
from warum_api.storing.errors import StorageError
from warum_api.storing.migrating import current_revision, released_revisions, upgrade
from warum_api.storing.migrations import NEWEST
from warum_api.storing.tables import metadata

RELEASED = Path(__file__).with_name("released")
UPGRADE = """
import sys
from warum_api.storing.database import Database
from warum_api.storing.migrating import upgrade
upgrade(Database(sys.argv[1]))
"""


def _emptied(database: Database) -> Database:
    """The database without any table."""
    with database.writing() as connection:
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
    return database


def _differences(database: Database) -> list[Any]:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, metadata)


def test_the_newest_revision_is_written_down() -> None:
    assert released_revisions()[-1] == NEWEST
    assert [path.stem for path in sorted(RELEASED.glob("*.json"))] == list(released_revisions())


def test_models_and_migrations_agree(database: Database) -> None:
    assert _differences(database) == []


@pytest.mark.parametrize("revision", sorted(path.stem for path in RELEASED.glob("*.json")))
def test_every_released_schema_is_upgraded_with_its_rows(database: Database, revision: str) -> None:
    upgrade(_emptied(database), revision)
    rows = json.loads((RELEASED / f"{revision}.json").read_text("utf-8"))
    _insert(database, rows)
    upgrade(database)
    assert current_revision(database) == NEWEST
    assert _differences(database) == []
    with database.reading() as connection:
        kept = rows_of("acme", connection)
    assert {name: len(found) for name, found in kept.items() if found} == {
        name: len(found) for name, found in _as_today(rows).items()
    }
    assert "Müller" in str(kept["comments"])
    with database.writing() as connection:  # and it works on
        fill("other", connection)


def _as_today(rows: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The rows in the tables that they are in today: what was drawn for an audit, and what was seen in it."""
    if "audit_drawn" in rows:
        return rows
    drawn = rows["audit_labels"]
    seen = [row for row in drawn if row["labels"] is not None]
    return {**rows, "audit_drawn": drawn, "audit_labels": seen}


@pytest.mark.parametrize("revision", sorted(path.stem for path in RELEASED.glob("*.sql")))
def test_a_released_migration_is_never_edited(tmp_path: Path, revision: str) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    upgrade(database, revision)
    database.close()
    released = (RELEASED / f"{revision}.sql").read_text("utf-8")
    assert _schema(tmp_path / "a.db") == [
        _statement(one) for one in released.removesuffix(";\n").split(";\n")
    ]


def _schema(path: Path) -> list[list[str]]:
    with sqlite3.connect(path) as raw:
        query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        return [_statement(row[0]) for row in raw.execute(f"{query} ORDER BY name")]


def _statement(sql: str) -> list[str]:
    """Its lines; constraints last and in order, since a table that is made anew gets them in any."""
    lines = [line.strip().removesuffix(",") for line in sql.removesuffix(";").splitlines()]
    return sorted(lines, key=lambda line: line if line.startswith("CONSTRAINT") else "")


def _insert(database: Database, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Insert rows into the tables as they are in the database, not as they are today."""
    found = MetaData()
    with database.writing() as connection:
        found.reflect(connection)
        for table in found.sorted_tables:
            for row in rows.get(table.name, ()):
                values = {
                    n: _value(table.c[n].type, value) for n, value in row.items() if n != "seq"
                }
                connection.execute(insert(table).values(**values))


def _value(kind: Any, value: Any) -> Any:
    if isinstance(kind, DateTime) and value is not None:
        moment = datetime.fromisoformat(value)
        return moment if kind.timezone else moment.replace(tzinfo=None)
    return value.encode() if isinstance(kind, LargeBinary) and value is not None else value


def test_several_processes_may_start_at_once(database: Database) -> None:
    url = _emptied(database).url.render_as_string(hide_password=False)
    call = [sys.executable, "-c", UPGRADE, url]
    running = [subprocess.Popen(call, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in running:
        assert (process.communicate()[1], process.returncode) == ("", 0)
    assert _differences(database) == []


def test_a_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match=r"newer version \('9999'"):
        upgrade(database)
    assert current_revision(database) == "9999"


def test_a_change_that_fails_leaves_nothing(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    from warum_api.storing.migrations.versions import r0001_first

    database = _emptied(Database(new_database()))
    monkeypatch.setattr("alembic.op.create_index", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        upgrade(database)
    assert current_revision(database) is None
    with database.reading() as connection:
        found = MetaData()
        found.reflect(connection)
    assert not set(found.tables) & set(metadata.tables)
    assert r0001_first.revision == "0001"
    database.close()
