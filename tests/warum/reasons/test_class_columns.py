"""Which columns the model of the classes takes, and in which order."""

from __future__ import annotations

import numpy as np

from warum.occasions import Pair
from warum.reasons.class_columns import ClassColumns, modelled_pairs
from warum.reasons.level import estimate_drivers
from warum.reasons.sample import Sample

PAIRS: tuple[Pair, ...] = (
    ("delivery", "negative"),
    ("price.value", "negative"),
    ("wait_time", "negative"),
)


def test_frequent_pairs_first_and_twins_are_not_told_apart() -> None:
    rng = np.random.default_rng(3)
    mentions = rng.random((400, 3)) < [0.1, 0.2, 0.4]
    mentions[:, 1] = mentions[:, 0]  # always mentioned together
    y = rng.choice([-100.0, 0.0, 100.0], 400)
    controls = rng.random((400, 2)) < 0.5
    sample = Sample.of(y, mentions, weights=None, clusters=None, controls=controls, people=None)
    linear = estimate_drivers(
        y, mentions, PAIRS, score="nps", controls=controls, control_names=("a", "b")
    )
    modelled = modelled_pairs(sample, linear, PAIRS)
    assert modelled[0] == 2
    assert sorted(modelled) == [0, 1, 2]
    columns = ClassColumns.of(sample, linear, modelled)
    assert len(columns.undetermined) >= 1
    assert 0 not in columns.undetermined
    assert columns.position[0] == 0
    assert columns.design.parts[1].shape == (400, 2)
    assert columns.pairs == columns.design.parts[0].shape[1] == len(columns.precision.df)
