"""Watching all streams day by day: forecast, judge, learn; the state can be stored and gone on from.

An alarm opens an episode of its stream. While it lasts, no further alarm comes of it and nothing is
spent or earned, so that every alarm counts one change and not one day of it. An episode ends after
`quiet` ordinary periods, or when the drift confirms a new level: the baseline then starts again from
the day the change began.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

import numpy as np

from warum.alerts.baseline import Baseline, Forecast, Season
from warum.alerts.betabinomial import Bools, Floats, Ints, deviation, upper_tail
from warum.alerts.drift import Cusum
from warum.alerts.online_fdr import YearlyLord

Step = Literal["day", "week", "month"]
Told = Literal["both", "spikes", "drifts"]

_UNUSUAL = 2.0  # deviations; below, no p-value is small enough to be worth computing


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What depends on the length of a period.

    Attributes:
        horizon: Periods of a year.
        warm_up: Periods of history before a stream is judged.
        quiet: Ordinary periods that end an episode.
        least_periods: In how many periods a drift can come about at the soonest.
    """

    horizon: int
    warm_up: int
    quiet: int
    least_periods: int


RHYTHMS: Mapping[Step, Rhythm] = {
    "day": Rhythm(365, 28, 7, 3),
    "week": Rhythm(52, 6, 2, 2),
    "month": Rhythm(12, 3, 1, 2),
}


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """How alarms are raised.

    Attributes:
        step: Length of a period.
        alpha: With no change, the chance of any alarm in a year; with changes, the share of false
            alarms. Half of it is for spikes, half for drifts.
        least_volume: Occasions that a period needs for a spike.
        min_group: People who must stand behind an alarm of a rise.
        told: Which alarms are raised. With "spikes" the sums for drifts still run, for a new level
            to be learned, but raise nothing and so cost nothing.
    """

    step: Step = "day"
    alpha: float = 0.1
    least_volume: int = 10
    min_group: int = 5
    told: Told = "both"

    def __post_init__(self) -> None:
        if self.step not in RHYTHMS:
            raise ValueError(f"step is {self.step!r}, expected one of {list(RHYTHMS)}")
        if not 0 < self.alpha < 1:
            raise ValueError(f"alpha is {self.alpha}, expected between 0 and 1")
        if self.least_volume < 1 or self.min_group < 1:
            raise ValueError(
                f"least_volume is {self.least_volume} and min_group {self.min_group},"
                " expected at least 1"
            )


@dataclass(frozen=True, slots=True)
class Judged:
    """What one period brought.

    Attributes:
        forecast: What was expected, each (..., s, c).
        spikes: New alarms of this period alone, (..., s, c).
        p: Probability of as many or more, where it was computed; else 1, (..., s, c).
        drifts: New alarms of a drift, (..., s, c).
        which: The sum that raised it (position in `drift.ODDS`), (..., s, c).
        height: Where that sum stood, (..., s, c).
    """

    forecast: Forecast
    spikes: Bools
    p: Floats
    drifts: Bools
    which: Ints
    height: Floats


@dataclass
class Watch:
    """The state of all streams after some periods.

    Attributes:
        options: How alarms are raised.
        baseline: What is normal.
        cusum: The sums for drifts.
        lord: The levels for spikes.
        open: Periods until each stream's episode ends, 0 for none, (..., s, c).
        period: Number of periods judged so far.
    """

    options: WatchOptions
    baseline: Baseline
    cusum: Cusum
    lord: YearlyLord
    open: Floats
    period: int

    @classmethod
    def start(cls, options: WatchOptions, *shape: int) -> Watch:
        """Nothing seen yet, for the shape (..., s, c)."""
        lord = YearlyLord.fresh(options.alpha / 2, RHYTHMS[options.step].horizon, *shape[:-2], 1, 1)
        return cls(options, Baseline.empty(*shape), Cusum.empty(*shape), lord, np.zeros(shape), 0)

    @property
    def rhythm(self) -> Rhythm:
        """What depends on the length of a period."""
        return RHYTHMS[self.options.step]

    def judge(self, k: Floats, n: Floats, people: Floats, day: int) -> Judged:
        """Judge a period by all before it, then learn from it.

        Args:
            k: Occasions that mention it, (..., s, c).
            n: Occasions, (..., s, 1); 0 where the period has none.
            people: People behind k, (..., s, c).
            day: The period's first day, counted from 1970-01-01.
        """
        season = Season.of(day, daily=self.options.step == "day")
        forecast = self.baseline.forecast(season)
        ready = self.baseline.ready(self.rhythm.warm_up)
        spikes, p, unusual = self._spikes(k, n, people, forecast, ready)
        passed = self.cusum.step(
            k, n, forecast, ready,
            spend=self.options.alpha / 2 / self.rhythm.horizon,
            period=self.period,
            least_periods=self.rhythm.least_periods,
            least_seen=self.options.min_group,
        )  # fmt: skip
        self.baseline.learn(k, n, forecast, season)
        changed, which, height = self._rebase(passed, season)
        # A drift within an episode is the same change; one in the period of a spike too.
        drifts = changed & (self.open == 0) & ~spikes & (self.options.told != "spikes")
        self._episodes(spikes, unusual, changed, n)
        self.period += 1
        return Judged(forecast, spikes, p, drifts, which, height)

    def _spikes(
        self, k: Floats, n: Floats, people: Floats, forecast: Forecast, ready: Bools
    ) -> tuple[Bools, Floats, Bools]:
        """New spikes, p-values and which counts are unusually high."""
        mean, rho = forecast.upper, forecast.rho
        unusual: Bools = np.greater(k, n * mean + _UNUSUAL * deviation(n, mean, rho))
        tested: Bools = np.logical_and(ready & (n >= self.options.least_volume), self.open == 0)
        tested &= self.options.told != "drifts"
        asked = tested & unusual & (people >= self.options.min_group)
        p = np.ones(k.shape)
        size = np.broadcast_to(n, k.shape)
        p[asked] = upper_tail(k[asked], size[asked], mean[asked], rho[asked])
        number = np.maximum(tested.sum(axis=(-2, -1), keepdims=True), 1)
        spikes = asked & (p <= self.lord.level() / number)
        self.lord.close(spikes.sum(axis=(-2, -1), keepdims=True).astype(np.float64))
        return spikes, p, unusual

    def _rebase(self, passed: Bools, season: Season) -> tuple[Bools, Ints, Floats]:
        """Where the level has changed, begin a new history with it."""
        changed: Bools = np.any(passed, axis=0)
        excess = np.where(passed, self.cusum.height - self.cusum.bar, -np.inf)
        which: Ints = excess.argmax(axis=0)

        def of(sums: Floats) -> Floats:
            values: Floats = np.take_along_axis(sums, which[None], axis=0)[0]
            return values

        height = of(self.cusum.height)
        if changed.any():
            self.baseline.restart(
                changed,
                of(self.cusum.seen),
                of(self.cusum.occasions),
                of(self.cusum.periods),
                season,
            )
            self.cusum.clear(changed)
        return changed, which, height

    def _episodes(self, spikes: Bools, unusual: Bools, changed: Bools, n: Floats) -> None:
        calmer = np.maximum(self.open - (n > 0), 0)
        going = (self.open > 0) & unusual
        self.open = np.where(spikes | going, float(self.rhythm.quiet), calmer)
        self.open = np.where(changed, 0.0, self.open)

    def to_dict(self) -> dict[str, Any]:
        """The state as lists and numbers that JSON keeps exactly."""
        return {
            "options": asdict(self.options),
            "baseline": _stored(self.baseline),
            "cusum": _stored(self.cusum),
            "lord": _stored(self.lord),
            "open": self.open.tolist(),
            "period": self.period,
        }

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Watch:
        """What `to_dict` gave.

        Raises:
            KeyError, TypeError: If something is missing or of another kind.
        """
        lord = dict(state["lord"])
        return cls(
            WatchOptions(**state["options"]),
            Baseline(**{name: _array(v) for name, v in state["baseline"].items()}),
            Cusum(**{name: _array(v) for name, v in state["cusum"].items()}),
            YearlyLord(**{**lord, "alarms": _array(lord["alarms"])}),
            _array(state["open"]),
            int(state["period"]),
        )


def _stored(of: Baseline | Cusum | YearlyLord) -> dict[str, Any]:
    values = {field.name: getattr(of, field.name) for field in fields(of)}
    return {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in values.items()}


def _array(values: Any) -> Floats:  # noqa: ANN401 - nested lists
    return np.array(values, dtype=np.float64)
