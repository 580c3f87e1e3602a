"""How many labels an interval of a wanted width needs, as `warum audit plan` says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from warum.answers.corrected import corrected_fit
from warum.answers.rows import WhyRows
from warum.audit.planning import PlannedDriver, What, plan_drivers, plan_pilot
from warum.errors import WarumError
from warum.result import ScoreResult
from warum_api.auditing.gathering import Sheets
from warum_api.problems import Problem
from warum_api.results.shelf import Shelf

SIZES = (100, 200, 300, 400, 600, 1_000, 2_000)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked.

    Attributes:
        of: Whose interval.
        width: Wanted width, high minus low: in the metric's points, for shares in percentage points; None for none.
        category: Only this one; None for all.
        score: The score column; None for the first.
        f1: F1 of the model that is assumed without a first sample, 0..1.
        audit: A labelled first sample to plan from; None for none.
    """

    of: What = "effect"
    width: float | None = None
    category: str | None = None
    score: str | None = None
    f1: float = 0.6
    audit: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What labels would give for a category and polarity.

    Attributes:
        category: Its code.
        polarity: The polarity.
        share: Share of occasions that mention it, 0..1.
        widths: Width of the interval by number of labels.
        labels: Labels for the wanted width; None where none was asked for, or no number that the data hold
            suffices.
    """

    category: str
    polarity: str
    share: float
    widths: tuple[tuple[int, float], ...]
    labels: int | None


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan: the score, its occasions, and a row per driver, the strongest first."""

    score: str
    occasions: int
    rows: tuple[Row, ...]


class Planner:
    """Plans audits.

    Args:
        shelf: Has the results.
        sheets: Of first samples.
    """

    def __init__(self, shelf: Shelf, sheets: Sheets) -> None:
        self._shelf, self._sheets = shelf, sheets

    def plan(self, tenant: str, project: str, asked: Asked) -> Planned:
        """Plan from an assumed F1, or from a labelled first sample.

        Raises:
            Problem: `not_found`; `conflict`, if the sample cannot be used or nothing can be planned.
        """
        found = self._shelf.find(tenant, project, "current")
        analysis = self._shelf.taken_up(found)
        score = _score(analysis.result.scores, asked.score)
        if asked.category is not None and asked.category not in analysis.taxonomy.codes:
            raise Problem("not_found", "The taxonomy has no such category.", came=asked.category)
        try:
            if asked.audit is None:
                planned = plan_drivers(score, asked.f1)
            else:
                sheet = self._sheets.of(tenant, project, asked.audit)[0]
                read = self._shelf.read(replace(found, corrections=()))
                rows = WhyRows.of(read.reading, read.taxonomy).scores
                of_score = next(one for one in rows if one.scale.column == score.scale.column)
                planned = plan_pilot(corrected_fit(of_score, sheet))
            wanted = [
                _row(one, asked, score.metric.n)
                for one in planned
                if asked.category in (None, one.category)
            ]
        except WarumError as error:
            raise Problem("conflict", str(error)) from None
        return Planned(score.scale.column, score.metric.n, tuple(wanted))


def _score(scores: Sequence[ScoreResult], named: str | None) -> ScoreResult:
    found = {one.scale.column: one for one in scores}
    if not found:
        raise Problem("conflict", "The result has no score, so there are no drivers to plan for.")
    if named is not None and named not in found:
        raise Problem(
            "not_found",
            "The result has no such score.",
            came=named,
            expected=f"one of: {', '.join(found)}",
        )
    return next(iter(found.values())) if named is None else found[named]


def _row(one: PlannedDriver, asked: Asked, occasions: int) -> Row:
    unit = 100.0 if asked.of == "share" else 1.0
    precision = one.precision(asked.of)
    sizes = [size for size in SIZES if size <= occasions] or [max(occasions, 1)]
    needed = None if asked.width is None else precision.labels_for(asked.width / unit)
    return Row(
        one.category, one.polarity, one.share,
        tuple((size, unit * precision.width(size)) for size in sizes),
        None if needed is None or needed > occasions else needed,
    )  # fmt: skip
