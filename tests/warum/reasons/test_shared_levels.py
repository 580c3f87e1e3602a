from __future__ import annotations

import numpy as np

from warum.reasons.shared_levels import Levels, shared_levels


def levels(before: dict[str | None, int], after: dict[str | None, int], **options: int) -> Levels:
    values = [value for side in (before, after) for value, n in side.items() for _ in range(n)]
    sides = np.repeat([0, 1], [sum(before.values()), sum(after.values())])
    return shared_levels(
        np.array(values, dtype=object), sides, np.arange(len(values)), **{"least": 20, **options}
    )


def test_frequent_levels_stay() -> None:
    found = levels({"B": 30, "A": 40}, {"B": 50, "A": 20})
    assert (found.names, found.pooled) == (("B", "A"), 0)
    assert np.bincount(found.codes).tolist() == [80, 60]
    assert found.dummies().shape == (140, 1)
    assert found.dummies().sum() == 60


def test_rare_levels_are_put_together() -> None:
    found = levels({"A": 40, "B": 10, "C": 15}, {"A": 40, "B": 10, "C": 15, None: 3})
    assert (found.names, found.pooled) == (("A", "(other)"), 3)
    assert np.bincount(found.codes).tolist() == [80, 53]


def test_too_rare_a_rest_joins_the_most_frequent() -> None:
    found = levels({"A": 40, "B": 30, "C": 1}, {"A": 40, "B": 30})
    assert (found.names, found.pooled) == (("A", "B"), 1)
    assert np.bincount(found.codes).tolist() == [81, 60]


def test_a_level_of_one_side_stays_visible() -> None:
    found = levels({"A": 40}, {"A": 40, "new": 25})
    assert found.names == ("A", "new")


def test_missing_is_a_level() -> None:
    assert levels({"A": 40, None: 30}, {"A": 40, None: 30}).names == ("A", "(missing)")


def test_without_frequent_levels_one_remains() -> None:
    found = levels({"A": 4, "B": 3}, {"A": 4})
    assert len(found) == 1
    assert (found.codes == 0).all()


def test_people_count_and_not_rows() -> None:
    values = np.array(["A"] * 60 + ["B"] * 60, dtype=object)
    sides = np.tile([0, 1], 60)
    who = np.concatenate((np.arange(60), np.repeat(100, 60)))
    assert shared_levels(values, sides, who, least=20).names == ("A",)


def test_at_most_so_many() -> None:
    many = {f"{letter}": 40 - i for i, letter in enumerate("ABCDE")}
    assert levels(many, many, most=2).names == ("A", "B", "(other)")
