from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.warum_api.notifying.kept import NOON
from warum_api.notifying.retrying import RetryPlan

PLAN = RetryPlan()


@given(st.floats(0, 1))
def test_waits_grow_and_the_last_attempt_is_made_after_a_day(chance: float) -> None:
    times, now, attempts = [NOON], NOON, 1
    while (again := PLAN.again(attempts, began=NOON, now=now, chance=chance)) is not None:
        times.append(again)
        now, attempts = again, attempts + 1
    assert times[-1] == NOON + timedelta(hours=24)
    assert 13 <= len(times) <= 25
    waits = [b - a for a, b in pairwise(times)]
    assert all(a <= b for a, b in pairwise(waits[:-1]))
    assert max(waits) <= timedelta(hours=4)


def test_jitter_halves_at_most() -> None:
    waits = [PLAN.again(3, began=NOON, now=NOON, chance=chance) for chance in (0.0, 1.0)]
    assert waits == [NOON + timedelta(seconds=20), NOON + timedelta(seconds=40)]


def test_what_the_receiver_asks_for_counts_within_reason() -> None:
    def again(asked: float) -> object:
        return PLAN.again(1, began=NOON, now=NOON, chance=1, asked=timedelta(seconds=asked))

    assert again(1) == NOON + timedelta(seconds=10)
    assert again(120) == NOON + timedelta(seconds=120)
    assert again(86_400) == NOON + timedelta(hours=4)


def test_a_plan_is_positive() -> None:
    with pytest.raises(ValueError, match="first"):
        RetryPlan(first=timedelta(0))
