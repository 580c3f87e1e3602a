from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.warum.alerts.occurrences import data
from warum.alerts.streams import EVERYBODY, Streams, as_day, choose_step, count_streams, period_of
from warum.alerts.watch import Step


def days(*names: str) -> np.ndarray:
    return np.array(names, dtype="datetime64[D]")


def counted(
    dates: Any, said: Any, segment: Any = None, people: Any = None, **options: Any
) -> Streams:
    segments = {} if segment is None else {"branch": np.array(segment, dtype=object)}
    return count_streams(
        dates, np.array(said, dtype=bool)[:, None], (("delivery", "negative"),), segments,
        people, **{"step": "day", **options},
    )  # fmt: skip


def test_counts_by_day_and_segment() -> None:
    streams = counted(
        days("2025-03-01", "2025-03-01", "2025-03-03", "NaT", "2025-03-03"),
        [1, 0, 1, 1, 1],
        ["N", None, "S", "N", "S"],
        np.array([7, 8, 9, 9, 9]),
    )
    assert streams.segments == (EVERYBODY, ("branch", "N"), ("branch", "S"))
    assert [as_day(d) for d in streams.starts[:-1]] == ["2025-03-01", "2025-03-02", "2025-03-03"]
    assert streams.occasions.tolist() == [[2, 1, 0], [0, 0, 0], [2, 0, 2]]
    assert streams.mentions[..., 0].tolist() == [[1, 1, 0], [0, 0, 0], [2, 0, 2]]
    assert streams.people[..., 0].tolist() == [[1, 1, 0], [0, 0, 0], [1, 0, 1]]


@pytest.mark.parametrize(
    ("step", "starts"),
    [
        ("week", ["2025-02-24", "2025-03-03"]),
        ("month", ["2025-03-01"]),
    ],
)
def test_an_incomplete_period_waits(step: Step, starts: list[str]) -> None:
    streams = counted(days("2025-03-01", "2025-03-08"), [1, 1], step=step)
    assert [as_day(d) for d in streams.starts] == starts
    assert len(streams) == len(starts) - 1
    until = int(days("2025-03-31")[0].astype(int))
    full = counted(days("2025-03-01", "2025-03-08"), [1, 1], step=step, until=until)
    assert full.mentions.sum() == 2


def test_first_and_known_segments() -> None:
    first = int(days("2025-03-02")[0].astype(int))
    streams = counted(
        days("2025-03-01", "2025-03-02"), [1, 1], ["A", "B"],
        first=first, known=(EVERYBODY, ("branch", "Z")),
    )  # fmt: skip
    assert streams.segments == (EVERYBODY, ("branch", "Z"), ("branch", "B"))
    assert streams.occasions.tolist() == [[1, 0, 1]]


def test_nothing_dated_gives_no_periods() -> None:
    assert len(counted(days("NaT"), [1])) == 0


def test_order_of_rows_does_not_matter() -> None:
    of = data(days=20)
    order = np.random.default_rng(5).permutation(len(of.dates))
    one, two = (
        count_streams(
            of.dates[o],
            of.mentions[o],
            of.pairs,
            {"b": of.segments["branch"][o]},
            of.people[o],
            step="week",
        )
        for o in (np.arange(len(order)), order)
    )
    assert (one.mentions == two.mentions).all()
    assert (one.people == two.people).all()


def test_wrong_lengths() -> None:
    with pytest.raises(ValueError, match="2 dates, but"):
        counted(days("2025-03-01", "2025-03-02"), [1])
    with pytest.raises(ValueError, match="mentions are"):
        count_streams(
            days("2025-03-01"), np.zeros((1, 2), bool), (("a", "negative"),), {}, None, step="day"
        )


@pytest.mark.parametrize(("per_day", "step"), [(40, "day"), (20, "day"), (5, "week"), (1, "month")])
def test_the_step_suits_the_middle_segment(per_day: int, step: Step) -> None:
    of = data(days=100, per_day=per_day, segments=("North", "South"))
    assert choose_step(of.dates, of.segments) == step


def test_periods() -> None:
    day = int(days("2025-05-15")[0].astype(int))
    assert as_day(period_of(day, "day")) == "2025-05-15"
    assert as_day(period_of(day, "week")) == "2025-05-12"
    assert as_day(period_of(day, "month")) == "2025-05-01"
