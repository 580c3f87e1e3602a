from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from warum.reasons.level import estimate_drivers
from warum.reasons.outcomes import customer_outcome, first_days

NAT = np.datetime64("NaT")


def days(*texts: str | None) -> np.ndarray:
    return np.array([NAT if t is None else np.datetime64(t) for t in texts], dtype="datetime64[D]")


def test_only_comments_before_the_day_count() -> None:
    found = customer_outcome(
        np.array([0.0, 1, 1, 0, 0, np.nan]),
        np.array([0, 0, 0, 1, 1, 2]),
        dates=days(
            "2025-01-01", "2025-02-01", "2025-03-01", "2025-01-05", "2025-09-01", "2025-01-01"
        ),
        event_days=days(None, "2025-02-01", "2025-02-10", None, None, None),
        event=True,
    )
    assert found.value.tolist()[:2] == [1, 0]
    assert np.isnan(found.value[2])
    # The first day told counts; the day itself is not before; who stays is counted whole.
    assert found.used.tolist() == [0, 3, 4]
    assert found.occasion_value.tolist() == [1, 0, 0]
    assert found.weight.tolist() == [1, 0.5, 0.5]
    assert found.left_out == 2


def test_what_is_not_known_to_be_before_does_not_count() -> None:
    customers, values = np.array([0, 0, 1, 2]), np.array([1.0, 1, 1, 0])
    found = customer_outcome(
        values, customers,
        dates=days(None, "2025-01-01", "2025-01-01", None),
        event_days=days("2025-05-01", None, None, None), event=True,
    )  # fmt: skip
    assert found.used.tolist() == [1, 3]  # undated, and of a day not told
    assert found.left_out == 2
    undated = customer_outcome(
        values, customers, dates=None, event_days=days(*[None] * 4), event=True
    )
    assert undated.used.tolist() == [3]


def test_an_undated_event_leaves_all_comments() -> None:
    found = customer_outcome(
        np.array([0.0, 1, 0]), np.array([0, 0, 1]), dates=days("2025-01-01", "2025-02-01", None),
        event=True,
    )  # fmt: skip
    assert found.used.tolist() == [0, 1, 2]
    assert found.occasion_value.tolist() == [1, 1, 0]


def test_of_a_number_the_last_day_counts() -> None:
    found = customer_outcome(
        np.array([5.0, 7, 9, np.nan, 3, 4, 1]),
        np.array([0, 0, 0, 0, 1, 1, 2]),
        dates=days(
            "2025-01-01", "2025-02-01", "2025-02-01", "2025-03-01", None, None, "2025-01-01"
        ),
        weights=np.array([1.0, 1, 1, 3, 1, 1, 2]),
        event=False,
    )
    assert found.value.tolist() == [8, 3.5, 1]
    assert found.customer_weight.tolist() == [1.5, 1, 2]
    assert found.weight.sum() == pytest.approx(4.5)  # each customer once


def test_first_days_and_refusals() -> None:
    first = first_days(days("2025-03-01", "2025-02-01", None), np.array([0, 0, 1]), 2)
    assert first.tolist() == days("2025-02-01", None).tolist()
    with pytest.raises(ValueError, match="neither 0 nor 1"):
        customer_outcome(np.array([2.0]), np.array([0]), event=True)
    empty = customer_outcome(np.zeros(0), np.zeros(0, dtype=np.int64), event=True)
    assert len(empty.used) == len(empty.value) == 0


def churning(seed: int, customers: int = 400) -> tuple[np.ndarray, ...]:
    """Complaints raise churn; those who stay have longer to write, so that they mention more in all."""
    rng = np.random.default_rng(seed)
    complains = rng.random(customers) < 0.3
    churned = rng.random(customers) < np.where(complains, 0.6, 0.2)
    last = np.where(churned, rng.integers(30, 200, customers), 400)
    rows = []
    for c in range(customers):
        for day in rng.integers(0, 400, 4).tolist():
            mentions = rng.random() < (0.7 if complains[c] else 0.1)
            after = churned[c] and day >= last[c]
            rows.append((c, day, churned[c], last[c], mentions or after, rng.random() < 0.3))
    who, day, out, end, one, other = (np.array(column) for column in zip(*rows, strict=True))
    return who, day, out.astype(float), end, np.column_stack((one, other)).astype(bool)


def fitted(seed: int) -> tuple[float, float, float, float]:
    """Effect of the complaint with its interval, and of what has nothing to do with it."""
    who, day, out, end, mentions = churning(seed)
    start = np.datetime64("2025-01-01")
    found = customer_outcome(
        out, who, dates=start + day,
        event_days=np.where(out == 1, start + end, NAT).astype("datetime64[D]"), event=True,
    )  # fmt: skip
    pairs = [("wait", "negative"), ("other", "negative")]
    fit = estimate_drivers(
        100 * found.occasion_value, mentions[found.used], pairs,
        score="churned", weights=found.weight, clusters=who[found.used],
    )  # fmt: skip
    by = {d.category: d for d in fit.drivers}
    return (
        by["wait"].effect.value,
        by["wait"].effect.low,
        by["other"].effect.low,
        by["other"].effect.high,
    )


def test_the_complaint_is_found_and_the_rest_is_not() -> None:
    runs, missed, effects = 40, 0, []
    for seed in range(runs):
        value, low, other_low, other_high = fitted(seed)
        effects.append(value)
        assert low > 0
        missed += not other_low <= 0 <= other_high
    assert missed <= binom.ppf(0.9995, runs, 0.05)
    assert np.mean(effects) == pytest.approx(100 * true_effect(), abs=2.5)


def true_effect() -> float:
    """Difference in the rate of churn among customers who wrote at least once in time."""
    in_time = float(np.mean(1 - (1 - np.arange(30, 200) / 400) ** 4))
    gone, counted = {}, {}
    for complains, rate in ((True, 0.6), (False, 0.2)):
        counted[complains] = (0.3 if complains else 0.7) * (rate * in_time + 1 - rate)
        gone[complains] = rate * in_time / (rate * in_time + 1 - rate)
    among = [
        counted[True] * p / (counted[True] * p + counted[False] * q)
        for p, q in ((0.7, 0.1), (0.3, 0.9))
    ]
    return (gone[True] - gone[False]) * (among[0] - among[1])
