"""Questions: the same ones, in words, in fields, and as filters of the comments."""

from __future__ import annotations

import pytest
from starlette.datastructures import FormData, QueryParams

from warum_api.pages.comment_filters import Filters
from warum_api.pages.doors import Form
from warum_api.pages.questions import (
    asked_by,
    chips_of,
    compared_in,
    fields_of,
    in_comments,
    is_same,
    restricts,
)

COLUMNS = {"branch": ("A", "B, south")}


def test_a_question_goes_into_a_form_and_comes_back() -> None:
    asked = {
        "before": "2025-01", "after": "2025-02", "compare": "branch=A,B, south", "where": ["language=de"],
        "since": "2024", "until": "2025",
    }  # fmt: skip
    form = Form(FormData([*fields_of(asked, COLUMNS)]))
    assert asked_by(form) == asked
    for chip in chips_of(asked, "de"):
        assert len(chip.without) in (len(asked) - 1, len(asked) - 2)
    assert [chip.text for chip in chips_of(asked, "en")] == [
        "Jan 2025 against Feb 2025", "Compared by branch: A,B, south", "since 2024", "until 2025",
        "Language: German",
    ]  # fmt: skip


def test_a_value_may_hold_commas() -> None:
    assert compared_in("branch=A,B, south", COLUMNS) == ("branch=A", "branch=B, south")
    assert compared_in("branch=x,y", {}) == ("branch=x", "branch=y")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({}, {"ui": "de", "where": [], "draws": 200}, True),
        ({"where": ["a=1"]}, {"where": ["a=2"]}, False),
        ({"since": "2025"}, {}, False),
        ({"what_if": ["x=-10%"]}, {}, False),
    ],
)
def test_which_questions_are_the_same(
    one: dict[str, object], other: dict[str, object], same: bool
) -> None:
    assert is_same(one, other) is same


def test_periods_become_days_of_comments() -> None:
    asked = {"since": "2025-Q1", "until": "2025-03", "where": ["branch=A"]}
    assert restricts(asked)
    assert not restricts({"before": "2025-01", "after": "2025-02"})
    filters = in_comments(asked, ["branch=A"])
    assert (filters.since, filters.until) == ("2025-01-01", "2025-03-31")
    assert filters.query() == "?since=2025-01-01&until=2025-03-31&where=branch%3DA"
    assert Filters.of(QueryParams(filters.query()[1:])) == filters
