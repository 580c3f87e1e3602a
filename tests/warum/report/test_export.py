from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from tests.warum.report.worlds import driver, score_result, world
from warum.report.export import COLUMNS, defuse, drivers_csv
from warum.result import Result

HEADER = (
    "category,polarity,mentions,share,metric_among,effect,effect_low,effect_high,impact,impact_low,"
    "impact_high,p_value,q_value,method,caveats,quote_id,score"
)


def test_exactly_the_promised_columns(two_scores: Result) -> None:
    text = drivers_csv(two_scores)
    assert text.splitlines()[0] == HEADER == ",".join(COLUMNS)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["score"] for row in rows] == ["nps"] * 4 + ["zufrieden"] * 4
    assert rows[0]["impact"] == "-6.1"  # a number keeps its minus sign
    assert rows[3]["effect"] == ""
    assert rows[3]["caveats"] == "collinear"
    assert "place.cleanliness" not in text


def test_six_significant_digits() -> None:
    one = driver("wait_time", "negative", -1.23456789, 1, "nps", p_value=1.23456789e-12)
    row = drivers_csv(world(replace(score_result(), drivers=(one,)))).splitlines()[1]
    assert "-1.23457" in row
    assert "1.23457e-12" in row


def test_text_cells_that_look_like_formulas_are_defused() -> None:
    evil = driver("wait_time", "negative", -1, 1, '=HYPERLINK("x")', quote_id="-1+1")
    text = drivers_csv(world(replace(score_result(), drivers=(evil,))))
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["score"] == '\'=HYPERLINK("x")'
    assert row["quote_id"] == "'-1+1"
    assert row["impact"] == "-1"


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_defuse(cell: str) -> None:
    assert defuse(cell) == "'" + cell
    assert defuse(f"x{cell}") == f"x{cell}"
    assert defuse("") == ""


def test_without_scores_there_is_only_the_header(no_score: Result) -> None:
    assert drivers_csv(no_score) == HEADER + "\n"
