"""Jobs of a running service: a file goes in, a result comes out. Kills: see `tests/benchmarks/service`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.warum_api.asking import Asked
from tests.warum_api.conftest import Serving
from tests.warum_api.example_rows import COLUMNS, rows


def filled(client: httpx.Client, data: bytes) -> str:
    made = client.post("/v1/projects", json={"name": "p", "columns": COLUMNS}).json()
    project = f"/v1/projects/{made['id']}"
    begun = client.post(f"{project}/uploads", json={"name": "feedback.csv", "size": len(data)})
    path = f"{project}/uploads/{begun.json()['id']}"
    half = len(data) // 2
    client.patch(path, content=data[:half], headers={"Upload-Offset": "0"})
    sent = client.patch(path, content=data[half:], headers={"Upload-Offset": str(half)})
    assert sent.json()["state"] == "complete"
    return project


def ended(client: httpx.Client, path: str, seconds: float = 240) -> Any:
    until = time.monotonic() + seconds
    while True:
        job = client.get(path).json()
        if job["state"] in ("done", "failed", "cancelled"):
            return job
        assert time.monotonic() < until, job
        time.sleep(0.1)


def test_a_file_goes_in_and_a_result_comes_out(serving: Serving, tmp_path: Path) -> None:
    with serving(data=tmp_path / "d") as client:
        project = filled(client, rows(300))
        client.post(
            f"{project}/comments",
            json={
                "comments": [
                    {"id": "x1", "text": "Great staff", "customer": "c", "fields": {"nps": 9}}
                ]
            },
        )
        asked = client.post(f"{project}/jobs", json={"kind": "analyze"})
        assert asked.status_code == 202
        job = ended(client, asked.headers["location"])
        assert (job["state"], job["error"]) == ("done", None)
        assert job["done"] == job["total"] == job["result"]["rows_in"] == 301
        why = client.post(f"{project}/jobs", json={"kind": "why", "question": {"draws": 200}})
        done = ended(client, why.headers["location"])
        assert (done["state"], done["error"]) == ("done", None)
        listed = client.get("/v1/jobs", params={"project": project.rpartition("/")[2]}).json()
        assert [one["kind"] for one in listed] == ["why", "analyze"]


def test_an_empty_project_has_nothing_to_do(ask: Asked) -> None:
    project = ask.project()
    for kind in ("analyze", "why"):
        refused = ask("POST", f"{project}/jobs", json={"kind": kind})
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize(
    "wanted",
    [
        {}, {"kind": "sum"}, {"kind": "analyze", "model": "../x"},
        {"kind": "why", "question": {"audit": "/etc/passwd"}},
        {"kind": "why", "question": {"draws": 10}},
    ],
)  # fmt: skip
def test_a_job_that_cannot_be_meant_is_refused(ask: Asked, wanted: Any) -> None:
    refused = ask("POST", f"{ask.project()}/jobs", json=wanted)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")


def test_a_job_is_cancelled_and_tried_again(ask: Asked) -> None:
    project = ask.project()
    ask("POST", f"{project}/comments", json={"comments": [{"id": "1", "text": "x"}]})
    path = ask("POST", f"{project}/jobs", json={"kind": "analyze"}).headers["location"]
    assert ask("POST", f"{path}/retry").json()["code"] == "conflict"
    assert ask("POST", f"{path}/cancel").json()["state"] == "cancelled"
    assert ask("POST", f"{path}/retry").json()["state"] == "queued"
    for verb in ("cancel", "retry"):
        assert ask("POST", f"/v1/jobs/job_x/{verb}").status_code == 404
