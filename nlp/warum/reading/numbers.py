"""Numbers as people write them: decimal comma, thousands, currencies, units, yes and no.

A cell such as "1,234" can be read in two ways. The column decides: cells that can be read in one
way only tell which mark is the decimal one.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from warum.errors import InputError
from warum.reading.cells import Cells, Floats, has_no_value

_SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_UNITS = {
    "s": "s sec secs second seconds sek sekunde sekunden",
    "min": "min min. mins minute minutes minuten",
    "h": "h hr hrs hour hours std std. stunde stunden",
    "d": "d day days tag tage tagen",
    "EUR": "€ eur euro euros",
    "USD": "$ usd us$ dollar dollars",
    "GBP": "£ gbp",
    "CHF": "chf fr fr. sfr",
    "%": "% percent prozent",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "t", "ja", "j", "wahr"), 1.0),
    **dict.fromkeys(("no", "n", "false", "f", "nein", "falsch"), 0.0),
}
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?e[+-]?\d+", re.IGNORECASE)
_CELL = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<before>[^\d\s.,+-]*)\s*(?P<sign2>[+-]?)(?P<body>[\d.,]+)\s*(?P<after>[^\d]*)"
)
_GAPS = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")
_DASHES = str.maketrans("−‒", "--")
_OTHER = {",": ".", ".": ","}


@dataclass(frozen=True)
class Numbers:
    """What the distinct cells of a column are worth.

    Attributes:
        values: Per distinct cell, float64 (k,); NaN where unreadable or without a value.
        unreadable: Distinct cells that hold something which is no number.
        notes: What had to be decided, for the user.
    """

    values: Floats
    unreadable: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Written:
    """A number as written: digits with marks, and the mark that surely or perhaps is decimal."""

    negative: bool
    body: str
    unit: str
    sure: str
    doubtful: str


def yes_no(cell: str) -> float | None:
    """1 for yes, ja, true; 0 for no, nein, false; None for anything else."""
    return _YES_NO.get(cell.strip().casefold())


def read_numbers(cells: Cells, column: str, *, words: bool = True) -> Numbers:
    """Read a column of numbers.

    Args:
        cells: The column.
        column: Its header, for messages.
        words: Whether yes and no count as 1 and 0.

    Returns:
        Values per distinct cell.

    Raises:
        InputError: If the decimal mark cannot be decided, or units are mixed that do not convert.
    """
    written = [_written(cell) for cell in cells.distinct]
    mark, notes = _decimal_mark([w for w in written if w], column)
    unit_factor, unit_notes = _unit_factors(written, cells, column)
    values = np.full(len(written), np.nan)
    unreadable = []
    for i, (cell, number) in enumerate(zip(cells.distinct, written, strict=True)):
        value = yes_no(cell) if words else None
        if value is None and number is not None:
            value = _value(number, mark)
            value = None if value is None else value * unit_factor.get(number.unit, 1.0)
        if value is not None:
            values[i] = value
        elif not has_no_value(cell):
            unreadable.append(cell)
    return Numbers(values, tuple(unreadable), (*notes, *unit_notes))


def _written(cell: str) -> _Written | None:
    one_mark = "." not in cell or "," not in cell
    if one_mark and cell.replace(".", "", 1).replace(",", "", 1).isdecimal():
        return _Written(False, cell, "", *_marks(cell))  # by far the most frequent case
    text = cell.translate(_DASHES)
    if _SCIENTIFIC.fullmatch(text):
        return _Written(False, text, "", "", "")
    text = re.sub(r",-{1,2}(?=\D*$)", "", text)  # "12,- €"
    found = _CELL.fullmatch(_GAPS.sub("", text))
    if not found or not any(c.isdigit() for c in found["body"]):
        return None
    before, after = found["before"].casefold(), found["after"].strip().casefold()
    if (before and after) or (before + after and before + after not in _UNIT_OF):
        return None
    body = found["body"]
    sure, doubtful = _marks(body)
    negative = "-" in (found["sign"], found["sign2"])
    number = _Written(negative, body, _UNIT_OF.get(before + after, ""), sure, doubtful)
    return None if _value(number, ".") is None else number


def _marks(body: str) -> tuple[str, str]:
    """The mark that surely is the decimal one, and the mark that may be; "" where none."""
    commas, dots = body.count(","), body.count(".")
    if commas and dots:
        return (",", "") if body.rfind(",") > body.rfind(".") else (".", "")
    if not commas and not dots:
        return "", ""
    mark = "," if commas else "."
    if commas + dots > 1:
        return _OTHER[mark], ""
    head, tail = body.split(mark)
    if len(tail) == 3 and 1 <= len(head) <= 3 and not head.startswith("0"):
        return "", mark
    return mark, ""


def _decimal_mark(written: list[_Written], column: str) -> tuple[str, list[str]]:
    sure = {w.sure: w for w in written if w.sure}
    doubtful = {w.doubtful: w for w in reversed(written) if w.doubtful}
    if len(sure) == 2 and not doubtful:
        both = f"{sure[','].body!r} and {sure['.'].body!r}"
        return ".", [
            f"Column {column!r} mixes decimal marks ({both}); each number was read by itself."
        ]
    if len(sure) == 2 or (not sure and len(doubtful) == 2):
        examples = {**doubtful, **sure} if len(doubtful) < 2 else doubtful
        first, second = (repr(examples[mark].body) for mark in (",", "."))
        unclear = next(iter(doubtful.values())).body
        raise InputError(
            f"Column {column!r} mixes decimal marks: {first} stands next to {second}, "
            f"and {unclear!r} can be read as decimals or as thousands.",
            hint="Write the column with one decimal mark and without thousands separators.",
        )
    if sure:
        return next(iter(sure)), []
    if not doubtful:
        return ".", []
    return _presumed_mark(written, *doubtful.items(), column=column)


def _presumed_mark(
    written: list[_Written], example: tuple[str, _Written], *, column: str
) -> tuple[str, list[str]]:
    """The decimal mark of a column whose marked numbers all look like "1.234"."""
    mark, first = example
    plain = [len(w.body) for w in written if not w.sure and not w.doubtful and "e" not in w.body]
    grouped = (mark == "," or 3 in plain) and max(plain, default=0) <= 3
    meaning = "thousands" if grouped else "decimals"
    note = f"Column {column!r}: {mark!r} in {first.body!r} was read as separating {meaning}."
    return (_OTHER[mark] if grouped else mark), [note]


def _value(number: _Written, mark: str) -> float | None:
    mark = number.sure or mark
    if _OTHER[mark] not in number.body and number.body.count(mark) < 2:
        value = float(number.body.replace(",", "."))
    else:
        whole, _, fraction = (
            number.body.rpartition(mark) if mark in number.body else (number.body, "", "")
        )
        group = _OTHER[mark]
        if mark in whole or group in fraction or not _well_grouped(whole, group):
            return None
        value = float(f"{whole.replace(group, '') or '0'}.{fraction or '0'}")
    return -value if number.negative else value


def _well_grouped(whole: str, group: str) -> bool:
    head, *rest = whole.split(group)
    return not rest or (1 <= len(head) <= 3 and all(len(part) == 3 for part in rest))


def _unit_factors(
    written: list[_Written | None], cells: Cells, column: str
) -> tuple[dict[str, float], list[str]]:
    """Factors that bring all units of a column to its most frequent one."""
    rows: Counter[str] = Counter()
    for number, count in zip(written, cells.counts().tolist(), strict=True):
        if number is not None and number.unit:
            rows[number.unit] += count
    if len(rows) < 2:
        return {}, []
    if not set(rows) <= set(_SECONDS):
        raise InputError(
            f"Column {column!r} mixes units: {', '.join(sorted(rows))}.",
            hint="Convert the column to one unit.",
        )
    base = max(rows, key=lambda unit: (rows[unit], -_SECONDS[unit]))
    factors = {unit: _SECONDS[unit] / _SECONDS[base] for unit in rows}
    mixed = ", ".join(sorted(rows))
    note = f"Column {column!r} mixes time units ({mixed}); all were converted to {base}."
    return factors, [note]


def shortest(value: float) -> str:
    """A number as its shortest text: "7", "7.5"."""
    return str(int(value)) if math.isfinite(value) and value == int(value) else repr(float(value))
