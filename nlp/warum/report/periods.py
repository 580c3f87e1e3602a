"""Periods of a trend: how people write them, and which ones lie between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from warum.caveats import Ui

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "de": ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"),
}
_MOST = 5000


def period(text: str, ui: Ui) -> str:
    """A period as people write it: "Mar 2025", "Q1 2025", "5 Mar 2025"; others unchanged."""
    if found := _MONTH.fullmatch(text):
        return f"{_month(found[2], ui)} {found[1]}"
    if found := _DAY.fullmatch(text):
        dot = "." if ui == "de" else ""
        return f"{int(found[3])}{dot} {_month(found[2], ui)} {found[1]}"
    if found := _QUARTER.fullmatch(text):
        return f"Q{found[2]} {found[1]}"
    if found := _WEEK.fullmatch(text):
        return f"{'KW' if ui == 'de' else 'W'} {int(found[2])}, {found[1]}"
    return text


def _month(digits: str, ui: Ui) -> str:
    month = int(digits)
    return _MONTHS[ui][month - 1] if 1 <= month <= 12 else digits


def without_gaps(periods: Sequence[str]) -> tuple[str, ...]:
    """The periods with those between them that are missing, so that a gap in time is seen as one.

    Args:
        periods: Ascending, all of one kind (month, quarter, ISO week, day).

    Returns:
        All periods from the first to the last; the given ones where their kind is unknown.
    """
    if not periods:
        return ()
    found = [periods[0]]
    while found[-1] < periods[-1] and len(found) < _MOST:
        following = _next(found[-1])
        if following is None:
            return tuple(periods)
        found.append(following)
    return tuple(found) if set(periods) <= set(found) else tuple(periods)


def _next(text: str) -> str | None:
    try:
        if found := _MONTH.fullmatch(text):
            year, month = divmod(int(found[1]) * 12 + int(found[2]), 12)
            return f"{year:04d}-{month + 1:02d}"
        if found := _QUARTER.fullmatch(text):
            year, quarter = divmod(int(found[1]) * 4 + int(found[2]), 4)
            return f"{year:04d}-Q{quarter + 1}"
        if found := _WEEK.fullmatch(text):
            monday = date.fromisocalendar(int(found[1]), int(found[2]), 1) + timedelta(days=7)
            return f"{monday:%G-W%V}"
        if _DAY.fullmatch(text):
            return (date.fromisoformat(text) + timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return None
    return None
