from __future__ import annotations

import numpy as np
import pytest

from warum.metrics import ScoreScale, estimate_metric
from warum.reasons.segments import period_labels, period_metrics, period_step, segment_metrics

NPS = ScoreScale("nps", "nps", 0, 10)


def objects(values: list[str | None]) -> np.ndarray:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def test_every_segment_is_the_metric_of_its_occasions() -> None:
    scores = np.array([10.0, 10, 0, 9, 7, np.nan, 10, 3])
    branch = objects(["a", "a", "a", "b", "b", "b", "c", None])
    shown, suppressed = segment_metrics(scores, NPS, {"branch": branch}, min_group=2)
    assert [(s.by, s.value, s.people) for s in shown] == [("branch", "a", 3), ("branch", "b", 2)]
    assert shown[0].estimate == estimate_metric(scores[:3], NPS)
    assert suppressed == 1


def test_people_are_counted_not_occasions() -> None:
    scores, branch = np.full(15, 9.0), objects(["a"] * 6 + ["b"] * 6 + [None] * 3)
    customers = np.array([1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 7, 7, 8, 9, 10])
    shown, suppressed = segment_metrics(scores, NPS, {"branch": branch}, clusters=customers)
    assert [(s.value, s.people, s.estimate.n) for s in shown] == [("b", 5, 6)]
    assert suppressed == 1
    by_people = segment_metrics(scores, NPS, {"branch": branch}, people=np.arange(15))
    assert [s.people for s in by_people[0]] == [6, 6]


def test_a_small_group_cannot_be_calculated_from_the_others() -> None:
    scores = np.tile([9.0, 3.0], 20)
    branch = objects(["a"] * 20 + ["b"] * 10 + ["c"] * 7 + ["d"] * 3)
    shown, suppressed = segment_metrics(scores, NPS, {"branch": branch})
    assert [s.value for s in shown] == ["a", "b"]
    assert suppressed == 1  # of fewer than five people; "c" went with it
    two = objects(["a"] * 36 + ["d"] * 4)
    assert segment_metrics(scores, NPS, {"branch": two}) == ((), 1)
    open_end = objects(["a"] * 36 + [None] * 4)
    assert [s.value for s in segment_metrics(scores, NPS, {"branch": open_end})[0]] == ["a"]


def test_weights_and_clusters_reach_the_metric() -> None:
    rng = np.random.default_rng(0)
    scores, weights = rng.integers(0, 11, 60).astype(float), rng.uniform(1, 2, 60)
    customers = np.repeat(np.arange(30), 2)
    shown, _ = segment_metrics(
        scores, NPS, {"all": objects(["x"] * 60)}, weights=weights, clusters=customers
    )
    expected = estimate_metric(scores, NPS, weights=weights, clusters=customers)
    assert shown[0].estimate == expected
    assert shown[0].estimate.method == "adjusted-wald-cr1"


@pytest.mark.parametrize(
    ("first", "last", "step"),
    [
        ("2025-01-31", "2025-02-01", "week"),
        ("2025-01-01", "2025-03-01", "month"),
        ("2024-01-01", "2025-12-31", "month"),
        ("2024-01-01", "2026-01-01", "quarter"),
    ],
)
def test_step_fits_the_time_spanned(first: str, last: str, step: str) -> None:
    assert period_step(np.array([first, "NaT", last], dtype="datetime64[D]")) == step


@pytest.mark.parametrize(
    ("step", "day", "label"),
    [
        ("week", "2024-12-30", "2025-W01"),
        ("week", "2027-01-03", "2026-W53"),
        ("month", "2025-09-30", "2025-09"),
        ("quarter", "2025-03-31", "2025-Q1"),
        ("quarter", "2025-10-01", "2025-Q4"),
    ],
)
def test_names_of_periods(step: str, day: str, label: str) -> None:
    dates = np.array([day, "NaT", day], dtype="datetime64[D]")
    assert period_labels(dates, step).tolist() == [label, None, label]  # type: ignore[arg-type]


def test_trend_leaves_out_missing_dates_and_small_periods() -> None:
    days = ["2025-03-01"] * 5 + ["2025-01-15"] * 6 + ["2025-02-01"] * 2 + ["NaT"] * 7
    dates = np.array(days, dtype="datetime64[D]")
    shown, suppressed = period_metrics(np.full(20, 10.0), NPS, dates)
    assert [(s.by, s.value, s.people) for s in shown] == [
        ("period", "2025-01", 6),
        ("period", "2025-03", 5),
    ]
    assert suppressed == 1


@pytest.mark.parametrize("dates", [[], ["NaT"] * 6])
def test_no_dates_no_trend(dates: list[str]) -> None:
    column = np.array(dates, dtype="datetime64[D]")
    assert period_metrics(np.full(len(dates), 5.0), NPS, column) == ((), 0)
