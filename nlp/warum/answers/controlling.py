"""Number columns that effects are adjusted for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from warum.errors import ColumnError
from warum.reading.headers import listed
from warum.result import Reading


def controlled(reading: Reading, names: Sequence[str]) -> Reading:
    """The reading with number columns among what effects are adjusted for.

    Args:
        reading: What was read.
        names: Headers of number columns; case does not matter where it distinguishes none.

    Raises:
        ColumnError: If one is no number column of the data.
    """
    columns = reading.columns
    header = {trade.stored: trade.column for trade in columns.trades}
    known = {header.get(stored, stored): stored for stored in columns.numbers}
    found = []
    for name in names:
        alike = [one for one in known if one.strip().casefold() == name.strip().casefold()]
        chosen = name if name in known else alike[0] if len(alike) == 1 else None
        if chosen is None:
            there = f"There are {listed(known)}." if known else "There is none."
            raise ColumnError(
                f"--control {name!r} is no number column of the data.",
                hint=f"{there} Columns become numbers with --number.",
            )
        found.append(known[chosen])
    return replace(reading, columns=replace(columns, controls=tuple(dict.fromkeys(found))))
