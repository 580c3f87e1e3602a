from __future__ import annotations

import numpy as np
import pytest

from warum.alerts.online_fdr import YearlyLord


def test_levels_never_add_up_to_more_than_alpha_times_the_alarms() -> None:
    rng = np.random.default_rng(3)
    for share in (0.0, 0.02, 0.3):
        lord = YearlyLord.fresh(0.1, 365)
        spent, alarms = 0.0, 0
        for _ in range(365):
            spent += float(lord.level())
            found = rng.binomial(2, share)
            lord.close(np.asarray(float(found)))
            alarms += found
        assert spent <= 0.1 * max(1, alarms) + 1e-12
        assert lord.elapsed == 0
        assert float(lord.level()) == pytest.approx(0.1 / 365)  # a new year


def test_without_a_change_a_year_stays_below_alpha_even_if_all_days_are_one() -> None:
    """The worst dependence: the same p-value every day. And independent ones."""
    rng = np.random.default_rng(4)
    runs, streams = 4000, 10
    lord = YearlyLord.fresh(0.1, 365, runs, 1)
    same, any_same, any_free = rng.random((runs, streams)), np.zeros(runs), np.zeros(runs)
    for _ in range(365):
        level = lord.level() / streams
        any_same += (same <= level).any(1)
        any_free += (rng.random((runs, streams)) <= level).any(1)
        lord.close(np.zeros((runs, 1)))
    assert (any_same > 0).mean() <= 0.1
    reach = 3 * np.sqrt(0.095 * 0.905 / runs)
    assert (any_free > 0).mean() == pytest.approx(1 - np.exp(-0.1), abs=reach)


@pytest.mark.parametrize(("alpha", "horizon"), [(0.0, 365), (1.0, 365), (0.1, 0)])
def test_refuses(alpha: float, horizon: int) -> None:
    with pytest.raises(ValueError, match=r"alpha is|horizon is"):
        YearlyLord.fresh(alpha, horizon)


def test_benjamini_hochberg_by_the_day_controls_nothing_over_a_year() -> None:
    """Why the levels are needed: 10 % each day is an alarm nearly every year."""
    p = np.sort(np.random.default_rng(5).random((200, 365, 140)), axis=-1)
    found = (p <= 0.1 * np.arange(1, 141) / 140).any(-1)
    assert found.any(-1).mean() > 0.99
