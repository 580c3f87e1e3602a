"""One date cell: the ways to write a date, before the order of day and month is known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jän jänner jaen",
            "february feb februar febr feber",
            "march mar märz mär maerz mrz",
            "april apr",
            "may mai",
            "june jun juni",
            "july jul juli",
            "august aug",
            "september sep sept",
            "october oct oktober okt",
            "november nov",
            "december dec dezember dez",
        ),
        start=1,
    )
    for name in names.split()
}
_TIME = r"(?:[T ,]+(?:at |um )?\d{1,2}[:.]\d{2}.*)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{4,6}.*)?")
_NUMERIC = re.compile(rf"(\d{{1,2}})\s*([-/.])\s*(\d{{1,2}})\s*\2\s*(\d{{4}}|\d{{2}}){_TIME}")
_WEEKDAY = re.compile(
    r"^[A-Za-zÄÖÜäöü]{2,10}[.,]+\s+|^(?:mon|tue|wed|thu|fri|sat|sun) ", re.IGNORECASE
)
_DAY_NAME = re.compile(
    rf"(\d{{1,2}})(?:\.|st|nd|rd|th)?[\s-]*(?:of )?([^\W\d_]+)\.?,?[\s-]*(\d{{4}}|\d{{2}}){_TIME}"
)
_NAME_DAY = re.compile(rf"([^\W\d_]+)\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}}){_TIME}")
_NAME_DAY_TIME = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})\s+[\d:]+(?:\s+\S+)?\s+(\d{4})")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")

_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_SERIAL = (20_000.0, 60_000.0)  # October 1954 to April 2064
_SECONDS = (1e8, 5e9)  # 1973 to 2128
_SERIAL_ZERO = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class DayMonth:
    """A date whose first two parts are day and month in an order that the column decides."""

    first: int
    second: int
    year: int
    mark: str

    @property
    def open(self) -> bool:
        """Whether both orders give a date, and different ones."""
        return self.first <= 12 and self.second <= 12 and self.first != self.second

    @property
    def day_first(self) -> date | None:
        """The date read as day, month."""
        return day(self.year, self.second, self.first)

    @property
    def month_first(self) -> date | None:
        """The date read as month, day."""
        return day(self.year, self.first, self.second)


def day(year: int, month: int, number: int) -> date | None:
    """A date, or None if there is no such day between 1900 and 2199."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None


def read_form(cell: str) -> date | DayMonth | None:
    """Read one cell; times of day and time zones are dropped: the day counts as it is written."""
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell)
    if cell[:1].isalpha():
        cell = _WEEKDAY.sub("", cell)
    found = _YEAR_FIRST.fullmatch(cell)
    if found:
        return day(int(found[1]), int(found[3]), int(found[4]))
    found = _NUMERIC.fullmatch(cell)
    if found:
        made = DayMonth(int(found[1]), int(found[3]), _full_year(found[4]), found[2])
        return made if made.day_first or made.month_first else None
    found = _COMPACT.fullmatch(cell)
    if found:
        return day(int(found[1]), int(found[2]), int(found[3]))
    return _with_month_name(cell)


def _with_month_name(cell: str) -> date | None:
    found = _DAY_NAME.fullmatch(cell)
    if found:
        return _named(found[2], found[1], found[3])
    found = _NAME_DAY.fullmatch(cell) or _NAME_DAY_TIME.fullmatch(cell)
    return _named(found[1], found[2], found[3]) if found else None


def _named(name: str, number: str, year: str) -> date | None:
    month = _MONTHS.get(name.casefold())
    return day(_full_year(year), month, int(number)) if month else None


def _full_year(text: str) -> int:
    year = int(text)
    # The POSIX rule for years of two digits.
    return year if len(text) == 4 else year + (2000 if year < 69 else 1900)


def number_reader(cells: tuple[str, ...]) -> tuple[str, Callable[[str], date | None]] | None:
    """How to read a column whose dates are numbers: as Excel serial days or as Unix time.

    Args:
        cells: The distinct cells.

    Returns:
        A name and a reader, or None if the numbers fit neither.
    """
    numbers = [float(cell) for cell in cells if _NUMBER.fullmatch(cell)]
    if not numbers:
        return None
    least, most = min(numbers), max(numbers)
    if _SERIAL[0] <= least and most <= _SERIAL[1]:
        return "Excel serial days", _serial
    if _SECONDS[0] <= least and most <= _SECONDS[1]:
        return "Unix seconds", lambda cell: _unix(cell, 1.0)
    if _SECONDS[0] * 1e3 <= least and most <= _SECONDS[1] * 1e3:
        return "Unix milliseconds", lambda cell: _unix(cell, 1e3)
    return None


def _serial(cell: str) -> date | None:
    return _SERIAL_ZERO + timedelta(days=int(float(cell))) if _NUMBER.fullmatch(cell) else None


def _unix(cell: str, per_second: float) -> date | None:
    if not _NUMBER.fullmatch(cell):
        return None
    return datetime.fromtimestamp(float(cell) / per_second, tz=UTC).date()
