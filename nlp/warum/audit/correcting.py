"""A result and its labelled audit sheet: corrected shares and drivers of one score."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from warum.audit.driver_records import CorrectedFit
from warum.audit.drivers import correct_drivers
from warum.audit.frame import audited_occasions, pairs_of
from warum.audit.phases import Ints
from warum.audit.sheet import AuditSheet
from warum.metrics import ScoreScale, contributions
from warum.occasions import Occasions, mention_matrix
from warum.reasons.level import without_general
from warum.result import Reading


def correct_score(
    reading: Reading,
    sheet: AuditSheet,
    scale: ScoreScale,
    occasions: Occasions,
    comment_row: Ints,
    *,
    controls: npt.NDArray[Any] | None = None,
    level: float = 0.95,
) -> CorrectedFit:
    """Naive and corrected shares, effects and impacts of one score, side by side.

    Args:
        reading: The result.
        sheet: The labelled audit sheet.
        scale: How the score is read.
        occasions: Its occasions, m of them, as formed for its drivers.
        comment_row: Row of `occasions.index` that each comment belongs to, (comments,).
        controls: Columns to adjust for, bool (m, c).
        level: Confidence level.

    Raises:
        InputError: If the sheet was drawn from other data or for another model, or is labelled in part.
    """
    pairs = without_general(pairs_of(reading, sheet))
    audited = audited_occasions(reading, sheet, occasions, comment_row, pairs)
    opinions, columns = reading.opinions, reading.columns
    place = {one: i for i, one in enumerate(reading.comments["comment_id"].tolist())}
    rows = comment_row[[place[one] for one in opinions["comment_id"].tolist()]]
    predicted = mention_matrix(
        occasions.index[rows], opinions["category"], opinions["polarity"], pairs, len(occasions)
    )
    return correct_drivers(
        contributions(occasions.score, scale), predicted, pairs, audited,
        score=scale.column,
        weights=occasions.weight if columns.has_weight else None,
        clusters=occasions.cluster if columns.has_customer else None,
        controls=controls,
        people=occasions.cluster,
        min_group=reading.facts.min_group,
        level=level,
    )  # fmt: skip
