from __future__ import annotations

import numpy as np
import pytest

from tests.warum.alerts.occurrences import PAIRS, data
from warum.alerts.alerts import find_alerts
from warum.alerts.occurrences import Occurrences
from warum.alerts.trends import trend_rows
from warum.metrics import ScoreScale, estimate_metric


def test_shares_and_expectations_by_month() -> None:
    of = data(days=181, changed=(0, 1, 120, 61, 0.4))
    run = find_alerts(of)
    rows = [r for r in trend_rows(of, run, step="month") if r.category == PAIRS[0][0]]
    south = [r for r in rows if r.value == "South"]
    assert [r.period for r in south] == [f"2025-0{m}-01" for m in range(1, 7)]
    may = south[4]
    inside = (of.dates.astype("datetime64[M]") == np.datetime64("2025-05")) & (
        of.segments["branch"] == "South"
    )
    wanted = estimate_metric(
        of.mentions[inside, 0].astype(float),
        ScoreScale("x", "rate", 0, 1),
        clusters=of.people[inside],
    )
    assert may.share.value == pytest.approx(wanted.value / 100)
    assert may.share.low == pytest.approx(wanted.low / 100)
    assert may.share.low > may.expected.high
    april = south[3]
    assert april.expected.low <= april.share.value <= april.expected.high
    assert np.isnan(south[0].expected.value)


def test_expected_ranges_hold_nineteen_of_twenty_quiet_shares() -> None:
    held = total = 0
    for seed in range(4):
        of = data(days=300, seed=seed)
        for row in trend_rows(of, find_alerts(of), step="week"):
            if not np.isnan(row.expected.value):
                total += 1
                held += row.expected.low <= row.share.value <= row.expected.high
    # Overlapping segments and weeks with one history: take a generous reach.
    assert 0.93 <= held / total <= 0.995


def test_small_groups_are_left_out() -> None:
    of = data(days=60, per_day=3, shares=(0.02, 0.5, 0.5))
    run = find_alerts(of, step="week")
    rows = trend_rows(of, run, step="week", min_group=5)
    assert all(row.people >= 5 for row in rows)
    rare = [row for row in rows if row.category == PAIRS[0][0]]
    assert all(np.isnan(row.share.value) or row.share.value == 0 for row in rare)
    assert any(c.code == "suppressed" for row in rare for c in row.share.caveats)


def test_lines_in_the_order_wanted() -> None:
    of = data(days=60)
    run = find_alerts(of)
    wanted = [(PAIRS[1], ("branch", "North")), (PAIRS[0], ("", ""))]
    rows = trend_rows(of, run, streams=wanted)
    lines = list(dict.fromkeys((r.category, r.value) for r in rows))
    assert lines == [(PAIRS[1][0], "North"), (PAIRS[0][0], "")]


def test_what_was_never_said_has_a_range_too() -> None:
    of = data(days=120, shares=(0.0, 0.2))
    rows = trend_rows(of, find_alerts(of), streams=[(PAIRS[0], ("", ""))])
    known = [row for row in rows if not np.isnan(row.expected.value)]
    assert known
    assert all(row.share.value == row.expected.low == 0 < row.expected.high for row in known)


def test_a_hidden_period_cannot_be_told_from_the_others() -> None:
    """Three people in April: without May, the sum over the months would tell them."""
    of = data(days=181, per_day=40, shares=(0.0,))
    month = of.dates.astype("datetime64[M]").astype(str)
    mentions = of.mentions.copy()
    for name, n in {"2025-02": 20, "2025-04": 3, "2025-05": 9}.items():
        mentions[np.flatnonzero(month == name)[:n], 0] = True
    of = Occurrences(of.dates, mentions, of.pairs, of.segments, of.people)
    rows = trend_rows(of, find_alerts(of), streams=[(PAIRS[0], ("", ""))])
    hidden = [row.period[:7] for row in rows if np.isnan(row.share.value)]
    assert hidden == ["2025-04", "2025-05"]
    doubts = [row.share.caveats for row in rows if row.share.caveats]
    assert all(dict(c.details) == {"n": 1, "least": 5} for (c,) in doubts)


def test_a_month_that_is_not_over_has_a_share_but_nothing_expected() -> None:
    of = data(days=100)
    rows = trend_rows(of, find_alerts(of, step="month"), streams=[(PAIRS[1], ("", ""))])
    assert [row.period for row in rows][-1] == "2025-04-01"
    assert rows[-1].share.value > 0
    assert np.isnan(rows[-1].expected.value)
