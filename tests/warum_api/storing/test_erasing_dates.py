"""Retention goes by the date that a project names now, whatever it named when a file was imported or analysed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from sqlalchemy import update

from tests.warum_api.pages.browsing import Browser, new_app
from warum_api.projects.redating import Redating
from warum_api.storing import tables
from warum_api.storing.database import Database, in_folder, now
from warum_api.storing.erasing import Eraser
from warum_api.storing.local_files import LocalFiles

if TYPE_CHECKING:
    from collections.abc import Iterator

TENANT = "local"
LONG_AGO, LATER = "2001-02-03", "2099-02-03"
ROWS = (
    "nr,who,date,sent,comment,grade\n"
    f"1,a,{LONG_AGO},{LATER},Waited far too long,5\n"
    f"2,b,{LATER},{LONG_AGO},Great staff,1\n"
    f"3,c,{LATER},{LATER},Too expensive,4\n"
).encode()
COLUMNS = {"id": "nr", "customer": "who", "text": "comment", "score": "grade:mean"}


class Shop:
    """A project with a retention.

    Args:
        folder: For its data.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.browser = Browser(new_app(folder))
        self.path = self.browser.project()
        self.database, files = Database(in_folder(folder)), LocalFiles(folder / "files")
        self.eraser = Eraser(self.database, files, prepare=Redating(self.database, files).prepare)

    def columns(self, **more: str) -> None:
        """Say what the columns are."""
        wanted = {"columns": {**COLUMNS, **more}, "retention_days": 30}
        assert self.browser.ask("PATCH", f"/v1{self.path}", json=wanted).status_code == 200

    def analysed_by_date(self) -> Path:
        """A result as an analysis by the column `date` leaves it; the upload of 9 was deleted."""
        rows = ", ".join(
            f"('{nr}', '{nr}', DATE '{day}')"
            for nr, day in ((1, LONG_AGO), (2, LATER), (3, LATER), (9, LONG_AGO))
        )
        path = self.rows.parents[2] / "results" / "1" / "comments.parquet"
        path.parent.mkdir(parents=True)
        with duckdb.connect() as connection:
            query = f"SELECT * FROM (VALUES {rows}) t(comment_id, response_id, date)"
            connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
        return path

    @property
    def rows(self) -> Path:
        """The imported rows."""
        return next(self.folder.rglob("rows.parquet"))

    def was_long_ago(self) -> None:
        """Have all uploads be older than what is kept."""
        with self.database.writing() as connection:
            at = now(connection) - timedelta(days=99)
            connection.execute(update(tables.uploads).values(created_at=at))


def _ids(path: Path, column: str) -> list[str]:
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT {column} FROM '{path}' ORDER BY 1").fetchall()
    return [row[0] for row in found]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A project with one file that was imported by its column `date`."""
    made = Shop(tmp_path)
    made.columns(date="date")
    made.browser.upload(made.path, "a.csv", ROWS)
    made.eraser.erase_customer(TENANT, made.path.rpartition("/")[2], "nobody", who="w")
    assert _ids(made.rows, "warum_date") == [LONG_AGO, LATER, LATER]
    yield made
    made.database.close()


def test_the_date_that_was_named_at_first(shop: Shop) -> None:
    before = shop.rows.stat().st_mtime_ns
    assert shop.eraser.apply_retention() == 1
    assert _ids(shop.rows, "warum_id") == ["2", "3"]
    again = shop.rows.stat().st_mtime_ns
    shop.eraser.apply_retention()
    assert before != again == shop.rows.stat().st_mtime_ns  # nothing is written that need not be


def test_the_date_that_was_named_later(shop: Shop) -> None:
    result = shop.analysed_by_date()
    shop.columns(date="sent")
    shop.eraser.apply_retention()
    assert _ids(shop.rows, "warum_id") == ["1", "3"]
    assert _ids(shop.rows, "warum_date") == [LATER, LATER]
    assert _ids(result, "comment_id") == ["1", "3"]


def test_no_date_any_more(shop: Shop) -> None:
    result = shop.analysed_by_date()
    shop.columns(date="none")
    shop.eraser.apply_retention()
    assert _ids(shop.rows, "warum_id") == ["1", "2", "3"]
    assert _ids(result, "comment_id") == ["1", "2", "3"]
    shop.was_long_ago()
    shop.eraser.apply_retention()
    assert not list(shop.folder.rglob("rows.parquet"))
    assert _ids(result, "comment_id") == []


def test_another_format_of_the_same_column(tmp_path: Path) -> None:
    made = Shop(tmp_path)
    made.columns(date="date", date_format="%d/%m/%Y")
    rows = b"nr,who,date,comment,grade\n1,a,03/04/2026,Waited,5\n2,b,05/06/2026,Good,1\n"
    made.browser.upload(made.path, "a.csv", rows)
    project = made.path.rpartition("/")[2]
    made.eraser.erase_customer(TENANT, project, "nobody", who="w")
    assert _ids(made.rows, "warum_date") == ["2026-04-03", "2026-06-05"]
    made.columns(date="date", date_format="%m/%d/%Y")
    made.eraser.erase_customer(TENANT, project, "nobody", who="w")
    assert _ids(made.rows, "warum_date") == ["2026-03-04", "2026-05-06"]
    made.database.close()
