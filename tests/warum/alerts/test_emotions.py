from __future__ import annotations

import numpy as np
import pytest

from warum.alerts.emotions import shares_by_period, shares_by_place


def words(*values: str | None) -> np.ndarray:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def test_by_touchpoint() -> None:
    told = words(*["anger"] * 6, *["joy"] * 8, None)
    comment_of = np.array([*range(15), 0, 14])
    places = words(*["digital"] * 7, *["physical"] * 8, "digital", "digital")
    rows = shares_by_place(told, comment_of, places)
    digital = [r for r in rows if r.group == "digital"]
    # One joy among seven: fewer people than may be shown, so with it goes what tells it.
    assert digital == []
    physical = [(r.value, r.share.value, r.people) for r in rows if r.group == "physical"]
    assert physical == [("joy", 1.0, 7)]


def test_a_comment_of_two_touchpoints_counts_in_both() -> None:
    told = words(*["anger"] * 12)
    comment_of = np.array([*range(12), *range(6)])
    rows = shares_by_place(told, comment_of, words(*["a"] * 12, *["b"] * 6))
    assert [(r.group, r.people, r.share.n) for r in rows] == [("a", 12, 12), ("b", 6, 6)]
    assert all(0 < r.share.low < r.share.value <= r.share.high for r in rows)


def test_by_period_with_people() -> None:
    told = words(*(["anger"] * 10 + ["joy"] * 30) * 2)
    dates = np.repeat(np.array(["2025-01-10", "2025-02-10"], dtype="datetime64[D]"), 40)
    people = np.arange(80) // 2
    rows = shares_by_period(told, dates, people=people)
    assert [(r.group, r.value, r.share.value, r.people) for r in rows] == [
        ("2025-01", "joy", 0.75, 20),
        ("2025-01", "anger", 0.25, 20),
        ("2025-02", "joy", 0.75, 20),
        ("2025-02", "anger", 0.25, 20),
    ]
    assert rows[0].share.method == "wilson-cr1"


def test_undated_and_small_periods_are_left_out() -> None:
    dates = np.array(["NaT"] * 9 + ["2025-01-10"] * 3, dtype="datetime64[D]")
    assert shares_by_period(words(*["joy"] * 12), dates) == ()


def test_wrong_lengths() -> None:
    with pytest.raises(ValueError, match="3 comments of opinions, but 1 places"):
        shares_by_place(words("joy"), np.zeros(3, dtype=int), words("a"))
    with pytest.raises(ValueError, match="1 comments, but 2 dates"):
        shares_by_period(words("joy"), np.zeros(2, dtype="datetime64[D]"))
