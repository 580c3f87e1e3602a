"""Headers: finding a column by name, and what a header says about its column."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence

from warum.errors import ColumnError

_MOST_LISTED = 40
_CAMEL = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
_SEPARATORS = re.compile(r"[^0-9a-zäöüß#?]+")
_QUESTION_WORDS = 3


def words_of(header: str) -> str:
    """A header in lower case with single spaces: "CustomerID", "customer_id" → "customer id"."""
    plain = unicodedata.normalize("NFC", header)
    return _SEPARATORS.sub(" ", _CAMEL.sub(" ", plain).casefold()).strip()


def find_column(name: str, columns: Sequence[str], option: str) -> str:
    """The column a user means.

    Args:
        name: The name as given; an exact match wins, else one that differs in case only.
        columns: The headers there are.
        option: The option it was given with, for the message ("--text").

    Raises:
        ColumnError: If there is none, or several differ in case only.
    """
    if name in columns:
        return name
    alike = [c for c in columns if c.strip().casefold() == name.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    if alike:
        raise ColumnError(
            f"{option} {name!r} may be any of {listed(alike)}.", hint="Write it as the header does."
        )
    raise ColumnError(
        f"There is no column {name!r} ({option}).{_nearest(name, columns)}",
        hint=f"Columns: {listed(columns)}.",
    )


def _nearest(name: str, columns: Sequence[str]) -> str:
    folded = {c.casefold(): c for c in columns}
    near = difflib.get_close_matches(name.casefold(), list(folded), n=3, cutoff=0.5)
    return f" Did you mean {listed([folded[n] for n in near], 'or')}?" if near else ""


def listed(names: Iterable[str], last: str = "") -> str:
    """Names in quotation marks, with commas; `last` joins the last two."""
    quoted = [repr(name) for name in names]
    if len(quoted) > _MOST_LISTED:
        return f"{', '.join(quoted[:_MOST_LISTED])} and {len(quoted) - _MOST_LISTED} more"
    if last and len(quoted) > 1:
        return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"
    return ", ".join(quoted)


def looks_like_question(header: str) -> bool:
    """Whether a header is worded as a question: it ends with "?" or has more than three words."""
    text = header.strip()
    return text.endswith("?") or len(text.split()) > _QUESTION_WORDS
