"""Reports as jobs: of a version, in a language, with the answer to a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warum_api.analysed import Working, copied


@pytest.fixture
def service(tmp_path: Path) -> Working:
    return copied(tmp_path / "copied")


def test_a_report_is_made_and_downloaded(service: Working) -> None:
    job = service.job("report", ui="de")
    assert (job["state"], job["error"], job["done"]) == ("done", None, job["total"])
    assert job["result"]["of"] == 1
    assert set(job["result"]["links"]) == {"report"}
    page = service("GET", job["result"]["links"]["report"])
    assert page.headers["content-disposition"].startswith("attachment")
    assert '<html lang="de"' in page.text
    assert service("GET", f"/v1/jobs/{job['id']}/why").status_code == 404
    listed = service("GET", f"{service.path}/results").json()
    assert {one["kind"] for one in listed} == {"analysis", "report"}
    service("POST", f"{service.path}/erasures", json={"comment": "r0"})
    assert service("GET", job["result"]["links"]["report"]).status_code == 404  # it may quote it


def test_a_report_holds_the_answer_to_its_question(service: Working) -> None:
    job = service.job("report", version=1, question={"draws": 200, "where": ["branch=Lindenau"]})
    assert (job["state"], job["error"]) == ("done", None)
    why = service("GET", job["result"]["links"]["why"]).json()
    assert why["why"]["filters"] == ["branch=Lindenau"]
    assert "branch=Lindenau" in service("GET", job["result"]["links"]["report"]).text


def test_what_is_not_there_is_refused(service: Working) -> None:
    for asked, status in (
        ({"version": 9}, 404), ({"version": 0}, 422), ({"version": 10**12}, 422), ({"ui": "fr"}, 422),
        ({"audit": "smp_none"}, 404),
    ):  # fmt: skip
        refused = service("POST", f"{service.path}/jobs", json={"kind": "report", **asked})
        assert refused.status_code == status, asked
    assert service("GET", "/v1/jobs/job_none/report").json()["code"] == "not_found"
