"""What is seen of a request from outside and in the logs."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from warum_api.observing.metrics import Metrics
from warum_api.observing.requests import Observe
from warum_api.refusing import add_handlers

SECRET = "Frau Geheim wohnt in der Hauptstraße"


def test_a_request_has_an_id_and_a_time(service: httpx.Client) -> None:
    first, second = service.get("/health/live"), service.get("/health/live")
    assert re.fullmatch("[0-9a-f]{32}", first.headers["x-request-id"])
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert re.fullmatch(r"app;dur=\d+\.\d", first.headers["server-timing"])


def test_the_callers_own_id_goes_on_where_it_is_a_plain_one(service: httpx.Client) -> None:
    given = service.get("/health/live", headers={"X-Request-ID": "ticket-4711.a"})
    assert given.headers["x-request-id"] == "ticket-4711.a"
    odd = service.get("/health/live", headers={"X-Request-ID": 'a" onload="x'})
    assert "onload" not in odd.headers["x-request-id"]


def _failing() -> tuple[FastAPI, Metrics]:
    app, metrics = FastAPI(), Metrics()

    @app.get("/fails/{what}")
    async def fails(what: str) -> None:
        raise ValueError(SECRET) from KeyError(what)

    add_handlers(app)
    app.add_middleware(Observe, metrics=metrics)
    return app, metrics


def test_the_unexpected_is_a_problem_without_inner_detail_and_logged_without_text() -> None:
    app, metrics = _failing()

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/fails/Geheim?q=Geheim")

    with capture_logs() as logs:
        answer = asyncio.run(ask())
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert "Geheim" not in answer.text
    failed, line = logs
    assert failed["error"] == "ValueError"
    assert failed["causes"] == ["KeyError"]
    assert any("test_requests.py" in place for place in failed["at"])
    assert (line["path"], line["status"]) == ("/fails/{what}", 500)
    assert "Geheim" not in str(logs)
    page, _ = metrics.page()
    assert b'warum_requests_total{method="GET",route="/fails/{what}",status="500"} 1.0' in page
    assert b"Geheim" not in page


@pytest.mark.parametrize("text", [SECRET, {"nested": SECRET}])
def test_no_comment_text_in_logs_or_metrics(service: httpx.Client, text: object) -> None:
    body = {"comments": [{"id": SECRET, "text": text}], "question": SECRET}
    with capture_logs() as logs:
        for broken in ({}, {"langauge": SECRET}, {"taxonomy": SECRET}):
            service.post("/v1/analyze", json=body | broken, headers={"Host": "localhost"})
    assert len(logs) >= 3
    told = [line for line in logs if line["status"] == 200]
    assert told[0]["comments"] == 1
    assert "Geheim" not in str(logs)
    assert "Geheim" not in service.get("/metrics").text


def test_paths_and_methods_that_a_caller_invents_are_no_labels(service: httpx.Client) -> None:
    service.get("/wp-admin/geheim")
    service.request("GEHEIM", "/v1/analyze")
    page = service.get("/metrics").text
    assert "geheim" not in page.lower()
    assert 'route="(unknown)"' in page
