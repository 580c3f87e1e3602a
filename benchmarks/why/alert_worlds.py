"""Invented streams whose truth is known: days x segments x categories, with or without changes.

Segments differ from each other by 20 % in their shares, the weekend brings half the occasions, and
(where asked) days differ among themselves (beta-binomial), weeks by a mood, weekdays and months by
a season.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from warum.alerts.alerts import watch_plan
from warum.alerts.drift import RISES
from warum.alerts.streams import period_of
from warum.alerts.watch import Step, Watch, WatchOptions

Floats = npt.NDArray[np.float64]
Rng = np.random.Generator

SEGMENTS, CATEGORIES = 5, 28
START = 20_089  # 2025-01-01
BEFORE = 90  # days with which a claimed change is compared
LATE = 30  # days after its end in which a change still counts as found
_VOLUME = (1.2, 1.1, 1.0, 1.0, 1.0, 0.6, 0.4)
_RAMP = 90


@dataclass(frozen=True)
class Change:
    """The odds of one category in one segment, times `odds` for some days.

    Attributes:
        segment: 1..5; 0 is everybody.
        category: 0..27, from rare (0.3 %) to common (30 %).
        first: Its first day.
        days: How long it lasts.
        odds: Factor of the odds.
        ramp: Whether it takes 90 days to come about.
    """

    segment: int
    category: int
    first: int
    days: int
    odds: float
    ramp: bool = False

    def factor(self, day: int) -> float:
        """Factor of the odds on a day."""
        if not self.first <= day < self.first + self.days:
            return 1.0
        way = min(1.0, (day - self.first + 1) / _RAMP) if self.ramp else 1.0
        return float(self.odds**way)


@dataclass(frozen=True)
class World:
    """How the streams behave.

    Attributes:
        days: How long.
        occasions: Mean occasions per day and segment.
        rho: Overdispersion of days (correlation of the beta-binomial).
        mood: Standard deviation of each category's log share between weeks.
        weekday: The same between weekdays.
        annual: Swing of a yearly season, on the log scale.
        changes: What is planted.
    """

    days: int = 365
    occasions: float = 30.0
    rho: float = 0.0
    mood: float = 0.0
    weekday: float = 0.0
    annual: float = 0.0
    changes: tuple[Change, ...] = ()

    def draw(self, rng: Rng, runs: int) -> Iterator[tuple[Floats, Floats]]:
        """Yield (k, n) of each day, (runs, s + 1, c) and (runs, s + 1, 1); everybody first."""
        base = np.broadcast_to(np.geomspace(0.003, 0.3, CATEGORIES), (runs, 1, CATEGORIES))
        share = np.clip(base * np.exp(rng.normal(0, 0.2, (runs, SEGMENTS, CATEGORIES))), 0, 0.6)
        by_weekday = np.exp(self.weekday * rng.normal(size=(runs, 1, CATEGORIES, 7)))
        phase = rng.uniform(0, 2 * np.pi, (runs, 1, CATEGORIES))
        mood = np.ones_like(share)
        for day in range(self.days):
            if self.mood and (START + day + 3) % 7 == 0:
                mood = np.exp(self.mood * rng.normal(size=share.shape))
            mean = share * mood * by_weekday[..., (START + day + 3) % 7]
            mean = mean * np.exp(self.annual * np.sin(2 * np.pi * day / 365.25 + phase))
            mean = np.clip(self._changed(np.clip(mean, 0, 0.8), day), 1e-6, 0.95)
            if self.rho:
                precision = (1 - self.rho) / self.rho
                mean = rng.beta(mean * precision, (1 - mean) * precision)
            volume = self.occasions * _VOLUME[(START + day + 3) % 7]
            n = rng.poisson(volume, (runs, SEGMENTS, 1))
            k = rng.binomial(n, mean)
            yield (
                np.concatenate([k.sum(1, keepdims=True), k], 1).astype(np.float64),
                np.concatenate([n.sum(1, keepdims=True), n], 1).astype(np.float64),
            )

    @cached_property
    def factors(self) -> Floats:
        """Factor of each stream's odds by day, (days, s + 1, c); everybody has the segments'."""
        factors = np.ones((self.days, SEGMENTS + 1, CATEGORIES))
        for change in self.changes:
            by_day = np.array([change.factor(day) for day in range(self.days)])
            factors[:, [0, change.segment], change.category] *= by_day[:, None]
        return factors

    def is_true(self, alarm: Alarm) -> bool:
        """Whether what an alarm says did happen.

        A rise must reach a higher factor between its beginning and the alarm than a quarter of the
        90 days before had, a fall a lower one than a quarter of them. So the end of a change of a
        month or more may be told as a change, the end of a single day may not.
        """
        factors = self.factors[:, alarm.segment, alarm.category]
        now = factors[alarm.began : alarm.day + 1]
        before = factors[max(alarm.began - BEFORE, 0) : max(alarm.began, 1)]
        if alarm.rise:
            return bool(now.max() > np.quantile(before, 0.25) + 1e-9)
        return bool(now.min() < np.quantile(before, 0.75) - 1e-9)

    def _changed(self, mean: Floats, day: int) -> Floats:
        mean = mean.copy()
        for change in self.changes:
            at = mean[:, change.segment - 1, change.category]
            odds = at / (1 - at) * change.factor(day)
            mean[:, change.segment - 1, change.category] = odds / (1 + odds)
        return mean


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm: in which run, on which day, of which stream, and what it says."""

    run: int
    day: int
    segment: int
    category: int
    began: int
    rise: bool
    drift: bool

    def of_run(self, run: int) -> Alarm:
        """The same in a run of another number."""
        return replace(self, run=run)


def watched(world: World, rng: Rng, runs: int, step: Step = "day", **options: float) -> list[Alarm]:
    """Run the product's watch over copies of a world side by side."""
    plan = watch_plan(WatchOptions(step, **options))  # type: ignore[arg-type]
    watches = [_Watching.start(one, runs) for one in plan]
    alarms: list[Alarm] = []
    for day, (k, n) in enumerate(world.draw(rng, runs)):
        for watching in watches:
            alarms += watching.take(k, n, day)
    return alarms


@dataclass
class _Watching:
    """A watch that is fed by the day and judges by its period."""

    watch: Watch
    first: int
    firsts: list[int]
    k: Floats
    n: Floats

    @classmethod
    def start(cls, options: WatchOptions, runs: int) -> _Watching:
        shape = (runs, SEGMENTS + 1, CATEGORIES)
        watch = Watch.start(options, *shape)
        return cls(watch, 0, [], np.zeros(shape), np.zeros((*shape[:2], 1)))

    def take(self, k: Floats, n: Floats, day: int) -> list[Alarm]:
        """Add a day; the alarms if it ends a period."""
        self.k, self.n = self.k + k, self.n + n
        step = self.watch.options.step
        if period_of(START + day + 1, step) == period_of(START + day, step):
            return []
        self.firsts.append(self.first)
        judged = self.watch.judge(self.k, self.n, self.k, START + self.first)
        self.first, self.k, self.n = day + 1, np.zeros_like(self.k), np.zeros_like(self.n)
        began = self.firsts[-1]
        alarms = [
            Alarm(run, day, segment, category, began, rise=True, drift=False)
            for run, segment, category in np.argwhere(judged.spikes).tolist()
        ]
        for run, segment, category in np.argwhere(judged.drifts).tolist():
            size = int(judged.which[run, segment, category])
            start = int(self.watch.cusum.start[size, run, segment, category])
            alarms.append(
                Alarm(run, day, segment, category, self.firsts[start], size < RISES, drift=True)
            )
        return alarms


def trade(world: World, rng: Rng, runs: int, least: float = 1.5, window: int = 28) -> list[Alarm]:
    """The trade's rule: a day's share against the mean and deviation of the last 28, z >= 1.5."""
    shares: list[Floats] = []
    alarms: list[Alarm] = []
    for day, (k, n) in enumerate(world.draw(rng, runs)):
        share = np.where(n > 0, k / np.maximum(n, 1), np.nan)
        if day >= window:
            past = np.stack(shares[-window:])
            z = (share - np.nanmean(past, 0)) / np.maximum(np.nanstd(past, 0, ddof=1), 1e-9)
            alarms += [
                Alarm(run, day, segment, category, day, rise=True, drift=False)
                for run, segment, category in np.argwhere((z >= least) & (k > 0)).tolist()
            ]
        shares.append(share)
    return alarms


@dataclass(frozen=True)
class Score:
    """How a rule did.

    Attributes:
        runs: Copies of the world.
        any_false: How many of them had a false alarm.
        false_share: Mean share of false alarms among a copy's alarms (0 without any).
        alarms: Mean alarms of a copy.
        power: Share of the changes that were found in their own segment.
        delay: Median days until then, 0 on the first day; NaN if never.
    """

    runs: int
    any_false: int
    false_share: float
    alarms: float
    power: float
    delay: float


def score(world: World, alarms: list[Alarm], runs: int) -> Score:
    """Judge alarms by the truth."""
    false, total = np.zeros(runs), np.zeros(runs)
    for alarm in alarms:
        total[alarm.run] += 1
        false[alarm.run] += not world.is_true(alarm)
    delays = []
    for change in world.changes:
        days: dict[int, int] = {}
        for alarm in alarms:
            if _finds(alarm, change):
                days[alarm.run] = min(alarm.day, days.get(alarm.run, alarm.day))
        delays += [day - change.first for day in days.values()]
    return Score(
        runs,
        int((false > 0).sum()),
        float((false / np.maximum(total, 1)).mean()),
        float(total.mean()),
        len(delays) / max(1, runs * len(world.changes)),
        float(np.median(delays)) if delays else float("nan"),
    )


def _finds(alarm: Alarm, change: Change) -> bool:
    last = change.first + change.days + (LATE if change.days > 1 else 0)
    same = alarm.segment == change.segment and alarm.category == change.category
    return same and alarm.rise and change.first <= alarm.day < last


def changes_of(odds: float, *, days: int, ramp: bool = False) -> tuple[Change, ...]:
    """Five changes over the year in five streams of 3 to 25 % mentions."""
    places = ((1, 14), (2, 17), (3, 20), (4, 23), (5, 26))
    return tuple(
        Change(segment, category, 70 + 50 * i, days, odds, ramp)
        for i, (segment, category) in enumerate(places)
    )
