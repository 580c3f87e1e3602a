"""OpenAPI tells what subscribers get."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

from fastapi import FastAPI

from tests.warum_api.notifying.happenings import alert
from warum.taxonomy import load_taxonomy
from warum_api.notifying.describing import EventBody, told_routes
from warum_api.notifying.events import EventKind, alert_raised


def _examples() -> dict[str, Any]:
    app = FastAPI()
    app.webhooks.include_router(told_routes())
    told = app.openapi()["webhooks"]["event"]["post"]
    assert {one["name"] for one in told["parameters"]} == {
        "Warum-Signature",
        "Warum-Delivery",
        "Warum-Event",
    }
    examples: dict[str, Any] = told["requestBody"]["content"]["application/json"]["examples"]
    return {one["value"]["type"]: one["value"] for one in examples.values()}


def test_each_kind_of_event_has_an_example() -> None:
    examples = _examples()
    assert examples.keys() == set(get_args(EventKind)) - {"webhook.test"}
    for one in examples.values():
        EventBody.model_validate(one)


def test_the_example_of_an_alert_has_what_an_alert_has() -> None:
    made = alert_raised(
        alert(), load_taxonomy("cx"), tenant="a", project="p", created=datetime.now(UTC)
    )
    assert _examples()["alert.raised"]["data"].keys() == {
        *made.data,
        "comments",
        "comments_total",
    }
