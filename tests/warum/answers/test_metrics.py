from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.warum.answers.gold_example import gold_reading, gold_rows
from warum.answers.controlling import controlled
from warum.answers.metrics import Metrics, metrics
from warum.answers.options import WhyOptions
from warum.answers.rows import WhyRows
from warum.errors import ColumnError, UsageError
from warum.result import Reading, StoredTrade
from warum.table import Table
from warum.taxonomy import load_taxonomy

DAY = "churned (day)"


@cache
def found() -> Metrics:
    return metrics(gold_rows(), WhyOptions())


def of(reading: Reading, **options: Any) -> Metrics:
    return metrics(WhyRows.of(reading, load_taxonomy()), WhyOptions(**options))


def with_columns(reading: Reading, **columns: Any) -> Reading:
    old = {name: reading.comments[name] for name in reading.comments.columns}
    return replace(reading, comments=Table(old | columns))


def test_outcomes_of_the_example() -> None:
    by = {one.name: one for one in found().outcomes}
    assert list(by) == ["first_response_time", "resolution_time", "churn"]
    churn = by["churn"]
    table = gold_reading().comments
    gone = dict(zip(table["customer"].tolist(), table["churned"].tolist(), strict=True))
    assert churn.of_customer
    assert churn.metric.n == len(gone) == 377
    assert churn.metric.value == pytest.approx(100 * np.mean(list(gone.values())))
    assert [c.code for c in churn.caveats] == ["outcome_undated"]
    assert churn.drivers[0].impact.low > 0  # complaints go with churn
    assert churn.drivers[0].polarity == "negative"
    hours = by["resolution_time"]
    known = ~np.isnan(table["resolution_hours"])
    assert (hours.metric.n, hours.counted) == (known.sum(), known.sum())
    assert hours.metric.value == pytest.approx(table["resolution_hours"][known].mean())
    assert not hours.of_customer


def test_only_comments_before_the_day_are_reasons() -> None:
    reading = gold_reading()
    gone = reading.comments["churned"] == 1
    day = np.where(gone, np.datetime64("2025-07-01"), np.datetime64("NaT")).astype("datetime64[D]")
    (trade,) = (t for t in reading.columns.trades if t.name == "churn")
    dated = replace(
        with_columns(reading, **{DAY: day}),
        columns=replace(reading.columns, trades=(replace(trade, dates=DAY),)),
    )
    churn = of(dated).outcomes[0]
    late = gone & (reading.comments["date"] >= np.datetime64("2025-07-01"))
    assert churn.left_out == len({
        (c, str(d))
        for c, d in zip(
            reading.comments["customer"][late].tolist(), reading.comments["date"][late], strict=True
        )
    })  # fmt: skip
    assert [c.code for c in churn.caveats] == ["follow_up", "after_outcome"]
    assert churn.metric.n == 377
    # Whoever wrote only afterwards is no reason, however clear it is what they said.
    before = {d.category: d.mentions for d in churn.drivers if d.polarity == "negative"}
    whole = {
        d.category: d.mentions for d in found().outcomes[2].drivers if d.polarity == "negative"
    }
    assert before["reliability"] < whole["reliability"]
    pairs = {(c.first, c.second): c.correlation.n for c in of(dated).correlations}
    assert pairs["nps", "churned"] == churn.counted


def test_correlations_of_scores_and_numbers() -> None:
    by = {(row.first, row.second): row for row in found().correlations}
    columns = [
        "nps", "csat", "ces", "waiting_minutes", "first_response_hours", "resolution_hours",
        "revenue_eur", "churned",
    ]  # fmt: skip
    assert len(by) == len(columns) * (len(columns) - 1) // 2
    assert by["nps", "csat"].correlation.low > 0.8
    assert by["nps", "churned"].correlation.high < 0
    assert by["nps", "waiting_minutes"].correlation.high < 0


def test_peak_and_end_per_score() -> None:
    assert [one.score for one in found().peak_end] == ["nps", "csat", "ces"]
    assert found().peak_end[0].found.customers >= 100
    columns = replace(gold_reading().columns, has_customer=False)
    assert of(replace(gold_reading(), columns=columns)).peak_end == ()


def test_no_index_without_weights() -> None:
    assert found().happiness is None


def test_the_index_mixes_scores_and_metrics(tmp_path: Path) -> None:
    path = tmp_path / "weights.yaml"
    path.write_text(
        "nps: 2\nchurned: 1\nresolution_hours: {weight: 1, worst: 72, best: 0}\n"
        "first_response_hours: 1\nrevenue_eur: 0\n",
        "utf-8",
    )
    told = of(gold_reading(), weights=path)
    index = told.happiness
    assert index is not None
    parts = {part.score: part for part in index.parts}
    outcomes = {one.column: one.metric.value for one in found().outcomes}
    nps = float(np.mean(np.sign(gold_rows().scores[0].y)))
    assert parts["nps"].scaled == pytest.approx(50 + 50 * nps)
    assert parts["churned"].scaled == pytest.approx(100 - outcomes["churned"])
    assert parts["churned"].n == 377
    clipped = np.clip(gold_reading().comments["resolution_hours"], 0, 72)
    assert parts["resolution_hours"].scaled == pytest.approx(100 - np.nanmean(clipped) / 0.72)
    assert [c.code for c in told.caveats] == ["index_ends"]
    assert {s.by for s in index.segments} == {"branch"}
    assert sorted(s.rank for s in index.segments) == list(range(1, len(index.segments) + 1))
    tables = told.tables()
    assert len(tables["happiness"]) == 1 + len(index.segments)
    assert tables["happiness_parts"]["weight"].sum() == pytest.approx(1)


def test_a_weight_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "weights.yaml"
    path.write_text("joy: 2\n", "utf-8")
    with pytest.raises(UsageError, match="There is no score 'joy' to weight"):
        of(gold_reading(), weights=path)


def test_tables() -> None:
    tables = found().tables()
    assert set(tables) == {"metrics", "metric_drivers", "correlations", "peak_end"}
    assert len(tables["metrics"]) == 3
    assert tables["metrics"]["caveats"].tolist()[2] == "outcome_undated"


def test_data_without_any_of_it() -> None:
    columns = replace(gold_reading().columns, trades=(), numbers=(), has_date=False)
    told = of(replace(gold_reading(), columns=columns))
    assert told.outcomes == told.peak_end == ()
    assert len(told.correlations) == 3


def test_a_metric_of_very_few_is_hidden() -> None:
    reading = gold_reading()
    few = np.where(np.arange(len(reading.comments)) < 4, 5.0, np.nan)
    trade = StoredTrade("resolution_time", "resolution_hours", "resolution_hours")
    told = of(
        replace(
            with_columns(reading, resolution_hours=few),
            columns=replace(reading.columns, trades=(trade,)),
        )
    )
    (one,) = told.outcomes
    assert np.isnan(one.metric.value)
    assert {"suppressed", "few_scores"} <= {c.code for c in one.caveats}


def test_a_number_as_control() -> None:
    adjusted = controlled(gold_reading(), ["Waiting_Minutes", "churned"])
    assert adjusted.columns.controls == ("waiting_minutes", "churned")
    rows = WhyRows.of(adjusted, load_taxonomy())
    names = rows.scores[0].control_names
    assert "churned=1" in names
    assert sum(name.startswith("waiting_minutes=") for name in names) == 5
    # What is explained is no control of itself.
    churn = metrics(rows, WhyOptions()).outcomes[2]
    assert not np.isnan(churn.drivers[0].impact.low)


def test_a_control_that_is_no_number() -> None:
    with pytest.raises(ColumnError, match="'branch' is no number column") as caught:
        controlled(gold_reading(), ["branch"])
    assert "'waiting_minutes'" in (caught.value.hint or "")
