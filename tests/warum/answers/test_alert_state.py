"""Alerts go on from an earlier run: nothing is told twice, and what does not fit is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.warum.answers.gold_example import gold_reading
from warum.answers.alert_state import AlertState, alert_state_json, read_alert_state
from warum.answers.filtering import between, matching
from warum.answers.options import WhyOptions
from warum.answers.rows import WhyRows
from warum.answers.trends import Trends, followed
from warum.errors import ColumnError, InputError, UsageError
from warum.result import Reading
from warum.taxonomy import load_taxonomy


def of(reading: Reading, state: AlertState | None = None, **more: Any) -> tuple[Trends, AlertState]:
    options = WhyOptions(goes_on=True, alert_state=state, **more)
    trends, after = followed(WhyRows.of(reading, load_taxonomy()), options)
    assert trends is not None
    assert after is not None
    return trends, after


@cache
def until_august() -> tuple[Trends, AlertState]:
    return of(between(gold_reading(), None, "2025-08"))


def keys(trends: Trends) -> list[tuple[str, ...]]:
    return [(a.day, a.category, a.polarity, a.value, a.kind) for a in trends.alerts]


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "state.json"
    path.write_text(alert_state_json(until_august()[1]), "utf-8")
    return path


def test_two_runs_tell_what_one_would_and_nothing_twice(stored: Path) -> None:
    first, _ = until_august()
    second, after = of(gold_reading(), read_alert_state(stored))
    whole, state = of(gold_reading())
    assert keys(first)
    assert keys(second)
    assert not set(keys(first)) & set(keys(second))
    assert sorted(keys(first) + keys(second)) == sorted(keys(whole))
    assert json.loads(alert_state_json(after)) == json.loads(alert_state_json(state))
    assert (first.resumed, second.resumed) == ("", "2025-09-01")
    codes = {caveat.code: dict(caveat.details) for caveat in second.caveats}
    assert codes["judged_before"]["day"] == "2025-08-31"


def test_the_same_data_again_tell_nothing(stored: Path) -> None:
    state = read_alert_state(stored)
    again, after = of(between(gold_reading(), None, "2025-08"), state)
    assert again.alerts == ()
    assert again.last < again.first
    assert alert_state_json(after) == stored.read_text("utf-8")


def test_new_days_alone_are_enough(stored: Path) -> None:
    """The file of the second run need not hold what the first has judged."""
    new = between(gold_reading(), "2025-09", None)
    assert keys(of(new, read_alert_state(stored))[0]) == keys(
        of(gold_reading(), read_alert_state(stored))[0]
    )


def changed(**facts: Any) -> Reading:
    reading = gold_reading()
    return replace(reading, facts=replace(reading.facts, **facts))


def without_branches() -> Reading:
    reading = gold_reading()
    return replace(reading, columns=replace(reading.columns, by=()))


def renamed_branches() -> Reading:
    reading = gold_reading()
    table = {name: reading.comments[name] for name in reading.comments.columns}
    table["branch"] = table["branch"] + " (new)"
    return replace(reading, comments=type(reading.comments)(table))


@pytest.mark.parametrize(
    ("reading", "says"),
    [
        (lambda: changed(taxonomy_hash="0" * 16), "was made with another taxonomy"),
        (lambda: changed(min_group=3), "--min-group was 5, now it is 3"),
        (without_branches, "--by was branch, now it is not given"),
        (renamed_branches, "none of its segments occurs"),
        (lambda: between(gold_reading(), None, "2025-07"), "these data end on 2025-07-31"),
    ],
)
def test_what_does_not_fit_is_refused(
    stored: Path, reading: Callable[[], Reading], says: str
) -> None:
    with pytest.raises(UsageError, match=says) as error:
        of(reading(), read_alert_state(stored))
    assert "start anew" in error.value.hint


def test_another_question_is_another_series(stored: Path) -> None:
    asked = ("channel=phone",)
    with pytest.raises(UsageError, match="--where was not given, now it is channel=phone"):
        of(matching(gold_reading(), asked), read_alert_state(stored), where=asked)


def test_another_model_breaks_the_series_and_each_alert_says_so(stored: Path) -> None:
    trends, _ = of(changed(model_version="2"), read_alert_state(stored))
    assert trends.alerts
    assert all("series_break" in [c.code for c in alert.caveats] for alert in trends.alerts)
    (broken,) = [c for c in trends.caveats if c.code == "series_break"]
    assert "gold 2" in broken.sentence("en")
    assert "gold 1" in broken.sentence("de")


def test_without_dates_nothing_goes_on() -> None:
    reading = gold_reading()
    bare = replace(reading, columns=replace(reading.columns, has_date=False))
    table = {name: bare.comments[name] for name in bare.comments.columns}
    table["date"] = table["date"].astype("datetime64[D]")
    table["date"][:] = "NaT"
    with pytest.raises(ColumnError, match="--alert-state needs dates"):
        of(replace(bare, comments=type(bare.comments)(table)))


def damaged(data: dict[str, Any], how: str) -> str:
    watch = data["alerts"]["watches"][0]["watch"]
    if how == "kind":
        data["kind"] = "diary"
    elif how == "form":
        data["form"] = 99
    elif how == "missing":
        del data["model"]
    elif how == "shape":
        watch["open"] = watch["open"][:1]
    elif how == "number":
        watch["baseline"]["seen"][0][0] = "many"
    elif how == "day":
        data["judged_until"] = "2031-01-01"
    return "{" if how == "json" else json.dumps(data)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("json", "cannot be read as JSON"),
        ("kind", "holds no state of the alerts"),
        ("form", "has the form 99"),
        ("missing", "is damaged: 'model'"),
        ("shape", "is damaged"),
        ("number", "is damaged"),
        ("day", "judged_until is '2031-01-01'"),
    ],
)
def test_a_damaged_file_is_refused(stored: Path, how: str, says: str) -> None:
    stored.write_text(damaged(json.loads(stored.read_text("utf-8")), how), "utf-8")
    with pytest.raises(InputError, match=says):
        read_alert_state(stored)
