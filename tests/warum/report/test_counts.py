from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.warum.report.worlds import driver
from warum.errors import UsageError
from warum.report.counts import LEVELS, people_per_pair, persons, roll_up, shown_drivers
from warum.result import Result
from warum.table import Table, strings
from warum.taxonomy import Taxonomy


def test_people_are_customers_else_responses() -> None:
    ids = strings(["a1", "a2", "b1", "c1"])
    responses = strings(["a", "a", "b", "c"])
    customers = strings(["X", "X", None, "X"])
    assert len(set(persons(Table({"comment_id": ids})))) == 4
    assert len(set(persons(Table({"comment_id": ids, "response_id": responses})))) == 3
    known = Table({"comment_id": ids, "response_id": responses, "customer": customers})
    assert persons(known).tolist() == [0, 0, 1, 0]


def test_a_response_is_not_mistaken_for_a_customer_of_the_same_name() -> None:
    table = Table({"comment_id": strings(["x", "y"]), "customer": strings([None, "x"])})
    assert len(set(persons(table))) == 2


def test_categories_with_counts_and_shares(one_score: Result, cx: Taxonomy) -> None:
    rows = {row.code: row for row in roll_up(one_score, cx)}
    wait = rows["wait_time"]
    assert (wait.negative, wait.neutral, wait.positive, wait.opinions) == (23, 0, 0, 23)
    assert wait.comments == 23
    assert wait.share == pytest.approx(23 / 36)
    assert wait.title == {"en": "Waiting time", "de": "Wartezeit"}
    assert wait.opinion_share == pytest.approx(23 / 43)
    assert list(rows)[-1] == "general"


def test_rows_of_too_few_people_are_left_out(one_score: Result, cx: Taxonomy) -> None:
    assert "place.cleanliness" not in {row.code for row in roll_up(one_score, cx)}
    everyone = replace(one_score, facts=replace(one_score.facts, min_group=1))
    assert "place.cleanliness" in {row.code for row in roll_up(everyone, cx)}


def test_a_small_polarity_is_hidden_and_leaves_every_total(one_score: Result, cx: Taxonomy) -> None:
    polarity = one_score.opinions["polarity"].copy()
    (waiting,) = np.nonzero(one_score.opinions["category"] == "wait_time")
    polarity[waiting[:3]] = "positive"
    columns = {name: one_score.opinions[name] for name in one_score.opinions.columns}
    changed = replace(one_score, opinions=Table({**columns, "polarity": polarity}))
    (row,) = [row for row in roll_up(changed, cx) if row.code == "wait_time"]
    assert row.positive is None
    assert row.count("positive") is None
    assert (row.negative, row.opinions, row.comments, row.hidden) == (20, 20, 20, True)


def test_people_count_not_comments(one_score: Result, cx: Taxonomy) -> None:
    columns = {name: one_score.comments[name] for name in one_score.comments.columns}
    same = strings(["one person"] * len(one_score.comments))
    changed = replace(one_score, comments=Table({**columns, "customer": same}))
    assert roll_up(changed, cx) == ()


@pytest.mark.parametrize("by", LEVELS)
def test_every_level_counts_every_opinion(one_score: Result, cx: Taxonomy, by: str) -> None:
    everyone = replace(one_score, facts=replace(one_score.facts, min_group=1))
    rows = roll_up(everyone, cx, by)  # type: ignore[arg-type]
    assert sum(row.opinions for row in rows) == len(one_score.opinions)
    assert sum(row.opinion_share for row in rows) == pytest.approx(1)
    assert all(row.title["de"] for row in rows)


def test_an_unknown_level_is_refused(one_score: Result, cx: Taxonomy) -> None:
    with pytest.raises(UsageError, match=r"'galaxy'.*touchpoint"):
        roll_up(one_score, cx, "galaxy")  # type: ignore[arg-type]


def test_without_opinions_there_are_no_rows(one_score: Result, cx: Taxonomy) -> None:
    empty = replace(one_score, opinions=one_score.opinions.take(np.array([], dtype=int)))
    assert roll_up(empty, cx) == ()
    assert people_per_pair(empty.comments, empty.opinions) == {}


def test_drivers_need_enough_people_and_occasions() -> None:
    many = driver("wait_time", "negative", -1, 1, "nps", mentions=9)
    few_occasions = driver("delivery", "negative", -1, 1, "nps", mentions=4)
    few_people = driver("ordering", "negative", -1, 1, "nps", mentions=9)
    people = {("wait_time", "negative"): 5, ("ordering", "negative"): 4}
    assert shown_drivers([many, few_occasions, few_people], people, 5) == (many,)
