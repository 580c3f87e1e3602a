"""Connections: what they promise, and what an URL may be."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError

from warum_api.storing.comments import NewComment, append_comments, comment
from warum_api.storing.database import Database, in_folder, now
from warum_api.storing.errors import StorageError
from warum_api.storing.projects import add_project, change_project, lock_project, project
from warum_api.storing.rows import checked_name
from warum_api.storing.tenants import ensure_tenant


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://localhost/x", "no support for 'mysql'"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("nonsense", "cannot be read"),
    ],
)
def test_other_urls_are_refused(url: str, said: str) -> None:
    with pytest.raises(StorageError, match=said):
        Database(url)


def test_a_password_is_not_shown() -> None:
    assert str(Database("postgresql://kim:hunter2@host/db")).endswith("//kim:***@host/db")


def test_the_folder_of_a_database_is_made(tmp_path: Path) -> None:
    database = Database(in_folder(tmp_path / "new" / "folder"))
    with database.reading() as connection:
        told = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS]
    assert dict(zip(PRAGMAS, told, strict=True)) == PRAGMAS
    assert "does not answer" in (database.missing() or "")
    database.close()


def test_nobody_else_reads_what_is_made(tmp_path: Path) -> None:
    database = Database(in_folder(tmp_path / "data"))
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (text)")
        made = [tmp_path / "data", *(tmp_path / "data").iterdir()]
        assert len(made) > 1
        assert [path for path in made if path.stat().st_mode & 0o077] == []
    database.close()


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_a_database_with_tables_is_not_missing(database: Database) -> None:
    assert database.missing() is None


def test_an_error_takes_everything_back(database: Database) -> None:
    with pytest.raises(ValueError, match="the tenant is"), database.writing() as connection:
        ensure_tenant(
            "a", connection, ensure_tenant("b", connection).name + checked_name("tenant", "")
        )
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM tenants")).scalar() == 0


def test_writers_that_read_first_wait_for_each_other(database: Database) -> None:
    with database.writing() as connection:
        ensure_tenant("a", connection)
        made = add_project("a", connection, name="0").id

    def count() -> None:
        for _ in range(4):
            with database.writing() as connection:
                lock_project("a", connection, made)
                found = project("a", connection, made)
                assert found is not None
                change_project("a", connection, made, name=str(int(found.name) + 1))

    threads = [threading.Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as connection:
        found = project("a", connection, made)
    assert found is not None
    assert found.name == "12"


def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    with database.writing() as writing:
        ensure_tenant("a", writing)
        with database.reading() as reading:
            assert reading.execute(text("SELECT count(*) FROM tenants")).scalar() == 0


def test_one_is_alone(database: Database) -> None:
    inside: list[str] = []

    def enter(name: str) -> None:
        with database.alone("erasing"):
            inside.append(name)
            inside.append(name)

    with database.alone("erasing"):
        waiting = threading.Thread(target=enter, args=("b",))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        inside.append("a")
    waiting.join()
    assert inside == ["a", "b", "b"]


def test_times_keep_their_zone_and_need_one(database: Database) -> None:
    there = datetime(2026, 3, 1, 9, 30, 0, 123_456, tzinfo=UTC)
    with database.writing() as connection:
        ensure_tenant("a", connection)
        made = add_project("a", connection, name="p").id
        append_comments("a", connection, made, [NewComment("1", "x", date=there)])
        found = comment("a", connection, made, "1")
        assert found is not None
        assert found.date == there
        assert abs(found.added_at - now(connection)) < timedelta(minutes=1)
    with pytest.raises(StatementError, match="no time zone"), database.writing() as connection:
        append_comments(
            "a", connection, made, [NewComment("2", "x", date=there.replace(tzinfo=None))]
        )


def test_the_database_refuses_a_row_of_one_tenant_in_the_project_of_another(
    database: Database,
) -> None:
    with database.writing() as connection:
        ensure_tenant("a", connection)
        ensure_tenant("b", connection)
        made = add_project("a", connection, name="p").id
    with pytest.raises(IntegrityError) as refused, database.writing() as connection:
        append_comments("b", connection, made, [NewComment("1", "SOME WORDS")])
    assert "SOME WORDS" not in str(refused.value)  # an error may be logged, a comment may not
