from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from warum.alerts.baseline import Baseline, Season

START = 20_093  # Sunday 2025-01-05


def filled(
    days: int,
    share: Any,
    n: float = 40.0,
    seed: int = 1,
    segments: Any = 3,
    weekday: int | None = None,
    month: int | None = None,
    rho: float = 0.0,
    spike: int | None = None,
) -> Baseline:
    rng = np.random.default_rng(seed)
    shape = (segments, len(share))
    base = Baseline.empty(*shape)
    for day in range(days):
        season = Season.of(START + day, daily=True)
        forecast = base.forecast(season)
        mean = np.broadcast_to(share, shape).astype(float)
        if weekday is not None and season.weekday == weekday:
            mean = mean * 1.6
        if month is not None and season.month == month:
            mean = mean * 1.8
        if rho:
            m = (1 - rho) / rho
            mean = rng.beta(mean * m, (1 - mean) * m)
        size = np.full((segments, 1), n)
        k = rng.binomial(size.astype(int), mean).astype(float)
        if spike == day:
            k[:] = n
        base.learn(k, size, forecast, season)
    return base


def test_seasons() -> None:
    season = Season.of(START, daily=True)
    assert (season.weekday, season.month) == (6, 0)
    assert Season.of(START + 30, daily=False) == Season(START + 30, -1, 1)


def test_the_share_is_learned_and_a_rise_is_judged_on_the_safe_side() -> None:
    forecast = filled(200, (0.05, 0.2)).forecast(Season.of(START + 200, daily=True))
    assert forecast.mean.mean(0) == pytest.approx([0.05, 0.2], rel=0.06)
    assert (forecast.upper > forecast.mean).all()
    assert (forecast.rho < 0.01).all()


def test_no_weekday_is_made_up() -> None:
    base = filled(365, (0.05, 0.1, 0.2, 0.3))
    factors = [base.forecast(Season.of(START + d, daily=True)).factor[0] for d in range(7)]
    assert np.abs(np.log(factors)).max() < 0.12


def test_a_weekday_is_learned() -> None:
    base = filled(365, (0.05, 0.1, 0.2), n=200.0, weekday=0)
    monday, sunday = (base.forecast(Season.of(START + d, daily=True)).mean[0] for d in (1, 0))
    assert monday / sunday == pytest.approx([1.6] * 3, rel=0.12)


def test_a_month_counts_only_after_a_year() -> None:
    first = filled(340, (0.1,), month=1)  # until December; February stood out
    february = first.forecast(Season(START + 340, 2, 1))
    assert february.upper / february.lower == pytest.approx(1.0, abs=0.01)
    second = filled(390, (0.1,), month=1)  # until the end of January of the next year
    february = second.forecast(Season.of(START + 395, daily=True))
    plain = second.seen / second.exposure
    assert (february.upper / plain)[0, 0] == pytest.approx(1.7, rel=0.15)
    # Whether it comes every year is not known yet, so a fall is judged without it.
    assert (february.lower / plain)[0, 0] == pytest.approx(1.0, rel=0.12)


def test_a_spike_hardly_lifts_what_is_expected() -> None:
    plain = filled(60, (0.1,)).forecast(Season(START + 60, -1, 2)).mean[0, 0]
    spiked = filled(60, (0.1,), spike=45).forecast(Season(START + 60, -1, 2)).mean[0, 0]
    raw = (60 * 40 * plain + 36) / (60 * 40)
    assert spiked - plain < 0.3 * (raw - plain)


@pytest.mark.parametrize("rho", [0.0, 0.02, 0.05])
def test_overdispersion_is_learned(rho: float) -> None:
    base = filled(300, tuple(np.linspace(0.05, 0.4, 12)), rho=rho)
    got = base.forecast(Season(START + 300, -1, 9)).rho_days[1]
    assert got.mean() == pytest.approx(rho, abs=0.004 + 0.15 * rho)


def test_ready_needs_days_and_occasions() -> None:
    assert not filled(27, (0.1,)).ready(28).any()
    assert filled(28, (0.1,)).ready(28).all()
    assert not filled(28, (0.1,), n=1.0).ready(28).any()


def test_restart_forgets() -> None:
    base = filled(100, (0.1, 0.1))
    where = np.zeros((3, 2), dtype=bool)
    where[0, 1] = True
    base.restart(
        where,
        np.full((3, 2), 60.0),
        np.full((3, 2), 200.0),
        np.full((3, 2), 5.0),
        Season(START + 100, -1, 3),
    )
    forecast = base.forecast(Season(START + 100, -1, 3))
    assert forecast.mean[0, 1] == pytest.approx(60.5 / 201)
    assert forecast.mean[1, 1] == pytest.approx(0.1, rel=0.2)
    assert base.months[0, 1].tolist() == [0, 0, 0, 200, 0, 0, 0, 0, 0, 0, 0, 0]
    assert base.months[1, 1].sum() == 4000
