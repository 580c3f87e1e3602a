"""Shares per period with intervals, beside what the season lets expect: rows for pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.alerts.alerts import AlertRun
from warum.alerts.betabinomial import Bools, Ints, central_range
from warum.alerts.occurrences import Occurrences
from warum.alerts.streams import EVERYBODY, Place, as_day, period_of
from warum.alerts.watch import Step
from warum.caveats import Caveat
from warum.metrics import ScoreScale, estimate_metric
from warum.occasions import Pair
from warum.records import Estimate, Polarity

SHARE = ScoreScale("share", "rate", 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A category's share in one period.

    Attributes:
        period: First day, "2026-03-01".
        category, polarity: What is mentioned.
        by, value: The segment; both "" for everybody.
        share: Share of occasions that mention it, 0..1; NaN where fewer people than may be shown do.
        expected: Share that the periods before it let expect, with the range of 95 % of such
            shares; NaN while the history is short.
        people: People of the period and segment.
    """

    period: str
    category: str
    polarity: Polarity
    by: str
    value: str
    share: Estimate
    expected: Estimate
    people: int


def trend_rows(
    data: Occurrences,
    run: AlertRun,
    *,
    step: Step = "month",
    streams: Sequence[tuple[Pair, Place]] | None = None,
    min_group: int = 5,
    level: float = 0.95,
) -> tuple[TrendRow, ...]:
    """Share per period with what was expected.

    Args:
        data: What `find_alerts` was given.
        run: What it gave.
        step: Length of a row's period, at least that of the run's.
        streams: Pair and segment of each line wanted; by default every pair over everybody and the
            streams with alerts.
        min_group: Periods of fewer people are left out; shares that fewer people make are NaN.
        level: Confidence level.

    Returns:
        Line by line in the order wanted, each by period.
    """
    wanted = _usual(run) if streams is None else streams
    period = _periods(data, step)
    found: dict[tuple[Pair, Place], list[TrendRow]] = {line: [] for line in wanted}
    for place in dict.fromkeys(place for _, place in found):
        inside = np.flatnonzero(~np.isnat(data.dates) & data.inside(place))
        starts = np.unique(period[inside]).tolist()
        blocks = [_Block.of(data, start, inside[period[inside] == start]) for start in starts]
        large = [block for block in blocks if block.people >= min_group]
        for pair in (pair for pair, where in found if where == place):
            hidden = _withheld(data, pair, large, min_group)
            found[pair, place] = [
                _row(data, run, (pair, place), block, step, few, min_group, level)
                for block, few in zip(large, hidden, strict=True)
            ]
    return tuple(row for rows in found.values() for row in rows)


@dataclass(frozen=True)
class _Block:
    """The occasions of one segment and period, and their persons as numbers from 0."""

    start: int
    at: Ints
    person: Ints
    people: int

    @classmethod
    def of(cls, data: Occurrences, start: int, at: Ints) -> _Block:
        if data.people is None:
            return cls(start, at, np.arange(len(at)), len(at))
        person = np.unique(data.people[at], return_inverse=True)[1]
        return cls(start, at, person, int(person.max()) + 1)


def _periods(data: Occurrences, step: Step) -> Ints:
    """First day of the period of each occasion, (m,)."""
    distinct, of = np.unique(data.days, return_inverse=True)
    least = np.iinfo(np.int64).min  # a missing date
    first = [day if day == least else period_of(day, step) for day in distinct.tolist()]
    starts: Ints = np.array(first, dtype=np.int64)[of]
    return starts


def _withheld(
    data: Occurrences, pair: Pair, blocks: Sequence[_Block], min_group: int
) -> list[bool]:
    """Whether each period's share is hidden, because few people make it or another's would be told.

    While so few stand behind all the hidden periods of a line that the sum over the line would give
    them away, the next smallest is hidden too.
    """
    c = data.pairs.index(pair)
    count = [len(np.unique(block.person[data.mentions[block.at, c]])) for block in blocks]
    hidden = [i for i, people in enumerate(count) if 0 < people < min_group]
    rest = sorted((people, i) for i, people in enumerate(count) if people >= min_group)

    def behind() -> int:
        at = np.concatenate([blocks[i].at for i in hidden])
        said = at[data.mentions[at, c]]
        return len(said) if data.people is None else len(np.unique(data.people[said]))

    while hidden and rest and behind() < min_group:
        hidden.append(rest.pop(0)[1])
    return [i in hidden for i in range(len(blocks))]


def _row(
    data: Occurrences, run: AlertRun, line: tuple[Pair, Place], block: _Block, step: Step,
    withheld: bool, min_group: int, level: float,
) -> TrendRow:  # fmt: skip
    pair, place = line
    share = share_estimate(
        data.mentions[block.at, data.pairs.index(pair)], block.person,
        clustered=data.people is not None, withheld=withheld, min_group=min_group, level=level,
    )  # fmt: skip
    expected = _expected(run, pair, place, block.start, step, level)
    return TrendRow(as_day(block.start), *pair, *place, share, expected, block.people)


def share_estimate(
    said: Bools, person: npt.NDArray[Any], *, clustered: bool, min_group: int, level: float = 0.95,
    withheld: bool = False,
) -> Estimate:  # fmt: skip
    """Share of units for which something is true, with Wilson's interval clustered by person.

    Args:
        said: (m,)
        person: Person of each, (m,).
        clustered: Whether a person may stand behind several units.
        min_group: A share that fewer people (but not nobody) make is withheld.
        level: Confidence level.
        withheld: Whether to withhold it anyway.

    Returns:
        0..1; NaN where withheld.
    """
    behind = len(np.unique(person[said]))
    if withheld or 0 < behind < min_group:
        doubt = Caveat.of("suppressed", n=1, least=min_group)
        return Estimate(np.nan, np.nan, np.nan, len(said), "none", level, (doubt,))
    of = estimate_metric(
        said.astype(np.float64), SHARE, clusters=person if clustered else None, level=level
    )
    return Estimate(of.value / 100, of.low / 100, of.high / 100, of.n, of.method, level, of.caveats)


def _expected(
    run: AlertRun, pair: Pair, place: Place, start: int, step: Step, level: float
) -> Estimate:
    """What the time before a period let expect of it.

    The level is the one known at its first day, so that a change within it stands out.
    """
    unknown = Estimate(np.nan, np.nan, np.nan, 0, "none", level)
    if place not in run.streams.segments:
        return unknown
    s, c = run.streams.segments.index(place), run.streams.pairs.index(pair)
    stop = period_of(start + {"day": 1, "week": 7, "month": 32}[step], step)
    first, last = np.searchsorted(run.streams.starts[:-1], [start, stop])
    n = run.streams.occasions[first:last, s].astype(np.float64)
    total = float(n.sum())
    if not total or np.isnan(run.walk.level[first, s, c]):
        return unknown
    mean = np.minimum(run.walk.level[first, s, c] * run.walk.factor[first:last, s, c], 0.99)
    share = float(n @ mean) / total
    days, of_level = run.walk.rho_days[first, s, c], run.walk.rho_level[first, s, c]
    # Two occasions go together by the day only if it is the same one.
    same_day = float((n * (n - 1)).sum()) / max(total * (total - 1), 1.0)
    low, high = central_range(int(total), share, float(days * same_day + of_level), level)
    return Estimate(
        share, min(low / total, share), max(high / total, share), int(total), "beta-binomial", level
    )


def _usual(run: AlertRun) -> list[tuple[Pair, Place]]:
    """Every pair that occurs, over everybody, and the streams with alerts."""
    occurs: Bools = np.asarray(run.streams.mentions[:, 0].any(axis=0))
    lines: list[tuple[Pair, Place]] = [
        (pair, EVERYBODY) for pair, once in zip(run.streams.pairs, occurs, strict=True) if once
    ]
    alerted = [((alert.category, alert.polarity), (alert.by, alert.value)) for alert in run.alerts]
    return list(dict.fromkeys(lines + alerted))
