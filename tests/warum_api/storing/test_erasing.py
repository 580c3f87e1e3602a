"""Erased is erased: in tables, results, uploads, parts of jobs, and in the bytes on the disk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import insert, select, update

from tests.warum_api.storing.filled import Filled, fill, rows_of
from warum_api.storing import tables
from warum_api.storing.audit_log import list_events
from warum_api.storing.comments import NewComment, append_comments, list_comments
from warum_api.storing.database import Database, now
from warum_api.storing.erasing import Eraser
from warum_api.storing.errors import ConflictError, StorageError
from warum_api.storing.files import Files
from warum_api.storing.gone import Gone
from warum_api.storing.idempotency import StoredAnswer, claim_key
from warum_api.storing.jobs import job
from warum_api.storing.leases import Leases
from warum_api.storing.results import current_result, publish_result

COMMENTS = """SELECT * FROM (VALUES
    ('u1', 'kim', 'KIM-TEXT', DATE '2021-05-01'), ('u2', 'lee', 'LEE-TEXT', DATE '2099-05-01'),
    ('c1', NULL, 'KIM-TEXT', NULL)) t(comment_id, customer, text, date)"""
OPINIONS = """SELECT * FROM (VALUES ('u1', 'price', 'KIM-TEXT'), ('u2', 'staff', 'LEE-TEXT'),
    ('c1', 'price', 'KIM-TEXT')) t(comment_id, category, evidence)"""


def _parquet(folder: Path, query: str) -> bytes:
    path = folder / "made.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY ({query}) TO '{path}' (FORMAT parquet, KV_METADATA {{warum: '1'}})"
        )
    return path.read_bytes()


def _read(data: bytes, folder: Path, query: str = "SELECT comment_id FROM x") -> list[Any]:
    path = folder / "read.parquet"
    path.write_bytes(data)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW x AS FROM '{path}'")
        return [row[0] for row in connection.execute(query).fetchall()]


@pytest.fixture
def filled(database: Database, files: Files, tmp_path: Path) -> Filled:
    """A project with comments in tables and files; `kim` wrote c1 (table), u1 and c1 (files)."""
    with database.writing() as connection:
        made = fill("a", connection, "KIM-TEXT")
        connection.execute(tables.erasures.delete())
    here = f"projects/{made.project}"
    files.put("a", f"{here}/uploads/{made.upload}/rows.parquet", _parquet(tmp_path, COMMENTS))
    for version in ("1", "2"):
        query = COMMENTS if version == "1" else f"{COMMENTS} WHERE customer = 'lee'"
        files.put("a", f"{here}/results/{version}/comments.parquet", _parquet(tmp_path, query))
        files.put("a", f"{here}/results/{version}/report.html", b"quotes KIM-TEXT or nobody")
    files.put("a", f"{here}/results/1/opinions.parquet", _parquet(tmp_path, OPINIONS))
    files.put("a", f"{here}/jobs/{made.job}/0/1", b"packed KIM-TEXT")
    return made


def test_a_customer_is_erased_everywhere(
    database: Database, files: Files, filled: Filled, tmp_path: Path
) -> None:
    here = f"projects/{filled.project}"
    worker = Leases(database, "w")
    reading = worker.take(["analyze"])
    assert reading is not None
    erased = Eraser(database, files).erase_customer("a", filled.project, "kim", who="key_1")
    assert erased.comments == 2
    assert set(erased.rewritten) == {
        f"{here}/uploads/{filled.upload}/rows.parquet",
        f"{here}/results/1/comments.parquet",
        f"{here}/results/1/opinions.parquet",
    }
    assert set(erased.deleted) == {f"{here}/results/1/report.html", f"{here}/jobs/{filled.job}/0/1"}
    for path in erased.rewritten:
        data = files.get("a", path)
        assert _read(data, tmp_path) == ["u2"]
        assert b"KIM-TEXT" not in data
        kept = "SELECT decode(value) FROM parquet_kv_metadata(?) WHERE decode(key) = 'warum'"
        with duckdb.connect() as connection:
            found = connection.execute(kept, [str(tmp_path / "read.parquet")]).fetchall()
        assert found == [("1",)]
    assert files.get("a", f"{here}/results/2/report.html")  # nothing of hers stood there
    with database.writing() as connection:
        assert [one.id for one in list_comments("a", connection, filled.project)] == ["c2"]
        rows = rows_of("a", connection)
        assert rows["corrections"] == rows["deliveries"] == rows["erasures"] == []
        assert [row[3] for row in rows["audit_drawn"]] == ["'c2'"]
        assert rows["audit_labels"] == []
        result = current_result("a", connection, filled.project)
        assert result is not None
        assert result.stale
        assert claim_key("a", connection, "again", "h" * 64) == StoredAnswer(200, b"")
        began = job("a", connection, filled.job)
        assert began is not None
        assert (began.state, began.generation) == ("queued", 2)
        event = list_events("a", connection)[0]
        assert (event.action, event.who, event.thing) == ("customer_erased", "key_1", None)
        assert "kim" not in repr(event)
    assert worker.heartbeat(reading, 5) == "lost"


def test_a_comment_is_erased_everywhere(
    database: Database, files: Files, filled: Filled, tmp_path: Path
) -> None:
    erased = Eraser(database, files).erase_comment("a", filled.project, "c1", who="w")
    assert erased.comments == 1
    path = f"projects/{filled.project}/results/1/opinions.parquet"
    assert _read(files.get("a", path), tmp_path) == ["u1", "u2"]
    assert Eraser(database, files).erase_comment("a", filled.project, "c1", who="w").comments == 0
    assert Eraser(database, files).erase_comment("a", "prj_none", "c1", who="w").comments == 0


def test_what_is_older_than_a_project_keeps_goes(
    database: Database, files: Files, filled: Filled, tmp_path: Path
) -> None:
    assert Eraser(database, files).apply_retention() == 2  # c1 of the table, u1 of the files
    here = f"projects/{filled.project}"
    found = _read(files.get("a", f"{here}/results/1/comments.parquet"), tmp_path)
    assert "u1" not in found
    with database.writing() as connection:
        assert [one.id for one in list_comments("a", connection, filled.project)] == ["c2"]
        assert list_events("a", connection)[0].action == "retention_applied"
        long_ago = now(connection) - timedelta(days=99)
        connection.execute(update(tables.uploads).values(created_at=long_ago))
    Eraser(database, files).apply_retention()
    assert list(files.list("a", f"{here}/uploads")) == []
    with database.reading() as connection:
        assert rows_of("a", connection)["uploads"] == []


def test_an_interrupted_erasure_is_finished(
    database: Database,
    files: Files,
    filled: Filled,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    eraser = Eraser(database, files)
    with monkeypatch.context() as broken:
        broken.setattr(type(files), "put", lambda *_: (_ for _ in ()).throw(OSError("full")))
        with pytest.raises(OSError, match="full"):
            eraser.erase_customer("a", filled.project, "kim", who="w")
    with pytest.raises(ConflictError, match="being erased"), database.writing() as connection:
        publish_result("a", connection, filled.project, path="r/3", facts={})
    assert eraser.finish_erasures() == 1
    path = f"projects/{filled.project}/results/1/opinions.parquet"
    assert _read(files.get("a", path), tmp_path) == ["u2"]
    with database.writing() as connection:
        publish_result("a", connection, filled.project, path="r/3", facts={})
    assert eraser.finish_erasures() == 0


def test_an_upload_that_cannot_be_rewritten_stops_it(
    database: Database, files: Files, filled: Filled
) -> None:
    files.put("a", f"projects/{filled.project}/uploads/upl_x/raw", b"kim,text")
    with database.reading() as connection:
        before = rows_of("a", connection)
    with pytest.raises(StorageError, match="no rewriter"):
        Eraser(database, files).erase_customer("a", filled.project, "kim", who="w")
    with database.reading() as connection:
        assert rows_of("a", connection) == before


def test_erased_text_is_gone_from_the_bytes_of_the_database(tmp_path: Path) -> None:
    from warum_api.storing.local_files import LocalFiles
    from warum_api.storing.migrating import upgrade

    database = Database(f"sqlite:///{tmp_path / 'd' / 'w.db'}")
    upgrade(database)
    with database.writing() as connection:
        made = fill("a", connection, "x")
        connection.execute(tables.erasures.delete())
        new = [NewComment(f"n{i}", f"UNIQUE-WORDS-{i} " * 50, customer="kim") for i in range(50)]
        append_comments("a", connection, made.project, new)

    def stands() -> bool:
        found = [path.read_bytes() for path in (tmp_path / "d").iterdir()]
        return any(b"UNIQUE-WORDS" in data for data in found)

    assert stands()
    Eraser(database, LocalFiles(tmp_path / "f")).erase_customer("a", made.project, "kim", who="w")
    assert not stands()
    database.close()


def test_what_is_to_go_is_written_down_whole() -> None:
    gone = Gone(frozenset({"c"}), frozenset({"kim"}), datetime(2026, 1, 2, tzinfo=UTC))
    assert Gone.of_data(gone.data()) == gone
    assert Gone.of_data(Gone().data()) == Gone()


def test_thousands_of_comments_at_once(database: Database, files: Files, filled: Filled) -> None:
    with database.writing() as connection:
        rows = [
            {"tenant": "a", "project": filled.project, "id": f"n{i}", "customer": "lot",
             "text": "x", "fields": {}, "added_at": now(connection)}
            for i in range(1_300)
        ]  # fmt: skip
        connection.execute(insert(tables.comments), rows)
    assert (
        Eraser(database, files).erase_customer("a", filled.project, "lot", who="w").comments
        == 1_300
    )
    with database.reading() as connection:
        assert connection.execute(select(tables.erasures)).all() == []
