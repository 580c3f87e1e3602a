from __future__ import annotations

import pytest

from warum.caveats import Ui
from warum.reasons.buckets import NO_CATEGORY, OTHER_CATEGORIES
from warum.report.why_labels import Titles, side, stage, time_span, topic, touchpoint, where

TITLES: Titles = {"wait_time": {"en": "Waiting time", "de": "Wartezeit"}}


@pytest.mark.parametrize(
    ("name", "ui", "shown"),
    [
        ("2025-06", "en", "Jun 2025"),
        ("2025-01..2025-03", "de", "Jan – Mär 2025"),
        ("2024-11..2025-03", "en", "Nov 2024 – Mar 2025"),
        ("2025-Q1", "en", "Q1 2025"),
        ("2025", "de", "2025"),
        ("2024..2025", "en", "2024 – 2025"),
        ("2025-W02..2025-W03", "en", "W 2 – W 3, 2025"),
        ("Nord..Süd", "de", "Nord – Süd"),
        ("Bergheim", "de", "Bergheim"),
    ],
)
def test_sides(name: str, ui: Ui, shown: str) -> None:
    assert side(name, ui) == shown


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("2025-06-01", "2025-06-30", "Jun 2025"),
        ("2024-12-01", "2025-01-31", "Dec 2024 – Jan 2025"),
        ("2025-06-02", "2025-06-08", "2 Jun – 8 Jun 2025"),
        ("2025-06-02", "2025-06-02", "2 Jun 2025"),
    ],
)
def test_spans_of_days(first: str, last: str, shown: str) -> None:
    assert time_span(first, last, "en") == shown


def test_topics_and_places() -> None:
    assert topic("wait_time", "negative", TITLES, "de") == "Wartezeit\u00a0−"
    assert topic("wait_time", None, TITLES, "en") == "Waiting time"
    assert topic(NO_CATEGORY, None, TITLES, "en") == "No topic mentioned"
    assert topic(OTHER_CATEGORIES, None, TITLES, "de") == "Seltene Themen"
    assert topic("own.category", "positive", TITLES, "en") == "own.category\u00a0+"
    assert (stage("purchase", "de"), stage("", "en"), stage("own", "en")) == (
        "Kauf",
        "All stages",
        "own",
    )
    assert touchpoint("digital", "en") == "Digital"
    assert where("Delivery", "branch", "North", "en") == "Delivery · branch: North"
    assert where("Delivery", "", "", "en") == "Delivery"
