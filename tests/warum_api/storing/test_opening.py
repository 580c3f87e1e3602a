"""What the settings name is opened."""

from __future__ import annotations

from pathlib import Path

from warum_api.settings import Settings
from warum_api.storing.database import Database
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
