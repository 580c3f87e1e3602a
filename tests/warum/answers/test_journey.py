from __future__ import annotations

import numpy as np
import pytest

from tests.warum.answers.gold_example import gold_reading, gold_rows
from warum.answers.journey import Journey, journey
from warum.answers.linear import linear_fit
from warum.answers.options import WhyOptions
from warum.answers.rows import WhyRows
from warum.taxonomy import load_taxonomy


@pytest.fixture(scope="module")
def told() -> Journey:
    return journey(gold_rows().scores[0], WhyOptions())


def test_metric_drivers_and_origins_of_every_place(told: Journey) -> None:
    by = {(row.stage, row.touchpoint): row for row in told.rows}
    whole = by["", ""]
    assert whole.stage_origins.assumed == whole.opinions == len(gold_rows().reading.opinions)
    fit = linear_fit(gold_rows().scores[0], 0.95)
    total = sum(d.impact.value for d in fit.drivers)
    assert whole.impact.value == pytest.approx(total, abs=1e-9)
    assert whole.impact.high < 0
    assert (whole.drivers[0].category, whole.drivers[0].polarity) == ("reliability", "negative")
    for row in told.rows:
        assert -100 <= row.metric.value <= 100
        sizes = [abs(d.impact.value) for d in row.drivers]
        assert sizes == sorted(sizes, reverse=True)


def test_tables(told: Journey) -> None:
    tables = told.tables()
    assert len(tables["journey"]) == len(told.rows)
    assert tables["journey"]["stage"][0] == "(all)"
    assert len(tables["journey_drivers"]) == sum(len(row.drivers) for row in told.rows)


def test_too_few_scores_have_places_and_no_drivers() -> None:
    reading = gold_reading()
    few = np.arange(15)
    names = set(reading.comments["comment_id"][few].tolist())
    kept = [i for i, c in enumerate(reading.opinions["comment_id"].tolist()) if c in names]
    small = type(reading)(
        reading.comments.take(few), reading.opinions.take(np.array(kept)), reading.columns,
        reading.facts,
    )  # fmt: skip
    told = journey(WhyRows.of(small, load_taxonomy()).scores[0], WhyOptions())
    assert [c.code for c in told.caveats] == ["few_scores"]
    assert told.rows
    assert all(np.isnan(row.impact.value) and row.drivers == () for row in told.rows)
