from __future__ import annotations

import numpy as np
import pytest

from warum.reasons.peak_end import PREDICTORS, peak_end

Told = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def told(rule: str, customers: int = 200, each: int = 5, noise: float = 0.5, seed: int = 1) -> Told:
    """Comments of customers whose last score follows one feature of the earlier ones."""
    rng = np.random.default_rng(seed)
    feelings = rng.uniform(-1, 1, (customers, each))
    before = feelings[:, :-1]
    feature = {
        "worst": before.min(1),
        "best": before.max(1),
        "last": before[:, -1],
        "mean": before.mean(1),
    }[rule]
    score = np.full((customers, each), np.nan)
    score[:, -1] = 6 + 3 * feature + noise * rng.normal(size=customers)
    days = np.datetime64("2025-01-01") + np.tile(np.arange(each), (customers, 1))
    names = np.repeat(np.array([f"C{i}" for i in range(customers)], dtype=object), each)
    return names, days.ravel(), feelings.ravel(), score.ravel()


@pytest.mark.parametrize("rule", ["worst", "best", "last"])
def test_the_feature_that_rules_is_found(rule: str) -> None:
    found = peak_end(*told(rule))
    assert [row.predictor for row in found.rows] == list(PREDICTORS)
    assert found.customers == 200
    by = {row.predictor: row for row in found.rows}
    assert max(by.values(), key=lambda row: row.explained).predictor == rule
    assert by[rule].better_by.low > 0
    assert by[rule].q_value < 0.001
    assert by[rule].explained > 0.6
    assert by["mean"].better_by.value == 0
    assert np.isnan(by["mean"].p_value)


def test_nothing_beats_the_mean_where_the_mean_rules() -> None:
    found = peak_end(*told("mean"))
    assert all(row.better_by.value < 0 for row in found.rows if row.predictor != "mean")


def test_a_comment_of_the_day_of_the_score_does_not_count() -> None:
    names, days, feelings, score = told("last", noise=5.0)
    feelings = feelings.copy()
    last = ~np.isnan(score)
    feelings[last] = np.clip(score[last] / 20, -1, 1)  # it restates the score
    found = peak_end(names, days, feelings, score)
    assert all(row.explained < 0.4 for row in found.rows)


def test_order_of_rows_does_not_matter() -> None:
    rows = told("worst", customers=60)
    order = np.random.default_rng(3).permutation(len(rows[0]))
    one, two = peak_end(*rows), peak_end(*(column[order] for column in rows))
    assert one == two or [r.explained for r in one.rows] == [r.explained for r in two.rows]


def test_too_few_customers_or_a_constant_score() -> None:
    few = peak_end(*told("last", customers=29))
    assert (few.rows, few.customers) == ((), 29)
    assert [c.code for c in few.caveats] == ["few_repeaters"]
    names, days, feelings, score = told("last")
    constant = peak_end(names, days, feelings, np.where(np.isnan(score), np.nan, 7.0))
    assert [c.code for c in constant.caveats] == ["constant_score"]


def test_false_findings_are_rare_where_nothing_foretells() -> None:
    hits = 0
    for seed in range(30):
        names, days, feelings, score = told("last", customers=60, seed=seed)
        rng = np.random.default_rng(1000 + seed)
        score[~np.isnan(score)] = rng.normal(size=60)
        hits += any(
            row.better_by.low > 0 and row.q_value < 0.05
            for row in peak_end(names, days, feelings, score).rows
        )
    assert hits <= 5


def test_unequal_lengths() -> None:
    names, days, feelings, score = told("last", customers=5)
    with pytest.raises(ValueError, match="expected equal lengths"):
        peak_end(names[:3], days, feelings, score)
