from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from tests.warum.alerts.occurrences import PAIRS, data, taken
from warum.alerts.alerts import find_alerts
from warum.alerts.occurrences import Occurrences
from warum.alerts.watch import Step
from warum.errors import UsageError


def test_a_spike_names_its_comments() -> None:
    of = data(changed=(0, 1, 80, 1, 0.95))
    run = find_alerts(of)
    assert run.step == "day"
    mine = [a for a in run.alerts if a.value == "South"]
    assert len(mine) == 1
    alert = mine[0]
    assert (alert.day, alert.began, alert.until) == ("2025-03-22",) * 3
    assert (alert.category, alert.polarity, alert.by) == (*PAIRS[0], "branch")
    assert (alert.kind, alert.direction) == ("spike", "rise")
    assert alert.expected.low <= alert.expected.value <= alert.expected.high < alert.seen
    assert alert.p < 1e-5
    inside = (of.dates == np.datetime64("2025-03-22")) & (of.segments["branch"] == "South")
    wanted = {f"R{i:05d}" for i in np.flatnonzero(inside & of.mentions[:, 0])}
    assert set(alert.comments) == wanted
    assert list(alert.comments) == sorted(wanted)
    assert alert.seen == alert.people == len(wanted)
    assert {a.value for a in run.alerts} <= {"", "South"}


def test_a_drift_is_dated_and_its_end_noticed() -> None:
    run = find_alerts(data(days=200, changed=(1, 0, 100, 60, 0.4)))
    mine = [a for a in run.alerts if a.value == "North"]
    assert [(a.kind, a.direction) for a in mine] == [("drift", "rise"), ("drift", "fall")]
    assert abs((np.datetime64(mine[0].began) - np.datetime64("2025-04-11")).astype(int)) <= 5
    assert mine[0].day <= "2025-05-05"
    assert mine[0].comments
    assert not mine[1].comments
    assert mine[0].seen > mine[0].expected.high
    assert mine[1].seen < mine[1].expected.low


def test_spikes_by_month_go_with_drifts_by_week() -> None:
    run = find_alerts(data(days=365, per_day=6, changed=(0, 0, 160, 205, 0.3)), step="month")
    mine = [a for a in run.alerts if (a.value, a.category) == ("North", PAIRS[0][0])]
    assert {a.kind for a in mine} == {"drift", "spike"}
    for alert in mine:
        length = np.datetime64(alert.until) - np.datetime64(alert.day)
        assert (length.astype(int) == 6) == (alert.kind == "drift")
    assert list(run.alerts) == sorted(run.alerts, key=lambda a: a.until)


def test_an_open_month_waits_and_is_told() -> None:
    run = find_alerts(data(days=100), step="month", until="2025-04-10")
    assert len(run.streams) == 3
    told = next(c for c in run.caveats if c.code == "period_open")
    assert dict(told.details) == {"n": 400, "day": "2025-03-31"}


def test_no_change_no_alert() -> None:
    run = find_alerts(data(days=200))
    assert not run.alerts
    assert [c.code for c in run.caveats] == ["season_unknown"]


def test_an_alert_of_the_first_year_says_that_the_season_was_unknown() -> None:
    run = find_alerts(data(days=400, per_day=20, changed=(1, 0, 200, 40, 0.5)))
    mine = [a for a in run.alerts if a.value == "North"]
    assert mine
    assert all(
        ("season_unknown" in {c.code for c in a.caveats}) == (a.began < "2025-12-27") for a in mine
    )
    assert "season_unknown" not in {c.code for c in run.caveats}


@pytest.mark.parametrize("step", ["day", "week", "month"])
@pytest.mark.parametrize("cut", [30, 91, 126])
def test_a_later_day_goes_on_from_the_stored_state(step: Step, cut: int) -> None:
    of = data(days=182, changed=(0, 1, 98, 40, 0.35))
    whole = find_alerts(of, step=step)
    early = taken(of, np.flatnonzero(of.dates < of.dates[0] + np.timedelta64(cut, "D")))
    first = find_alerts(early, step=step)
    state = json.loads(json.dumps(first.state))
    second = find_alerts(of, state=state)
    assert first.alerts + second.alerts == whole.alerts
    assert second.state == whole.state
    assert whole.alerts


def test_a_new_segment_joins_a_stored_state() -> None:
    of = data(days=150)
    late = (of.dates >= np.datetime64("2025-04-01")) & (np.arange(len(of.dates)) % 3 == 0)
    branch = of.segments["branch"].copy()
    branch[late] = "West"
    of = Occurrences(
        of.dates, of.mentions, of.pairs, {"branch": branch}, of.people,
        of.said_in, of.said_as, of.comments,
    )  # fmt: skip
    whole = find_alerts(of)
    early = taken(of, np.flatnonzero(of.dates < np.datetime64("2025-03-15")))
    second = find_alerts(of, state=find_alerts(early).state)
    assert second.streams.segments == whole.streams.segments
    assert second.state == whole.state


def test_order_of_rows_does_not_matter() -> None:
    of = data(changed=(0, 1, 80, 3, 0.8), customers=900)
    order = np.random.default_rng(2).permutation(len(of.dates))
    one, two = find_alerts(of), find_alerts(taken(of, order))
    assert one.alerts == two.alerts
    assert one.state == two.state


def test_a_few_people_are_never_shown() -> None:
    """One person complains 15 times on one day: that is neither a spike nor shown."""
    of = data(changed=(0, 1, 80, 1, 0.95))
    loud = of.dates == np.datetime64("2025-03-22")
    people = np.where(loud, 0, np.arange(len(of.dates)))
    of = Occurrences(
        of.dates, of.mentions, of.pairs, of.segments, people, of.said_in, of.said_as, of.comments
    )
    assert not find_alerts(of).alerts


def test_counts_of_a_few_people_in_a_fall_are_withheld() -> None:
    run = find_alerts(data(days=200, per_day=100, shares=(0.12,), changed=(0, 0, 100, 100, 0.001)))
    falls = [a for a in run.alerts if a.value == "North"]
    assert [a.direction for a in falls] == ["fall"]
    assert falls[0].seen is None or falls[0].seen == 0 or falls[0].people >= 5
    if falls[0].seen is None:
        assert [c.code for c in falls[0].caveats] == ["suppressed"]


def test_doubts() -> None:
    of = data(days=20)
    dates = of.dates.copy()
    dates[:3] = np.datetime64("NaT")
    run = find_alerts(Occurrences(dates, of.mentions, of.pairs))
    assert [c.code for c in run.caveats] == ["undated", "season_unknown", "short_history"]


def test_no_dates_at_all() -> None:
    of = data(days=2)
    dates = np.full(len(of.dates), np.datetime64("NaT"), dtype="datetime64[D]")
    with pytest.raises(UsageError, match="None of the 80 occasions has a date"):
        find_alerts(Occurrences(dates, of.mentions, of.pairs))


def test_a_state_of_other_categories_or_options_is_refused() -> None:
    of = data(days=40)
    state = find_alerts(of).state
    fewer = data(days=40, shares=(0.1, 0.2))
    with pytest.raises(UsageError, match=r"does not fit these 2\."):
        find_alerts(fewer, state=state)
    with pytest.raises(UsageError, match="The state was made with"):
        find_alerts(of, state=state, alpha=0.2)
    with pytest.raises(UsageError, match="is by day, not by month"):
        find_alerts(of, state=state, step="month")
    with pytest.raises(UsageError, match="has version None, expected 2"):
        find_alerts(of, state={"step": "day"})


@pytest.mark.parametrize("options", [{"alpha": 0.0}, {"step": "hour"}, {"least_volume": 0}])
def test_wrong_options(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"alpha is|step is|least_volume is"):
        find_alerts(data(days=3), **options)


def test_opinions_of_unequal_length() -> None:
    of = data(days=2)
    with pytest.raises(ValueError, match="opinions, expected equal lengths"):
        Occurrences(of.dates, of.mentions, of.pairs, said_in=np.zeros(1, dtype=np.int64))
