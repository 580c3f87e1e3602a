"""Files by forms and in pieces, their preview, and the start of the analysis."""

from __future__ import annotations

import re

import pytest

from tests.warum_api.pages.browsing import CSV, Browser


def _roles(page: str) -> dict[str, str]:
    """Column to the choice that its select shows."""
    found = {}
    for row in re.findall(r'<tr[^>]*>\n<th scope="row">(.*?)</th>(.*?)</tr>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', row[1])
        found[row[0]] = chosen[1] if chosen else ""
    return found


def _form(page: str, **changes: str) -> dict[str, str]:
    """The fields of the preview's form, with other choices for some columns."""
    return {
        f"role.{i}": changes.get(column, choice)
        for i, (column, choice) in enumerate(_roles(page).items())
    }


def test_a_file_comes_with_a_form_where_no_script_runs(visitor: Browser) -> None:
    project = visitor.project()
    upload = visitor.upload(project, "Umfrage <Mai>.csv", CSV)
    page = visitor.last.text
    assert "<h1>Umfrage &lt;Mai&gt;.csv</h1>" in page
    assert _roles(page) == {
        "id": "id", "comment": "text", "nps": "score", "customer": "customer", "date": "date"
    }  # fmt: skip
    assert "Waited too long" in page
    assert "as NPS" in page
    assert "complete" in visitor.go(f"{project}/upload")
    assert upload.startswith(f"{project}/uploads/upl_")


def test_no_file_is_said(visitor: Browser) -> None:
    project = visitor.project()
    visitor.go(f"{project}/upload")
    assert "Choose a file first." in visitor.send(f"{project}/uploads/new")


def test_a_file_comes_in_pieces_from_the_script(visitor: Browser) -> None:
    project = visitor.project()
    visitor.go(f"{project}/upload")
    own = {"X-Form-Token": visitor.token, "Accept": "application/json"}
    asked = {"name": "a.csv", "size": len(CSV)}
    there = visitor.ask("POST", f"{project}/uploads", json=asked, headers=own).json()
    path = f"{project}/uploads/{there['id']}"
    assert there == {"id": there["id"], "received": 0, "state": "open", "page": path}
    first = visitor.ask("PATCH", path, content=CSV[:9], headers={**own, "Upload-Offset": "0"})
    assert first.json()["received"] == 9
    assert "did not arrive whole" in visitor.go(path)
    wrong = visitor.ask("PATCH", path, content=CSV[9:], headers={**own, "Upload-Offset": "0"})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "conflict")
    assert visitor.ask("GET", f"{path}/state").json()["received"] == 9
    last = {**own, "Upload-Offset": "9", "Upload-Complete": "?1"}
    assert visitor.ask("PATCH", path, content=CSV[9:], headers=last).json()["state"] == "complete"
    assert "Great staff" in visitor.go(path)


def test_what_the_columns_are_can_be_corrected(visitor: Browser) -> None:
    project = visitor.project()
    data = (
        b"nr,what,note,mood\n1,fine today,it was slow and cold,4\n2,good,nobody came to help us,2\n"
    )
    upload = visitor.upload(project, "a.csv", data * 1)
    page = visitor.last.text
    before = _roles(page)
    page = visitor.send(
        f"{upload}/columns", **_form(page, note="text", what="by", mood="score:csat", nr="")
    )
    assert "The columns are saved." in page
    after = _roles(page)
    assert (after["note"], after["what"], after["mood"]) == ("text", "by", "score")
    assert before != after
    columns = visitor.ask("GET", f"/v1{project}").json()["columns"]
    assert (columns["text"], columns["score"], columns["by"]) == (["note"], ["mood:csat"], ["what"])
    page = visitor.send(f"{upload}/columns", **_form(page))
    assert visitor.ask("GET", f"/v1{project}").json()["columns"] == columns  # nothing was changed


def test_one_role_for_several_columns_is_refused(visitor: Browser) -> None:
    upload = visitor.upload(visitor.project(), "a.csv", CSV)
    page = visitor.send(f"{upload}/columns", **_form(visitor.last.text, id="date"))
    assert visitor.last.status_code == 422
    assert "Several columns were chosen as “Date”" in page


def test_columns_in_doubt_are_said_and_can_be_chosen(visitor: Browser) -> None:
    upload = visitor.upload(visitor.project(text="nowhere"), "a.csv", CSV)
    page = visitor.last.text
    assert "The columns are in doubt" in page
    page = visitor.send(f"{upload}/columns", **_form(page, comment="text", nps="score:nps"))
    assert "The columns are in doubt" not in page
    assert _roles(page)["comment"] == "text"


def test_from_the_preview_the_analysis_is_started(visitor: Browser) -> None:
    project = visitor.project()
    upload = visitor.upload(project, "a.csv", CSV)
    page = visitor.send(f"{upload}/columns", then="start", **_form(visitor.last.text))
    assert visitor.last.url.path.startswith(f"{project}/jobs/job_")
    assert "It begins as soon as a worker is free." in page
    assert visitor.ask("GET", f"/v1{project}").json()["columns"] == {}


def test_a_file_that_cannot_be_read_says_so_and_is_deleted(visitor: Browser) -> None:
    project = visitor.project()
    upload = visitor.upload(project, "a.xlsx", b"PK\x03\x04 no workbook")
    assert "The file cannot be read" in visitor.last.text
    assert visitor.last.status_code == 200
    page = visitor.send(f"{upload}/delete")
    assert "The file is deleted." in page
    assert "a.xlsx" not in page


CELLS = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}"]


@pytest.mark.parametrize("cell", CELLS)
def test_what_stands_in_a_file_is_text(visitor: Browser, cell: str) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    data = f"id,{quoted},comment\n1,{quoted},{quoted} and more words here\n".encode()
    visitor.upload(visitor.project(cell), f"{cell[:9]}.csv", data)
    assert visitor.last.status_code == 200
    for raw in ("<script>alert", "<img src", ">49<"):
        assert raw not in visitor.last.text


def test_the_page_is_german_throughout(visitor: Browser) -> None:
    visitor.language = "de"
    project = visitor.project()
    visitor.upload(project, "a.csv", CSV)
    page = visitor.last.text
    for said in (
        "Was die Spalten sind",
        "Kommentar",
        "ganze Zahlen 3–10, als NPS",
        "Die ersten 2 Zeilen",
    ):
        assert said in page
    assert not re.search(r"\b(recognised|Score|complete)\b", re.sub(r"<[^>]*>", "", page))
