"""Records as plain JSON values, the same way every time."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from numbers import Integral
from typing import Any

from warum.caveats import Caveat

DIGITS = 6
"""Significant digits kept of a float."""


def rounded(value: float) -> float | None:
    """The value with `DIGITS` significant digits; None for NaN and infinities; never -0."""
    if not math.isfinite(value):
        return None
    return float(f"{value:.{DIGITS}g}") + 0.0


def plain(value: object, *, without: Collection[str] = ()) -> Any:  # noqa: ANN401 - any JSON value
    """Dataclasses, mappings and sequences as dictionaries and lists.

    Args:
        value: Records of this package, or what they hold.
        without: Fields of the outermost record to leave out.

    Returns:
        A caveat as its code and sentences; other records as their fields; floats rounded.

    Raises:
        TypeError: If there is a value JSON cannot hold.
    """
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, Integral):  # NumPy's integers are none of Python's
        return int(value)
    if isinstance(value, float):
        return rounded(value)
    if isinstance(value, Caveat):
        return {"code": value.code, "en": value.sentence("en"), "de": value.sentence("de")}
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value) if field.name not in without]
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    raise TypeError(f"cannot write {type(value).__name__} {value!r} as JSON")
