"""What was planted in the example is found over time, with its comments; and what bad data give."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.warum.answers.gold_example import gold_reading, gold_rows
from warum.answers.options import WhyOptions
from warum.answers.rows import WhyRows
from warum.answers.trends import Trends, trends
from warum.result import Reading
from warum.table import strings
from warum.taxonomy import load_taxonomy

OPTIONS = WhyOptions()


@cache
def found() -> Trends:
    answer = trends(gold_rows(), OPTIONS)
    assert answer is not None
    return answer


def of(reading: Reading) -> Trends | None:
    return trends(WhyRows.of(reading, load_taxonomy()), OPTIONS)


def changed(reading: Reading, **columns: Any) -> Reading:
    """The reading with some columns of its comments replaced."""
    table = type(reading.comments)(
        {name: columns.get(name, reading.comments[name]) for name in reading.comments.columns}
    )
    return replace(reading, comments=table)


def test_all_that_was_planted_is_found_and_nothing_else() -> None:
    told = {(a.category, a.polarity, a.value, a.kind, a.direction): a for a in found().alerts}
    shock = told.pop(("reliability", "negative", "Bergheim", "spike", "rise"))
    assert (shock.by, shock.began, shock.until) == ("branch", "2025-06-01", "2025-06-30")
    praise = told.pop(("digital.stability", "positive", "", "spike", "rise"))
    assert praise.began == "2025-09-01"
    lasting = told.pop(("digital.stability", "positive", "", "drift", "rise"))
    assert "2025-08-15" <= lasting.began <= "2025-09-07"
    fewer = told.pop(("digital.stability", "negative", "", "drift", "fall"))
    assert "2025-08-25" <= fewer.began <= "2025-09-14"
    assert not told


def test_an_alert_names_the_comments_behind_it() -> None:
    shock = next(a for a in found().alerts if a.value == "Bergheim")
    table, opinions = gold_reading().comments, gold_reading().opinions
    month = table["date"].astype("datetime64[M]") == np.datetime64("2025-06")
    there = set(table["comment_id"][month & (table["branch"] == "Bergheim")].tolist())
    about = (opinions["category"] == "reliability") & (opinions["polarity"] == "negative")
    assert set(shock.comments) == there & set(opinions["comment_id"][about].tolist())


def test_the_line_of_an_alert_shows_it() -> None:
    shock = next(a for a in found().alerts if a.value == "Bergheim")
    line = found().line(shock)
    june = next(row for row in line if row.period == "2025-06-01")
    assert june.share.low > june.expected.high
    assert len(line) >= 8
    assert all(row.value == "Bergheim" for row in line)


def test_tables() -> None:
    tables = found().tables()
    assert sorted(tables) == ["alerts", "emotions", "trends"]
    assert len(tables["alerts"]) == len(found().alerts) == 4
    assert tables["alerts"]["comments"].tolist()[0].split(";") == list(found().alerts[0].comments)
    assert len(tables["trends"]) == len(found().rows)
    assert [c.code for c in found().caveats] == ["season_unknown"]


def test_order_of_rows_does_not_matter() -> None:
    reading = gold_reading()
    order = np.random.default_rng(1).permutation(len(reading.comments))
    turned = of(replace(reading, comments=reading.comments.take(order)))
    assert turned is not None
    assert turned.alerts == found().alerts
    assert turned.tables()["trends"]["share"] == pytest.approx(
        found().tables()["trends"]["share"], nan_ok=True
    )


def test_comments_that_say_nothing_or_were_not_read_are_not_counted() -> None:
    reading = gold_reading()
    silent = np.arange(len(reading.comments)) % 2 == 0
    said = set(reading.opinions["comment_id"].tolist())
    texts = reading.comments["text"].copy()
    texts[silent] = None
    with_text = of(changed(reading, text=texts))
    feelings = reading.comments["sentiment"].copy()
    feelings[silent] = np.nan
    read = of(changed(reading, sentiment=feelings))
    assert with_text is not None
    assert read is not None
    first = with_text.rows[0].period
    counted = [
        sum(row.share.n for row in answer.rows if row.period == first and row.by == "")
        for answer in (found(), with_text, read)
    ]
    assert counted[1] < 0.7 * counted[0]
    # Gold opinions show that nearly all of them were read, whatever their sentiment.
    kept = np.array([one in said for one in reading.comments["comment_id"].tolist()])
    assert (counted[2] < counted[0]) == bool((silent & ~kept).any())


def test_emotions_by_touchpoint_and_over_time() -> None:
    reading = gold_reading()
    n = len(reading.comments)
    late = reading.comments["date"] >= np.datetime64("2025-07-01")
    emotion = strings(["joy" if i % 4 == 0 else "anger" for i in range(n)])
    emotion[late] = "joy"
    answer = of(changed(reading, emotion=emotion))
    assert answer is not None
    shares = {(r.by, r.group, r.value): r.share.value for r in answer.emotions}
    assert shares["period", "2025-12", "joy"] == 1.0
    assert 0.5 < shares["period", "2025-02", "anger"] < 0.95
    assert {group for by, group, _ in shares if by == "touchpoint"} >= {"physical", "digital"}
    assert "journey_assumed" in {c.code for c in answer.caveats}
    assert not found().emotions


def test_without_dates() -> None:
    reading = gold_reading()
    nowhere = np.full(len(reading.comments), np.datetime64("NaT", "D"))
    assert of(changed(reading, date=nowhere)) is None
    emotion = strings(["joy"] * len(reading.comments))
    answer = of(changed(reading, date=nowhere, emotion=emotion))
    assert answer is not None
    assert answer.alerts == answer.rows == ()
    assert {row.by for row in answer.emotions} == {"touchpoint"}
    assert "undated" in {c.code for c in answer.caveats}
    assert all(len(table) == 0 or name == "emotions" for name, table in answer.tables().items())


def test_a_few_weeks_say_that_they_are_too_short() -> None:
    reading = gold_reading()
    early = np.flatnonzero(reading.comments["date"] < np.datetime64("2025-02-01"))
    comments = reading.comments.take(early)
    kept = set(comments["comment_id"].tolist())
    opinions = reading.opinions.take(
        np.array([one in kept for one in reading.opinions["comment_id"].tolist()])
    )
    answer = of(replace(reading, comments=comments, opinions=opinions))
    assert answer is not None
    assert not answer.alerts
    assert {"season_unknown", "short_history"} <= {c.code for c in answer.caveats}


def test_an_empty_result() -> None:
    reading = gold_reading()
    nothing = np.zeros(0, dtype=np.int64)
    empty = replace(
        reading, comments=reading.comments.take(nothing), opinions=reading.opinions.take(nothing)
    )
    assert of(empty) is None
