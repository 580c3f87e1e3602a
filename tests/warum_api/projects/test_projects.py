"""Projects, comments that are appended, what is erased of them, and the audit log."""

from __future__ import annotations

import pytest

from tests.warum_api.asking import Asked

SHOP = {"name": "Shop", "columns": {"text": "comment", "score": "nps:nps"}, "retention_days": 30}
COMMENTS = {
    "comments": [
        {"id": "r1", "text": "Friendly driver", "customer": "kim", "fields": {"nps": 9}},
        {"id": "r2", "text": "Two days late", "customer": "lee", "date": "2026-03-01"},
    ]
}


def test_the_life_of_a_project(ask: Asked) -> None:
    made = ask("POST", "/v1/projects", json=SHOP).json()
    path = f"/v1/projects/{made['id']}"
    assert made["columns"] == SHOP["columns"]
    assert ask("GET", path).json() == {**made, "appended": 0}
    changed = ask("PATCH", path, json={"name": "Store", "retention_days": None}).json()
    assert (changed["name"], changed["retention_days"], changed["taxonomy"]) == (
        "Store",
        None,
        "cx",
    )
    assert ask("GET", f"{path}/taxonomy").text.startswith(("name:", "#"))
    assert ask("DELETE", path).status_code == 204
    for method, more in (("GET", ""), ("DELETE", ""), ("GET", "/uploads"), ("GET", "/taxonomy")):
        assert ask(method, path + more).json()["code"] == "not_found"
    actions = [e["action"] for e in ask("GET", "/v1/audit-log").json()["items"]]
    assert actions == ["project_deleted", "project_changed", "project_created"]


def test_projects_come_in_pages(ask: Asked) -> None:
    made = {ask.project() for _ in range(5)}
    seen: list[str] = []
    after = ""
    while after is not None:
        page = ask("GET", "/v1/projects", params={"limit": 2} | ({"after": after} if after else {}))
        seen += [f"/v1/projects/{one['id']}" for one in page.json()["items"]]
        after = page.json()["next"]
    assert len(seen) == 5
    assert set(seen) == made


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"name": ""}, "invalid_request"),
        ({"name": "x", "taxonomy": "nope"}, "unknown_taxonomy"),
        ({"name": "x", "taxonomy": {"categories": []}}, "broken_taxonomy"),
        ({"name": "x", "columns": {"scale": "5:1"}}, "invalid_request"),
        ({"name": "x", "columns": {"tekst": "a"}}, "invalid_request"),
        ({"name": "x", "retention_days": 0}, "invalid_request"),
    ],
)
def test_what_cannot_be_meant_is_refused(ask: Asked, wanted: object, code: str) -> None:
    answer = ask("POST", "/v1/projects", json=wanted)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_an_id_that_stands_twice_in_a_request_is_said_apart(ask: Asked) -> None:
    path = f"{ask.project()}/comments"
    ask("POST", path, json={"comments": [{"id": "old", "text": "x"}]})
    texts = [("a", "one"), ("a", "two"), ("old", "x"), ("a", "three"), ("b", "y")]
    sent = {"comments": [{"id": name, "text": text} for name, text in texts]}
    told = ask("POST", path, json=sent).json()
    assert told == {"added": 2, "known": ["old"], "repeated": ["a"]}


def test_comments_are_appended_once(ask: Asked) -> None:
    path = ask.project()
    key = {"Idempotency-Key": "k1"}
    first = ask("POST", f"{path}/comments", json=COMMENTS, headers=key)
    assert first.json() == {"added": 2, "known": [], "repeated": []}
    assert ask("POST", f"{path}/comments", json=COMMENTS, headers=key).json() == first.json()
    assert ask("POST", f"{path}/comments", json=COMMENTS).json() == {
        "added": 0,
        "known": ["r1", "r2"],
        "repeated": [],
    }
    other = {"comments": [{"id": "r3", "text": "x"}]}
    refused = ask("POST", f"{path}/comments", json=other, headers=key)
    assert (refused.status_code, refused.json()["code"]) == (409, "key_in_use")
    assert ask("GET", path).json()["appended"] == 2


def test_a_customer_is_erased_and_the_log_does_not_say_who(ask: Asked) -> None:
    path = ask.project()
    ask("POST", f"{path}/comments", json=COMMENTS)
    data = b"id;who;text;nps\n1;kim;so late;3\n2;lee;fine;9\n3;kim;again late;2\n"
    ask.upload(path, "survey.csv", data)
    ask("PATCH", path, json={"columns": {"customer": "who", "text": "text", "score": "nps"}})
    done = ask("POST", f"{path}/erasures", json={"customer": "kim"})
    assert done.json()["comments"] == 3
    assert done.json()["files_rewritten"] == 1
    assert ask("GET", path).json()["appended"] == 1
    again = ask("POST", f"{path}/erasures", json={"customer": "kim"})
    assert again.json() == {"comments": 0, "files_rewritten": 0, "files_deleted": 0}
    (upload,) = ask("GET", f"{path}/uploads").json()
    shown = ask("GET", f"{path}/uploads/{upload['id']}/preview").json()
    assert "late" not in str(shown["rows"])
    assert len(shown["rows"]) == 1
    log = ask("GET", "/v1/audit-log").text
    assert "customer_erased" in log
    assert "kim" not in log
    assert ask("POST", f"{path}/erasures", json={"comment": "r2"}).json()["comments"] == 1


def test_an_erasure_names_one_thing(ask: Asked) -> None:
    path = ask.project()
    for wrong in ({}, {"customer": "a", "comment": "b"}):
        assert ask("POST", f"{path}/erasures", json=wrong).json()["code"] == "invalid_request"
