"""The sections on the bundled example with its gold opinions: what `truth.md` plants is found."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import cache

import jsonschema
import numpy as np
import pytest

from tests.warum.answers.gold_example import gold_reading
from warum.answers.asked import parse_groups, parse_periods
from warum.answers.filtering import matching
from warum.answers.options import WhyOptions
from warum.answers.rows import WhyRows
from warum.answers.why import ScoreWhy, Why, answer
from warum.report.why_export import table_csv, why_files, why_json, why_schema
from warum.result import Reading
from warum.table import Table, strings
from warum.taxonomy import load_taxonomy


def nps_only(reading: Reading) -> Reading:
    return replace(reading, columns=replace(reading.columns, scores=reading.columns.scores[:1]))


@cache
def answered(
    before: str | None = None, after: str | None = None, compare: str | None = None, *where: str
) -> Why:
    reading = matching(nps_only(gold_reading()), where)
    rows = WhyRows.of(reading, load_taxonomy())
    first, second = parse_periods(before, after)
    groups = None if compare is None else parse_groups(compare, rows)
    return answer(rows, WhyOptions(before=first, after=second, groups=groups, draws=300))


def nps(*asked: str | None) -> ScoreWhy:
    return answered(*asked).scores[0]


def test_the_main_reasons() -> None:
    """Truth 1: reliability, waiting and the app's stability come first, the staff's attitude lifts most."""
    rows = nps().level.rows
    worst = [row.driver.category for row in rows if row.driver.impact.value < 0]
    assert set(worst[:3]) == {"reliability", "wait_time", "digital.stability"}
    lifting = [row.driver for row in rows if row.driver.impact.value > 0]
    assert (lifting[0].category, lifting[0].polarity) == ("service.attitude", "positive")
    for row in rows[:4]:
        assert row.selected is not None
        assert row.selected.low <= row.driver.effect.low <= row.driver.effect.high
        assert row.selected.level > 0.95
        assert not row.selected.low <= 0 <= row.selected.high


def test_linear_impacts_and_the_rest_add_up_to_the_metric() -> None:
    level = nps().level
    impacts = [row.linear_impact.value for row in level.rows]
    known = math.fsum(value for value in impacts if math.isfinite(value))
    assert known + level.rest.value == pytest.approx(level.metric.value, abs=1e-9)
    assert level.rest.low < level.rest.value < level.rest.high
    assert level.model == "ordered"
    assert level.agreement is not None
    assert level.agreement.rank > 0.9
    assert level.sampled == level.metric.n


def test_shares_add_up() -> None:
    shares = nps().shares
    assert shares.controls + shares.explained + shares.unexplained == pytest.approx(1, abs=1e-12)
    assert shares.method == "lmg-sampled"
    assert {row.category for row in shares.rows[:4]} == {
        "reliability", "wait_time", "digital.stability", "service.attitude",
    }  # fmt: skip


def test_a_shock() -> None:
    """Truth 2: in June 2025 the buses of Bergheim are cancelled."""
    why = nps("2025-01..2025-05", "2025-06", None, "branch=Bergheim")
    assert why.change is not None
    (found,) = why.change.comparisons
    assert (found.kind, found.parts.names) == ("periods", ("2025-01..2025-05", "2025-06"))
    assert found.parts.difference.value < -30
    assert found.parts.difference.high < 0
    first = found.parts.waterfall[0]
    assert first.category == "reliability"
    assert first.total.high < 0
    assert first.after.share > 3 * first.before.share


def test_an_improvement() -> None:
    """Truth 3: from September 2025 the app is stable."""
    why = nps("2025-01..2025-08", "2025-09..2025-12")
    assert why.change is not None
    parts = why.change.comparisons[0].parts
    first, adjusted = parts.waterfall[0], parts.adjusted[0]
    assert first.category == "digital.stability"
    assert first.selected is not None
    assert first.selected.low > 0
    assert {pair[0] for pair in adjusted.pairs} == {"digital.stability"}
    assert adjusted.total.low > 0


def test_a_change_that_is_only_mix() -> None:
    """Truth 4: in Lindenau only the share of the telephone rose from October 2025."""
    why = nps("2025-01..2025-09", "2025-10..2025-12", None, "branch=Lindenau")
    assert why.change is not None
    (found,) = why.change.comparisons
    assert found.segment == "channel"
    assert found.mixes[0].column == "channel"
    mix, difference = found.parts.segment_mix, found.parts.difference
    assert mix is not None
    assert mix.high < 0
    assert mix.value == pytest.approx(difference.value, rel=0.4)
    within = difference.value - mix.value
    assert abs(within) < 15
    phone = next(row for row in found.parts.segments if row.value == "phone")
    assert phone.after.share > 4 * phone.before.share


def test_decompositions_add_up_to_the_difference() -> None:
    why = nps("2025-01..2025-08", "2025-09..2025-12", "branch=Bergheim,Altmarkt")
    assert why.change is not None
    assert [one.kind for one in why.change.comparisons] == ["periods", "groups"]
    for one in why.change.comparisons:
        parts = one.parts
        mix = 0.0 if parts.segment_mix is None else parts.segment_mix.value
        whole = parts.difference.value
        bars = math.fsum(row.total.value for row in parts.waterfall)
        terms = math.fsum(row.total.value for row in parts.adjusted)
        assert mix + bars == pytest.approx(whole, abs=1e-9)
        assert mix + terms + parts.unexplained.value == pytest.approx(whole, abs=1e-9)


def test_groups_are_not_compared_by_themselves() -> None:
    why = nps(None, None, "branch=Bergheim,Altmarkt")
    assert why.change is not None
    (found,) = why.change.comparisons
    assert (found.kind, found.by, found.name) == ("groups", "branch", "Bergheim → Altmarkt")
    assert found.segment != "branch"
    assert "branch" not in {name for row in found.parts.adjusted for name in row.controls}
    adjusting = {name for row in found.parts.adjusted for name in row.controls}
    assert adjusting >= {"language"}
    assert "(time)" not in adjusting  # eleven columns for 110 people
    assert [one.code for one in found.parts.caveats if "controls" in one.code] == [
        "some_controls_left_out"
    ]


def test_without_a_question_there_is_no_change() -> None:
    why = answered()
    assert why.scores[0].change is None
    assert not any(stem.startswith("change") for stem in why.tables())


def test_the_order_of_rows_does_not_matter() -> None:
    reading = nps_only(gold_reading())
    mixed = np.random.default_rng(1).permutation(len(reading.comments))
    other = replace(reading, comments=reading.comments.take(mixed))
    first, second = parse_periods("2025-01..2025-06", "2025-07..2025-12")
    asked = WhyOptions(before=first, after=second, draws=200)
    one, two = (answer(WhyRows.of(r, load_taxonomy()), asked).scores[0] for r in (reading, other))
    assert repr(one.change) == repr(two.change)  # NaN equals nothing
    for row, same in zip(one.level.rows, two.level.rows, strict=True):
        assert row.driver.category == same.driver.category
        assert row.driver.effect.low == pytest.approx(same.driver.effect.low, abs=1e-9, nan_ok=True)
    assert [row.category for row in one.shares.rows] == [row.category for row in two.shares.rows]


def test_json_keeps_to_its_schema_and_its_sums() -> None:
    why = answered("2025-01..2025-08", "2025-09..2025-12", "branch=Bergheim,Altmarkt")
    schema = json.loads(why_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    text = why_json(why)
    jsonschema.validate(json.loads(text), schema)
    assert text == why_json(why)
    data = json.loads(text)["why"]["scores"][0]["change"]["comparisons"][0]["parts"]
    bars = math.fsum(row["total"]["value"] for row in data["waterfall"])
    assert bars + data["segment_mix"]["value"] == pytest.approx(
        data["difference"]["value"], abs=1e-9
    )


def test_every_section_is_a_csv_file_with_caveats_and_scores() -> None:
    why = answered("2025-01..2025-08", "2025-09..2025-12", "branch=Bergheim,Altmarkt")
    files = why_files(why)
    for stem in (
        "level",
        "shares",
        "asymmetry",
        "change_waterfall",
        "change_adjusted",
        "change_segments",
    ):
        head, *lines = files[f"{stem}.csv"].splitlines()
        assert head.startswith("score,")
        assert "caveats" in head
        assert lines
        assert all(line.startswith("nps,") for line in lines)
    assert "(not explained by the comments)" in files["shares.csv"]


def test_csv_cells() -> None:
    table = Table({"a": strings(["=SUM(A1)", None, "x,y"]), "b": np.array([-1.5, np.nan, 1 / 3])})
    assert table_csv(table) == 'a,b\n\'=SUM(A1),-1.5\n,\n"x,y",0.3333333333\n'
