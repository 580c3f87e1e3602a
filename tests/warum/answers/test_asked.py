from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tests.warum.answers.gold_example import gold_reading, gold_rows
from warum.answers.asked import (
    check_file,
    check_period,
    check_segment,
    parse_groups,
    parse_period,
    parse_periods,
    parse_what_if,
)
from warum.answers.filtering import between, matching
from warum.answers.options import Groups, Period
from warum.errors import ColumnError, InputError, UsageError
from warum.taxonomy import load_taxonomy


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-02-03", date(2026, 2, 3), date(2026, 2, 3)),
        ("03.02.2026", date(2026, 2, 3), date(2026, 2, 3)),
        ("2026-01..2026-Q2", date(2026, 1, 1), date(2026, 6, 30)),
        (" 2025-12-24 .. 2026 ", date(2025, 12, 24), date(2026, 12, 31)),
    ],
)
def test_periods(text: str, first: date, last: date) -> None:
    assert parse_period(text, "--before") == Period(text.strip(), first, last)


def test_a_period_holds_its_days() -> None:
    days = np.array(
        ["2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01", "NaT"], dtype="datetime64[D]"
    )
    held = parse_period("2026-02", "--before").holds(days)
    assert held.tolist() == [False, True, True, False, False]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("2026-01", None, "--before needs --after"),
        (None, "2026-01", "--after needs --before"),
        ("2026-01", "2026-01", "overlap"),
        ("2026-01..2026-03", "2026-Q1", "overlap"),
        ("2026-02", "2026-01", "lies after"),
        ("2026-03..2026-01", "2026-04", "begins after it ends"),
        ("2026-01..", "2026-04", "lacks an end"),
        ("January", "2026-04", "no day, month, quarter or year"),
    ],
)
def test_periods_that_cannot_be_meant(before: str | None, after: str | None, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_periods(before, after)


def test_no_periods_at_all() -> None:
    assert parse_periods(None, None) == (None, None)


def test_a_period_without_data_names_those_with() -> None:
    rows = gold_rows()
    check_period(parse_period("2025-06", "--before"), "--before", rows)
    with pytest.raises(UsageError, match="no scored response") as caught:
        check_period(parse_period("2024", "--before"), "--before", rows)
    assert caught.value.hint == "The dates run from 2025-01-01 to 2025-12-31."


@pytest.mark.parametrize(
    "text", ["branch=Bergheim,Altmarkt", "BRANCH = bergheim , altmarkt", "branch=Bergheim,ALTMARKT"]
)
def test_groups(text: str) -> None:
    assert parse_groups(text, gold_rows()) == Groups("branch", "Bergheim", "Altmarkt")


def test_fixed_columns_can_be_compared_too() -> None:
    assert parse_groups("language=de,en", gold_rows()) == Groups("language", "de", "en")


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("branch", UsageError, "not of the form COLUMN=A,B"),
        ("=a,b", UsageError, "not of the form COLUMN=A,B"),
        ("branch=Bergheim", UsageError, "names one value"),
        ("branch=Bergheim,bergheim", UsageError, "the same value twice"),
        ("branch=Bergheim,Oz", UsageError, "no scored response has branch 'Oz'"),
        ("shop=a,b", ColumnError, "'shop', which is no segment"),
    ],
)
def test_groups_that_cannot_be_meant(text: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        parse_groups(text, gold_rows())


def test_the_segment_must_be_a_column() -> None:
    assert check_segment("Channel", gold_rows()) == "channel"
    assert check_segment("", gold_rows()) == ""
    assert check_segment(None, gold_rows()) is None
    with pytest.raises(ColumnError, match="--segment names the column 'shop'"):
        check_segment("shop", gold_rows())


def test_what_if() -> None:
    texts = ["wait_time=-33%", "service.attitude:positive = +12,5 %", "reliability=−100%"]
    with pytest.raises(UsageError, match="12,5 % "):
        parse_what_if([*texts, "price.value=12,5 % more"], load_taxonomy())
    assert parse_what_if(texts, load_taxonomy()) == {
        "wait_time": -0.33,
        "service.attitude:positive": 0.125,
        "reliability": -1.0,
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("wait_time", "not of the form"),
        ("wait_time=-33", "not of the form"),
        ("wait_time:angry=-33%", "not of the form"),
        ("waiting=-33%", "'waiting', which the taxonomy does not have"),
        ("wait_time=some%", "no percentage"),
        ("wait_time=-120%", "takes away more than there is"),
    ],
)
def test_what_if_that_cannot_be_meant(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_what_if([text], load_taxonomy())


def test_files_must_be_there(tmp_path: Path) -> None:
    check_file(None, "--audit")
    with pytest.raises(InputError, match="--audit: there is no file"):
        check_file(tmp_path / "none.csv", "--audit")


def test_since_and_until_only_filter() -> None:
    part = between(gold_reading(), "2025-05", "2025-06-15")
    days = part.comments["date"]
    assert (days.min(), days.max()) >= (np.datetime64("2025-05-01"), np.datetime64("2025-06-01"))
    assert days.max() <= np.datetime64("2025-06-15")
    assert set(part.opinions["comment_id"]) <= set(part.comments["comment_id"])
    assert 0 < len(part.comments) < len(gold_reading().comments)
    assert between(gold_reading(), None, None) is gold_reading()


@pytest.mark.parametrize(
    ("since", "until", "message"),
    [
        ("2030", None, "Nothing lies between"),
        ("2025-06", "2025-05", "lies after --until"),
        ("soon", None, "no day, month, quarter or year"),
    ],
)
def test_bounds_that_cannot_be_meant(since: str, until: str | None, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        between(gold_reading(), since, until)


def test_conditions_on_columns() -> None:
    part = matching(gold_reading(), ["branch=lindenau", "branch=Bergheim", "channel=phone"])
    assert set(part.comments["branch"]) == {"Lindenau", "Bergheim"}
    assert set(part.comments["channel"]) == {"phone"}
    assert matching(gold_reading(), ()) is gold_reading()


@pytest.mark.parametrize(
    ("condition", "error", "message"),
    [
        ("branch", UsageError, "not of the form COLUMN=VALUE"),
        ("branch=", UsageError, "not of the form COLUMN=VALUE"),
        ("branch=Oz", UsageError, "no response has branch 'Oz'"),
        ("shop=Oz", ColumnError, "--where names the column 'shop'"),
    ],
)
def test_conditions_that_cannot_be_meant(
    condition: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        matching(gold_reading(), [condition])


def test_conditions_that_exclude_each_other() -> None:
    asked = next(q for q in gold_reading().comments["question"] if q)
    with pytest.raises(UsageError, match=r"No response has question=.*, source=ticket"):
        matching(
            gold_reading(), [f"question={asked}", "source=ticket"]
        )  # surveys ask, tickets do not
