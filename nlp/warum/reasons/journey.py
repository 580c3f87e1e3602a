"""The journey: stage by touchpoint, with the metric, what is said there, and how that place is known."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.caveats import Caveat
from warum.metrics import ScoreScale, estimate_metric
from warum.reasons.design import Floats, Ints
from warum.records import Estimate

ANY = ""
Cell = tuple[str, str]
_MOSTLY = 0.5
TOP = 3


@dataclass(frozen=True, slots=True)
class Places:
    """Where in the journey each of o opinions stands.

    Attributes:
        occasion: Occasion of each, (o,); -1 where it has no score.
        stage, touchpoint: Where, object (o,).
        stage_origin, touchpoint_origin: "given", "read" or "assumed", object (o,).
        category, polarity: What is said, object (o,).
    """

    occasion: Ints
    stage: npt.NDArray[Any]
    touchpoint: npt.NDArray[Any]
    stage_origin: npt.NDArray[Any]
    touchpoint_origin: npt.NDArray[Any]
    category: npt.NDArray[Any]
    polarity: npt.NDArray[Any]

    def __post_init__(self) -> None:
        lengths = {name: len(getattr(self, name)) for name in self.__slots__}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns of opinions differ in length: {lengths}")


@dataclass(frozen=True, slots=True)
class Origins:
    """How many opinions' places were given by a column, read from the text, or assumed."""

    given: int
    read: int
    assumed: int


@dataclass(frozen=True, slots=True)
class PlaceDriver:
    """A category with a polarity at one place: what its opinions there move the metric by.

    Attributes:
        category, polarity: What is said.
        opinions: How often, there.
        impact: In the metric's points; those of all places add up to the driver's impact.
    """

    category: str
    polarity: str
    opinions: int
    impact: Estimate


UNKNOWN = Estimate(math.nan, math.nan, math.nan, 0, "none")


@dataclass(frozen=True, slots=True)
class JourneyRow:
    """One stage and touchpoint; "" stands for all of them.

    Attributes:
        stage, touchpoint: Where.
        opinions: Opinions that stand there.
        people: People behind them.
        metric: The metric over the scored occasions with an opinion there: a plain mean, not
            adjusted for what else differs.
        negative, positive: Shares of the opinions, 0..1.
        stage_origins, touchpoint_origins: How the places are known.
        top: Up to three most frequent category, polarity and number of opinions.
        caveats: Doubts about this row.
        impact: What all that is said there moves the metric by, adjusted for what else is said and
            for the controls; `journey_impacts.with_impacts` fills it.
        drivers: Up to three drivers there, by falling |impact|; likewise.
    """

    stage: str
    touchpoint: str
    opinions: int
    people: int
    metric: Estimate
    negative: float
    positive: float
    stage_origins: Origins
    touchpoint_origins: Origins
    top: tuple[tuple[str, str, int], ...]
    caveats: tuple[Caveat, ...]
    impact: Estimate = UNKNOWN
    drivers: tuple[PlaceDriver, ...] = ()


def journey_rows(
    places: Places,
    scores: Floats,
    scale: ScoreScale,
    *,
    people: npt.NDArray[Any] | None = None,
    weights: Floats | None = None,
    min_group: int = 5,
    level: float = 0.95,
) -> tuple[tuple[JourneyRow, ...], int]:
    """Stage by touchpoint, with the margins.

    Args:
        places: Opinions of scored occasions; those at -1 are left out.
        scores: Score of each occasion, (m,).
        scale: How it is read.
        people: Person of each occasion, (m,); None where each is its own.
        weights: Weight of each occasion, (m,); None for equal ones.
        min_group: Cells (and top categories) of fewer people are left out.
        level: Confidence level.

    Returns:
        Rows by stage and touchpoint in alphabetical order, "" (all) first; and how many cells were
        left out for being small.

    Raises:
        ValueError: If an occasion is out of range.
    """
    if len(places.occasion) and not -1 <= places.occasion.min() <= places.occasion.max() < len(
        scores
    ):
        raise ValueError(
            f"occasions {places.occasion.min()}..{places.occasion.max()}, expected -1..{len(scores) - 1}"
        )
    person = np.arange(len(scores)) if people is None else people
    cells = cells_of(places)
    shown = _shown(cells, places, person, min_group)
    rows = []
    for cell in sorted(shown):
        at = cells[cell]
        occasions = np.unique(places.occasion[at])
        metric = estimate_metric(
            scores[occasions],
            scale,
            weights=None if weights is None else weights[occasions],
            clusters=None if people is None else person[occasions],
            level=level,
        )
        rows.append(_row(cell, places, at, metric, person, min_group))
    return tuple(rows), len(cells) - len(shown)


def cells_of(places: Places) -> dict[Cell, Ints]:
    """Opinions of scored occasions by stage and touchpoint, with the margins (`ANY`)."""
    cells: dict[Cell, list[int]] = {}
    stages, touchpoints = places.stage.tolist(), places.touchpoint.tolist()
    for i in np.flatnonzero(places.occasion >= 0).tolist():
        stage, touchpoint = stages[i] or ANY, touchpoints[i] or ANY
        # A set, so that an opinion without a stage is not counted twice in the margin.
        for cell in {(stage, touchpoint), (stage, ANY), (ANY, touchpoint), (ANY, ANY)}:
            cells.setdefault(cell, []).append(i)
    return {cell: np.array(members, dtype=np.int64) for cell, members in cells.items()}


def _shown(
    cells: Mapping[Cell, Ints], places: Places, person: npt.NDArray[Any], min_group: int
) -> set[Cell]:
    """Cells of enough people from which, with the margins, no small cell can be calculated.

    While fewer than `min_group` people stand behind what a line hides, its smallest cell joins it.
    Where a margin is hidden, so are its cells, which may be all of it.
    """
    behind = {cell: set(person[places.occasion[at]].tolist()) for cell, at in cells.items()}
    shown = {cell for cell, people in behind.items() if len(people) >= min_group}
    while True:
        shown = {(s, t) for s, t in shown if {(s, ANY), (ANY, t)} <= shown}
        line = _unsafe(behind, shown, min_group)
        if not line:
            return shown
        shown.remove(min(line, key=lambda cell: (len(behind[cell]), cell)))


def _unsafe(behind: Mapping[Cell, set[Any]], shown: set[Cell], min_group: int) -> list[Cell]:
    """The shown cells of a line that adds up to a shown cell and hides too few people."""
    for whole in sorted(shown):
        stage, touchpoint = whole
        for line in (
            [one for one in behind if one[0] == stage and one[1]] if not touchpoint else [],
            [one for one in behind if one[1] == touchpoint and one[0]] if not stage else [],
        ):
            hidden = [cell for cell in line if cell not in shown]
            seen = [cell for cell in line if cell in shown]
            if hidden and seen and len(set().union(*(behind[c] for c in hidden))) < min_group:
                return seen
    return []


def _row(
    cell: Cell,
    places: Places,
    at: Ints,
    metric: Estimate,
    person: npt.NDArray[Any],
    min_group: int,
) -> JourneyRow:
    polarity = places.polarity[at]
    by_stage, by_touchpoint = (
        _origins(column[at]) for column in (places.stage_origin, places.touchpoint_origin)
    )
    doubts = []
    assumed = max(by_stage.assumed if cell[0] else 0, by_touchpoint.assumed if cell[1] else 0)
    if assumed > _MOSTLY * len(at):
        doubts.append(Caveat.of("journey_assumed", share=round(100 * assumed / len(at))))
    return JourneyRow(
        stage=cell[0],
        touchpoint=cell[1],
        opinions=len(at),
        people=len(set(person[places.occasion[at]].tolist())),
        metric=metric,
        negative=float((polarity == "negative").mean()),
        positive=float((polarity == "positive").mean()),
        stage_origins=by_stage,
        touchpoint_origins=by_touchpoint,
        top=_top(places, at, person, min_group),
        caveats=tuple(doubts),
    )


def _origins(column: npt.NDArray[Any]) -> Origins:
    counts = Counter(column.tolist())
    return Origins(counts["given"], counts["read"], counts["assumed"])


def _top(
    places: Places, at: Ints, person: npt.NDArray[Any], min_group: int
) -> tuple[tuple[str, str, int], ...]:
    shown = [
        (*pair, len(members))
        for pair, members in said_at(places, at).items()
        if len(set(person[places.occasion[members]].tolist())) >= min_group
    ]
    return tuple(sorted(shown, key=lambda one: (-one[2], one[0], one[1]))[:TOP])


def said_at(places: Places, at: Ints) -> dict[tuple[str, str], Ints]:
    """Category and polarity to those of the opinions `at` that say it."""
    said: dict[tuple[str, str], list[int]] = {}
    pairs = zip(places.category[at].tolist(), places.polarity[at].tolist(), strict=True)
    for i, pair in zip(at.tolist(), pairs, strict=True):
        said.setdefault(pair, []).append(i)
    return {pair: np.array(members, dtype=np.int64) for pair, members in said.items()}
