"""A date column: which order of day and month it has, and what that leaves in doubt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import numpy as np
import numpy.typing as npt

from warum.caveats import Caveat
from warum.errors import UsageError
from warum.reading.cells import Cells, has_no_value
from warum.reading.dateforms import DayMonth, number_reader, read_form
from warum.table import Column

Days = npt.NDArray[np.datetime64]
Order = Literal["day-month", "month-day", "mixed", "undecided", "none"]
_Form = date | DayMonth | None
_DAY_BEFORE_TIME = re.compile(r"(\d{1,4}([-./])\d{1,2}\2\d{1,4})[T ,]+\d{1,2}:\d{2}.*")
_NAT = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class Dates:
    """A date column as read; all arrays have shape (n,).

    Attributes:
        date: datetime64[D]; NaT where empty, unreadable or ambiguous in a column that mixes orders.
        key: Canonical text for forming occasions, None where empty or unreadable. ISO in clean
            columns; in a mixed one year and sorted day and month ("2021-03~10"), so that swapped
            dates are equal.
        earliest: The earlier of the possible readings, datetime64[D]; equals `date` where known.
        latest: The later of the possible readings.
        order: Order of day and month.
        how: What was recognised, for the user.
        caveats: `mixed_dates`, `unread_dates`.
        notes: What was decided without evidence.
    """

    date: Days
    key: Column
    earliest: Days
    latest: Days
    order: Order
    how: str
    caveats: tuple[Caveat, ...] = ()
    notes: tuple[str, ...] = ()


def read_dates(cells: Cells, column: str, date_format: str | None = None) -> Dates:
    """Read a date column.

    Args:
        cells: The column.
        column: Its header, for messages.
        date_format: A format of `datetime.strptime` that every cell has; None to detect.

    Raises:
        UsageError: If `date_format` is no such format.
    """
    if date_format is None:
        cells = _without_times(cells)
    forms, how = _forms(cells, date_format)
    order = _order(forms)
    pairs = [_readings(form, order) for form in forms]
    readable = np.array([bool(pair) for pair in pairs], dtype=bool)
    first = _days([pair[0] if pair else None for pair in pairs], cells)
    last = _days([pair[-1] if pair else None for pair in pairs], cells)
    keys = np.array(
        [_key(pair[0], order) if pair else None for pair in pairs] + [None], dtype=object
    )
    sure = np.where(first == last, first, _NAT)
    faulty = ~readable & ~np.array([has_no_value(cell) for cell in cells.distinct], dtype=bool)
    unread = int(cells.counts()[faulty].sum())
    ambiguous = int((first != last).sum() - np.isnat(first).sum())
    caveats = []
    if order == "mixed":
        caveats.append(Caveat.of("mixed_dates", column=column, n=ambiguous))
    if unread:
        caveats.append(Caveat.of("unread_dates", column=column, n=unread))
    return Dates(
        date=sure,
        key=keys[cells.codes],
        earliest=np.minimum(first, last),
        latest=np.maximum(first, last),
        order=order,
        how=how or _said(order),
        caveats=tuple(caveats),
        notes=(
            *_unread_note(cells, faulty, column),
            *_undecided_note(cells, forms, order, column),
        ),
    )


def _without_times(cells: Cells) -> Cells:
    """The same column without times of day, which make nearly every cell distinct."""
    found = map(_DAY_BEFORE_TIME.fullmatch, cells.distinct)
    heads = Cells.of(
        [match[1] if match else cell for match, cell in zip(found, cells.distinct, strict=True)]
    )
    return Cells(heads.distinct, np.append(heads.codes, -1)[cells.codes])


def share_of_dates(cells: Sequence[str]) -> float:
    """Share of the cells that can be read as dates, 0..1; 0 if there are none."""
    if not cells:
        return 0.0
    forms, _ = _detected_forms(tuple(cells))
    return sum(form is not None for form in forms) / len(cells)


def _forms(cells: Cells, date_format: str | None) -> tuple[list[_Form], str]:
    if date_format is None:
        return _detected_forms(cells.distinct)
    try:
        datetime.strptime(datetime(2025, 3, 1).strftime(date_format), date_format)  # noqa: DTZ001, DTZ007 - only days are read
    except ValueError as error:
        raise UsageError(
            f"--date-format {date_format!r} is no date format ({error}).",
            hint="For example --date-format %d/%m/%Y.",
        ) from None
    return [_with_format(cell, date_format) for cell in cells.distinct], f"format {date_format}"


def _with_format(cell: str, date_format: str) -> date | None:
    try:
        return datetime.strptime(cell, date_format).date()  # noqa: DTZ007 - only the day is read
    except ValueError:
        return None


def _detected_forms(distinct: tuple[str, ...]) -> tuple[list[_Form], str]:
    forms: list[_Form] = [read_form(cell) for cell in distinct]
    if any(form is not None for form in forms):
        return forms, ""
    found = number_reader(distinct)
    if found is None:
        return forms, ""
    name, read = found
    return [read(cell) for cell in distinct], name


def _order(forms: Sequence[_Form]) -> Order:
    parts = [form for form in forms if isinstance(form, DayMonth)]
    if not parts:
        return "none"
    day_first = any(form.first > 12 for form in parts)
    month_first = any(form.second > 12 for form in parts)
    if day_first and month_first:
        return "mixed"
    if day_first or month_first:
        return "day-month" if day_first else "month-day"
    return "undecided"


def _readings(form: _Form, order: Order) -> tuple[date, ...]:
    """The dates a form may mean: none, one, or two where the order is open."""
    if form is None:
        return ()
    if isinstance(form, date):
        return (form,)
    if order == "mixed":
        both = (form.day_first, form.month_first)
        return tuple(sorted({reading for reading in both if reading}))
    reading = form.month_first if order == "month-day" else form.day_first
    return (reading,) if reading else ()


def _days(days: Sequence[date | None], cells: Cells) -> Days:
    made = np.array([*days, None], dtype="datetime64[D]")
    return made[cells.codes]


def _key(reading: date, order: Order) -> str:
    if order != "mixed":
        return reading.isoformat()
    low, high = sorted((reading.month, reading.day))
    return f"{reading.year:04}-{low:02}~{high:02}"


def _said(order: Order) -> str:
    return {
        "none": "dates",
        "undecided": "dates, read day first",
        "mixed": "dates of mixed order",
    }.get(order, f"dates, {order} order")


def _unread_note(cells: Cells, faulty: npt.NDArray[np.bool_], column: str) -> tuple[str, ...]:
    if not faulty.any():
        return ()
    example = cells.distinct[int(np.flatnonzero(faulty)[0])]
    return (
        f"Column {column!r}: {example[:40]!r} cannot be read as a date "
        "(--date-format names the format).",
    )


def _undecided_note(
    cells: Cells, forms: Sequence[_Form], order: Order, column: str
) -> tuple[str, ...]:
    if order != "undecided":
        return ()
    for cell, form in zip(cells.distinct, forms, strict=True):
        # With points the day comes first; with slashes and dashes it may be either.
        if isinstance(form, DayMonth) and form.open and form.mark != ".":
            return (
                f"Column {column!r}: nothing tells day from month in {cell!r}; the day was read "
                "first (--date-format %m/%d/%Y reads the month first).",
            )
    return ()
