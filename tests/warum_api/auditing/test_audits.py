"""Audits over the API: drawn, labelled by one and two people, kept apart from what the model read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.warum_api.analysed import Working
from tests.warum_api.asking import Asked
from warum.audit.frame import draw_audit
from warum.store import read_reading
from warum.taxonomy import load_taxonomy


def items(service: Working, audit: str, labeller: str = "Kim") -> list[Any]:
    found = service("GET", f"{audit}/items", params={"labeller": labeller, "limit": 500}).json()
    assert found["next"] is None
    return list(found["items"])


def test_a_sample_is_drawn_as_the_command_draws_it(analysed: Working) -> None:
    audit = analysed.drawn(labels=50, seed=3)
    told = analysed("GET", audit).json()
    (folder,) = [p.parent for p in analysed.settings.data.rglob("comments.parquet")]
    sheet = draw_audit(read_reading(folder), labels=50, seed=3)
    assert [one["comment"] for one in items(analysed, audit)] == [row.id for row in sheet.rows]
    assert [one["text"] for one in items(analysed, audit)] == [row.text for row in sheet.rows]
    assert (told["wanted"], told["comments"], told["seed"]) == (50, len(sheet.rows), 3)
    assert told["occasions"] == len({row.unit for row in sheet.rows})
    assert f"/{told['drawn_from']}" in sheet.frame
    assert told["model"] == sheet.model
    assert told["agreement"] is None
    assert [one["code"] for one in told["categories"]] == list(load_taxonomy().codes)
    assert told["id"] in analysed("GET", f"{analysed.path}/audits").text


def test_a_labeller_goes_on_where_they_stopped(analysed: Working) -> None:
    audit = analysed.drawn(labels=40)
    first = analysed("GET", f"{audit}/next", params={"labeller": "Kim"}).json()
    path = f"{audit}/labels/{first['item']['comment']}"
    said = {"labels": [{"category": "wait_time", "polarity": "negative"}], "labeller": "Kim"}
    for _ in range(2):  # sent again, it changes nothing
        assert analysed("PUT", path, json=said).status_code == 204
    second = analysed("GET", f"{audit}/next", params={"labeller": "Kim"}).json()
    assert second["labelled"] == 1
    assert second["item"]["position"] == 1
    assert items(analysed, audit)[0]["labels"] == said["labels"]
    assert items(analysed, audit, "Lee")[0]["labels"] is None  # nobody sees what others saw
    assert analysed("DELETE", path, params={"labeller": "Kim"}).status_code == 204
    assert analysed("GET", f"{audit}/next", params={"labeller": "Kim"}).json() == first
    analysed("PUT", path, json={"labels": []})
    assert analysed("GET", audit).json()["labellers"] == [
        {"labeller": "local", "labelled": 1, "complete": False}
    ]


def test_what_the_model_read_is_never_shown(analysed: Working) -> None:
    audit = analysed.drawn(labels=40)
    shown = analysed("GET", f"{audit}/items").json()["items"][0]
    assert set(shown) == {"comment", "position", "text", "question", "language", "labels", "note"}


def test_two_people_are_compared(analysed: Working) -> None:
    audit = analysed.drawn(labels=40)
    assert analysed.labelled(audit, "Kim") == analysed.labelled(audit, "Lee")
    one = items(analysed, audit)[0]
    analysed("PUT", f"{audit}/labels/{one['comment']}", json={"labels": [], "labeller": "Lee"})
    told = analysed("GET", audit).json()
    assert [(one["labeller"], one["complete"]) for one in told["labellers"]] == [
        ("Kim", True),
        ("Lee", True),
    ]
    overall = told["agreement"][0]
    assert overall["category"] is None
    assert 0.9 < overall["alpha"] <= 1
    assert overall["comments"] == told["comments"]


def test_labels_of_an_earlier_audit_are_kept(analysed: Working) -> None:
    audit = analysed.drawn(labels=30)
    analysed.labelled(audit)
    more = analysed.drawn(labels=60, labels_from=audit.rpartition("/")[2])
    (kim,) = analysed("GET", more).json()["labellers"]
    assert kim["labelled"] == analysed("GET", audit).json()["comments"]
    refused = analysed("POST", f"{analysed.path}/audits", json={"labels_from": "smp_none"})
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert len(analysed("GET", f"{analysed.path}/audits").json()) == 2


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"labels": [{"category": "nonsense", "polarity": "negative"}]}, "invalid_request"),
        ({"labels": [{"category": "wait_time", "polarity": "bad"}]}, "invalid_request"),
        ({"labels": [{"category": "wait_time"}]}, "invalid_request"),
        ({"labels": [], "labeller": ""}, "invalid_request"),
        ({}, "invalid_request"),
    ],
)
def test_labels_that_cannot_be_meant_are_refused(analysed: Working, said: Any, code: str) -> None:
    audit = analysed.drawn()
    one = items(analysed, audit)[0]["comment"]
    refused = analysed("PUT", f"{audit}/labels/{one}", json=said)
    assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_what_is_not_there_is_not_found(analysed: Working) -> None:
    audit = analysed.drawn()
    there: Any = {"labels": []}
    for method, path, body in (
        ("PUT", f"{audit}/labels/nobody", there),
        ("PUT", f"{audit}x/labels/r1", there),
        ("GET", f"{audit}x", None),
        ("GET", f"{audit}x/next", None),
        ("DELETE", f"{audit}x", None),
        ("GET", f"{audit}x/items", None),
        ("GET", f"{analysed.path}x/audits", None),
        ("POST", f"{analysed.path}x/audits", {}),
    ):
        answer = analysed(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), (method, path)


def test_an_audit_is_forgotten(analysed: Working) -> None:
    audit = analysed.drawn()
    analysed.labelled(audit, most=3)
    assert list(analysed.settings.data.rglob("frame.parquet"))
    assert analysed("DELETE", audit).status_code == 204
    assert analysed("GET", audit).status_code == 404
    assert not list(analysed.settings.data.rglob("frame.parquet"))
    actions = [one["action"] for one in analysed("GET", "/v1/audit-log").json()["items"]]
    assert actions[:2] == ["sample_deleted", "sample_labelled"]


def test_too_many_people(analysed: Working) -> None:
    audit = analysed.drawn()
    one = items(analysed, audit)[0]["comment"]
    for n in range(10):
        said = analysed("PUT", f"{audit}/labels/{one}", json={"labels": [], "labeller": f"p{n}"})
        assert said.status_code == 204
    refused = analysed("PUT", f"{audit}/labels/{one}", json={"labels": [], "labeller": "p10"})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


def test_without_a_result_nothing_is_drawn(ask: Asked) -> None:
    project = ask.project()
    assert ask("POST", f"{project}/audits", json={}).json()["code"] == "not_found"
    assert ask("GET", f"{project}/audit-plan").json()["code"] == "not_found"
    assert ask("GET", f"{project}/audits").json() == []
