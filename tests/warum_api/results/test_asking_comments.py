"""Comments of a result: pages that a correction does not shift, and groups that are too small."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import warum
from warum.result import Reading
from warum_api.problems import Problem
from warum_api.results.asking import Wanted
from warum_api.results.asking_comments import comments_page, one_comment

ROWS: dict[str, list[str]] = {
    "id": [f"r{i}" for i in range(30)],
    "comment": ["Great staff", "Waited for two hours"] * 15,
    "nps": ["10", "2"] * 15,
    "branch": ["North"] * 26 + ["South"] * 4,
    "date": [f"2025-01-{1 + i // 2:02d}" for i in range(30)],
}


@pytest.fixture(scope="module")
def reading() -> Reading:
    columns: Any = {"text": "comment", "score": "nps", "by": "branch", "date": "date", "id": "id"}
    return warum.analyze(ROWS, model="fast", **columns).reading


def names(reading: Reading, wanted: Wanted, after: int | None = None) -> list[str]:
    return [str(row.values["comment_id"]) for row in comments_page(reading, wanted, after).rows]


def test_pages_go_on_behind_a_comment(reading: Reading) -> None:
    wanted = Wanted(polarity=("negative",), sort="-date", limit=4)
    first = comments_page(reading, wanted)
    second = names(reading, wanted, first.next)
    assert len(first.rows) == 4
    assert names(reading, replace(wanted, limit=8)) == names(reading, wanted) + second
    days = [row.values["date"] for row in first.rows]
    assert days == sorted(days, reverse=True)
    # The opinions of the first page are taken away: the second stays as it is.
    gone = {str(row.values["comment_id"]) for row in first.rows}
    left = [name not in gone for name in reading.opinions["comment_id"].tolist()]
    fewer = replace(reading, opinions=reading.opinions.take(np.array(left)))
    assert names(fewer, wanted, first.next) == second
    assert comments_page(fewer, wanted).total == first.total - 4


def test_a_page_tells_all_opinions_of_its_comments(reading: Reading) -> None:
    page = comments_page(reading, Wanted(polarity=("negative",)))
    assert page.next is None
    assert page.total == len(page.rows) == 15
    one = page.rows[0]
    assert one_comment(reading, str(one.values["comment_id"])) == one
    for opinion in one.opinions:
        assert one.values["text"][opinion["start"] : opinion["end"]] == opinion["evidence"]
    with pytest.raises(Problem, match="no such comment"):
        one_comment(reading, "nobody")


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(where=("branch=South",)),
        Wanted(since="2025-01-14"),
        Wanted(category=("wait_time",), until="2025-01-03"),
        Wanted(language=("fr",)),
    ],
)
def test_fewer_people_than_the_least_group_are_not_shown(reading: Reading, wanted: Wanted) -> None:
    page = comments_page(reading, wanted)
    assert (page.rows, page.total, page.suppressed) == ((), 0, True)


def test_of_one_column_any_value_holds(reading: Reading) -> None:
    both = Wanted(where=("branch=South", "branch=North"))
    assert comments_page(reading, both).total == 30
    with pytest.raises(Problem, match="Name a segment"):
        comments_page(reading, Wanted(where=("customer=c",)))
