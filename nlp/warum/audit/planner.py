"""How many labels an interval of a wanted width needs.

A corrected estimate has a variance of two parts: one shrinks with the number of labels, the other
only with the number of occasions. A pilot tells both; without one, the model's assumed F1 does
roughly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import ndtri

from warum.audit.driver_records import CorrectedDriver
from warum.errors import UsageError

SIZES = (100, 200, 300, 400, 500, 600, 800, 1_000, 1_500, 2_000)
_DESIGN = 1.3  # unequal probabilities make a label worth less for all but what they are raised for


@dataclass(frozen=True, slots=True)
class Precision:
    """How precise an estimate is by the number of labels.

    Attributes:
        per_label: The variance that one label would leave, shrinking as 1 / labels.
        floor: The variance that no label removes.
    """

    per_label: float
    floor: float

    def width(self, labels: int, level: float = 0.95) -> float:
        """Width of the interval with that many labels, high minus low."""
        if labels < 1:
            raise UsageError(f"{labels} labels, expected at least 1.")
        return 2 * float(ndtri((1 + level) / 2)) * math.sqrt(self.per_label / labels + self.floor)

    def labels_for(self, width: float, level: float = 0.95) -> int | None:
        """Least number of labels for an interval of that width; None where no number suffices."""
        if not width > 0:
            raise UsageError(f"The width {width} is wanted, expected above 0.")
        wanted = (width / (2 * float(ndtri((1 + level) / 2)))) ** 2 - self.floor
        return math.ceil(self.per_label / wanted - 1e-9) if wanted > 0 else None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """What so many labels give.

    Attributes:
        labels: Number of labels.
        share_width: Width of the interval of the share, 0..1.
        effect_width: Width of that of the effect, in the metric's points.
        impact_width: Width of that of the impact.
    """

    labels: int
    share_width: float
    effect_width: float
    impact_width: float


@dataclass(frozen=True, slots=True)
class Plan:
    """The precision of share, effect and impact of a pair by the number of labels."""

    share: Precision
    effect: Precision
    impact: Precision

    def table(self, sizes: Sequence[int] = SIZES, level: float = 0.95) -> tuple[PlanRow, ...]:
        """One row per number of labels."""
        return tuple(
            PlanRow(
                n,
                self.share.width(n, level),
                self.effect.width(n, level),
                self.impact.width(n, level),
            )
            for n in sizes
        )


def plan_from_pilot(driver: CorrectedDriver, labels: int) -> Plan:
    """The plan for a pair that a first audit sample has corrected.

    Args:
        driver: Its row.
        labels: Labelled occasions of that sample.

    Raises:
        UsageError: If the pilot held too few mentions of it to tell.
    """
    if math.isnan(driver.impact.low):
        raise UsageError(
            f"The pilot holds too few mentions of {driver.category} {driver.polarity}.",
            hint="Plan from an assumed F1 instead.",
        )
    parts = (driver.share.parts, driver.effect_parts, driver.impact_parts)
    return Plan(*(Precision(part.seen * labels, part.rest) for part in parts))


def plan_from_f1(
    share: float, f1: float, occasions: int, *, deviation: float, effect: float = 0.0
) -> Plan:
    """The plan for a pair from what is assumed of it.

    With precision and recall both F1, labels and the model's mentions correlate by
    (F1 - share) / (1 - share); a tuned correction removes the square of that from the variance.

    Args:
        share: Share of occasions that mention it, above 0, below 1.
        f1: The model's F1 on it, 0..1.
        occasions: Number of scored occasions.
        deviation: Standard deviation of the metric's contributions that mentions leave unexplained.
        effect: Assumed effect, in the metric's points, for the width of the impact.

    Raises:
        UsageError: If a number is out of range.
    """
    if not 0 < share < 1 or not 0 <= f1 <= 1 or occasions < 1 or deviation < 0:
        raise UsageError(
            f"share {share}, F1 {f1}, {occasions} occasions and deviation {deviation}; expected a share "
            "above 0 and below 1, an F1 from 0 to 1, at least 1 occasion, a deviation of 0 or more."
        )
    alike = max(0.0, (f1 - share) / (1 - share)) ** 2
    spread = share * (1 - share)

    def precision(variance: float) -> Precision:
        return Precision(_DESIGN * variance * (1 - alike), variance * alike / occasions)

    of_effect = deviation**2 / spread
    return Plan(
        precision(spread),
        precision(of_effect),
        precision(share**2 * of_effect + effect**2 * spread),
    )
