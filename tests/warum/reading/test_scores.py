from __future__ import annotations

import numpy as np
import pytest

from tests.warum.reading.rawtables import read
from warum.errors import InputError, UsageError
from warum.reading.cells import Cells
from warum.reading.labels import read_label, read_stars
from warum.reading.numbers import read_numbers
from warum.reading.scores import ScoreAsk, read_score


def values(cells: list[str | None], metric: str, **ask: object) -> list[float]:
    return read_score(Cells.of(cells), ScoreAsk("s", metric, **ask)).score.values.tolist()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["very satisfied", "satisfied", "neither satisfied nor dissatisfied"], [5, 4, 3]),
        (["dissatisfied", "Very dissatisfied", "very satisfied"], [2, 1, 5]),
        (["sehr zufrieden", "eher zufrieden", "teils/teils", "eher unzufrieden"], [5, 4, 3, 2]),
        (["sehr unzufrieden", "Zufrieden", "weder noch", "Unzufrieden"], [1, 4, 3, 2]),
        (["zufrieden", "eher zufrieden", "eher unzufrieden", "unzufrieden"], [5, 4, 2, 1]),
        (["4 stars", "1 Stern", "★★★★★", "★★☆☆☆", "⭐⭐⭐"], [4, 1, 5, 2, 3]),
        (["4/5", "3 von 5", "2 out of 5", "5 - very satisfied", "poor (2)"], [4, 3, 2, 5, 2]),
        (["4", "4,5", "4.0", "n/a", "keine Angabe", None], [4, 4.5, 4, np.nan, np.nan, np.nan]),
        (["Good", "Bad", "Offered"], [5, 1, np.nan]),
    ],
)
def test_csat_reads_words_and_signs(cells: list[str | None], expected: list[float]) -> None:
    np.testing.assert_array_equal(values(cells, "csat"), expected)


def test_words_follow_the_direction_of_the_scale() -> None:
    assert values(["sehr zufrieden", "sehr unzufrieden"], "csat", lower_is_better=True) == [1, 5]


def test_seven_answers_fill_seven_steps() -> None:
    cells = ["very easy", "easy", "somewhat easy", "neither easy nor difficult", "very difficult"]
    assert values(cells, "ces") == pytest.approx([7, 6, 5, 4, 1])


def test_five_answers_about_effort_make_a_scale_of_five() -> None:
    reading = read_score(Cells.of(["very easy", "difficult"]), ScoreAsk("s", "ces"))
    assert (reading.score.scale.low, reading.score.scale.high) == (1, 5)
    assert reading.score.values.tolist() == [5, 2]
    assert "1-5" in reading.notes[0]


@pytest.mark.parametrize("cell", ["abc", "not bad", "zufriedenstellend", "gutes Essen", ""])
def test_other_words_are_no_label(cell: str) -> None:
    assert read_label(cell) is None


@pytest.mark.parametrize(
    ("cell", "valence", "strength"),
    [
        ("Stimme voll und ganz zu", 1, 3),
        ("stimme eher nicht zu", -1, 1),
        ("überhaupt nicht zufrieden", -1, 3),
        ("not at all likely", -1, 3),
        ("Ich war sehr zufrieden!", 1, 3),
        ("nicht gut", -1, 2),
        ("lehne ab", -1, 2),
        ("u\u0308berhaupt nicht einfach", -1, 3),
    ],
)
def test_labels_in_both_languages(cell: str, valence: int, strength: int) -> None:
    label = read_label(cell)
    assert label is not None
    assert (label.valence, label.strength) == (valence, strength)


def test_stars_know_their_scale() -> None:
    star = read_stars("★★★☆☆")
    assert star is not None
    assert (star.value, star.out_of) == (3, 5)


@pytest.mark.parametrize(
    ("metric", "cells", "expected"),
    [
        ("rate", ["yes", "no", "ja", "nein", "TRUE", "false", "1", "0"], [1, 0, 1, 0, 1, 0, 1, 0]),
        ("nps", ["0", "10", "10 - Extremely likely", "7,5"], [0, 10, 10, 7.5]),
        ("ces", ["7", "1"], [7, 1]),
        ("mean", ["85", "12,5"], [85, 12.5]),
    ],
)
def test_metrics_read_their_values(metric: str, cells: list[str], expected: list[float]) -> None:
    assert values(list(cells), metric) == expected


def test_a_rate_counts_yes_even_if_yes_is_bad() -> None:
    assert values(["yes", "no"], "rate", lower_is_better=True) == [1, 0]


@pytest.mark.parametrize(
    ("metric", "ask", "scale"),
    [
        ("nps", {}, (0, 10)),
        ("csat", {}, (1, 5)),
        ("ces", {}, (1, 7)),
        ("rate", {}, (0, 1)),
        ("mean", {}, (1, 4)),
        ("mean", {"missing": (4.0,)}, (1, 3)),
        ("csat", {"scale": (0.0, 4.0)}, (0, 4)),
    ],
)
def test_scales(metric: str, ask: dict[str, object], scale: tuple[float, float]) -> None:
    read_ = read_score(Cells.of(["1", "3", "4"]), ScoreAsk("s", metric, **ask))  # type: ignore[arg-type]
    assert (read_.score.scale.low, read_.score.scale.high) == scale


def test_out_of_range_and_words_reject_the_row_with_line_and_reason() -> None:
    got = read(
        {"NPS": ["9", "11", "abc", None, "-1", "99"]}, score=[("NPS", "nps")], missing=(99.0,)
    )
    assert got.scores[0].values.tolist()[0] == 9
    assert np.isnan(got.scores[0].values[1:]).all()
    assert got.row.tolist() == [1, 4, 6]
    assert [(r.row, r.line, r.code) for r in got.rejected] == [
        (2, 3, "score_out_of_range"),
        (3, 4, "score_not_a_number"),
        (5, 6, "score_out_of_range"),
    ]
    assert got.rejected[0].message == "Score 'NPS': '11' is out of range, expected 0..10."
    assert got.rejected[1].raw["NPS"] == "abc"


def test_a_cell_of_another_scale_is_out_of_range() -> None:
    got = read({"csat": ["4/5", "3/5", "3/10"]}, score=["csat"])
    assert [r.code for r in got.rejected] == ["score_out_of_range"]


def test_missing_codes_are_no_score_and_no_error() -> None:
    got = read({"fft": ["1", "5", "6", "7"]}, score=[("fft", "mean")], scale=(1, 5), missing=(6, 7))
    np.testing.assert_array_equal(got.scores[0].values, [1, 5, np.nan, np.nan])
    assert not got.rejected


def test_most_scores_off_the_scale_are_noted() -> None:
    got = read({"s": ["60", "70", "3"]}, score=[("s", "csat")])
    assert any("--scale" in note for note in got.notes)


def test_no_row_left_is_an_error_that_shows_why() -> None:
    with pytest.raises(InputError, match=r"2 × score_not_a_number.*Line 2") as error:
        read({"s": ["x", "y"]}, score=[("s", "nps")])
    assert error.value.exit_code == 3


def test_unknown_metric_names_the_nearest() -> None:
    with pytest.raises(
        UsageError, match=r"'npss' is unknown. Did you mean 'nps'\? Choose from nps"
    ):
        read({"s": ["1", "2"]}, score=[("s", "npss")])


def test_scale_must_rise() -> None:
    with pytest.raises(UsageError, match="5:1 is no scale"):
        read({"s": ["1", "2"]}, score=["s"], scale=(5, 1))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["7,5", "8"], [7.5, 8]),
        (["1.234,50", "2.000"], [1234.5, 2000]),
        (["1,234.50", "2,000"], [1234.5, 2000]),
        (["1.234.567", "3,5"], [1234567, 3.5]),
        (["12 €", "€ 3,50", "EUR 4", "-3 €", "€-5", "12,- €"], [12, 3.5, 4, -3, -5, 12]),
        (["90 min", "45 Min.", "10"], [90, 45, 10]),
        (["90 min", "2 h", "30 min"], [90, 120, 30]),
        (["1'234", "2 345", "1e-05", "−3"], [1234, 2345, 1e-5, -3]),
        (["ja", "no", "TRUE", "nein"], [1, 0, 1, 0]),
        (["1,234", "950"], [1234, 950]),
        (["1.234", "9500"], [1.234, 9500]),
        (["45 %", "7 %"], [45, 7]),
        (["abc", "1.2.3", "31.12.2025", "1,2,3", "n/a"], [np.nan] * 5),
    ],
)
def test_numbers_as_people_write_them(cells: list[str], expected: list[float]) -> None:
    np.testing.assert_allclose(read_numbers(Cells.of(cells), "x").values, expected)


@pytest.mark.parametrize("cells", [["1,234", "1.234"], ["7,5", "7.5", "1,234"]])
def test_mixed_decimal_marks_are_an_error(cells: list[str]) -> None:
    with pytest.raises(InputError, match=r"'revenue' mixes decimal marks: .*one decimal mark"):
        read({"revenue": cells}, number=("revenue",))


def test_clear_marks_may_be_mixed_and_are_noted() -> None:
    got = read({"x": ["7,5", "7.5"]}, number=("x",))
    assert got.numbers["x"].tolist() == [7.5, 7.5]
    assert "mixes decimal marks" in got.notes[0]


def test_mixed_currencies_are_an_error() -> None:
    with pytest.raises(InputError, match="mixes units: EUR, USD"):
        read({"x": ["7 €", "$8"]}, number=("x",))


def test_unreadable_numbers_are_missing_and_counted() -> None:
    got = read({"wait": ["5", "soon", "soon", None, "7 min"]}, number=("wait",))
    np.testing.assert_array_equal(got.numbers["wait"], [5, np.nan, np.nan, np.nan, 7])
    assert "2 cells are no numbers" in got.notes[0]
    assert len(got) == 5


def test_weights_must_be_positive_numbers() -> None:
    got = read({"w": ["1", "0,5", "-1", "x", None, "0"]}, weight="w")
    assert got.weight is not None
    assert got.weight.tolist() == [1, 0.5]
    assert {r.code for r in got.rejected} == {"weight"}
    assert got.rows_in == 6
