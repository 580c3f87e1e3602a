"""What is asked of `warum why`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from warum.answers.alert_state import AlertState
from warum.caveats import Ui

ModelKind = Literal["linear", "ordered", "multinomial"]


@dataclass(frozen=True, slots=True)
class Period:
    """Days from first to last, both included.

    Attributes:
        name: As it was asked for, e.g. "2026-Q1".
        first, last: The days.
    """

    name: str
    first: date
    last: date

    def holds(self, dates: npt.NDArray[np.datetime64]) -> npt.NDArray[np.bool_]:
        """Which dates lie in it, bool (m,); a missing one (NaT) does not."""
        days = dates.astype("datetime64[D]")
        inside = (days >= np.datetime64(self.first)) & (days <= np.datetime64(self.last))
        return np.asarray(inside, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Groups:
    """Two values of a column that are compared.

    Attributes:
        column: A segment column or a fixed one (`source`, `channel`, `language`, `question` …).
        first, second: The values; a change is second minus first.
    """

    column: str
    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyOptions:
    """What is asked; every section takes what concerns it.

    Attributes:
        before, after: The two periods of a change; None for none.
        groups: Two groups to compare; None for none.
        segment: Column whose changed mix is split off first; "" for none, None for the first that
            tells the two sides apart (`answers.change` chooses).
        by_polarity: Waterfall per category and polarity instead of per category.
        model: Model of the level: "linear", or of the classes of NPS, CSAT and rates, or of an
            ordinal score ("ordered", "multinomial"); None for what suits the score.
        audit: An audit file (`warum audit`).
        what_if: Assumed changes of complaints, "category" or "category:polarity" to a relative
            change, e.g. {"wait_time": -0.33}.
        weights: YAML file with the weights of the happiness index.
        value_per_point: Value of one point of the metric, in money; None if unknown.
        cost: Cost of the what-if, in the same money; None if unknown.
        level: Confidence level of all intervals.
        draws: Bootstrap draws.
        seed: Seed of everything drawn.
        ui: Language of texts that cannot be left to the renderer.
        where: What restricts the responses, as given: part of what an alert's state belongs to.
        goes_on: Whether the alerts' state is kept for a later run.
        alert_state: What an earlier run left for the alerts; None to begin.
    """

    before: Period | None = None
    after: Period | None = None
    groups: Groups | None = None
    segment: str | None = None
    by_polarity: bool = False
    model: ModelKind | None = None
    audit: Path | None = None
    what_if: Mapping[str, float] = field(default_factory=dict)
    weights: Path | None = None
    value_per_point: float | None = None
    cost: float | None = None
    level: float = 0.95
    draws: int = 1_000
    seed: int = 0
    ui: Ui = "en"
    where: tuple[str, ...] = ()
    goes_on: bool = False
    alert_state: AlertState | None = None
