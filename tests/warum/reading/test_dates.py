from __future__ import annotations

import numpy as np
import pytest

from tests.warum.reading.rawtables import read
from warum.errors import UsageError
from warum.reading.cells import Cells
from warum.reading.dates import read_dates
from warum.reading.periods import period


def iso(cells: list[str | None], date_format: str | None = None) -> list[str]:
    return [str(d) for d in read_dates(Cells.of(cells), "d", date_format).date]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2025-03-01", "2025-03-01"),
        ("2025-03-01T23:30:00+01:00", "2025-03-01"),
        ("2025-03-01 10:00:00.000 UTC", "2025-03-01"),
        ("2025/12/31", "2025-12-31"),
        ("20250331", "2025-03-31"),
        ("31.12.2025", "2025-12-31"),
        ("31.12.25 10:22", "2025-12-31"),
        ("31/12/2025", "2025-12-31"),
        ("12/31/2025 5:02 PM", "2025-12-31"),
        ("3 Mar 2025", "2025-03-03"),
        ("3. März 2025", "2025-03-03"),
        ("3. Ma\u0308rz 2025", "2025-03-03"),
        ("March 3rd, 2025", "2025-03-03"),
        ("Montag, 3. März 2025", "2025-03-03"),
        ("Mon, 3 Mar 2025 10:00:00 +0000", "2025-03-03"),
        ("Sat Nov 01 10:22:33 CET 2025", "2025-11-01"),
        ("31. Dez. 2025 um 10:22", "2025-12-31"),
        ("Mo, 13.03.2025", "2025-03-13"),
        ("45000", "2023-03-15"),
        ("1735689600", "2025-01-01"),
        ("1735689600000", "2025-01-01"),
        ("2025-02-30", "NaT"),
        ("31/02/2025", "NaT"),
        ("yesterday", "NaT"),
        ("7", "NaT"),
    ],
)
def test_ways_to_write_a_date(cell: str, expected: str) -> None:
    assert iso([cell]) == [expected]


def test_the_column_tells_the_order() -> None:
    assert iso(["03/04/2025", "13/04/2025"])[0] == "2025-04-03"
    assert iso(["03/04/2025", "04/13/2025"])[0] == "2025-03-04"


def test_without_evidence_the_day_comes_first_and_slashes_are_noted() -> None:
    slashes = read_dates(Cells.of(["03/04/2025"]), "d")
    assert str(slashes.date[0]) == "2025-04-03"
    assert "day was read first" in slashes.notes[0]
    assert slashes.key.tolist() == ["2025-04-03"]
    assert not read_dates(Cells.of(["03.04.2025"]), "d").notes
    assert not read_dates(Cells.of(["04/04/2025"]), "d").notes


def test_a_mixed_column_keeps_what_is_clear_and_equates_swapped_dates() -> None:
    cells = [
        "31/03/2021",
        "03/31/2021",
        "03/10/2021",
        "10/03/2021",
        "03/03/2021",
        None,
        "2021-10-03",
    ]
    dates = read_dates(Cells.of(cells), "d")
    assert dates.order == "mixed"
    assert [str(d) for d in dates.date] == [
        "2021-03-31",
        "2021-03-31",
        "NaT",
        "NaT",
        "2021-03-03",
        "NaT",
        "2021-10-03",
    ]
    key = dates.key.tolist()
    assert key[0] == key[1]
    assert key[2] == key[3] == key[6] == "2021-03~10"
    assert key[5] is None
    assert [(c.code, dict(c.details)["n"]) for c in dates.caveats] == [("mixed_dates", 2)]


def test_a_format_overrides_the_order() -> None:
    dates = read_dates(Cells.of(["31/03/2021", "03/31/2021", "03/10/2021"]), "d", "%d/%m/%Y")
    assert [str(d) for d in dates.date] == ["2021-03-31", "NaT", "2021-10-03"]
    assert dates.key.tolist() == ["2021-03-31", None, "2021-10-03"]
    assert [c.code for c in dates.caveats] == ["unread_dates"]


@pytest.mark.parametrize("date_format", ["%Q", "%"])
def test_a_bad_format_is_a_usage_error(date_format: str) -> None:
    with pytest.raises(UsageError, match="--date-format"):
        read_dates(Cells.of(["31/03/2021"]), "d", date_format)


def test_unread_dates_keep_their_rows_and_are_counted() -> None:
    got = read({"date": ["2025-01-01", "soon", "soon", None, "n/a"]}, date="date")
    assert len(got) == 5
    assert [(c.code, dict(c.details)["n"]) for c in got.caveats] == [("unread_dates", 2)]
    assert "'soon'" in got.notes[-1]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025-Q1", "2025-01-01", "2025-03-31"),
        ("Q4 2025", "2025-10-01", "2025-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-03-05", "2025-03-05", "2025-03-05"),
        ("05.03.2025", "2025-03-05", "2025-03-05"),
    ],
)
def test_periods(text: str, first: str, last: str) -> None:
    assert tuple(str(day) for day in period(text, "--since")) == (first, last)


@pytest.mark.parametrize("text", ["spring", "2025-13", "2025-Q5", "05/03/2025", ""])
def test_other_texts_are_no_period(text: str) -> None:
    with pytest.raises(UsageError, match=r"--until .* is no day, month, quarter or year"):
        period(text, "--until")


def test_rows_outside_the_period_are_rejected_not_lost() -> None:
    cells = ["2025-01-31", "2025-02-01", "2025-03-31", "2025-04-01", None]
    got = read({"date": cells}, since="2025-02", until="2025-Q1")
    assert [str(d) for d in got.date] == ["2025-02-01", "2025-03-31"]  # type: ignore[union-attr]
    assert {r.code for r in got.rejected} == {"outside_period"}
    assert got.rows_in == 5


def test_ambiguous_dates_stay_if_both_readings_lie_inside() -> None:
    cells = ["31/03/2021", "03/31/2021", "03/10/2021", "03/12/2021"]
    got = read({"date": cells}, until="2021-10-31")
    assert got.row.tolist() == [1, 2, 3]
    assert np.isnat(got.date[2])  # type: ignore[index]


def test_bounds_need_a_date_column_and_the_right_order() -> None:
    with pytest.raises(UsageError, match="need a date column"):
        read({"x": ["1"]}, since="2025")
    with pytest.raises(UsageError, match="lies after"):
        read({"date": ["2025-01-01"]}, since="2025", until="2024")
