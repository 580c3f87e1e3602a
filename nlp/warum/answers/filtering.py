"""The part of a result that is asked about: between two days, of some segments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt

from warum.errors import ColumnError, UsageError
from warum.reading.periods import period
from warum.result import Reading

COMPARABLE = ("channel", "source", "language", "question", "stage", "touchpoint")
_NAMED = 8


def between(reading: Reading, since: str | None, until: str | None) -> Reading:
    """Comments from the first day of `since` to the last of `until`, with their opinions.

    A comment without a date lies outside.

    Args:
        reading: What was read.
        since: A day, month, quarter or year; None for the beginning.
        until: Likewise; None for the end.

    Raises:
        ColumnError: If the data have no dates.
        UsageError: If a bound is no period, `since` lies after `until`, or nothing lies between.
    """
    if since is None and until is None:
        return reading
    first = period(since, "--since")[0] if since else date.min
    last = period(until, "--until")[1] if until else date.max
    if first > last:
        raise UsageError(f"--since {since!r} lies after --until {until!r}.", hint="Swap the two.")
    if not reading.columns.has_date:
        option = "--since" if since else "--until"
        raise ColumnError(
            f"{option} needs dates, and the result has none.", hint="Analyse with --date."
        )
    days = reading.comments["date"]
    inside = (days >= np.datetime64(first)) & (days <= np.datetime64(last))
    if not inside.any():
        known = days[~np.isnat(days)]
        ran = f"The dates run from {known.min()} to {known.max()}." if len(known) else ""
        raise UsageError(f"Nothing lies between {first} and {last}.", hint=ran)
    return _taken(reading, inside)


def matching(reading: Reading, conditions: Iterable[str]) -> Reading:
    """Comments whose columns hold the values asked for, with their opinions.

    Args:
        reading: What was read.
        conditions: Each "COLUMN=VALUE"; of one column any, of several all must hold.

    Raises:
        UsageError: If one has another form, its value does not occur, or nothing holds them all.
        ColumnError: If there is no such column.
    """
    wanted: dict[str, set[str]] = {}
    for condition in conditions:
        name, sign, value = (part.strip() for part in condition.partition("="))
        if not sign or not name or not value:
            raise UsageError(
                f"--where {condition!r} is not of the form COLUMN=VALUE.",
                hint="For example branch=North.",
            )
        column = named_column(name, reading, "--where")
        wanted.setdefault(column, set()).add(_held(value, column, reading))
    if not wanted:
        return reading
    inside = np.ones(len(reading.comments), dtype=np.bool_)
    for column, values in wanted.items():
        inside &= np.array(
            [str(v) in values for v in reading.comments[column].tolist()], dtype=np.bool_
        )
    if not inside.any():
        asked = ", ".join(
            f"{column}={value}" for column, vs in wanted.items() for value in sorted(vs)
        )
        raise UsageError(f"No response has {asked}.", hint="Name fewer conditions.")
    return _taken(reading, inside)


def comparable(reading: Reading) -> tuple[str, ...]:
    """Columns whose values can be compared: segments, and fixed ones that hold anything."""
    table = reading.comments
    fixed = [name for name in COMPARABLE if any(v is not None for v in table[name].tolist())]
    return tuple(dict.fromkeys((*reading.columns.by, *fixed)))


def named_column(name: str, reading: Reading, option: str) -> str:
    """The column that an option names, whatever its case.

    Raises:
        ColumnError: If there is none, or two differ by case only.
    """
    known = comparable(reading)
    alike = [name] if name in known else [one for one in known if one.lower() == name.lower()]
    if len(alike) == 1:
        return alike[0]
    there = f"Known are {', '.join(known)}." if known else "The data have no segment column."
    raise ColumnError(
        f"{option} names the column {name!r}, which is no segment of the data.",
        hint=f"{there} Columns become segments with --by when the data are analysed.",
    )


def named_value(text: str, values: Iterable[str]) -> str | None:
    """The value that a text names, whatever its case; None if there is none or it is in doubt."""
    known = set(values)
    if text in known:
        return text
    alike = [value for value in known if value.lower() == text.lower()]
    return alike[0] if len(alike) == 1 else None


def listed_values(column: str, counts: Mapping[str, int]) -> str:
    """A hint that names the most frequent values of a column."""
    if not counts:
        return f"The column {column!r} is empty."
    named = [value for value, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return f"Values of {column}: {', '.join(named[:_NAMED])}{more}."


def _held(value: str, column: str, reading: Reading) -> str:
    counts = Counter(str(v) for v in reading.comments[column].tolist() if v is not None)
    found = named_value(value, counts)
    if found is None:
        raise UsageError(
            f"--where: no response has {column} {value!r}.", hint=listed_values(column, counts)
        )
    return found


def _taken(reading: Reading, inside: npt.NDArray[np.bool_]) -> Reading:
    """Some of the comments, with their opinions."""
    kept = set(reading.comments["comment_id"][inside].tolist())
    own = np.array([one in kept for one in reading.opinions["comment_id"].tolist()], dtype=np.bool_)
    return replace(
        reading,
        comments=reading.comments.take(np.flatnonzero(inside)),
        opinions=reading.opinions.take(np.flatnonzero(own)),
    )
