"""Small data sets for the alerts, with a change where it is wanted."""

from __future__ import annotations

from typing import Any

import numpy as np

from warum.alerts.occurrences import Occurrences

PAIRS = (("delivery", "negative"), ("price.value", "negative"), ("service.attitude", "positive"))


def data(
    days: int = 120,
    per_day: int = 40,
    shares: tuple[float, ...] = (0.1, 0.2, 0.15),
    changed: tuple[int, int, int, int, float] | None = None,
    seed: int = 1,
    first: str = "2025-01-01",
    segments: Any = ("North", "South"),
    customers: int | None = None,
) -> Occurrences:
    """`changed`: (pair, segment, first day, days, share)."""
    rng = np.random.default_rng(seed)
    m = days * per_day
    day = np.repeat(np.arange(days), per_day)
    place = rng.integers(0, len(segments), m)
    share = np.tile(np.array(shares, dtype=float), (m, 1))
    if changed:
        pair, segment, start, length, new = changed
        hit = (day >= start) & (day < start + length) & (place == segment)
        share[hit, pair] = new
    mentions = rng.random((m, len(shares))) < share
    said_in, said_as = np.nonzero(mentions)
    return Occurrences(
        dates=np.datetime64(first, "D") + day,
        mentions=mentions,
        pairs=PAIRS[: len(shares)],
        segments={"branch": np.array(segments, dtype=object)[place]},
        people=np.arange(m) if customers is None else rng.integers(0, customers, m),
        said_in=said_in,
        said_as=said_as,
        comments=np.array([f"R{i:05d}" for i in said_in], dtype=object),
    )


def taken(of: Occurrences, rows: Any) -> Occurrences:
    """Some of the rows, in the order given."""
    rows = np.asarray(rows)
    position = np.full(len(of.dates), -1)
    position[rows] = np.arange(len(rows))
    kept = position[of.said_in] >= 0
    return Occurrences(
        of.dates[rows], of.mentions[rows], of.pairs,
        {name: values[rows] for name, values in of.segments.items()},
        None if of.people is None else of.people[rows],
        position[of.said_in[kept]], of.said_as[kept], of.comments[kept],
    )  # fmt: skip
