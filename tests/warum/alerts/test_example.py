"""What is planted in the example is found: the shock of June in Bergheim, the better app."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from warum.alerts.alerts import find_alerts
from warum.alerts.occurrences import Occurrences
from warum.example import example_path


@pytest.fixture(scope="module")
def planted() -> Occurrences:

    def rows(name: str) -> list[dict[str, str]]:
        with example_path(name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    responses, opinions = rows("feedback.csv"), rows("opinions_gold.csv")
    position = {row["response_id"]: i for i, row in enumerate(responses)}
    pairs = tuple(sorted({(row["category"], row["polarity"]) for row in opinions}))
    said_in = np.array([position[row["response_id"]] for row in opinions])
    said_as = np.array([pairs.index((row["category"], row["polarity"])) for row in opinions])
    mentions = np.zeros((len(responses), len(pairs)), dtype=bool)
    mentions[said_in, said_as] = True
    return Occurrences(
        np.array([row["date"] for row in responses], dtype="datetime64[D]"),
        mentions,
        pairs,
        {"branch": np.array([row["branch"] for row in responses], dtype=object)},
        np.array([row["customer_id"] for row in responses], dtype=object),
        said_in,
        said_as,
        np.array([row["response_id"] for row in opinions], dtype=object),
    )


def test_by_month(planted: Occurrences) -> None:
    run = find_alerts(planted)
    assert run.step == "month"
    found = {(a.category, a.polarity, a.value, a.began, a.direction) for a in run.alerts}
    assert ("reliability", "negative", "Bergheim", "2025-06-01", "rise") in found
    assert ("digital.stability", "positive", "", "2025-09-01", "rise") in found
    assert {a.category for a in run.alerts} <= {"reliability", "digital.stability"}


def test_by_week_the_app_is_found_as_a_drift(planted: Occurrences) -> None:
    run = find_alerts(planted, step="week")
    drifts = {(a.category, a.polarity, a.direction): a.began for a in run.alerts if a.by == ""}
    assert drifts["digital.stability", "negative", "fall"] == "2025-09-01"
    assert ("digital.stability", "positive", "rise") in drifts
