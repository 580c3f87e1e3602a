"""What a labelled audit is for: corrected figures, a plan, and what an erasure leaves of it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from tests.warum_api.analysed import Working
from warum.answers.corrected import corrected_fit
from warum.answers.rows import WhyRows
from warum.audit.driver_records import CorrectedDriver
from warum.audit.frame import draw_audit
from warum.store import read_reading
from warum.taxonomy import load_taxonomy


def why(service: Working) -> Any:
    return service("GET", f"{service.path}/why").json()["why"]["scores"][0]["corrected"]


@pytest.fixture
def complete(analysed: Working) -> tuple[Working, str]:
    audit = analysed.drawn(labels=90)
    analysed.labelled(audit)
    return analysed, audit


def test_corrected_figures_stand_beside_those_of_the_model_alone(
    complete: tuple[Working, str], tmp_path: Path
) -> None:
    service, audit = complete
    for item in service("GET", f"{audit}/items").json()["items"][:3]:  # a second person, of a few
        said = {"labels": [], "labeller": "Lee"}
        service("PUT", f"{audit}/labels/{item['comment']}", json=said)
    # What people mended of single opinions would hide the model's errors: it does not count here.
    for one in service("GET", f"{service.path}/results/current/opinions").json()["items"][:5]:
        wish = {"comment": one["comment_id"], "opinion": one["opinion"], "new": None}
        assert service("POST", f"{service.path}/corrections", json=wish).status_code == 201
    name = audit.rpartition("/")[2]
    job = service.job("why", audit=name, question={"draws": 200})
    assert (job["state"], job["error"]) == ("done", None)
    found = why(service)
    assert found["comments"] == service("GET", audit).json()["comments"]
    assert found["agreement"]
    (folder,) = [p.parent for p in service.settings.data.rglob("comments.parquet")]
    expected = by_the_library(service, folder, audit)
    got = {(row["category"], row["polarity"]): row for row in found["drivers"]}
    assert got.keys() == expected.keys()
    for pair, row in expected.items():
        for name in ("impact", "naive_impact"):
            value = getattr(row, name).value
            assert got[pair][name]["value"] == (None if math.isnan(value) else pytest.approx(value))
    told = [row for row in expected.values() if not math.isnan(row.naive_impact.value)]
    assert any(not math.isclose(row.impact.value, row.naive_impact.value) for row in told)
    assert "model alone" in service("GET", f"{service.path}/why/report").text


def by_the_library(service: Working, folder: Path, audit: str) -> dict[Any, CorrectedDriver]:
    """What `warum why --audit` says of the same labels."""
    reading = read_reading(folder)
    told = service("GET", audit).json()
    sheet = draw_audit(reading, labels=told["wanted"], seed=told["seed"])
    said = service("GET", f"{audit}/items", params={"labeller": "Kim", "limit": 500}).json()[
        "items"
    ]
    seen = {
        one["comment"]: frozenset((label["category"], label["polarity"]) for label in one["labels"])
        for one in said
    }
    (rows,) = WhyRows.of(reading, load_taxonomy()).scores
    fit = corrected_fit(rows, sheet.with_labels(seen))
    return {(row.category, row.polarity): row for row in fit.drivers}


def test_a_half_labelled_audit_corrects_nothing(analysed: Working) -> None:
    audit = analysed.drawn()
    analysed.labelled(audit, most=5)
    job = analysed.job("why", audit=audit.rpartition("/")[2], question={"draws": 200})
    assert (job["state"], job["error"]["code"]) == ("failed", "input")
    assert "labelled in part" in job["error"]["detail"]
    refused = analysed("POST", f"{analysed.path}/jobs", json={"kind": "why", "audit": "smp_none"})
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


def test_the_plan(complete: tuple[Working, str]) -> None:
    service, audit = complete
    path = f"{service.path}/audit-plan"
    told = service("GET", path, params={"of": "share", "width": 5}).json()
    assert (told["basis"], told["of"], told["score"]) == ("f1", "share", "nps")
    for row in told["rows"]:
        widths = [one["width"] for one in row["widths"]]
        assert widths == sorted(widths, reverse=True)
    surer = service("GET", path, params={"of": "share", "width": 5, "f1": 0.95}).json()
    assert surer["rows"][0]["widths"][0]["width"] < told["rows"][0]["widths"][0]["width"]
    one = told["rows"][0]["category"]
    only = service("GET", path, params={"category": one}).json()["rows"]
    assert {row["category"] for row in only} == {one}
    pilot = service("GET", path, params={"audit": audit.rpartition("/")[2]}).json()
    assert pilot["basis"] == audit.rpartition("/")[2]
    for wrong, status in (
        ({"category": "x"}, 404),
        ({"score": "x"}, 404),
        ({"f1": 2}, 422),
        ({"audit": "x"}, 404),
    ):
        assert service("GET", path, params=wrong).status_code == status


def test_an_erasure_reaches_draw_and_labels_and_the_rest_still_corrects(
    complete: tuple[Working, str],
) -> None:
    service, audit = complete
    drawn = service("GET", f"{audit}/items", params={"limit": 500, "labeller": "Kim"}).json()[
        "items"
    ]
    gone = drawn[0]["comment"]
    before = service("GET", audit).json()
    erased = service("POST", f"{service.path}/erasures", json={"comment": gone})
    assert erased.json()["comments"] == 1
    after = service("GET", audit).json()
    assert after["comments"] == before["comments"] - 1
    assert gone not in service("GET", f"{audit}/items", params={"limit": 500}).text
    kept = [p for p in service.settings.data.rglob("*") if p.is_file() and p.suffix != ".db"]
    text = json.dumps(drawn[0]["text"])[1:-1].encode()
    assert not [
        p for p in kept if gone.encode() + b'"' in p.read_bytes() and text in p.read_bytes()
    ]
    planned = service("GET", f"{service.path}/audit-plan", params={"audit": after["id"]})
    assert planned.status_code == 200, planned.text
    assert planned.json()["rows"]


def test_comments_that_came_later_ask_for_a_new_draw(complete: tuple[Working, str]) -> None:
    service, audit = complete
    new = {"comments": [{"id": "later", "text": "The queue was long.", "fields": {"nps": 2}}]}
    assert service("POST", f"{service.path}/comments", json=new).status_code == 200
    assert service.job("analyze")["state"] == "done"
    planned = service(
        "GET", f"{service.path}/audit-plan", params={"audit": audit.rpartition("/")[2]}
    )
    assert (planned.status_code, planned.json()["code"]) == (409, "conflict")
    assert "draw a new sample" in planned.json()["detail"]
