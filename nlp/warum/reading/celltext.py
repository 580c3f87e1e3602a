"""Cells of typed formats as their shortest text: 7.0 is "7", midnight is no time."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal

# Beyond this, doubles no longer hold every integer and "shortest" means the exponent form.
_WHOLE = 1e15
_MISSING_TYPES = frozenset({"NAType", "NaTType"})


def as_text(value: object) -> str | None:
    """The shortest text of a cell.

    Args:
        value: A string, number, boolean, date, list, mapping or None.

    Returns:
        None for missing (None, NaN, NaT, NA); "7" for 7.0; "2025-03-01" for a date or a date-time
        at midnight; UTC for date-times with a zone; "true"/"false"; JSON for lists and mappings.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float_text(value)
    if type(value).__name__ in _MISSING_TYPES:
        return None
    return _other_text(value)


def _other_text(value: object) -> str | None:
    if isinstance(value, datetime):
        return _moment_text(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return None if value.is_nan() else _decimal_text(value)
    if isinstance(value, bytes):
        return _bytes_text(value)
    if isinstance(value, (list, tuple, set, frozenset, Mapping)):
        return json.dumps(value, ensure_ascii=False, default=_json_ready)
    if hasattr(value, "tolist"):  # NumPy scalars and arrays
        return as_text(value.tolist())
    return str(value)


def _float_text(value: float) -> str | None:
    if math.isnan(value):
        return None
    if value.is_integer() and abs(value) < _WHOLE:
        return str(int(value))
    return repr(float(value))


def _moment_text(value: datetime) -> str:
    if value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    midnight = value.hour == value.minute == value.second == value.microsecond == 0
    return value.date().isoformat() if midnight else value.isoformat(sep=" ")


def _decimal_text(value: Decimal) -> str:
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _bytes_text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex()


def _json_ready(value: object) -> object:
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    return as_text(value)
