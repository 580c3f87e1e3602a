"""Occasions counted per period, segment and category: what the alerts are made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.alerts.betabinomial import Bools, Ints
from warum.alerts.watch import Step
from warum.occasions import Pair

Dates = npt.NDArray[np.datetime64]
Place = tuple[str, str]

EVERYBODY: Place = ("", "")
"""The segment of all occasions, as column and value."""

_FIRST_MONDAY = 4  # 1970-01-05
_ENOUGH = 10
_LENGTHS: Mapping[Step, int] = {"day": 1, "week": 7}
_UNITS: Mapping[Step, str] = {"day": "D", "month": "M"}


@dataclass(frozen=True)
class Streams:
    """Counts of T periods, s segments and c pairs.

    Attributes:
        step: Length of a period.
        starts: First day of each period and of the one behind the last, from 1970-01-01, (T + 1,).
        segments: Column and value of each segment; the first is `EVERYBODY`.
        pairs: Category and polarity of each column.
        mentions: Occasions that mention a pair, (T, s, c).
        occasions: (T, s).
        people: People who mention a pair, (T, s, c).
    """

    step: Step
    starts: Ints
    segments: tuple[Place, ...]
    pairs: tuple[Pair, ...]
    mentions: Ints
    occasions: Ints
    people: Ints

    def __len__(self) -> int:
        return len(self.starts) - 1


def count_streams(
    dates: Dates,
    mentions: Bools,
    pairs: Sequence[Pair],
    segments: Mapping[str, npt.NDArray[Any]],
    people: npt.NDArray[Any] | None,
    *,
    step: Step,
    first: int | None = None,
    until: int | None = None,
    known: Sequence[Place] = (),
) -> Streams:
    """Count.

    Args:
        dates: Day of each occasion, datetime64[D] (m,); those without one (NaT) are left out.
        mentions: Which occasion mentions which pair, (m, c).
        pairs: The c pairs.
        segments: Column to value of each occasion, str or None, (m,).
        people: Person of each occasion, (m,); None where each is its own.
        step: Length of a period.
        first: First day to count (a period's first), from 1970-01-01; by default that of the data.
        until: Day up to which the data are complete; by default their last. A period that ends
            later is not counted yet.
        known: Segments that come first, in this order.

    Raises:
        ValueError: If the lengths differ.
    """
    _check(dates, mentions, pairs, segments, people)
    days = dates.astype("datetime64[D]").astype(np.int64)
    dated = ~np.isnat(dates)
    starts = _starts(days[dated], step, first, until)
    used = np.flatnonzero(dated & (days >= starts[0]) & (days < starts[-1]))
    period = np.searchsorted(starts, days[used], side="right") - 1
    places = _places({name: values[used] for name, values in segments.items()}, known)
    person = None if people is None else np.unique(people[used], return_inverse=True)[1]
    shape = (len(starts) - 1, len(places))
    counts = np.zeros((*shape, len(pairs)), dtype=np.int64)
    persons = np.zeros_like(counts)
    occasions = np.zeros(shape, dtype=np.int64)
    for columns, at, code in _columns(segments, places, used):
        table = (shape[0], len(columns))
        cell = period[at] * len(columns) + code
        occasions[:, columns] = _counted(cell, None, table)[0]
        for c in range(len(pairs)):
            said = mentions[used[at], c]
            who = None if person is None else person[at][said]
            counts[:, columns, c], persons[:, columns, c] = _counted(cell[said], who, table)
    return Streams(step, starts, tuple(places), tuple(pairs), counts, occasions, persons)


def choose_step(dates: Dates, segments: Mapping[str, npt.NDArray[Any]]) -> Step:
    """The shortest period in which the middle segment has 10 occasions; months where it never has.

    A period of fewer can show nothing by itself. Without segments, everybody counts.
    """
    dated = ~np.isnat(dates)
    days = dates[dated].astype("datetime64[D]").astype(np.int64)
    if not len(days):
        return "month"
    sizes = [len(days)]
    named = [values[dated].tolist() for values in segments.values()]
    sizes += [n for values in named for v, n in Counter(values).items() if v is not None]
    span = int(days.max() - days.min()) + 1
    middle = float(np.median(sizes))
    for step, length in _LENGTHS.items():
        if middle * min(length, span) / span >= _ENOUGH:
            return step
    return "month"


def period_of(day: int, step: Step) -> int:
    """First day of the period that holds a day, both counted from 1970-01-01."""
    if step == "week":
        return day - (day - _FIRST_MONDAY) % 7
    return int(
        np.datetime64(day, "D")
        .astype(f"datetime64[{_UNITS[step]}]")
        .astype("datetime64[D]")
        .astype(np.int64)
    )


def as_day(day: int) -> str:
    """A day counted from 1970-01-01 as "2026-03-01"."""
    return str(np.datetime64(int(day), "D"))


def _starts(days: Ints, step: Step, first: int | None, until: int | None) -> Ints:
    """First days of the complete periods and of the one behind them; at least one number."""
    if not len(days):
        return np.array([0 if first is None else first], dtype=np.int64)
    begin = period_of(int(days.min()), step) if first is None else first
    end = int(days.max()) if until is None else until
    stop = period_of(end + 1, step)  # the period that holds the day after the last is incomplete
    if stop < begin:
        return np.array([begin], dtype=np.int64)
    if step == "month":
        months = np.arange(
            np.datetime64(begin, "D").astype("datetime64[M]"),
            np.datetime64(stop, "D").astype("datetime64[M]") + 1,
        )
        return months.astype("datetime64[D]").astype(np.int64)
    return np.arange(begin, stop + 1, 7 if step == "week" else 1, dtype=np.int64)


def _places(segments: Mapping[str, npt.NDArray[Any]], known: Sequence[Place]) -> list[Place]:
    found = {
        (by, str(value))
        for by, values in segments.items()
        for value in set(values.tolist())
        if value is not None
    }
    listed = list(known) or [EVERYBODY]
    return listed + sorted(found - set(listed))


def _columns(
    segments: Mapping[str, npt.NDArray[Any]], places: Sequence[Place], used: Ints
) -> list[tuple[list[int], Ints, Ints]]:
    """For everybody and each column: positions of its segments, rows that have one, and which."""
    everyone = np.arange(len(used))
    blocks = [([places.index(EVERYBODY)], everyone, np.zeros(len(used), dtype=np.int64))]
    for by, values in segments.items():
        columns = [i for i, place in enumerate(places) if place != EVERYBODY and place[0] == by]
        code = {places[i][1]: j for j, i in enumerate(columns)}
        codes = np.array(
            [-1 if v is None else code[str(v)] for v in values[used].tolist()], dtype=np.int64
        )
        at = np.flatnonzero(codes >= 0)
        if columns:
            blocks.append((columns, at, codes[at]))
    return blocks


def _counted(cell: Ints, person: Ints | None, table: tuple[int, int]) -> tuple[Ints, Ints]:
    """Occasions and people per cell, each of the table's shape."""
    cells = table[0] * table[1]
    count = np.bincount(cell, minlength=cells).reshape(table)
    if person is None or not len(cell):
        return count, count
    most = int(person.max()) + 1
    distinct = np.unique(cell * most + person) // most
    return count, np.bincount(distinct, minlength=cells).reshape(table)


def _check(
    dates: Dates,
    mentions: Bools,
    pairs: Sequence[Pair],
    segments: Mapping[str, npt.NDArray[Any]],
    people: npt.NDArray[Any] | None,
) -> None:
    lengths = {"mentions": len(mentions), **{name: len(v) for name, v in segments.items()}}
    if people is not None:
        lengths["people"] = len(people)
    if any(length != len(dates) for length in lengths.values()):
        raise ValueError(f"{len(dates)} dates, but {lengths}")
    if mentions.ndim != 2 or mentions.shape[1] != len(pairs):
        raise ValueError(f"mentions are {mentions.shape} for {len(pairs)} pairs")
