"""The promise of the alerts on worlds whose truth is known; `full` for the numbers of runs that prove it."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.why.alert_worlds import Alarm, Change, World, changes_of, score, trade, watched
from benchmarks.why.alerts import (
    ALPHA,
    CHANGED,
    QUIET,
    Quiet,
    changed_scores,
    quiet_score,
    table,
    upper_bound,
)
from scipy.stats import binom, binomtest


def most_by_chance(runs: int, share: float = ALPHA) -> int:
    """So many of the runs may show what has at most this probability."""
    return int(binom.ppf(0.999, runs, share))


@pytest.mark.parametrize(
    ("name", "runs"),
    [("30 a day", 20), ("4 a day", 10), ("3 a day, by week", 20), ("1 in 2 days, by month", 20)],
)
def test_without_a_change_hardly_any_alarm(name: str, runs: int) -> None:
    found = quiet_score(QUIET[name], runs, seed=11)
    assert found.any_false <= most_by_chance(runs)


def test_changes_are_found_with_few_false_alarms_where_the_trade_raises_thousands() -> None:
    world = CHANGED["30 days, odds × 3"]
    runs = 6
    ours = quiet_score(Quiet(world), runs, seed=12)
    theirs = score(world, trade(world, np.random.default_rng(12), 1), 1)
    assert ours.false_share <= ALPHA
    assert ours.power >= 0.8
    assert ours.delay <= 12
    assert theirs.false_share > 0.9
    assert theirs.alarms > 1000


def alarm(
    day: int, began: int, *, rise: bool = True, category: int = 14, segment: int = 1
) -> Alarm:
    return Alarm(0, day, segment, category, began, rise, drift=began < day)


WORLD = World(days=300, changes=(Change(1, 14, 100, 40, 3.0), Change(2, 20, 150, 1, 9.0)))


@pytest.mark.parametrize(
    ("said", "true"),
    [
        (alarm(105, 101), True),
        (alarm(105, 101, segment=0), True),  # everybody rises with the segment
        (alarm(105, 101, segment=2), False),
        (alarm(105, 101, rise=False), False),
        (alarm(99, 95), False),
        (alarm(160, 141, rise=False), True),  # the end of 40 days
        (alarm(160, 141), False),
        (alarm(280, 270, rise=False), False),
        (alarm(150, 150, segment=2, category=20), True),
        (alarm(151, 151, segment=2, category=20), False),
        (alarm(160, 151, rise=False, segment=2, category=20), False),  # the end of one day
    ],
)
def test_what_counts_as_true(said: Alarm, true: bool) -> None:
    assert WORLD.is_true(said) is true


def test_score() -> None:
    alarms = [alarm(105, 101), alarm(99, 95), alarm(107, 101).of_run(2)]
    found = score(WORLD, alarms, 4)
    assert found.any_false == 1
    assert found.false_share == pytest.approx(0.5 / 4)
    assert found.alarms == pytest.approx(3 / 4)
    assert found.power == pytest.approx(2 / (4 * 2))
    assert found.delay == 6


def test_the_bound_is_that_of_clopper_and_pearson() -> None:
    for hits, runs in ((0, 50), (3, 50), (50, 50)):
        wanted = binomtest(hits, runs).proportion_ci(0.90, method="exact").high
        assert upper_bound(hits, runs) == pytest.approx(wanted)


def test_seeded() -> None:
    world = World(days=120, changes=changes_of(4, days=30))
    once, twice = (watched(world, np.random.default_rng(3), 2) for _ in range(2))
    assert once == twice
    assert once


def test_the_page(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    short = {"short": Quiet(World(days=40))}
    monkeypatch.setattr("benchmarks.why.alerts.QUIET", short)
    monkeypatch.setattr("benchmarks.why.alerts.CHANGED", {"short": World(days=40)})
    page = table(quiet=2, changed=1)
    assert "2 years each" in page
    assert "| short | z >= 1.5 |" in page
    assert capsys.readouterr().out


@pytest.mark.full
@pytest.mark.parametrize("name", QUIET)
def test_any_alarm_in_a_year_without_change(name: str) -> None:
    runs = 2000
    found = quiet_score(QUIET[name], runs, seed=13)
    print(f"\n{name}: any alarm in {found.any_false / runs:.2%} of {runs} years")
    assert found.any_false <= most_by_chance(runs)


@pytest.mark.full
@pytest.mark.parametrize("name", CHANGED)
def test_share_of_false_alarms_power_and_delay(name: str) -> None:
    ours, theirs = changed_scores(CHANGED[name], 200, seed=14)
    print(f"\n{name}\n  ours   {ours}\n  trade  {theirs}")
    # The mean share over 200 runs has an error below 0.02.
    assert ours.false_share <= ALPHA
    assert theirs.false_share > 0.8


@pytest.mark.full
def test_a_season_is_known_in_its_second_year() -> None:
    """A yearly swing of 30 % up and down looks like changes in the first year only."""
    runs = 10
    found = watched(World(days=730, annual=0.3), np.random.default_rng(15), runs)
    second = sum(alarm.day >= 365 for alarm in found)
    print(f"\nalarms per year: first {(len(found) - second) / runs}, second {second / runs}")
    assert second < 0.1 * (len(found) - second)
