from __future__ import annotations

import numpy as np
import pytest

from tests.warum.reading.rawtables import read
from warum.errors import ColumnError, InputError, UsageError

N = 12
NPS = [str(i % 11) for i in range(N)]
FLAGS = ["yes", "no", "no"] * 4
DATES: list[str | None] = ["2025-03-01", None, "n/a"] * 4


def uses(got: object) -> dict[str, str]:
    return {d.column: d.how for d in got.detected if d.role == "number"}  # type: ignore[attr-defined]


def test_a_number_says_what_it_measures() -> None:
    got = read(
        {"nps": NPS, "gone": FLAGS, "left_on": DATES, "wait": ["3"] * N},
        number=("gone:churn@left_on", "wait"),
    )
    assert got.trades == {"gone": "churn"}
    assert got.numbers["gone"].tolist() == [1, 0, 0] * 4
    assert list(got.event_dates) == ["gone"]
    assert got.event_dates["gone"][:3].astype(str).tolist() == ["2025-03-01", "NaT", "NaT"]
    assert uses(got) == {"gone": "given, as churn, dated by 'left_on'", "wait": "given"}


def test_days_are_an_event_and_its_date() -> None:
    got = read({"nps": NPS, "bought": DATES}, number=("bought:repurchase",))
    assert got.numbers["bought"].tolist() == [1, 0, 0] * 4
    assert got.event_dates["bought"][0] == np.datetime64("2025-03-01")
    assert uses(got) == {"bought": "given, as repurchase, told by its day"}


def test_columns_whose_headers_say_so_are_found() -> None:
    got = read(
        {
            "nps": NPS,
            "churned": FLAGS,
            "Bearbeitungszeit": ["4 h", "30 min", None] * 4,
            "tickets": ["many", "few", "some"] * 4,
            "ltv": [str(100 + i) for i in range(N)],
        },
    )
    assert got.trades == {
        "churned": "churn", "Bearbeitungszeit": "resolution_time", "ltv": "lifetime_value"
    }  # fmt: skip
    assert got.numbers["Bearbeitungszeit"][:2].tolist() == [
        240,
        30,
    ]  # of the units, the first by count
    assert uses(got)["churned"] == "header, as churn"


def test_a_column_with_another_role_is_not_taken() -> None:
    got = read({"nps": NPS, "churned": FLAGS}, score=("nps", ("churned", "rate")))
    assert got.numbers == {}
    got = read({"nps": NPS, "churned": FLAGS}, by=("churned",))
    assert got.numbers == {}


def test_a_header_may_hold_a_colon() -> None:
    got = read({"nps": NPS, "Dauer: Lösung": ["1"] * N}, number=("Dauer: Lösung",))
    assert list(got.numbers) == ["Dauer: Lösung"]
    assert got.trades == {}
    got = read({"nps": NPS, "Dauer: Lösung": ["1"] * N}, number=("Dauer: Lösung:resolution-time",))
    assert got.trades == {"Dauer: Lösung": "resolution_time"}


def test_negative_times_are_missing() -> None:
    got = read({"nps": NPS, "h": ["-2", "3", "4"] * 4}, number=("h:resolution_time",))
    assert np.isnan(got.numbers["h"][0])
    assert any("4 cells are negative" in note for note in got.notes)
    plain = read({"nps": NPS, "h": ["-2", "3", "4"] * 4}, number=("h",))
    assert plain.numbers["h"][0] == -2


@pytest.mark.parametrize(
    ("number", "error", "message"),
    [
        (("h:churm",), UsageError, "the metric 'churm' is unknown. Did you mean 'churn'"),
        (("h:churn",), InputError, "holds '3' as churn, expected yes or no"),
        (("x:churn",), ColumnError, "There is no column 'x'"),
        (("h:churn@when",), ColumnError, "There is no column 'when'"),
        (("h:resolution_time@h",), UsageError, "gives dates to resolution_time, which is no event"),
        (("h:resolution_time", "h"), UsageError, "names the column 'h' twice"),
    ],
)
def test_refused(number: tuple[str, ...], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        read({"nps": NPS, "h": ["3"] * N}, number=number)


def test_named_twice_alike_is_once() -> None:
    got = read({"nps": NPS, "h": ["3"] * N}, number=("h", "h"))
    assert list(got.numbers) == ["h"]
