"""Do the alerts keep their promise? Simulated years with known truth, beside the trade's z >= 1.5.

``python -m benchmarks.why.alerts`` draws 2,000 years without and 200 with changes per world (hours);
``--quiet 200 --changed 40`` is enough for a first look (minutes). All is seeded.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.why.alert_worlds import Score, World, changes_of, score, trade, watched
from warum.alerts.watch import Step

ALPHA = 0.1
_BATCH = 25  # copies side by side: more need more memory and are not faster
_TRADE_RUNS = 4  # thousands of alarms each


@dataclass(frozen=True)
class Quiet:
    """A world in which nothing changes, and the period by which it is watched."""

    world: World
    step: Step = "day"


QUIET: Mapping[str, Quiet] = {
    "30 a day": Quiet(World()),
    "4 a day": Quiet(World(occasions=4)),
    "300 a day": Quiet(World(occasions=300)),
    "30 a day, days overdispersed (0.02)": Quiet(World(rho=0.02)),
    "30 a day, weekdays differ by 25 %": Quiet(World(weekday=0.25)),
    "3 a day, by week": Quiet(World(occasions=3), "week"),
    "3 a day, by week, weeks differ by 20 %": Quiet(World(occasions=3, mood=0.2), "week"),
    "1 in 2 days, by month": Quiet(World(occasions=0.5), "month"),
    "1 in 2 days, by month, weeks differ by 20 %": Quiet(World(occasions=0.5, mood=0.2), "month"),
}
CHANGED: Mapping[str, World] = {
    "one day, odds × 10": World(changes=changes_of(10, days=1)),
    "30 days, odds × 3": World(changes=changes_of(3, days=30)),
    "60 days, odds × 2": World(changes=changes_of(2, days=60)),
    "90 days' rise to odds × 2.5, 60 days there": World(
        changes=changes_of(2.5, days=150, ramp=True)
    ),
    "30 days, odds × 3, days overdispersed (0.02)": World(rho=0.02, changes=changes_of(3, days=30)),
}


def quiet_score(of: Quiet, runs: int, seed: int) -> Score:
    """How often a year without a change has an alarm."""
    alarms, done = [], 0
    rng = np.random.default_rng(seed)
    while done < runs:
        size = min(_BATCH, runs - done)
        found = watched(of.world, rng, size, of.step)
        alarms += [alarm.of_run(alarm.run + done) for alarm in found]
        done += size
    return score(of.world, alarms, runs)


def changed_scores(world: World, runs: int, seed: int) -> tuple[Score, Score]:
    """How the product and the trade do where something changes."""
    few = min(runs, _TRADE_RUNS)
    ours = quiet_score(Quiet(world), runs, seed)
    return ours, score(world, trade(world, np.random.default_rng(seed), few), few)


def upper_bound(hits: int, runs: int) -> float:
    """The largest probability that 95 % certainty leaves, one-sided (Clopper and Pearson 1934)."""
    from scipy.special import betaincinv

    return 1.0 if hits == runs else float(betaincinv(hits + 1, runs - hits, 0.95))


def quiet_table(runs: int, seed: int) -> str:
    """Markdown: any alarm in a year without a change."""
    lines = [
        f"365 days × 28 categories × 5 segments (and everybody), no change, {runs:,} years each:",
        "",
        "| world | years with any alarm | at most (95 %) | promised | seconds |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, of in QUIET.items():
        begin = time.process_time()
        found = quiet_score(of, runs, seed)
        seconds = time.process_time() - begin
        lines.append(
            f"| {name} | {found.any_false / runs:.1%} | {upper_bound(found.any_false, runs):.1%} |"
            f" {ALPHA:.0%} | {seconds:.0f} |"
        )
        print(lines[-1], flush=True)
    return "\n".join(lines)


def changed_table(runs: int, seed: int) -> str:
    """Markdown: false alarms, power and days to detection, beside the trade's rule."""
    lines = [
        f"Five changes in a year of 30 occasions a day and segment, {runs:,} years each"
        f" (z >= 1.5: {min(runs, _TRADE_RUNS)}):",
        "",
        "| change | rule | alarms a year | of them false | found | median days until then | seconds |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for name, world in CHANGED.items():
        begin = time.process_time()
        both = changed_scores(world, runs, seed)
        seconds = time.process_time() - begin
        for rule, found in zip(("warum", "z >= 1.5"), both, strict=True):
            lines.append(
                f"| {name} | {rule} | {found.alarms:,.1f} | {found.false_share:.1%} |"
                f" {found.power:.0%} | {found.delay:.0f} | {seconds:.0f} |"
            )
            print(lines[-1], flush=True)
    return "\n".join(lines)


def table(quiet: int = 2_000, changed: int = 200, seed: int = 1) -> str:
    """Both tables as markdown."""
    parts = []
    if quiet:
        parts.append(quiet_table(quiet, seed))
    if changed:
        parts.append(changed_table(changed, seed))
    return "\n\n".join(parts)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.why.alerts", description=__doc__)
    parser.add_argument("--quiet", type=int, default=2_000, help="years without a change per world")
    parser.add_argument("--changed", type=int, default=200, help="years with changes per world")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begin = time.perf_counter()
    page = table(options.quiet, options.changed, options.seed)
    print(f"\n{page}\n\nTook {time.perf_counter() - begin:.0f} s.")


if __name__ == "__main__":
    main()
