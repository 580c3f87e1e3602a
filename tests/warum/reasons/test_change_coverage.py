"""What the intervals of a change promise, against `changing_worlds.py`; seeds are fixed."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from tests.warum.reasons.changing_worlds import (
    NPS,
    ORDINARY,
    RETURNING,
    Answers,
    ChangingWorld,
    answers,
)
from warum.metrics import contributions
from warum.reasons.buckets import NO_CATEGORY
from warum.reasons.change import ChangeOptions, estimate_change
from warum.reasons.change_rows import Change
from warum.records import Estimate

RUNS = 200
ENOUGH = 20
TRUTH_FROM = 300_000

Key = tuple[str, str]


def estimated(
    world: ChangingWorld, given: Answers, draws: int, seed: int, polarity: bool
) -> Change:
    options = ChangeOptions(draws=draws, seed=seed, by_polarity=polarity, min_group=3)
    return estimate_change(
        given.scores, NPS, given.mentions, world.pairs, given.sides,
        clusters=given.customers if world.most > 1 else None,
        segments=given.segments, options=options,
    )  # fmt: skip


def numbers(found: Change) -> Iterator[tuple[Key, Estimate, float]]:
    """What it is, the estimate, and mentions on the side with fewer."""
    many = math.inf
    fewest: dict[str, float] = {}
    yield ("difference", ""), found.difference, many
    yield ("unexplained", ""), found.unexplained, many
    if found.segment_mix is not None:
        yield ("segment mix", ""), found.segment_mix, many
    for segment in found.segments:
        yield ("mix of segment", segment.value), segment.mix, many
        yield ("within segment", segment.value), segment.within, many
    for bar in found.waterfall:
        name = f"{bar.category} {bar.polarity or ''}"
        fewest[name] = min(bar.before.mentions or 0, bar.after.mentions or 0)
        if bar.category == NO_CATEGORY:
            fewest[name] = many
        for part in ("mix", "rate", "total"):
            yield (part, name), getattr(bar, part), fewest[name]
    for row in found.adjusted:
        if not row.pairs:
            name, count = row.controls[0], many
        else:
            polarity = row.pairs[0][1] if found.waterfall[0].polarity else ""
            name = f"{row.pairs[0][0]} {polarity}"
            count = fewest.get(name, 0)
        for part in ("composition", "coefficients", "total"):
            yield (f"adjusted {part}", name), getattr(row, part), count


def coverage(
    world: ChangingWorld,
    occasions: int,
    *,
    seed: int,
    runs: int,
    draws: int,
    polarity: bool = False,
) -> dict[str, dict[bool, list[bool]]]:
    """For each kind of number, with enough mentions and with fewer: does the interval hold?"""
    rng = np.random.default_rng(seed)
    plain = replace(world, likeness=0.0, staying=0.0, most=1)
    large = estimated(plain, answers(plain, max(TRUTH_FROM, 200 * occasions), rng), 2, 0, polarity)
    truth = {key: estimate.value for key, estimate, _ in numbers(large)}
    held: dict[str, dict[bool, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for run in range(runs):
        found = estimated(world, answers(world, occasions, rng), draws, run, polarity)
        for key, estimate, mentions in numbers(found):
            if key in truth and not math.isnan(estimate.low):
                inside = estimate.low <= truth[key] <= estimate.high
                held[key[0]][mentions >= ENOUGH].append(inside)
    return held


def tolerance(cells: int, deviations: float = 3.5) -> float:
    """How far the share of covered cells may lie from 0.95 by chance alone."""
    return deviations * math.sqrt(0.95 * 0.05 / cells)


@pytest.mark.parametrize("world", [ORDINARY, RETURNING], ids=["independent", "returning, segments"])
def test_intervals_cover(world: ChangingWorld) -> None:
    held = coverage(world, 300, seed=1, runs=RUNS, draws=200)
    for what, cells in held.items():
        rate, near = np.mean(cells[True]), tolerance(len(cells[True]))
        assert 0.95 - near < rate < 0.97 + near, what


def test_drawing_rows_instead_of_customers_covers_too_rarely() -> None:
    """The test above can fail."""
    world = replace(RETURNING, likeness=0.8, staying=0.0, segments=None)
    large = answers(replace(world, likeness=0.0, most=1), TRUTH_FROM, np.random.default_rng(2))
    nps = contributions(large.scores, NPS)
    truth = nps[large.sides == 1].mean() - nps[large.sides == 0].mean()
    missed = []
    for clustered in (True, False):
        rng, misses = np.random.default_rng(3), 0
        for run in range(RUNS):
            given = answers(world, 300, rng)
            found = estimate_change(
                given.scores, NPS, given.mentions[:, :0], (), given.sides,
                clusters=given.customers if clustered else None,
                options=ChangeOptions(draws=200, seed=run),
            )  # fmt: skip
            misses += not found.difference.low <= truth <= found.difference.high
        missed.append(misses / RUNS)
    assert missed[0] < 0.05 + tolerance(RUNS) < missed[1]


@pytest.mark.full
@pytest.mark.parametrize("world", [ORDINARY, RETURNING], ids=["independent", "returning, segments"])
@pytest.mark.parametrize("occasions", [200, 1_000, 5_000])
@pytest.mark.parametrize("polarity", [False, True], ids=["categories", "pairs"])
def test_intervals_cover_in_many_runs(world: ChangingWorld, occasions: int, polarity: bool) -> None:
    held = coverage(
        world, occasions, seed=occasions, runs=2_000 if occasions < 5_000 else 500,
        draws=1_000, polarity=polarity,
    )  # fmt: skip
    for what, cells in held.items():
        print(f"\n{what}: {np.mean(cells[True]):.2%} of {len(cells[True])} cells with enough")
        if cells[False]:
            print(f"  with fewer: {np.mean(cells[False]):.2%} of {len(cells[False])}")
    for what, cells in held.items():
        if len(cells[True]) >= 500:
            assert 0.93 < np.mean(cells[True]) < 0.97, what
