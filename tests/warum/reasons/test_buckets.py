from __future__ import annotations

import numpy as np
import pytest

from warum.reasons.buckets import NO_CATEGORY, OTHER_CATEGORIES, Buckets, form_buckets

PAIRS = (("a", "negative"), ("a", "positive"), ("b", "negative"), ("c", "negative"))


def buckets(*counts: int, silent: int = 10, by_polarity: bool = False, least: int = 5) -> Buckets:
    """So many occasions with only the first pair, only the second, …; sides in turn."""
    rows = np.repeat([*range(len(counts)), -1], [*counts, silent])
    mentions = rows[:, None] == np.arange(len(PAIRS))
    sides = np.arange(len(rows)) % 2
    return form_buckets(
        mentions, PAIRS, sides, np.arange(len(rows)), by_polarity=by_polarity, least=least
    )


def names(found: Buckets) -> list[str]:
    assert found.parts.sum(axis=1) == pytest.approx(1)
    return [category for category, _ in found.names]


def test_by_category_and_by_pair() -> None:
    found = buckets(10, 10, 8, 6)
    assert found.names == (("a", None), ("b", None), ("c", None), (NO_CATEGORY, None))
    assert found.people.sum(axis=0).tolist() == [20, 8, 6, 10]
    assert found.suppressed == 0
    split = buckets(10, 11, 8, 6, by_polarity=True)
    assert split.names[0] == ("a", "positive")
    assert len(split.names) == 5


def test_small_categories_stand_together() -> None:
    found = buckets(10, 10, 4, 4)
    assert names(found) == ["a", OTHER_CATEGORIES, NO_CATEGORY]
    assert (found.suppressed, found.people.sum(axis=0).tolist()) == (2, [20, 8, 10])


def test_a_small_rest_goes_to_those_without_category() -> None:
    found = buckets(10, 10, 8, 2)
    assert names(found) == ["a", "b", NO_CATEGORY]
    assert (found.suppressed, found.people.sum(axis=0).tolist()) == (1, [20, 8, 12])


def test_no_bucket_of_too_few_people() -> None:
    found = buckets(10, 10, 8, 1, silent=1)
    assert names(found) == ["a", OTHER_CATEGORIES]
    assert found.people.sum(axis=0).tolist() == [20, 10]
    assert found.suppressed == 2
    assert names(buckets(10, 10, 8, 0, silent=3)) == ["a", OTHER_CATEGORIES]


def test_nobody_without_a_category() -> None:
    assert names(buckets(10, 10, 8, 6, silent=0)) == ["a", "b", "c"]


def test_sides_with_few_people() -> None:
    found = buckets(10, 10, 8, 6)
    assert found.small(2, 5) == (0, 1)
    assert found.small(0, 5) == ()
