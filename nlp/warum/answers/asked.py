"""What is asked of the "why", from the forms in which people write it, checked against the data."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from warum.answers.filtering import listed_values, named_column, named_value
from warum.answers.options import Groups, Period
from warum.answers.rows import WhyRows
from warum.errors import ColumnError, InputError, UsageError
from warum.reading.periods import period
from warum.records import POLARITIES
from warum.taxonomy import Taxonomy


def parse_period(text: str, option: str) -> Period:
    """A day, month, quarter or year, or A..B from the first day of A to the last of B.

    Raises:
        UsageError: If it is none of these, or A begins after B ends.
    """
    first, dots, last = text.partition("..")
    if not dots:
        return Period(text.strip(), *period(text, option))
    if not first.strip() or not last.strip():
        raise UsageError(
            f"{option} {text!r} lacks an end.", hint=f"For example {option} 2025-01..2025-03."
        )
    begin, end = period(first, option)[0], period(last, option)[1]
    if begin > end:
        raise UsageError(f"{option} {text!r} begins after it ends.", hint="Swap the two ends.")
    return Period(text.strip(), begin, end)


def parse_periods(before: str | None, after: str | None) -> tuple[Period | None, Period | None]:
    """`--before` and `--after`: both or neither, one after the other.

    Raises:
        UsageError: If one is missing, they overlap or stand the wrong way round.
    """
    if before is None and after is None:
        return None, None
    if before is None or after is None:
        given, missing = ("--before", "--after") if after is None else ("--after", "--before")
        raise UsageError(f"{given} needs {missing}: a change has two sides.")
    first, second = parse_period(before, "--before"), parse_period(after, "--after")
    if first.first > second.last:
        raise UsageError(f"--before {before!r} lies after --after {after!r}.", hint="Swap the two.")
    if first.last >= second.first:
        raise UsageError(
            f"--before {before!r} and --after {after!r} overlap.",
            hint="Name two periods without a common day.",
        )
    return first, second


def check_period(asked: Period, option: str, rows: WhyRows) -> None:
    """Refuse a period without data.

    Raises:
        ColumnError: If the data have no dates.
        UsageError: If no scored response lies in it.
    """
    if not rows.reading.columns.has_date:
        raise ColumnError(
            f"{option} {asked.name!r} needs dates, and the data have no date column.",
            hint="Name it with --date.",
        )
    dates = np.concatenate([score.dates for score in rows.scores])
    if asked.holds(dates).any():
        return
    known = dates[~np.isnat(dates)]
    if not len(known):
        raise ColumnError(
            f"{option} {asked.name!r}: no scored response has a date that could be read.",
            hint="Give the form with --date-format.",
        )
    raise UsageError(
        f"{option} {asked.name!r}: no scored response lies between {asked.first} and {asked.last}.",
        hint=f"The dates run from {known.min()} to {known.max()}.",
    )


def check_segment(name: str | None, rows: WhyRows) -> str | None:
    """The column whose mix is split off; "" for none.

    Raises:
        ColumnError: If there is no such column.
    """
    return named_column(name, rows.reading, "--segment") if name else name


def parse_groups(text: str, rows: WhyRows) -> Groups:
    """`--compare column=A,B`.

    A value may hold commas: the comma that leaves two known values divides them. Case does not
    matter where it distinguishes no values.

    Raises:
        UsageError: If it has another form, or a value does not occur.
        ColumnError: If there is no such column.
    """
    name, sign, values = text.partition("=")
    if not sign or not name.strip():
        raise UsageError(
            f"--compare {text!r} is not of the form COLUMN=A,B.",
            hint="For example branch=North,South.",
        )
    column = named_column(name.strip(), rows.reading, "--compare")
    counts = Counter(
        str(value)
        for score in rows.scores
        for value in score.column(column).tolist()
        if value is not None
    )
    parts, hint = values.split(","), listed_values(column, counts)
    if len(parts) < 2:
        raise UsageError(f"--compare {text!r} names one value, expected two.", hint=hint)
    cuts = [
        (",".join(parts[:i]).strip(), ",".join(parts[i:]).strip()) for i in range(1, len(parts))
    ]
    for first, second in cuts:
        one, two = named_value(first, counts), named_value(second, counts)
        if one and two:
            if one == two:
                raise UsageError(f"--compare {text!r} names the same value twice.", hint=hint)
            return Groups(column, one, two)
    wrong = next(part for part in cuts[0] if not named_value(part, counts))
    raise UsageError(f"--compare {text!r}: no scored response has {column} {wrong!r}.", hint=hint)


def parse_what_if(texts: Iterable[str], taxonomy: Taxonomy) -> dict[str, float]:
    """`--what-if category[:polarity]=-33%` as category (and polarity) to relative change.

    Raises:
        UsageError: If one has another form, names an unknown category or takes away over 100 %.
    """
    found: dict[str, float] = {}
    for text in texts:
        name, sign, amount = (part.strip() for part in text.partition("="))
        category, colon, polarity = name.partition(":")
        if not sign or not amount.endswith("%") or (colon and polarity not in POLARITIES):
            raise UsageError(
                f"--what-if {text!r} is not of the form CATEGORY=-33% or CATEGORY:positive=+10%."
            )
        if category not in {one.code for one in taxonomy.categories}:
            raise UsageError(
                f"--what-if {text!r} names the category {category!r}, which the taxonomy does not have.",
                hint="`warum taxonomy show --table` lists them.",
            )
        try:
            change = float(amount[:-1].replace(",", ".").replace("−", "-")) / 100
        except ValueError:
            change = math.nan
        if not math.isfinite(change):
            raise UsageError(f"--what-if {text!r}: {amount!r} is no percentage.")
        if change < -1:
            raise UsageError(f"--what-if {text!r} takes away more than there is (at most -100%).")
        found[name] = change
    return found


def check_file(path: Path | None, option: str) -> None:
    """Refuse a file that is not there.

    Raises:
        InputError: If so.
    """
    if path is not None and not path.is_file():
        raise InputError(f"{option}: there is no file {str(path)!r}.")
