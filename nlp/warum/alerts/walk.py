"""The watch taken through counted streams; its state goes into JSON and comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from warum.alerts.baseline import SUMS
from warum.alerts.betabinomial import Floats
from warum.alerts.drift import ODDS, RISES
from warum.alerts.streams import Place, Streams, as_day
from warum.alerts.watch import Judged, Watch, WatchOptions
from warum.errors import UsageError

Kind = Literal["spike", "drift"]
Direction = Literal["rise", "fall"]


@dataclass(frozen=True, slots=True)
class Event:
    """An alarm before anyone tells it.

    Attributes:
        period: Its first day, counted from 1970-01-01.
        until: Its last day.
        began: First day of the change.
        segment, pair: Positions in the streams.
        kind, direction: What it is.
        seen: Mentions since it began.
        occasions: Occasions since then.
        share: Share that was expected of them.
        rho: Correlation with which to draw its range.
        p: For a spike the probability of as many or more; for a drift a bound on it.
    """

    period: int
    until: int
    began: int
    segment: int
    pair: int
    kind: Kind
    direction: Direction
    seen: int
    occasions: int
    share: float
    rho: float
    p: float


@dataclass(frozen=True)
class Walk:
    """What a walk found, and what was normal; arrays are (T, s, c).

    Attributes:
        events: Alarms by period, segment and pair.
        watch: The state behind the last period.
        level: Expected share without season; NaN until there is enough history to tell.
        factor: Seasonal factor: the expected share is level times factor.
        rho_days, rho_level: Width of the forecast, see `Forecast`.
    """

    events: tuple[Event, ...]
    watch: Watch
    level: Floats
    factor: Floats
    rho_days: Floats
    rho_level: Floats


def walk(streams: Streams, watch: Watch) -> Walk:
    """Judge one period after the other; the watch is moved on."""
    shape = streams.mentions.shape
    level, factor, rho_days, rho_level = (np.full(shape, np.nan) for _ in range(4))
    events: list[Event] = []
    known = np.zeros(shape[1:], dtype=np.bool_)
    for t in range(len(streams)):
        known |= watch.baseline.ready(watch.rhythm.warm_up)
        judged = watch.judge(
            streams.mentions[t].astype(np.float64),
            streams.occasions[t][:, None].astype(np.float64),
            streams.people[t].astype(np.float64),
            int(streams.starts[t]),
        )
        forecast = judged.forecast
        level[t] = np.where(known, forecast.mean / forecast.factor, np.nan)
        factor[t] = forecast.factor
        rho_days[t], rho_level[t] = forecast.rho_days, forecast.rho_level
        events += _events(streams, watch, judged, t)
    return Walk(tuple(events), watch, level, factor, rho_days, rho_level)


def _events(streams: Streams, watch: Watch, judged: Judged, t: int) -> list[Event]:
    spikes = [_spike(streams, judged, t, s, c) for s, c in np.argwhere(judged.spikes).tolist()]
    drifts = [
        _drift(streams, watch, judged, t, s, c) for s, c in np.argwhere(judged.drifts).tolist()
    ]
    return sorted(spikes + drifts, key=lambda event: (event.segment, event.pair))


def _spike(streams: Streams, judged: Judged, t: int, s: int, c: int) -> Event:
    start = int(streams.starts[t])
    return Event(
        start, int(streams.starts[t + 1]) - 1, start, s, c, "spike", "rise",
        int(streams.mentions[t, s, c]), int(streams.occasions[t, s]),
        float(judged.forecast.mean[s, c]), float(judged.forecast.rho[s, c]),
        float(judged.p[s, c]),
    )  # fmt: skip


def _drift(streams: Streams, watch: Watch, judged: Judged, t: int, s: int, c: int) -> Event:
    at = int(judged.which[s, c])
    sums = watch.cusum
    occasions = float(sums.occasions[at, s, c])
    # The state counts periods from its very first; those before this walk have no place in it.
    back = watch.period - 1 - int(sums.start[at, s, c])
    began = _start_of(streams, t, back)
    return Event(
        int(streams.starts[t]), int(streams.starts[t + 1]) - 1, began, s, c,
        "drift", "rise" if at < RISES else "fall",
        round(float(sums.seen[at, s, c])), round(occasions),
        float(sums.expected[at, s, c]) / max(occasions, 1.0),
        _rho_of_sum(judged, float(sums.periods[at, s, c]), s, c),
        # Over a year's periods as starting points, whatever the size of change.
        float(min(1.0, watch.rhythm.horizon * len(ODDS) * np.exp(-judged.height[s, c]))),
    )  # fmt: skip


def _rho_of_sum(judged: Judged, periods: float, s: int, c: int) -> float:
    """Correlation among the occasions of several periods: what days differ by averages out."""
    days, level = judged.forecast.rho_days[s, c], judged.forecast.rho_level[s, c]
    return float(days / max(periods, 1.0) + level)


def _start_of(streams: Streams, t: int, back: int) -> int:
    """First day of the period `back` periods before t, also before the first of the walk."""
    if back <= t:
        return int(streams.starts[t - back])
    if streams.step == "month":
        month = np.datetime64(int(streams.starts[0]), "D").astype("datetime64[M]") - (back - t)
        return int(month.astype("datetime64[D]").astype(np.int64))
    return int(streams.starts[0]) - (back - t) * (7 if streams.step == "week" else 1)


def start_watch(streams: Streams, options: WatchOptions) -> Watch:
    """A watch without history for these streams."""
    return Watch.start(options, len(streams.segments), len(streams.pairs))


def to_state(streams: Streams, watch: Watch) -> dict[str, Any]:
    """The state behind the last period, as JSON keeps it exactly."""
    return {
        "step": streams.step,
        "next_day": int(streams.starts[-1]),
        "segments": [list(place) for place in streams.segments],
        "pairs": [list(pair) for pair in streams.pairs],
        "watch": watch.to_dict(),
    }


def from_state(state: Mapping[str, Any], streams: Streams, options: WatchOptions) -> Watch:
    """The stored watch, with room for segments that are new.

    Raises:
        UsageError: If the state is of other categories or options.
    """
    pairs = [list(pair) for pair in streams.pairs]
    if state["pairs"] != pairs:
        raise UsageError(
            f"The stored state of the alerts ({len(state['pairs'])} pairs of category and polarity)"
            f" does not fit these {len(pairs)}.",
            hint="Start without a state: after a change of model or taxonomy, history counts anew.",
        )
    watch = Watch.from_dict(state["watch"])
    if watch.options != options:
        raise UsageError(
            f"The state was made with {watch.options}, not with {options}.",
            hint="Keep the options, or start without a state.",
        )
    return _widened(watch, len(streams.segments) - len(state["segments"]))


def check_watch(state: Mapping[str, Any]) -> None:
    """Refuse a stored watch whose numbers do not belong together.

    Raises:
        KeyError, TypeError, ValueError: If something is missing, of another kind or another shape.
    """
    watch = Watch.from_dict(state["watch"])
    fresh = Watch.start(watch.options, len(known_places(state)), len(state["pairs"]))
    for part in ("baseline", "cusum"):
        for name, values in vars(getattr(fresh, part)).items():
            found = getattr(getattr(watch, part), name)
            if found.shape != values.shape or not np.isfinite(found).all():
                raise ValueError(f"{part}.{name} is {found.shape}, expected {values.shape}")
    if watch.open.shape != fresh.open.shape or state["step"] != watch.options.step:
        raise ValueError(f"{watch.open.shape} episodes by {state['step']!r}")
    if not 0 <= watch.lord.elapsed < watch.lord.horizon or watch.period < 0:
        raise ValueError(f"{watch.lord.elapsed} of {watch.lord.horizon} periods are over")
    as_day(int(state["next_day"]))


def known_places(state: Mapping[str, Any]) -> tuple[Place, ...]:
    """The segments of a stored state, in its order."""
    return tuple((str(by), str(value)) for by, value in state["segments"])


def _widened(watch: Watch, more: int) -> Watch:
    """Room for more segments: they have no history, as if they had been there without occasions."""
    if not more:
        return watch
    fresh = Watch.start(watch.options, more, watch.open.shape[-1])
    base, new = watch.baseline, fresh.baseline
    for name in SUMS:
        setattr(base, name, np.concatenate([getattr(base, name), getattr(new, name)], axis=-2))
    base.months = np.concatenate([base.months, new.months], axis=-3)
    for name, values in vars(watch.cusum).items():
        joined = np.concatenate([values, getattr(fresh.cusum, name)], axis=-2)
        setattr(watch.cusum, name, joined)
    watch.open = np.concatenate([watch.open, fresh.open], axis=-2)
    return watch
