from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest

from tests.warum.answers.gold_example import gold_rows
from warum.answers.linear import linear_fit
from warum.answers.options import WhyOptions
from warum.answers.whatif import WhatIf, what_if
from warum.errors import UsageError
from warum.records import Estimate

MANY = {"wait_time": -0.33, "reliability": -0.5, "service.attitude:positive": 0.1}


def asked(changes: dict[str, float], score: int = 0, **options: Any) -> WhatIf:
    found = what_if(gold_rows().scores[score], WhyOptions(what_if=changes, **options))
    assert found is not None
    return found


def impact(category: str, polarity: str = "negative") -> Estimate:
    fit = linear_fit(gold_rows().scores[0], 0.95)
    return next(d.impact for d in fit.drivers if (d.category, d.polarity) == (category, polarity))


def test_nothing_is_assumed() -> None:
    assert what_if(gold_rows().scores[0], WhyOptions()) is None


def test_a_third_fewer_complaints_take_away_a_third_of_their_impact() -> None:
    found, own = asked({"wait_time": -1 / 3}), impact("wait_time")
    assert found.points.value == pytest.approx(-own.value / 3)
    assert (found.points.low, found.points.high) == pytest.approx((-own.high / 3, -own.low / 3))
    assert found.points.low > 0
    assert found.metric_after == pytest.approx(found.metric.value + found.points.value)
    (one,) = found.assumed
    assert (one.polarity, one.share_after) == ("negative", pytest.approx(one.share * 2 / 3))
    assert (found.value, found.cost, found.net, found.break_even) == (None, None, None, None)
    codes = [c.code for c in found.assumptions]
    assert codes == ["what_if_cause", "what_if_same_effect", "what_if_rest_stays"]
    assert found.caveats == ()


def test_several_changes_add_up_and_their_interval_is_joint() -> None:
    found = asked(MANY)
    assert found.points.value == pytest.approx(sum(one.points.value for one in found.assumed))
    reaches = [(one.points.high - one.points.low) / 2 for one in found.assumed]
    reach = (found.points.high - found.points.low) / 2
    assert max(reaches) < reach < sum(reaches)
    alone = asked({"wait_time": -0.33})
    assert found.assumed[0].points == alone.points


def test_value_cost_and_net() -> None:
    found = asked(MANY, value_per_point=10_000.0, cost=30_000.0)
    assert found.value is not None
    assert found.net is not None
    assert found.value.value == pytest.approx(10_000 * found.points.value)
    assert found.net.low == pytest.approx(10_000 * found.points.low - 30_000)
    assert found.net.high == pytest.approx(10_000 * found.points.high - 30_000)
    assert found.break_even == 3
    assert found.assumptions[-1].code == "what_if_value"
    free = asked(MANY, value_per_point=2.0)
    assert free.value is not None
    assert (free.cost, free.net, free.break_even) == (None, None, None)


def test_more_complaints_cost_money() -> None:
    found = asked({"wait_time": 0.5}, value_per_point=100.0)
    assert found.points.high < 0
    assert found.value is not None
    assert found.value.high < 0


def test_what_is_not_known_says_so() -> None:
    found = asked({"wait_time": -0.5, "delivery:neutral": -1.0})
    unknown = found.assumed[1]
    assert math.isnan(unknown.points.value)
    assert math.isnan(found.points.value)
    assert math.isnan(found.points.low)
    assert "what_if_unknown" in [c.code for c in found.caveats]


def test_categories_may_be_named_by_their_titles() -> None:
    assert asked({"Waiting time": -0.5}).points == asked({"wait_time": -0.5}).points


def test_beyond_what_was_observed() -> None:
    assert "what_if_beyond" in [c.code for c in asked({"reliability": 12.0}).caveats]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"what_if": {"wait_time": -1.2}}, "takes away more than there is"),
        ({"what_if": {"wait_time": math.nan}}, "takes away more than there is"),
        ({"what_if": {"waiting": -0.2}}, "'waiting' is no category of .*wait_time"),
        ({"what_if": {"general": -0.2}}, "without a reason"),
        ({"what_if": {"wait_time": -0.2, "Waiting time": -0.1}}, "twice"),
        ({"what_if": {"wait_time:bad": -0.2}}, "polarity 'bad' is unknown"),
        ({"what_if": {"wait_time": -0.2}, "value_per_point": -3.0}, "expected a number above 0"),
        (
            {"what_if": {"wait_time": -0.2}, "value_per_point": math.inf},
            "expected a number above 0",
        ),
        ({"what_if": {"wait_time": -0.2}, "cost": 5.0}, "--cost needs --value-per-point"),
        (
            {"what_if": {"wait_time": -0.2}, "value_per_point": 1.0, "cost": -5.0},
            "--cost is -5.0, expected 0 or more",
        ),
    ],
)
def test_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        what_if(gold_rows().scores[0], WhyOptions(**options))


def test_corrected_impacts_count_where_there_are_some() -> None:
    def driver(category: str, value: float) -> Any:
        impact = Estimate(value, value - 2, value + 2, 800, "ptd")
        share = SimpleNamespace(corrected=Estimate(0.2, 0.1, 0.3, 800, "ppi"))
        return SimpleNamespace(category=category, polarity="negative", impact=impact, share=share)

    by_audit: Any = SimpleNamespace(drivers=(driver("wait_time", -9.0), driver("safety", -4.0)))
    rows = gold_rows().scores[0]
    one = what_if(rows, WhyOptions(what_if={"wait_time": -0.5}), by_audit)
    assert one is not None
    assert (one.points.value, one.points.low, one.points.high) == (4.5, 3.5, 5.5)
    assert (one.corrected, one.assumed[0].share) == (True, 0.2)
    both = what_if(rows, WhyOptions(what_if={"wait_time": -0.5, "safety": -1.0}), by_audit)
    assert both is not None
    assert (both.points.value, both.points.low, both.points.high) == (8.5, 5.5, 11.5)
    assert [c.code for c in both.caveats] == ["what_if_bound"]


def test_table() -> None:
    table = asked(MANY, value_per_point=10.0, cost=3.0).tables()["what_if"]
    assert table["category"].tolist()[-1] == "(all)"
    assert math.isnan(table["net"][0])
    assert table["net"][-1] == pytest.approx(table["value"][-1] - 3)
    assert "what_if_cause" in table["caveats"][-1]
