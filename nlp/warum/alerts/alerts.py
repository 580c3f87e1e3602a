"""What changed, when it began, against what was expected, and the comments behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from warum.alerts.baseline import YEAR_DAYS
from warum.alerts.betabinomial import central_range
from warum.alerts.occurrences import Occurrences
from warum.alerts.streams import Streams, as_day, choose_step, count_streams
from warum.alerts.walk import (
    Direction,
    Event,
    Kind,
    Walk,
    check_watch,
    from_state,
    known_places,
    start_watch,
    to_state,
    walk,
)
from warum.alerts.watch import Step, Told, WatchOptions
from warum.caveats import Caveat
from warum.errors import UsageError
from warum.records import Estimate, Polarity

_VERSION = 2


@dataclass(frozen=True, slots=True)
class Alert:
    """One change: a row of the alerts.

    Attributes:
        day: First day of the period in which it was noticed, "2026-03-01".
        until: Last day of that period.
        began: First day of the change, as far as one can tell; for a spike that of its period.
        category, polarity: What is mentioned more (or less) often.
        by, value: The segment; both "" for everybody.
        kind: "spike" (one period) or "drift" (several, slow or lasting).
        direction: "rise" or "fall".
        seen: Occasions that mention it since it began; None where fewer people than may be shown.
        occasions: Occasions since it began.
        expected: Mentions expected of them, with the range of 95 % of such counts.
        p: Spike: probability of as many or more without a change. Drift: bound on the probability
            that the stream raises such an alarm within a year without a change.
        people: People behind `seen`; None likewise.
        comments: comment_ids behind it, sorted; none for a fall.
        method: "beta-binomial, lord" or "cusum".
        caveats: Doubts about this row.
    """

    day: str
    until: str
    began: str
    category: str
    polarity: Polarity
    by: str
    value: str
    kind: Kind
    direction: Direction
    seen: int | None
    occasions: int
    expected: Estimate
    p: float
    people: int | None
    comments: tuple[str, ...]
    method: str
    caveats: tuple[Caveat, ...] = ()


@dataclass(frozen=True)
class AlertRun:
    """What a look at the streams gave.

    Attributes:
        alerts: In the order in which they were noticed, then by segment and category.
        state: What to store in order to go on from here; plain values, exact in JSON.
        caveats: Doubts about all of them.
        suppressed: Alarms left out because too few people stand behind them.
        streams: The counts by period of a spike.
        walk: What was normal, for `trend_rows`.
        options: How alarms were raised.
    """

    alerts: tuple[Alert, ...]
    state: dict[str, Any]
    caveats: tuple[Caveat, ...]
    suppressed: int
    streams: Streams
    walk: Walk
    options: WatchOptions

    @property
    def step(self) -> Step:
        """Length of a period."""
        return self.streams.step


@dataclass(frozen=True)
class _Look:
    """The streams at one length of period, walked through."""

    streams: Streams
    walk: Walk

    def without_season(self, day: int) -> bool:
        """Whether less than a year of history lay before a day."""
        begun = self.walk.watch.baseline.month_since
        return not (begun >= 0).any() or day - int(begun[begun >= 0].min()) < YEAR_DAYS

    @property
    def last(self) -> int:
        """First day of the last period judged, or the day at which it starts."""
        return int(self.streams.starts[-2 if len(self.streams) else -1])


def find_alerts(
    data: Occurrences,
    *,
    step: Step | None = None,
    alpha: float = 0.1,
    least_volume: int = 10,
    min_group: int = 5,
    until: str | None = None,
    state: Mapping[str, Any] | None = None,
) -> AlertRun:
    """Find spikes and drifts in every category and segment.

    Counts are of occasions, without weights. A spike needs a period with enough occasions; a drift
    adds up what any period brings, so it is looked for by week where spikes are by month. A week's
    or month's last, incomplete period waits.

    Args:
        data: The occasions. With a state, those before its end serve as comments to show only.
        step: Length of a spike's period; by default the state's, else chosen (`choose_step`).
        alpha: With no change, the chance of any alarm within a year; with changes, the share of
            false alarms.
        least_volume: Occasions that a period needs to be judged by itself.
        min_group: Alarms with fewer people behind them are left out.
        until: Day up to which the data are complete, "2026-03-31"; by default their last.
        state: `AlertRun.state` of an earlier run, to go on from.

    Raises:
        UsageError: If there are no dates, or the state does not fit.
        ValueError: If lengths differ or an option is out of range.
    """
    if np.isnat(data.dates).all():
        raise UsageError(
            f"None of the {len(data.dates)} occasions has a date: there is nothing to follow.",
            hint="Name the date column with --date.",
        )
    stored = _stored(state)
    step = step or (stored[0]["step"] if stored else choose_step(data.dates, data.segments))
    plan = watch_plan(WatchOptions(step, alpha, least_volume, min_group))
    if stored and len(stored) != len(plan):
        raise UsageError(
            f"The stored state of the alerts is by {stored[0]['step']}, not by {step}.",
            hint="Keep the step, or start without a state.",
        )
    last = None if until is None else int(np.datetime64(until, "D").astype(np.int64))
    looks = [
        _look(data, options, last, stored[i] if stored else None) for i, options in enumerate(plan)
    ]
    return _run(data, looks, plan[0])


def _run(data: Occurrences, looks: Sequence[_Look], options: WatchOptions) -> AlertRun:
    """What the streams raised, without alarms that too few people stand behind."""
    least = options.min_group
    told = [_alert(data, of, event, least) for of in looks for event in of.walk.events]
    shown = sorted((alert for alert in told if alert is not None), key=_noticed)
    return AlertRun(
        alerts=tuple(shown),
        state={
            "version": _VERSION,
            "watches": [to_state(of.streams, of.walk.watch) for of in looks],
        },
        caveats=_doubts(data, looks, len(told) - len(shown), least),
        suppressed=len(told) - len(shown),
        streams=looks[0].streams,
        walk=looks[0].walk,
        options=options,
    )


def watch_plan(options: WatchOptions) -> tuple[WatchOptions, ...]:
    """What is watched: all by the same period, or drifts by week beside spikes by month."""
    if options.step != "month":
        return (options,)
    kinds: tuple[tuple[Step, Told], ...] = (("month", "spikes"), ("week", "drifts"))
    return tuple(replace(options, step=step, told=told) for step, told in kinds)


def _stored(state: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    if state is None:
        return []
    if state.get("version") != _VERSION:
        raise UsageError(
            f"The stored state of the alerts has version {state.get('version')}, expected {_VERSION}.",
            hint="Start without a state: the history counts anew.",
        )
    watches: list[Mapping[str, Any]] = state["watches"]
    return watches


def check_state(state: Mapping[str, Any]) -> None:
    """Refuse a state that is not whole.

    Raises:
        UsageError: If it is of another version.
        KeyError, TypeError, ValueError: If something is missing, of another kind or another shape.
    """
    stored = _stored(state)
    if not stored:
        raise ValueError("no watch in it")
    for one in stored:
        check_watch(one)


def _look(
    data: Occurrences, options: WatchOptions, last: int | None, state: Mapping[str, Any] | None
) -> _Look:
    streams = count_streams(
        data.dates, data.mentions, data.pairs, data.segments, data.people,
        step=options.step,
        first=state["next_day"] if state else None,
        until=last,
        known=known_places(state) if state else (),
    )  # fmt: skip
    watch = from_state(state, streams, options) if state else start_watch(streams, options)
    return _Look(streams, walk(streams, watch))


def _noticed(alert: Alert) -> tuple[str, ...]:
    return (alert.until, alert.by, alert.value, alert.category, alert.polarity, alert.kind)


def _alert(data: Occurrences, look: _Look, event: Event, min_group: int) -> Alert | None:
    """The row of an alarm; None where too few people stand behind a rise."""
    streams = look.streams
    place, pair = streams.segments[event.segment], streams.pairs[event.pair]
    rows = data.rows(place, event.pair, event.began, event.until)
    people = len(rows) if data.people is None else len(np.unique(data.people[rows]))
    few = people < min_group
    if few and event.direction == "rise":
        return None
    hidden = few and people > 0
    fall = event.direction == "fall"
    doubts = [Caveat.of("suppressed", n=1, least=min_group)] if hidden else []
    if look.without_season(event.began) and not look.without_season(look.last):
        doubts.append(Caveat.of("season_unknown"))  # else it is said of all together
    return Alert(
        day=as_day(event.period), until=as_day(event.until), began=as_day(event.began),
        category=pair[0], polarity=pair[1], by=place[0], value=place[1],
        kind=event.kind, direction=event.direction,
        seen=None if hidden else event.seen,
        occasions=event.occasions,
        expected=_expected(event),
        p=event.p,
        people=None if hidden else people,
        comments=() if fall else data.behind(rows, event.pair),
        method="beta-binomial, lord" if event.kind == "spike" else "cusum",
        caveats=tuple(doubts),
    )  # fmt: skip


def _expected(event: Event) -> Estimate:
    n, mean = event.occasions, event.share
    low, high = central_range(n, mean, event.rho)
    value = n * mean
    return Estimate(value, min(low, value), max(high, value), n, "beta-binomial")


def _doubts(
    data: Occurrences, looks: Sequence[_Look], hidden: int, min_group: int
) -> tuple[Caveat, ...]:
    doubts = []
    undated = int(np.isnat(data.dates).sum())
    if undated:
        doubts.append(Caveat.of("undated", n=undated))
    streams, watch = looks[0].streams, looks[0].walk.watch
    if looks[0].without_season(looks[0].last):
        doubts.append(Caveat.of("season_unknown"))
    if not any(of.walk.watch.baseline.ready(of.walk.watch.rhythm.warm_up).any() for of in looks):
        doubts.append(Caveat.of("short_history", n=watch.period, least=watch.rhythm.warm_up))
    end = int(streams.starts[-1])
    waiting = int((data.days >= end).sum())
    if waiting:
        doubts.append(Caveat.of("period_open", n=waiting, day=as_day(end - 1)))
    if hidden:
        doubts.append(Caveat.of("suppressed", n=hidden, least=min_group))
    return tuple(doubts)
