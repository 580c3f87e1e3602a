"""Columns of a file that was analysed before, scales of scores, and rows that could not be read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.warum_api.pages.analysed import Analysed
from tests.warum_api.pages.browsing import Browser, new_app
from warum.reading.files import read_files
from warum.table import Table, strings
from warum_api.projects.imported_names import Held, as_it_came
from warum_api.projects.importing import left_out

if TYPE_CHECKING:
    from fastapi import FastAPI

ROWS = (
    b"nr,who,when,comment,grade\n1,a,2026-01-02,Waited far too long,5\n2,b,2026-01-03,Great staff,1\n"
    b"3,c,2026-01-04,Too expensive,4,extra\n4,d,2026-01-05,The app crashes,5\n"
)
CHOSEN = {"nr": "id", "who": "customer", "when": "date", "comment": "text", "grade": "score:mean"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> tuple[FastAPI, Path]:
    """A service whose jobs are done by the tests, and where its data lie."""
    folder = tmp_path_factory.mktemp("again")
    return new_app(folder), folder


def _form(**changes: str) -> dict[str, str]:
    chosen = {**CHOSEN, **changes}
    return {f"role.{i}": chosen[column] for i, column in enumerate(CHOSEN)}


def test_after_an_analysis_columns_have_their_names_and_can_be_corrected(
    service: tuple[FastAPI, Path],
) -> None:
    app, folder = service
    visitor = Browser(app)
    project = visitor.project()
    upload = visitor.upload(project, "a.csv", ROWS)
    visitor.send(f"{upload}/columns", then="start", **_form(when=""))
    Analysed(app, folder, project).work()
    page = visitor.go(visitor.last.url.path)
    assert "3 comments were read" in page
    assert "1 row could not be read." in page
    job = visitor.ask("GET", f"/v1/jobs/{visitor.last.url.path.rpartition('/')[2]}").json()
    assert (job["result"]["rows_in"], job["result"]["rows_rejected"]) == (4, 1)

    page = visitor.go(upload)
    assert "warum_id" not in page
    assert "The columns are in doubt" not in page
    assert "stand since the first analysis" in page
    assert re.findall(r'<th scope="row">(\w+)</th>', page) == [
        "nr",
        "who",
        "when",
        "comment",
        "grade",
    ]
    assert 'name="role.0"' not in page
    assert 'value="customer"' not in page
    visitor.send(f"{upload}/columns", then="start", **_form(grade="score:csat"), lower="1")
    columns = visitor.ask("GET", f"/v1{project}").json()["columns"]
    assert (columns["id"], columns["customer"], columns["date"]) == ("nr", "who", "when")
    assert (columns["score"], columns["lower_is_better"]) == (["grade:csat"], True)


def test_a_form_that_is_refused_keeps_what_was_chosen(visitor: Browser) -> None:
    project = visitor.project()
    upload = visitor.upload(project, "a.csv", ROWS)
    page = visitor.send(f"{upload}/columns", then="start", **_form(comment="", who="by"), lower="1")
    assert visitor.last.status_code == 422
    assert "Choose which column holds the comments." in page
    assert page.count('<option value="by" selected') == 1
    assert 'name="lower" value="1" aria-describedby="lower-about" checked' in page
    page = visitor.send(f"{upload}/columns", **_form(), missing="x")
    assert "have to be numbers" in page
    visitor.send(f"{upload}/columns", **_form(), missing="6; 7")
    assert visitor.ask("GET", f"/v1{project}").json()["columns"]["missing"] == "6,7"
    visitor.send(f"{upload}/columns", **_form())
    assert "missing" not in visitor.ask("GET", f"/v1{project}").json()["columns"]


def test_the_comments_stand_first_among_the_rows(visitor: Browser) -> None:
    visitor.upload(visitor.project(), "a.csv", ROWS)
    heads = re.findall(r'<th scope="col"( class="words")?>(\w+)', visitor.last.text)[4:]
    assert [name for _, name in heads][:2] == ["comment", "grade"]
    assert heads[0][0]


def test_rows_that_an_earlier_version_imported_have_our_names(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    columns = {"warum_id": ["1"], "warum_customer": ["a"], "warum_date": ["2026-01-02"], "t": ["x"]}
    Table({name: strings(cells) for name, cells in columns.items()}).write_parquet(path, {})
    raw, held = as_it_came(read_files([path]), path)
    assert list(raw.columns) == ["warum_customer", "t"]
    assert held == Held(imported=True, customer="warum_customer")


def test_rows_left_out_are_counted_without_their_contents(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    said = {
        "warum_broken": json.dumps({"ragged": 2}),
        "warum_broken_lines": json.dumps({"ragged": 7}),
    }
    Table({"warum_id": strings(["1"])}).write_parquet(path, said)
    found = left_out(path, "a.csv")
    assert [(row.code, row.line, row.raw) for row in found] == [("ragged", 7, {})] * 2
    assert found[0].message == "First in line 7 of a.csv."
