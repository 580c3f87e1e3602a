from __future__ import annotations

import numpy as np
import pytest

from warum.reasons.mix_shift import evidence, most_shifted


def column(before: dict[str, int], after: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Levels so many times on each side, and the sides."""
    names = [name for side in (before, after) for name, n in side.items() for _ in range(n)]
    sides = np.repeat([0, 1], [sum(before.values()), sum(after.values())])
    return np.array(names, dtype=object), sides


def test_evidence_is_pearsons_test() -> None:
    from scipy.stats import chi2_contingency

    values, sides = column({"a": 40, "b": 30, "c": 30}, {"a": 20, "b": 50, "c": 25})
    table = np.array([[40, 30, 30], [20, 50, 25]])
    logarithm, statistic = evidence(values, sides, np.arange(len(sides)))
    expected = chi2_contingency(table, correction=False)
    assert np.exp(logarithm) == pytest.approx(expected.pvalue)
    assert -statistic == pytest.approx(expected.statistic)


def test_rare_levels_are_pooled_and_other_occasions_left_out() -> None:
    values, sides = column({"a": 50, "b": 48, "x": 1, "y": 1}, {"a": 60, "b": 40})
    pooled = np.where(np.isin(values, ["x", "y"]), "z", values)
    people = np.arange(len(sides))
    assert evidence(values, sides, people) == evidence(pooled, sides, people)
    more = np.concatenate((values, ["a"] * 500)), np.concatenate((sides, [-1] * 500))
    assert evidence(*more, np.arange(700)) == evidence(values, sides, people)


def test_people_count_once() -> None:
    values, sides = column({"a": 40, "b": 40}, {"a": 20, "b": 60})
    people = np.arange(160)
    twice = np.repeat(values, 2), np.repeat(sides, 2), np.repeat(people, 2)
    assert evidence(*twice) == evidence(values, sides, people)


def test_the_column_that_changed_is_chosen() -> None:
    rng = np.random.default_rng(1)
    sides = np.repeat([0, 1], 200)
    columns = {
        "branch": rng.choice(np.array(["n", "s"], dtype=object), 400),
        "channel": np.where(rng.random(400) < 0.3 + 0.3 * sides, "phone", "web").astype(object),
        "same": np.full(400, "x", dtype=object),
    }
    assert most_shifted(columns, sides, np.arange(400)) == "channel"
    assert most_shifted({"same": columns["same"]}, sides, np.arange(400)) == "same"
    assert most_shifted({}, sides, np.arange(400)) is None
