from __future__ import annotations

import math

import pytest

from warum.caveats import Ui
from warum.metrics import MetricName, ScoreScale
from warum.records import Estimate
from warum.report.column_words import column_reason
from warum.report.numbers import MetricFormat, number, percent, percents, q_value
from warum.report.periods import period, without_gaps
from warum.result import ColumnUse


@pytest.mark.parametrize(
    ("value", "decimals", "en", "de"),
    [
        (1234.5, 1, "1,234.5", "1.234,5"),
        (-20.4, 0, "−20", "−20"),
        (-0.001, 1, "0.0", "0,0"),
        (math.nan, 1, "–", "–"),
        (math.inf, 1, "–", "–"),
    ],
)
def test_numbers(value: float, decimals: int, en: str, de: str) -> None:
    assert number(value, "en", decimals) == en
    assert number(value, "de", decimals) == de


def test_signs() -> None:
    assert number(3.14, "de", 1, signed=True) == "+3,1"
    assert number(-3.14, "en", 1, signed=True) == "−3.1"
    assert number(0.0, "en", 1, signed=True) == "0.0"


@pytest.mark.parametrize(
    ("share", "en", "de"),
    [
        (0.234, "23%", "23\u00a0%"),
        (0.0001, "<1%", "<1\u00a0%"),
        (0, "0%", "0\u00a0%"),
        (math.nan, "–", "–"),
    ],
)
def test_percent(share: float, en: str, de: str) -> None:
    assert (percent(share, "en"), percent(share, "de")) == (en, de)


def test_q_values() -> None:
    assert q_value(0.0001, "de") == "<0,001"
    assert q_value(0.034, "en") == "0.034"
    assert q_value(math.nan, "en") == "–"


@pytest.mark.parametrize(
    ("metric", "high", "ui", "level", "span", "points"),
    [
        ("nps", 10, "en", "−20", "−26 to −14", "6.1\u00a0points"),
        ("csat", 5, "de", "−20\u00a0%", "−26 bis −14\u00a0%", "6,1\u00a0Prozentpunkten"),
        ("mean", 5, "de", "−20,00", "−26,00 bis −14,00", "6,12\u00a0Punkten"),
        ("mean", 100, "en", "−20.0", "−26.0 to −14.0", "6.1\u00a0points"),
        ("mean", 5000, "en", "−20", "−26 to −14", "6.1\u00a0points"),
    ],
)
def test_a_metric_in_its_own_digits(
    metric: MetricName, high: float, ui: Ui, level: str, span: str, points: str
) -> None:
    fmt = MetricFormat(ScoreScale("s", metric, 0, high), ui)
    estimate = Estimate(-20, -26, -14, 9, "t")
    assert fmt.level(-20) == level
    assert fmt.level_span(estimate) == span
    assert fmt.points(-6.12) == points


def test_a_withheld_interval_is_a_dash() -> None:
    fmt = MetricFormat(ScoreScale("s", "csat", 1, 5), "en")
    withheld = Estimate(50, math.nan, math.nan, 3, "t")
    assert fmt.level_span(withheld) == fmt.change_span(withheld) == "–"
    assert fmt.level(math.nan) == "–"


@pytest.mark.parametrize(
    ("text", "en", "de"),
    [
        ("2025-03", "Mar 2025", "Mär 2025"),
        ("2025-Q1", "Q1 2025", "Q1 2025"),
        ("2025-W09", "W 9, 2025", "KW 9, 2025"),
        ("2025-03-05", "5 Mar 2025", "5. Mär 2025"),
        ("2025-13", "13 2025", "13 2025"),
        ("Frühling", "Frühling", "Frühling"),
    ],
)
def test_periods(text: str, en: str, de: str) -> None:
    assert (period(text, "en"), period(text, "de")) == (en, de)


@pytest.mark.parametrize(
    ("given", "full"),
    [
        (("2024-11", "2025-02"), ("2024-11", "2024-12", "2025-01", "2025-02")),
        (("2024-Q4", "2025-Q2"), ("2024-Q4", "2025-Q1", "2025-Q2")),
        (("2020-W52", "2021-W01"), ("2020-W52", "2020-W53", "2021-W01")),
        (("2024-02-28", "2024-03-01"), ("2024-02-28", "2024-02-29", "2024-03-01")),
        (("spring", "winter"), ("spring", "winter")),
        (("2025-99", "2026-01"), ("2025-99", "2026-01")),
        ((), ()),
    ],
)
def test_gaps_in_time_are_filled(given: tuple[str, ...], full: tuple[str, ...]) -> None:
    assert without_gaps(given) == full


@pytest.mark.parametrize(
    ("how", "given", "en", "de"),
    [
        ("integers 0-10, as NPS", False, "integers 0-10, as NPS", "ganze Zahlen 0–10, als NPS"),
        ("longest free text", False, "longest free text", "längster freier Text"),
        ("given", True, "named by you", "von Ihnen genannt"),
        ("given, dates", True, "named by you, dates", "von Ihnen genannt, Daten"),
        ("something new", False, "something new", "something new"),
        ("", False, "", ""),
    ],
)
def test_why_a_column_was_chosen(how: str, given: bool, en: str, de: str) -> None:
    use = ColumnUse("text", "x", how, given)
    assert (column_reason(use, "en"), column_reason(use, "de")) == (en, de)


@pytest.mark.parametrize(
    ("shares", "shown"),
    [
        ((0.173, 0.134, 0.693), ["17%", "14%", "69%"]),
        ((1 / 3, 1 / 3, 1 / 3), ["34%", "33%", "33%"]),
        ((0.0, 0.02, 0.98), ["0%", "2%", "98%"]),
        ((0.003, 0.0, 0.997), ["<1%", "0%", "100%"]),
        ((math.nan, 0.5, 0.5), ["–", "50%", "50%"]),
    ],
)
def test_parts_of_a_whole_add_up(shares: tuple[float, ...], shown: list[str]) -> None:
    assert percents(shares, "en") == shown
