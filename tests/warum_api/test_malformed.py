"""Malformed requests to every route: only 4xx, each a problem document, and the service lives."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.warum_api.damaging import Damaging
from tests.warum_api.whole_service import Whole


def bombard(whole: Whole, count: int, seed: int) -> tuple[Counter[int], Counter[str]]:
    """Send malformed requests; how often each status came, and how often each operation was asked."""
    damaging = Damaging(whole.client.get("/openapi.json").json(), whole.ids, seed)
    statuses: Counter[int] = Counter()
    ways: Counter[str] = Counter()
    for _ in range(count):
        made = damaging.request()
        answer = whole.client.request(
            made.method, made.path, params=made.query, headers=made.headers, content=made.body
        )
        told = (answer.status_code, made, answer.text[:300])
        assert 400 <= answer.status_code < 500, told
        assert answer.headers["content-type"] == "application/problem+json", told
        assert answer.json()["code"], told
        statuses[answer.status_code] += 1
        ways.update(made.why)
    return statuses, ways


def lives(whole: Whole) -> bool:
    path: Any = f"/v1/projects/{whole.ids['project']}/results/current/summary"
    ready = whole.client.get("/health/ready").status_code
    return (ready, whole.client.get(path).status_code) == (200, 200)


def test_hundreds_of_malformed_requests(whole: Whole) -> None:
    statuses, ways = bombard(whole, 600, seed=5)
    assert {400, 404, 405, 415, 422} <= statuses.keys()
    assert len(ways) == 7
    assert lives(whole)


@pytest.mark.full
def test_ten_thousand_malformed_requests(whole: Whole) -> None:
    bombard(whole, 10_000, seed=6)
    assert lives(whole)
