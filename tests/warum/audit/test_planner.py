"""How many labels a width needs, against widths that were simulated."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tests.warum.audit.worlds import WIDE, Reader, audit, read
from warum.audit.drivers import correct_drivers
from warum.audit.planner import Precision, plan_from_f1, plan_from_pilot
from warum.errors import UsageError


def test_widths_and_labels_are_each_others_inverse() -> None:
    precision = Precision(per_label=40.0, floor=0.01)
    for labels in (1, 50, 333):
        assert precision.labels_for(precision.width(labels)) == labels
    assert precision.labels_for(2 * 1.96 * 0.1 * 0.99) is None  # below what all labels give
    assert precision.width(100) == pytest.approx(2 * 1.959964 * math.sqrt(0.41))
    with pytest.raises(UsageError, match="width 0"):
        precision.labels_for(0)
    with pytest.raises(UsageError, match="0 labels"):
        precision.width(0)


@pytest.mark.parametrize(("share", "f1"), [(0.0, 0.5), (0.2, 1.4), (1.0, 0.5)])
def test_impossible_assumptions(share: float, f1: float) -> None:
    with pytest.raises(UsageError, match=str(share)):
        plan_from_f1(share, f1, 1_000, deviation=60)


def test_a_better_model_and_more_labels_narrow() -> None:
    plans = [plan_from_f1(0.1, f1, 5_000, deviation=60, effect=-30) for f1 in (0.0, 0.5, 0.9)]
    for before, after in pairwise(plans):
        for one, two in zip(before.table(), after.table(), strict=True):
            assert two.share_width < one.share_width
            assert two.effect_width < one.effect_width
            assert two.impact_width < one.impact_width
    widths = [row.effect_width for row in plans[1].table()]
    assert widths == sorted(widths, reverse=True)
    assert [row.labels for row in plans[0].table((10, 20))] == [10, 20]


def test_a_pilot_of_300_tells_the_widths_at_600() -> None:
    rng = np.random.default_rng(5)
    ratios, rough = [], []
    for _ in range(6):
        sample = read(WIDE, Reader(), 3_000, rng)
        fits = [
            correct_drivers(
                sample.drawn.y, sample.predicted, WIDE.pairs, audit(sample, n, rng), score="s"
            )
            for n in (300, 600)
        ]
        later = {(d.category, d.polarity): d for d in fits[1].drivers}
        for driver in fits[0].drivers:
            other = later[driver.category, driver.polarity]
            if driver.labelled < 20 or math.isnan(other.effect.low):
                continue
            plan = plan_from_pilot(driver, fits[0].labelled)
            width = plan.effect.width(fits[1].labelled)
            ratios.append(width / (other.effect.high - other.effect.low))
            k = WIDE.pairs.index((driver.category, driver.polarity))
            assumed = plan_from_f1(WIDE.shares[k], 0.75, 3_000, deviation=65)
            rough.append(assumed.effect.width(600) / (other.effect.high - other.effect.low))
    assert np.median(ratios) == pytest.approx(1, abs=0.12)
    assert np.median(rough) == pytest.approx(1, abs=0.25)


def test_a_pilot_without_the_pair_cannot_plan() -> None:
    rng = np.random.default_rng(6)
    sample = read(WIDE, Reader(), 800, rng)
    fit = correct_drivers(
        sample.drawn.y, sample.predicted, WIDE.pairs, audit(sample, 200, rng), score="s"
    )
    driver = fit.drivers[0]
    nan = replace(driver.impact, value=math.nan, low=math.nan, high=math.nan)
    with pytest.raises(UsageError, match=driver.category):
        plan_from_pilot(replace(driver, impact=nan), 200)
