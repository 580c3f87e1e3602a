"""Results: filters, pages, forms, ETags, what is suppressed, and what an erasure leaves."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.warum_api.asking import Asked
from tests.warum_api.example_rows import COLUMNS, rows
from warum.table import Table
from warum_api.results.rendering import form_of


@dataclass
class Analysed:
    """An analysed project."""

    ask: Asked
    project: str

    def get(self, path: str, **how: Any) -> Any:
        return self.ask("GET", f"{self.project}/{path}", **how)


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Analysed:
    from warum_api.app import create_app
    from warum_api.settings import Settings
    from warum_api.working.room import worker_of

    folder = tmp_path_factory.mktemp("service")
    settings = Settings(model="fast", data=folder)
    ask = Asked(create_app(settings))
    columns = {**COLUMNS, "date": "date", "id": "response_id"}
    project = ask.project(columns=columns)
    ask.upload(project, "feedback.csv", rows(600))
    worker = worker_of(settings)
    for job in ({"kind": "analyze"}, {"kind": "why", "question": {"draws": 200}}):
        path = ask("POST", f"{project}/jobs", json=job).headers["location"]
        assert worker.run_one()
        assert ask("GET", path).json()["state"] == "done", ask("GET", path).text
    told = {"kind": "why", "question": {"draws": 200}, "alerts": True}
    for first in (True, False):
        path = ask("POST", f"{project}/jobs", json=told).headers["location"]
        assert worker.run_one()
        done = ask("GET", path).json()
        assert (done["state"], done["error"], done["result"]["alerts"]) == ("done", None, 0), first
    assert list(folder.rglob("alerts/state.json"))
    return Analysed(ask, project)


def test_versions_and_summary(analysed: Analysed) -> None:
    kinds = {one["kind"]: one for one in analysed.get("results").json()}
    assert kinds.keys() == {"analysis", "why"}
    assert kinds["analysis"]["current"]
    assert not kinds["analysis"]["stale"]
    summary = analysed.get("results/current/summary")
    assert summary.json()["facts"]["rows_in"] == 600
    same = analysed.get("results/1/summary", headers={"If-None-Match": summary.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    jobs = {one["kind"]: one for one in analysed.ask("GET", "/v1/jobs").json()}
    links = jobs["analyze"]["result"]["links"]
    assert links.keys() == {"summary", "drivers", "trends", "opinions", "report"}
    assert {analysed.ask("GET", link).status_code for link in links.values()} == {200}
    for wrong in ("2", "0", "x", "-1", "9" * 30):
        assert analysed.get(f"results/{wrong}/summary").json()["code"] == "not_found"


def test_drivers_come_in_three_forms(analysed: Analysed, tmp_path: Path) -> None:
    path = "results/current/drivers"
    plain = analysed.get(path).json()["items"]
    assert plain
    text = analysed.get(path, headers={"Accept": "text/csv"})
    assert text.headers["content-disposition"].endswith('"drivers.csv"')
    told = list(csv.DictReader(io.StringIO(text.text)))
    assert [row["category"] for row in told] == [row["category"] for row in plain]
    parquet = tmp_path / "d.parquet"
    media = "application/vnd.apache.parquet"
    parquet.write_bytes(analysed.get(path, headers={"Accept": media}).content)
    assert Table.read_parquet(parquet)["impact"].tolist() == [row["impact"] for row in plain]
    refused = analysed.get(path, headers={"Accept": "application/pdf"})
    assert (refused.status_code, refused.json()["code"]) == (406, "not_acceptable")
    assert analysed.get(path, params={"score": "csat"}).json()["code"] == "not_found"


def test_opinions_come_in_pages(analysed: Analysed) -> None:
    seen: list[Any] = []
    cursor: dict[str, str] = {}
    total = None
    while total is None or cursor:
        page = analysed.get("results/current/opinions", params={"limit": 200, **cursor}).json()
        seen += page["items"]
        total = page["total"]
        cursor = {"cursor": page["next"]} if page["next"] else {}
    assert len(seen) == total == len({(o["comment_id"], o["category"], o["start"]) for o in seen})
    whole = analysed.get("results/current/opinions", headers={"Accept": "text/csv"}).text
    assert len(list(csv.DictReader(io.StringIO(whole)))) == total
    for wrong, code in (("x", "invalid_request"), ("0123.5", "conflict")):
        refused = analysed.get("results/current/opinions", params={"cursor": wrong})
        assert refused.json()["code"] == code


def test_opinions_are_filtered_and_sorted(analysed: Analysed) -> None:
    def asked(**params: Any) -> list[Any]:
        got = analysed.get("results/current/opinions", params={"limit": 1000, **params})
        found: list[Any] = got.json()["items"]
        return found

    everything = asked()
    chosen = asked(polarity="negative", language="de")
    assert 0 < len(chosen) < len(everything)
    assert {(o["polarity"], o["language"]) for o in chosen} == {("negative", "de")}
    first = everything[0]["category"].partition(".")[0]
    assert {o["category"].partition(".")[0] for o in asked(category=first)} == {first}
    sure = [o["confidence"] for o in asked(sort="-confidence")]
    assert sure == sorted(sure, reverse=True)
    days = [o["date"] for o in asked(since="2025-02-01", until="2025-03-31")]
    assert days
    assert "2025-02-01" <= min(days) <= max(days) <= "2025-03-31"
    branch = analysed.get("results/current/trends", params={"by": "branch"}).json()["items"][0][
        "value"
    ]
    of_one = asked(where=f"branch={branch}")
    assert 0 < len(of_one) < len(everything)
    refused = analysed.get("results/current/opinions", params={"where": "nothing=1"})
    assert refused.json()["code"] == "invalid_request"


def test_what_a_route_does_not_know_is_refused_and_not_left_out(analysed: Analysed) -> None:
    asked = {"opinions": {"polarty": "negative"}, "drivers": {"sort": "-impact", "limit": 3}}
    for part, params in asked.items():
        refused = analysed.get(f"results/current/{part}", params=params)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")
        assert len(refused.json()["errors"]) == len(params)
    for by in ("period", "branch"):
        shown = analysed.get("results/current/trends", params={"by": by}).json()["items"]
        assert {row["by"] for row in shown} == {by}
    refused = analysed.get("results/current/trends", params={"by": "month"}).json()
    assert (refused["came"], refused["expected"][:16]) == ("month", "one of: period, ")


def test_what_is_of_too_few_people_is_not_shown(analysed: Analysed) -> None:
    none = {"where": "branch=nowhere", "since": "2025-01-01"}
    page = analysed.get("results/current/opinions", params=none).json()
    assert (page["items"], page["suppressed"]) == ([], True)
    for form in ("text/csv", "application/vnd.apache.parquet"):
        shown = analysed.get("results/current/opinions", params=none, headers={"Accept": form})
        assert shown.status_code == 200
    assert analysed.get("results/current/opinions", params={"language": "fr"}).json()["suppressed"]
    for row in analysed.get("results/current/trends").json()["items"]:
        assert row["people"] >= 5


def test_quotes_are_marked(analysed: Analysed) -> None:
    driver = analysed.get("results/current/drivers").json()["items"][0]
    params = {"category": driver["category"], "polarity": driver["polarity"]}
    found = analysed.get("results/current/quotes", params=params).json()
    assert found["items"]
    for quote in found["items"]:
        for mark in quote["marks"]:
            assert 0 <= mark["start"] < mark["end"] <= len(quote["text"])
    unknown = analysed.get("results/current/quotes", params={**params, "category": "x"})
    assert unknown.json()["code"] == "not_found"


def test_a_correction_counts_at_once_and_is_kept(analysed: Analysed) -> None:
    def summary() -> Any:
        return analysed.get("results/current/summary")

    def listed(**params: Any) -> Any:
        return analysed.get("results/current/opinions", params={"limit": 1000, **params}).json()

    before, path = summary(), f"{analysed.project}/corrections"
    driver = next(
        d
        for d in analysed.get("results/current/drivers").json()["items"]
        if d["polarity"] == "negative"
    )
    one = listed(polarity="negative", category=driver["category"])["items"][0]
    wish = {"comment": one["comment_id"], "opinion": one["opinion"]}
    turned = {**wish, "new": {"category": one["category"], "polarity": "positive"}}
    made = analysed.ask("POST", path, json=turned).json()
    assert (made["old"]["polarity"], made["new"]["polarity"]) == ("negative", "positive")
    assert made["who"] == "local"
    after = summary()
    assert after.headers["etag"] != before.headers["etag"]
    counted = [
        next(c for c in s.json()["categories"] if c["code"] == one["category"])["negative"]
        for s in (before, after)
    ]
    assert counted[0] - counted[1] == 1
    mine = [o for o in listed()["items"] if o["comment_id"] == one["comment_id"]]
    assert [o["source"] for o in mine if o["opinion"] == one["opinion"]] == ["person"]
    analysed.ask("POST", path, json={**wish, "new": None})
    left = [o["opinion"] for o in listed()["items"] if o["comment_id"] == one["comment_id"]]
    assert one["opinion"] not in left
    for wrong in ({**wish, "new": None}, {**wish, "comment": "nobody", "new": None}):
        assert analysed.ask("POST", path, json=wrong).json()["code"] == "not_found"
    outside = {
        "comment": one["comment_id"],
        "new": {"category": one["category"], "start": 5, "end": 5000},
    }
    assert analysed.ask("POST", path, json=outside).json()["code"] == "invalid_request"
    kept = analysed.ask("GET", path, params={"comment": one["comment_id"]}).json()["items"]
    assert [c["new"] is None for c in kept] == [False, True]
    assert kept[0]["old"]["evidence"] == one["evidence"]


def test_reports_are_files(analysed: Analysed) -> None:
    for path in ("results/current/report", "why/report"):
        report = analysed.get(path)
        assert report.headers["content-disposition"].startswith("attachment")
        assert report.text.startswith("<!doctype html>") or "<html" in report.text[:200]
    assert "nps" in analysed.get("why").text


def test_another_project_has_no_results(analysed: Analysed) -> None:
    empty = analysed.ask.project()
    for path in ("results/current/summary", "results/current/opinions", "why", "why/report"):
        assert analysed.ask("GET", f"{empty}/{path}").json()["code"] == "not_found"
    assert analysed.ask("GET", f"{empty}/results").json() == []


def test_an_erasure_reaches_the_results(analysed: Analysed) -> None:
    """The last of this file: it changes the project."""
    before = analysed.get("results/current/summary")
    page = analysed.get("results/current/opinions", params={"limit": 1}).json()
    comment = page["items"][0]["comment_id"]
    done = analysed.ask("POST", f"{analysed.project}/erasures", json={"comment": comment}).json()
    assert done["comments"] == 1
    after = analysed.get(
        "results/current/summary", headers={"If-None-Match": before.headers["etag"]}
    )
    assert after.status_code == 200
    (current,) = [r for r in analysed.get("results").json() if r["kind"] == "analysis"]
    assert current["stale"]
    left = analysed.get("results/current/opinions", headers={"Accept": "text/csv"}).text
    assert comment not in {row["comment_id"] for row in csv.DictReader(io.StringIO(left))}
    assert analysed.get("why").json()["code"] == "not_found"
    assert analysed.get("results/current/drivers").json()["items"]


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, "json"), ("*/*", "json"), ("text/csv", "csv"), ("text/*;q=0.5, application/json;q=0.1", "csv"),
        ("application/vnd.apache.parquet", "parquet"), ("text/html, */*;q=0.1", "json"),
    ],
)  # fmt: skip
def test_the_form_that_is_wanted_most(accept: str | None, form: str) -> None:
    assert form_of(accept) == form
