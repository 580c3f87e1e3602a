"""Live, ready, and the metrics."""

from __future__ import annotations

import asyncio

import httpx

from warum_api.app import create_app
from warum_api.settings import Settings


def test_a_service_without_a_model_is_alive_and_not_ready() -> None:
    async def ask() -> tuple[httpx.Response, httpx.Response, httpx.Response]:
        transport = httpx.ASGITransport(create_app(Settings(model="nothing")))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            body = {"comments": [{"id": "1", "text": "x"}]}
            return (
                await client.get("/health/live"),
                await client.get("/health/ready"),
                await client.post("/v1/analyze", json=body),
            )

    live, ready, analyzed = asyncio.run(ask())  # its lifespan never began
    assert live.json() == {"status": "alive"}
    assert ready.status_code == 503
    said = "The model 'nothing' is being loaded."
    assert ready.json()["checks"] == {"model": said, "database": "ready"}
    assert (analyzed.status_code, analyzed.json()["code"]) == (503, "not_ready")
    assert analyzed.headers["retry-after"] == "1"


def test_a_model_that_cannot_be_loaded_is_said() -> None:
    async def ask() -> httpx.Response:
        app = create_app(Settings(model="no-such-model"))
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            for _ in range(600):
                answer = await client.get("/health/ready")
                if "could not" in answer.text:
                    break
                await asyncio.sleep(0.05)
            return answer

    answer = asyncio.run(ask())
    assert answer.status_code == 503
    assert "'no-such-model' could not be loaded" in answer.json()["detail"]


def test_what_is_ready_says_so(service: httpx.Client) -> None:
    assert service.get("/health/ready").json() == {
        "status": "ready",
        "checks": {"model": "ready", "database": "ready"},
    }


def test_metrics_count_comments_and_batches(service: httpx.Client) -> None:
    body = {"comments": [{"id": "1", "text": "Great staff"}, {"id": "2", "text": 3}]}
    service.post("/v1/analyze", json=body)
    page = service.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain")
    for line in (
        'warum_comments_total{outcome="read"}',
        'warum_comments_total{outcome="invalid_comment"}',
        "warum_batch_comments_bucket",
        "warum_waiting_comments 0.0",
        "warum_ready 1.0",
        'warum_request_seconds_count{method="POST",route="/v1/analyze"}',
    ):
        assert line in page.text, line
