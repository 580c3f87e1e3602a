"""How long the drivers take against the number of occasions.

python benchmarks/drivers_speed.py 10000 100000 1000000
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Sequence

import numpy as np

from warum.reasons.level import estimate_drivers
from warum.records import POLARITIES

PAIRS = [(f"category_{i:02d}", polarity) for i in range(28) for polarity in POLARITIES[::2]]


def measure(m: int, *, clustered: bool) -> float:
    """Seconds for m occasions by 56 pairs and 11 controls; clustered: 3 occasions a customer."""
    rng = np.random.default_rng(m)
    mentions = rng.random((m, len(PAIRS)), dtype=np.float32) < np.linspace(0.005, 0.2, len(PAIRS))
    controls = rng.integers(0, 12, m)[:, None] == np.arange(1, 12)
    y = mentions @ rng.normal(size=len(PAIRS)) + rng.normal(size=m)
    customers = rng.integers(0, m // 3, m) if clustered else None
    begin = time.perf_counter()
    estimate_drivers(
        y, mentions, PAIRS, controls=controls, clusters=customers, people=customers, score="y"
    )
    return time.perf_counter() - begin


def table(sizes: Sequence[int] = (10_000, 100_000, 1_000_000)) -> str:
    """Time and memory per number of occasions, as a markdown table."""
    lines = [
        "| occasions | rows independent, s | clustered, s | peak memory so far, MB |",
        "|---:|---:|---:|---:|",
    ]
    for m in sizes:
        seconds = [measure(m, clustered=clustered) for clustered in (False, True)]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        lines.append(f"| {m:,} | {seconds[0]:.2f} | {seconds[1]:.2f} | {peak:.0f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table([int(size) for size in sys.argv[1:]] or (10_000, 100_000, 200_000)))
