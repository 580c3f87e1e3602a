"""`--since` and `--until`: a day, a month, a quarter or a year."""

from __future__ import annotations

import re
from datetime import date, timedelta

import numpy as np

from warum.errors import UsageError
from warum.reading.dateforms import DayMonth, day, read_form
from warum.reading.dates import Dates

_YEAR = re.compile(r"(\d{4})")
_QUARTER = re.compile(r"(\d{4})[-/ ]?Q([1-4])|Q([1-4])[-/ ](\d{4})", re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")


def period(text: str, option: str) -> tuple[date, date]:
    """First and last day of a period: "2025", "2025-Q1", "2025-03", "2025-03-31", "31.03.2025".

    Raises:
        UsageError: If the text is none of these.
    """
    text = text.strip()
    found = _YEAR.fullmatch(text)
    first, months = (day(int(found[1]), 1, 1), 12) if found else (None, 0)
    found = _QUARTER.fullmatch(text)
    if found:
        year, quarter = int(found[1] or found[4]), int(found[2] or found[3])
        first, months = day(year, 3 * quarter - 2, 1), 3
    found = _MONTH.fullmatch(text)
    if found:
        first, months = day(int(found[1]), int(found[2]), 1), 1
    if first and months:
        return first, _months_later(first, months) - timedelta(days=1)
    form = read_form(text)
    single = form if isinstance(form, date) else None
    if isinstance(form, DayMonth) and (form.mark == "." or not form.open):
        single = form.day_first or form.month_first
    if single is None:
        raise UsageError(
            f"{option} {text!r} is no day, month, quarter or year.",
            hint=f"For example {option} 2025-03-31, 2025-03, 2025-Q1 or 2025.",
        )
    return single, single


def outside(
    dates: Dates, since: str | None, until: str | None
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Rows that do not lie between the first day of `since` and the last of `until`; bool (n,).

    A date of open order lies inside if both its readings do; a row without a date lies outside.

    Raises:
        UsageError: If a bound is no period, or `since` lies after `until`.
    """
    first = period(since, "--since")[0] if since else date.min
    last = period(until, "--until")[1] if until else date.max
    if first > last:
        raise UsageError(f"--since {since!r} lies after --until {until!r}.", hint="Swap the two.")
    inside = (dates.earliest >= np.datetime64(first)) & (dates.latest <= np.datetime64(last))
    return ~inside


def _months_later(first: date, months: int) -> date:
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)
