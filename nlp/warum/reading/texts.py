"""Which column holds the comments."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from warum.errors import ColumnError
from warum.reading.dates import share_of_dates
from warum.reading.facts import Facts
from warum.reading.headers import listed

_HINT = re.compile(
    r"\b(comments?|kommentare?|kommentartext|feedback|feedbacktext|reviews?|reviewtext|texte?|freitext|verbatims?|answers?|antwort"
    r"|antworttext|bemerkung(en)?|anmerkung(en)?|rezension|bewertungstext|body|message|nachricht"
    r"|meinung|content|begründung|open ?text|free ?text|beschreibung|description)\b"
)
# A header that speaks of the comment but holds something else.
_ABOUT = re.compile(
    r"\b(id|ids|nr|no|number|date|datum|time|at|am|type|typ|art|language|sprache|count|anzahl|length|länge"
    r"|sentiment|score|rating|status|category|kategorie|label|labels|tags?|title|titel|subject|betreff"
    r"|url|link|author|autor|name|source|quelle|question|frage|topic|thema|device|version)\b"
)
_BY_US = re.compile(
    r"\b(reply|replied|developer|owner|agent|company|response from|staff|kundenservice)\b"
)
_HINTED, _DEMOTED = 6.0, 0.1
_DOUBT = 0.5
_LONG = 300.0


def detect_text(candidates: Sequence[Facts]) -> tuple[str, str]:
    """The column of the comments and how it was recognised.

    Raises:
        ColumnError: If no column holds free text, or two come out nearly equal.
    """
    rated = sorted(((text_likeness(f), f) for f in candidates), key=lambda pair: -pair[0])
    rated = [(value, f) for value, f in rated if value > 0]
    if not rated:
        raise ColumnError(
            "No column holds free text.",
            hint="Name it with --text COLUMN. Columns: "
            + (listed(f.header for f in candidates) or "none is left")
            + ".",
        )
    near = [f for value, f in rated if value >= _DOUBT * rated[0][0]]
    near = [f for f in near if is_text_header(f)] or near  # in doubt the header decides
    if len(near) > 1:
        both = " ".join(f"--text {f.header!r}" for f in near)
        shown = ", ".join(f"{f.header!r} ({f.mean_length:.0f} characters on average)" for f in near)
        raise ColumnError(
            f"Several columns may hold the comments: {shown}.",
            hint=f"Choose with --text {near[0].header!r}, or take all: {both}.",
        )
    return near[0].header, _how(near[0], alone=len(rated) == 1)


def text_likeness(facts: Facts) -> float:
    """How much a column looks like comments; 0 where it cannot hold any.

    The longest, most varied column with the most blanks comes first; a header that says comment
    counts sixfold, one that says reply a tenth.
    """
    if not facts.sample or facts.lettered < 0.5:
        return 0.0
    hinted = is_text_header(facts)
    if not hinted and (facts.mean_length < 10 or facts.spaced < 0.3 or facts.distinct_share < 0.1):
        return 0.0
    if hinted and facts.filled >= 50 and facts.distinct_share < 0.02:
        return 0.0
    if share_of_dates(facts.distinct[:100]) > 0.5:
        return 0.0
    factor, blanks = (_HINTED, 0.5) if hinted else (1.0, 0.1)
    if _BY_US.search(facts.words):
        factor *= _DEMOTED
    length = min(facts.mean_length, _LONG)
    return factor * length * math.sqrt(facts.distinct_share) * (blanks + facts.spaced)


def is_text_header(facts: Facts) -> bool:
    """Whether the header itself says comment, Kommentar, review and the like."""
    return bool(_HINT.search(facts.words)) and not _ABOUT.search(facts.words)


def _how(facts: Facts, *, alone: bool) -> str:
    kind = "the only free text" if alone else "longest free text"
    return f"{kind}, header" if is_text_header(facts) else kind
