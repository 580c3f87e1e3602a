"""Counting requests."""

from __future__ import annotations

from typing import Any

import pytest

from warum_api.guarding import rates
from warum_api.guarding.rates import Rates


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    at = [1_000.0]
    monkeypatch.setattr("time.time", lambda: at[0])
    return at


def test_a_window_begins_with_its_first_request(clock: list[float]) -> None:
    found = Rates("2/minute")
    first = found.spend("a")
    assert (first.allowed, first.remaining, first.seconds) == (True, 1, 60)
    clock[0] += 45
    assert found.spend("a").remaining == 0
    refused = found.spend("a")
    assert (refused.allowed, refused.seconds) == (False, 15)
    assert found.spend("b").allowed
    clock[0] += 15.1
    assert found.spend("a").allowed


def test_looking_counts_nothing(clock: list[float]) -> None:
    found = Rates("1/hour")
    assert [found.look("a").allowed for _ in range(3)] == [True] * 3
    assert found.spend("a").allowed
    assert not found.look("a").allowed


@pytest.mark.parametrize(("limit", "workers", "share"), [("10/second", 4, 3), ("2/day", 8, 1)])
def test_workers_share_a_limit(limit: str, workers: int, share: int) -> None:
    assert Rates(limit, workers).look("a").limit == share


def test_windows_that_are_over_are_forgotten(clock: list[float], monkeypatch: Any) -> None:
    monkeypatch.setattr(rates, "_MOST_WINDOWS", 10)
    windows = rates._Windows()
    for i in range(10):
        windows.incr(f"k{i}", 60)
    clock[0] += 61
    windows.incr("new", 60)
    assert windows.reset() == 1
    assert windows.get("new") == 0
    assert windows.check()
    windows.incr("x", 60)
    windows.clear("x")
    assert windows.get("x") == 0
    assert windows.get_expiry("x") == clock[0]


def test_a_limit_that_cannot_be_read() -> None:
    with pytest.raises(ValueError, match="many"):
        Rates("many")
