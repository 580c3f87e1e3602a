from __future__ import annotations

import json
import math
from dataclasses import replace
from importlib.resources import files

import jsonschema
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.warum.report.worlds import SECRET, driver, estimate, score_result, world
from warum.caveats import Caveat
from warum.metrics import ScoreScale
from warum.report.plain import plain, rounded
from warum.report.summary import higher_is_better, summarise
from warum.report.summary_records import Summary
from warum.result import Result
from warum.taxonomy import Taxonomy


@pytest.fixture(scope="module")
def schema() -> dict[str, object]:
    text = (files("warum.report") / "summary.schema.json").read_text("utf-8")
    loaded: dict[str, object] = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(loaded)
    return loaded


@pytest.mark.parametrize("name", ["summary", "summary_two", "summary_none"])
def test_summary_json_fits_its_schema(
    request: pytest.FixtureRequest, schema: dict[str, object], name: str
) -> None:
    summary: Summary = request.getfixturevalue(name)
    jsonschema.validate(json.loads(summary.to_json()), schema)


def test_it_is_the_same_every_time(two_scores: Result, cx: Taxonomy) -> None:
    assert summarise(two_scores, cx).to_json() == summarise(two_scores, cx).to_json()


def test_what_was_found(summary: Summary) -> None:
    found = summary.to_dict()
    assert found["coverage"]["general_only_share"] == pytest.approx(10 / 36, rel=1e-5)
    assert found["facts"]["languages"][0] == {"language": "de", "comments": 25}
    assert found["scores"][0]["metric"]["value"] == -20
    assert found["scores"][0]["distribution"][1] == {"value": 6.0, "occasions": 15}
    assert found["caveats"][0]["code"] == "other_language"
    assert "caveats" not in found["facts"]


def test_nan_becomes_null(summary: Summary) -> None:
    (unknown,) = [d for d in summary.to_dict()["scores"][0]["drivers"] if d["p_value"] is None]
    assert unknown["category"] == "competitor"
    assert unknown["impact"]["value"] is None
    assert not unknown["clear"]


def test_groups_of_too_few_people_are_nowhere(summary: Summary) -> None:
    text = summary.to_json()
    assert SECRET not in text
    assert "Winzig" not in text
    assert not [d for d in summary.scores[0].drivers if d.category == "place.cleanliness"]
    assert summary.scores[0].suppressed == 3  # two before, one here
    assert ("place.cleanliness", "negative") not in {block.pair for block in summary.quotes}


def test_drivers_keep_their_order_and_say_what_is_clear(summary: Summary) -> None:
    drivers = summary.scores[0].drivers
    assert [(d.category, d.clear, d.improves) for d in drivers] == [
        ("wait_time", True, False),
        ("service.attitude", True, True),
        ("digital.account", False, False),
        ("competitor", False, False),
    ]
    assert summary.scores[0].pictured == 3


def test_a_small_interval_with_a_large_q_is_not_clear(cx: Taxonomy) -> None:
    score = replace(
        score_result(), drivers=(driver("ordering", "negative", -2, 1, "nps", q_value=0.06),)
    )
    (row,) = summarise(world(score), cx).scores[0].drivers
    assert not row.clear


def test_the_drivers_quote_comes_first(summary: Summary) -> None:
    quotes = summary.quotes_of(("wait_time", "negative"))
    assert quotes[0].comment_id == "c15"
    assert len(quotes) == 3
    assert len({quote.comment_id for quote in quotes}) == 3


def test_marks_fit_the_text(summary: Summary) -> None:
    marks = [
        (quote, mark) for block in summary.quotes for quote in block.quotes for mark in quote.marks
    ]
    assert marks
    for quote, mark in marks:
        assert 0 <= mark.start < mark.end <= len(quote.text)


def test_the_order_with_general_is_compared(one_score: Result, cx: Taxonomy) -> None:
    sensitivity = summarise(one_score, cx).scores[0].sensitivity
    assert sensitivity is not None
    assert sensitivity.order_changes  # only two of the drivers are in that model
    assert sensitivity.drivers[0].category == "general"
    (score,) = one_score.scores
    same = replace(score, drivers_with_general=score.drivers)
    again = summarise(replace(one_score, scores=(same,)), cx).scores[0].sensitivity
    assert again is not None
    assert not again.order_changes
    none = replace(score, drivers_with_general=())
    assert summarise(replace(one_score, scores=(none,)), cx).scores[0].sensitivity is None


def test_without_a_score_the_categories_are_quoted(summary_none: Summary) -> None:
    assert {block.pair for block in summary_none.quotes} == {
        ("wait_time", "negative"),
        ("service.attitude", "positive"),
    }


def test_without_comments_shares_are_unknown(cx: Taxonomy) -> None:
    empty = world()
    nothing = np.array([], dtype=int)
    empty = replace(
        empty,
        comments=empty.comments.take(nothing),
        opinions=empty.opinions.take(nothing),
        facts=replace(empty.facts, comments=0, with_opinion=0, general_only=0),
    )
    summary = summarise(empty, cx)
    assert summary.to_dict()["coverage"]["with_opinion_share"] is None
    assert summary.quotes == ()


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        (ScoreScale("s", "nps", 0, 10, lower_is_better=True), True),
        (ScoreScale("s", "mean", 1, 5, lower_is_better=True), False),
        (ScoreScale("s", "rate", 0, 1), True),
    ],
)
def test_which_side_is_better(scale: ScoreScale, expected: bool) -> None:
    assert higher_is_better(scale) is expected


@given(st.floats())
def test_rounded_keeps_six_digits_or_nothing(value: float) -> None:
    kept = rounded(value)
    if not math.isfinite(value):
        assert kept is None
    else:
        assert kept == pytest.approx(value, rel=1e-5, abs=5e-324)
        assert math.copysign(1, kept) == 1 or kept < 0  # never -0.0


def test_plain_values() -> None:
    caveat = Caveat.of("small_n", n=3)
    assert plain(caveat)["code"] == "small_n"
    assert plain(estimate(1.23456789, 1))["value"] == 1.23457
    assert plain(np.int64(3)) == 3
    assert plain({"a": (1, None)}) == {"a": [1, None]}
    with pytest.raises(TypeError, match="object"):
        plain(object())
