"""What the settings name is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from warum_api.settings import Settings
from warum_api.storing.database import Database
from warum_api.storing.errors import StorageError
from warum_api.storing.local_files import LocalFiles
from warum_api.storing.opening import open_database, open_storage


def test_everything_lies_in_the_data_folder_by_default(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    database, files = open_database(settings), open_storage(settings)
    assert database.missing() is None
    assert isinstance(files, LocalFiles)
    files.put("a", "x", b"1")
    assert {path.name for path in (tmp_path / "data").iterdir()} >= {"warum.db", "files"}
    database.close()


def test_another_database_may_be_named(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    opened = open_database(Settings.model_validate({"database_url": url}))
    assert opened.missing() is None
    assert opened.is_sqlite == database.is_sqlite
    opened.close()


def test_a_database_that_does_not_answer_is_said_in_a_sentence() -> None:
    pytest.importorskip("psycopg")
    settings = Settings.model_validate(
        {"database_url": "postgresql://kim:hunter2@127.0.0.1:1/warum"}
    )
    with pytest.raises(StorageError, match=r"127\.0\.0\.1.*cannot be used") as refused:
        open_database(settings)
    assert "hunter2" not in f"{refused.value} {refused.value.hint}"
    assert "WARUM_DATABASE_URL" in refused.value.hint


def test_a_file_that_is_no_database_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "warum.db").write_bytes(b"something else" * 1_000)
    with pytest.raises(StorageError, match=r"warum\.db cannot be used: file is not a database"):
        open_database(Settings(data=tmp_path))
