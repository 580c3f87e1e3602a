"""Errors that hang on the score are told from errors that do not, and from chance."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from warum.audit.differential import differential_error
from warum.audit.phases import Audited, Phases

N = 300
Floats = npt.NDArray[np.float64]
Mentions = npt.NDArray[np.bool_]


def q_value(gold: Mentions, found: Mentions, y: Floats, probability: Floats) -> float:
    phases = Phases.of(len(y), Audited(np.arange(len(y)), gold[:, None], probability))
    return float(differential_error(found[:, None], y, phases)[0])


def share_of_doubts(share: float, more_if_angry: float, runs: int = 300) -> float:
    """How often a doubt is raised where the model finds 70 % of the mentions on average."""
    rng = np.random.default_rng(5)
    doubts = 0
    for _ in range(runs):
        gold = rng.random(N) < share
        scores = (
            rng.choice([-100.0, 0.0, 100.0], N, p=p) for p in ([0.75, 0.2, 0.05], [1 / 3] * 3)
        )
        y = np.where(gold, *scores)
        found_by = np.where(y < 0, 0.7 + more_if_angry, 0.7 - more_if_angry)
        found = np.where(gold, rng.random(N) < found_by, rng.random(N) < 0.04)
        doubts += q_value(gold, found, y, rng.uniform(0.2, 0.9, N)) < 0.05
    return doubts / runs


@pytest.mark.parametrize("share", [0.06, 0.15, 0.4])
def test_chance_alone_raises_no_doubts(share: float) -> None:
    # 0.05 and three standard errors of 300 runs; a regression had 0.12 at a share of 0.06.
    assert share_of_doubts(share, 0.0) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)


def test_errors_that_hang_on_the_score_do() -> None:
    assert share_of_doubts(0.4, 0.15) > 0.3


def test_mentions_that_all_have_one_score_tell_nothing() -> None:
    y = np.tile([-100.0, 0.0, 100.0], 40)
    gold = np.arange(120) % 3 == 0  # every complaint comes with -100
    found = gold & (np.arange(120) % 2 == 0)
    # What is left are those without a mention, in whom the model found none either.
    assert np.isnan(q_value(gold, found, y, np.full(120, 0.5)))
    invented = found | (np.arange(120) == 1)
    assert 0.05 < q_value(gold, invented, y, np.full(120, 0.5)) <= 1


def test_equal_scores_tell_nothing() -> None:
    gold = np.arange(120) % 3 == 0
    found = np.arange(120) % 2 == 0
    assert np.isnan(q_value(gold, found, np.full(120, 50.0), np.full(120, 0.5)))
