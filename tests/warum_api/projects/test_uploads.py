"""Files in pieces, and what of them is kept."""

from __future__ import annotations

import gzip
import hashlib
import io

import pytest

from tests.warum_api.asking import Asked

CSV = b"id,comment,nps,customer\n1,Great staff,10,a\n2,Waited too long,3,b\n"


def test_a_file_comes_in_pieces_and_goes_on_after_a_break(ask: Asked) -> None:
    project = ask.project()
    digest = hashlib.sha256(CSV).hexdigest()
    made = ask(
        "POST", f"{project}/uploads", json={"name": "a.csv", "size": len(CSV), "sha256": digest}
    )
    path = f"{project}/uploads/{made.json()['id']}"
    first = ask("PATCH", path, content=CSV[:20], headers={"Upload-Offset": "0"}).json()
    assert (first["state"], first["received"]) == ("open", 20)
    early = ask("POST", f"{project}/erasures", json={"customer": "a"})
    assert (early.status_code, early.json()["code"]) == (409, "conflict")
    for offset in ("0", "30"):
        wrong = ask("PATCH", path, content=b"x", headers={"Upload-Offset": offset})
        assert (wrong.status_code, wrong.json()["code"]) == (409, "conflict")
    assert ask("GET", path).json()["received"] == 20
    assert ask("GET", f"{path}/preview").json()["code"] == "conflict"
    done = ask("PATCH", path, content=CSV[20:], headers={"Upload-Offset": "20"}).json()
    assert (done["state"], done["received"], done["sha256"]) == ("complete", len(CSV), digest)
    seen = ask("GET", f"{path}/preview").json()
    assert seen["columns"] == ["id", "comment", "nps", "customer"]
    assert {c["role"]: c["column"] for c in seen["taken"]}["text"] == "comment"
    assert seen["problem"] is None
    assert ask("DELETE", path).status_code == 204
    assert ask("GET", path).status_code == 404


def test_without_a_size_the_last_piece_says_so(ask: Asked) -> None:
    project = ask.project()
    path = (
        f"{project}/uploads/"
        + ask("POST", f"{project}/uploads", json={"name": "a.csv"}).json()["id"]
    )
    headers = {"Upload-Offset": "0", "Upload-Complete": "?1"}
    assert ask("PATCH", path, content=CSV, headers=headers).json()["size"] == len(CSV)


def test_what_is_not_what_was_announced_is_refused(ask: Asked) -> None:
    project = ask.project()
    for announced in ({"size": 10}, {"sha256": "0" * 64}, {"size": 1000}):
        made = ask("POST", f"{project}/uploads", json={"name": "a.csv", **announced}).json()
        path = f"{project}/uploads/{made['id']}"
        headers = {"Upload-Offset": "0", "Upload-Complete": "?1"}
        refused = ask("PATCH", path, content=CSV, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
        assert ask("GET", path).json()["state"] in ("open", "failed")


def workbook() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row in (
        ["id", "comment", "nps", "customer"],
        [1, "Great staff", 10, "a"],
        [2, "Slow", 3, "b"],
    ):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FORMS = {
    "a.csv": CSV,
    "a.csv.gz": gzip.compress(CSV),
    "a.xlsx": workbook(),
    "a.jsonl": b'{"id": "1", "comment": "Great staff", "nps": 9, "customer": "a"}\n'
    b'{"id": "2", "comment": "Slow", "nps": 3, "customer": "b"}\n',
}


@pytest.mark.parametrize("name", FORMS)
def test_a_customer_is_erased_from_files_of_every_form(ask: Asked, name: str) -> None:
    project = ask.project()
    path = ask.upload(project, name, FORMS[name])
    assert "Great staff" in ask("GET", f"{path}/preview").text
    done = ask("POST", f"{project}/erasures", json={"customer": "a"}).json()
    assert (done["comments"], done["files_rewritten"]) == (1, 1)
    seen = ask("GET", f"{path}/preview")
    assert "Great staff" not in seen.text
    assert len(seen.json()["rows"]) == 1


def test_a_file_that_cannot_be_read_says_so(ask: Asked) -> None:
    project = ask.project()
    path = ask.upload(project, "a.xlsx", b"PK\x03\x04 no workbook")
    answer = ask("GET", f"{path}/preview")
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable_file")
    refused = ask("POST", f"{project}/erasures", json={"customer": "a"})
    assert refused.json()["code"] == "conflict"
    ask("DELETE", path)
    assert ask("POST", f"{project}/erasures", json={"customer": "a"}).json()["comments"] == 0


def test_ids_that_are_personal_data_are_replaced(ask: Asked) -> None:
    project = ask.project()
    data = CSV.replace(b"\n1,", b"\nanna@example.org,").replace(b"\n2,", b"\nben@example.org,")
    path = ask.upload(project, "a.csv", data)
    ask("POST", f"{project}/erasures", json={"customer": "nobody"})
    assert "example.org" not in ask("GET", f"{path}/preview").text
