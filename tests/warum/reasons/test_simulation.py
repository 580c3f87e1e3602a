"""What the intervals promise, against worlds of known truth (`worlds.py`); seeds are fixed."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.warum.reasons.worlds import CLUSTERED, ORDINARY, World, draw
from warum.reasons.leave_out import leave_one_out
from warum.reasons.level import estimate_drivers

RUNS = 200


def tolerance(cells: int, level: float = 0.95, deviations: float = 3.5) -> float:
    """How far the share of covered cells may lie from the level by chance alone."""
    return deviations * math.sqrt(level * (1 - level) / cells)


def coverage(world: World, customers: int, *, seed: int, clustered: bool) -> dict[str, np.ndarray]:
    """Mentions of each cell (run and pair) and whether its intervals hold the truth."""
    rng = np.random.default_rng(seed)
    cells = []
    for _ in range(RUNS):
        drawn = draw(world, customers, rng)
        fit = estimate_drivers(
            drawn.y,
            drawn.mentions,
            world.pairs,
            score="s",
            clusters=drawn.customers if clustered else None,
            min_group=3,
        )
        for driver in fit.drivers:
            k = world.pairs.index((driver.category, driver.polarity))
            effect, impact = driver.effect, driver.impact
            held = effect.low <= world.effects[k] <= effect.high
            cells.append((driver.mentions, held, impact.low <= world.impacts[k] <= impact.high))
    mentions, of_effect, of_impact = np.array(cells).T
    return {"mentions": mentions, "effect": of_effect, "impact": of_impact}


@pytest.mark.parametrize(
    ("world", "customers", "clustered"),
    [
        pytest.param(ORDINARY, 200, False, id="200 customers"),
        pytest.param(ORDINARY, 1_000, False, id="1,000 customers"),
        pytest.param(CLUSTERED, 100, True, id="100 customers, 300 occasions"),
        pytest.param(CLUSTERED, 400, True, id="400 customers, 1,200 occasions"),
    ],
)
def test_intervals_cover(world: World, customers: int, clustered: bool) -> None:
    cells = coverage(world, customers, seed=20, clustered=clustered)
    enough = cells["mentions"] >= 20
    for what in ("effect", "impact"):
        rate = cells[what][enough].mean()
        assert abs(rate - 0.95) < tolerance(int(enough.sum())), what
    # Of rare pairs the interval may be too wide but not too narrow.
    for what in ("effect", "impact"):
        rare = cells[what][~enough]
        assert rare.mean() > 0.95 - tolerance(len(rare)), what


def test_ignoring_customers_makes_the_intervals_too_narrow() -> None:
    """The test above can fail: the same data without clusters covers too rarely."""
    cells = coverage(CLUSTERED, 400, seed=20, clustered=False)
    enough = cells["mentions"] >= 20
    assert cells["effect"][enough].mean() < 0.95 - tolerance(int(enough.sum()))


@pytest.mark.parametrize("world", [ORDINARY, CLUSTERED], ids=["independent", "clustered"])
def test_without_any_effect_findings_are_rare(world: World) -> None:
    null = World(
        effects=(0.0,) * 16,
        shares=world.shares * 2,
        themes=world.themes * 2,
        likeness=world.likeness,
        largest_cluster=world.largest_cluster,
    )
    rng = np.random.default_rng(21)
    alarms = 0
    for _ in range(RUNS):
        drawn = draw(null, 250, rng)
        fit = estimate_drivers(
            drawn.y, drawn.mentions, null.pairs, score="s", clusters=drawn.customers
        )
        alarms += any(driver.q_value < 0.05 for driver in fit.drivers)
    assert alarms / RUNS < 0.05 + tolerance(RUNS)


def test_leave_one_out_mixes_what_is_mentioned_together() -> None:
    """The second pair does nothing but is mentioned along with the first, which costs 60 points."""
    world = World(effects=(-60.0, 0.0, 0.0), shares=(0.2, 0.2, 0.2), themes=(0, 0, 1), overlap=0.8)
    rng = np.random.default_rng(22)
    ours, theirs = np.zeros((RUNS, 3)), np.zeros((RUNS, 3))
    for run in range(RUNS):
        drawn = draw(world, 500, rng)
        fit = estimate_drivers(drawn.y, drawn.mentions, world.pairs, score="s")
        impact = {(d.category, d.polarity): d.impact.value for d in fit.drivers}
        ours[run] = [impact[pair] for pair in world.pairs]
        theirs[run] = leave_one_out(drawn.y, drawn.mentions)
    error = 3.5 * ours.std(axis=0) / math.sqrt(RUNS)
    assert (np.abs(ours.mean(axis=0) - world.impacts) < error).all()
    assert theirs[:, 1].mean() < -5  # blamed for its company: about half of the true -12
    assert abs(theirs[:, 2].mean()) < 1


@pytest.mark.full
@pytest.mark.parametrize("clustered", [False, True])
def test_intervals_cover_in_many_runs(clustered: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "RUNS", 2_000)
    world = CLUSTERED if clustered else ORDINARY
    cells = coverage(world, 300, seed=23, clustered=clustered)
    enough = cells["mentions"] >= 20
    for what in ("effect", "impact"):
        print(f"\n{what}: {cells[what][enough].mean():.2%} of {enough.sum()} cells cover")
        assert 0.93 < cells[what][enough].mean() < 0.97, what
