"""Whether those who comment score otherwise than those who do not."""

from __future__ import annotations

import numpy as np

from warum.answers.rows import ScoreRows
from warum.caveats import Caveat
from warum.reasons.level import estimate_drivers
from warum.reasons.sample import Mentions


def selection(rows: ScoreRows, level: float) -> tuple[Caveat, ...]:
    """A caveat where the difference in the metric is clear; nothing where all comment or too few do not.

    Reasons are known only of those who comment.

    Args:
        rows: The occasions.
        level: Confidence level at which a difference is clear.
    """
    commented = _commented(rows)
    silent = ~commented
    if min(_people(rows, commented), _people(rows, silent)) < rows.min_group:
        return ()
    fit = estimate_drivers(
        rows.y, commented[:, None], [("comment", "neutral")],
        score=rows.scale.column,
        weights=rows.weights,
        clusters=rows.clusters,
        people=rows.people,
        min_group=rows.min_group,
        level=level,
    )  # fmt: skip
    if not fit.drivers:  # too few scores, or all alike
        return ()
    told = fit.drivers[0]
    # Where all who comment score alike, and all others too, there is no interval and no doubt.
    without_rest = any(caveat.code == "perfect_fit" for caveat in told.caveats)
    if not (told.effect.low > 0 or told.effect.high < 0 or without_rest):
        return ()
    return (
        Caveat.of(
            "selection",
            share=round(100 * told.share),
            difference=round(told.effect.value, 1 if abs(told.effect.value) >= 1 else 2),
        ),
    )


def _commented(rows: ScoreRows) -> Mentions:
    """Which occasion holds a comment, bool (m,)."""
    texts = rows.reading.comments["text"].tolist()
    written = np.array([text is not None for text in texts], dtype=np.bool_)
    found = np.zeros(len(rows), dtype=np.bool_)
    at = rows.comment_occasion[written]
    found[at[at >= 0]] = True
    return found


def _people(rows: ScoreRows, of: Mentions) -> int:
    return len(np.unique(rows.people[of]))
