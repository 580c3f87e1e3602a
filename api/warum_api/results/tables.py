"""Parts of a result as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from warum.analysis import Analysis
from warum.answers.why import Why
from warum.report.plain import plain
from warum.report.quotes import choose_quotes, quotes_for
from warum.result import ScoreResult, SegmentMetric
from warum.table import Table, strings
from warum_api.problems import Problem

PERIOD = "period"
"""`by` for the metric over time."""


def drivers(analysis: Analysis, score: str | None) -> Table:
    """The drivers, of one score or of all; columns as in `drivers.csv`.

    Raises:
        Problem: `not_found`, if there is no such score.
    """
    table = analysis.drivers
    if score is None:
        return table
    _scores(analysis, score)
    return table.take(table["score"] == score)


def trends(analysis: Analysis, score: str | None, by: str | None) -> Table:
    """The metric by period (`by` = "period") and by segment; groups of too few people are left out.

    Args:
        analysis: The result.
        score: One score column; None for all.
        by: One segment column or "period"; None for all.

    Raises:
        Problem: `not_found`, if there is no such score; `invalid_request`, if there is no such segment.
    """
    least, columns = analysis.reading.facts.min_group, analysis.reading.columns
    known = (*([PERIOD] if columns.has_date else []), *columns.by)
    if by is not None and by not in known:
        raise Problem(
            "invalid_request",
            f"query by: the result has no such segment; {PERIOD!r} is the metric over time.",
            came=by,
            expected=f"one of: {', '.join(known)}" if known else "a result with dates or segments",
        )
    rows: list[tuple[str, SegmentMetric]] = [
        (one.scale.column, part)
        for one in _scores(analysis, score)
        for part in (*one.trend, *one.segments)
        if part.people >= least and by in (None, part.by)
    ]
    estimates = [part.estimate for _, part in rows]
    return Table(
        {
            "score": strings([name for name, _ in rows]),
            "by": strings([part.by for _, part in rows]),
            "value": strings([part.value for _, part in rows]),
            "metric": np.array([e.value for e in estimates], dtype=np.float64),
            "low": np.array([e.low for e in estimates], dtype=np.float64),
            "high": np.array([e.high for e in estimates], dtype=np.float64),
            "n": np.array([e.n for e in estimates], dtype=np.int64),
            "people": np.array([part.people for _, part in rows], dtype=np.int64),
        }
    )


def change(why: Why, part: str, score: str | None) -> Table:
    """A part of a change (`waterfall`, `adjusted` or `segments`); columns as in `change_waterfall.csv` and so on.

    Raises:
        Problem: `not_found`, if there is no such score, or nothing was compared.
    """
    columns = [one.scale.column for one in why.scores]
    if score is not None and score not in columns:
        known = ", ".join(columns)
        raise Problem(
            "not_found", "The answer has no such score.", came=score, expected=f"one of: {known}"
        )
    table = why.tables().get(f"change_{part}")
    if table is None:
        detail = "There is no such part: submit a job with `before` and `after`, or with `compare`."
        raise Problem("not_found", detail, came=part)
    return table if score is None else table.take(table["score"] == score)


def quotes(analysis: Analysis, category: str, polarity: Any, most: int) -> dict[str, Any]:  # noqa: ANN401
    """Typical comments of a category and polarity, its evidence marked; none of too few people.

    Raises:
        Problem: `not_found`, if the taxonomy has no such category.
    """
    if category not in analysis.taxonomy.codes:
        raise Problem("not_found", "The taxonomy has no such category.", came=category)
    pair = (category, polarity)
    opinions, comments = analysis.opinions, analysis.comments
    speaking = (opinions["category"] == category) & (opinions["polarity"] == polarity)
    names = set(opinions["comment_id"][speaking].tolist())
    who = {
        customer or name
        for name, customer in zip(
            comments["comment_id"].tolist(), comments["customer"].tolist(), strict=True
        )
        if name in names
    }
    suppressed = 0 < len(who) < analysis.reading.facts.min_group
    chosen = {} if suppressed else choose_quotes(comments, opinions, [pair], most)
    found = quotes_for(comments, opinions, chosen, [pair]).get(pair, ())
    return {"items": [plain(one) for one in found], "suppressed": suppressed}


def _scores(analysis: Analysis, score: str | None) -> Sequence[ScoreResult]:
    found = [one for one in analysis.result.scores if score in (None, one.scale.column)]
    if score is not None and not found:
        raise Problem("not_found", "The result has no such score.", came=score)
    return found
