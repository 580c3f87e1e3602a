"""What is swept, and that nothing stands in the way of the rest."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from warum_api.storing import tables
from warum_api.storing.comments import NewComment, append_comments, count_comments
from warum_api.storing.database import Database, now
from warum_api.storing.erasing import Eraser
from warum_api.storing.errors import ConflictError
from warum_api.storing.files import Files
from warum_api.storing.local_files import LocalFiles
from warum_api.storing.projects import add_project
from warum_api.storing.sweeping import Sweeper
from warum_api.storing.tenants import ensure_tenant
from warum_api.storing.uploads import advance_upload, begin_upload, list_uploads, upload

PART = "part-000000000000000"


def begun(database: Database, files: Files, project: str, days: float = 0.0) -> str:
    """An upload of which ten bytes have come, some days ago."""
    with database.writing() as connection:
        made = begin_upload("a", connection, project, name="x.csv", size=20).id
        advance_upload("a", connection, project, made, at=0, by=10)
        ago(connection, made, days)
    files.put("a", f"projects/{project}/uploads/{made}/{PART}", b"0123456789")
    return made


def ago(connection: Any, upload_id: str, days: float) -> None:
    c, at = tables.uploads.c, now(connection) - timedelta(days=days)
    connection.execute(update(tables.uploads).where(c.id == upload_id).values(changed_at=at))


@pytest.fixture
def project(database: Database) -> str:
    with database.writing() as connection:
        ensure_tenant("a", connection)
        return add_project("a", connection, name="p", retention_days=30).id


def old_comment(database: Database, project: str) -> None:
    with database.writing() as connection:
        at = now(connection) - timedelta(days=99)
        append_comments("a", connection, project, [NewComment("old", "text", date=at)])


def comments(database: Database, project: str) -> int:
    with database.reading() as connection:
        return count_comments("a", connection, project)


def test_a_file_that_nobody_goes_on_with_is_given_up_and_then_forgotten(
    database: Database, files: Files, project: str
) -> None:
    new, old = (begun(database, files, project, days) for days in (1.9, 2.1))
    sweeper = Sweeper(database, Eraser(database, files), uploads_kept=timedelta(days=2))
    sweeper.sweep()
    with database.reading() as connection:
        states = {one.id: one.state for one in list_uploads("a", connection, project)}
    assert states == {new: "open", old: "failed"}
    left = [file.path for file in files.list("a", f"projects/{project}/uploads")]
    assert left == [f"projects/{project}/uploads/{new}/{PART}"]
    with pytest.raises(ConflictError, match="is failed"), database.writing() as connection:
        advance_upload("a", connection, project, old, at=10, by=10)
    with database.writing() as connection:
        ago(connection, old, 2.1)
    files.put("a", f"projects/{project}/uploads/{old}/{PART}", b"of a sweep that was killed")
    sweeper.sweep()
    with database.reading() as connection:
        assert upload("a", connection, project, old) is None
    assert [f.path for f in files.list("a", f"projects/{project}/uploads")] == left


def test_a_file_on_its_way_stops_who_asks_and_not_the_retention(
    database: Database, files: Files, project: str
) -> None:
    old_comment(database, project)
    name = begun(database, files, project)
    eraser = Eraser(database, files)
    with pytest.raises(ConflictError, match=f"{name}.* under way .*delete it, and ask again"):
        eraser.erase_customer("a", project, "kim", who="w")
    assert comments(database, project) == 1
    assert eraser.apply_retention() == 1
    assert comments(database, project) == 0
    assert files.get("a", f"projects/{project}/uploads/{name}/{PART}") == b"0123456789"


def test_a_project_that_cannot_be_swept_stands_in_no_others_way(
    database: Database, files: Files, project: str
) -> None:
    with database.writing() as connection:
        other = add_project("a", connection, name="q", retention_days=30).id
    for one in (project, other):
        old_comment(database, one)
        files.put("a", f"projects/{min(project, other)}/uploads/upl_x/source", b"no rows")
    Sweeper(database, Eraser(database, files)).sweep()
    assert comments(database, min(project, other)) == 1
    assert comments(database, max(project, other)) == 0


def test_what_fails_does_not_stop_the_rest(
    tmp_path: Path, database: Database, project: str
) -> None:
    files, done = LocalFiles(tmp_path / "f"), list[str]()
    left = tmp_path / "f" / ".x.123456789abc.part"
    left.write_bytes(b"half")
    os.utime(left, (1, 1))

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    eraser = Eraser(database, files, prepare=broken)
    Sweeper(database, eraser, lambda: done.append("more")).sweep()
    assert done == ["more"]
    assert not left.exists()
