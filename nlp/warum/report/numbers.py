"""Numbers as people read them: decimal comma in German, a true minus sign, few digits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from warum.caveats import Ui
from warum.metrics import ScoreScale
from warum.records import Estimate
from warum.report.words import say

MINUS = "−"
NOTHING = "–"

_FINE, _COARSE = 20.0, 200.0


def number(value: float, ui: Ui, decimals: int = 0, *, signed: bool = False) -> str:
    """A number for reading; a dash for NaN.

    Args:
        value: The number.
        ui: Language, which decides on comma and point.
        decimals: Digits behind the comma.
        signed: Whether a positive number shows its plus sign.
    """
    if not math.isfinite(value):
        return NOTHING
    text = f"{abs(value):,.{decimals}f}"
    if ui == "de":
        text = text.translate(str.maketrans(",.", ".,"))
    if not text.strip("0.,"):
        return text
    return (MINUS if value < 0 else "+" if signed else "") + text


def percent(share: float, ui: Ui, decimals: int = 0) -> str:
    """A share (0..1) in percent; a share too small for it is shown as "<1%"."""
    if not math.isfinite(share):
        return NOTHING
    sign = "\N{NO-BREAK SPACE}%" if ui == "de" else "%"
    least = 10.0**-decimals
    if 0 < 100 * share < least / 2:
        return f"<{number(least, ui, decimals)}{sign}"
    return number(100 * share, ui, decimals) + sign


def percents(shares: Sequence[float], ui: Ui) -> list[str]:
    """The parts of a whole in whole percents that add up to 100, as they do in the reader's head.

    Args:
        shares: Parts, 0..1, that add up to 1; each is rounded down, and the largest remainders up.
        ui: Language.
    """
    if not all(math.isfinite(share) for share in shares):
        return [percent(share, ui) for share in shares]
    whole = [math.floor(100 * share) for share in shares]
    missing = max(0, round(100 * math.fsum(shares)) - sum(whole))
    remainders = sorted(range(len(whole)), key=lambda i: whole[i] - 100 * shares[i])
    for i in remainders[:missing]:
        whole[i] += 1
    shown = zip(whole, shares, strict=True)
    return [percent(points / 100 if points else min(share, 0.004), ui) for points, share in shown]


def q_value(value: float, ui: Ui) -> str:
    """A p or q value: three decimals, never "0.000"."""
    if math.isfinite(value) and value < 0.0005:
        return "<" + number(0.001, ui, 3)
    return number(value, ui, 3)


@dataclass(frozen=True, slots=True)
class MetricFormat:
    """How the numbers of one metric are written.

    Attributes:
        scale: The score's scale.
        ui: Language.
    """

    scale: ScoreScale
    ui: Ui

    @property
    def _in_percent(self) -> bool:
        return self.scale.metric in ("csat", "rate")

    @property
    def _sign(self) -> str:
        if not self._in_percent:
            return ""
        return "\N{NO-BREAK SPACE}%" if self.ui == "de" else "%"

    @property
    def unit_key(self) -> str:
        """The word for a difference's unit, as a key of `words.yaml`."""
        return "percentage_points" if self._in_percent else "points"

    @property
    def level_decimals(self) -> int:
        """Digits of the metric itself."""
        if self.scale.metric == "nps" or self._in_percent:
            return 0
        width = self.scale.high - self.scale.low
        return 2 if width <= _FINE else 1 if width <= _COARSE else 0

    @property
    def change_decimals(self) -> int:
        """Digits of a difference in the metric."""
        return max(1, self.level_decimals)

    def level(self, value: float) -> str:
        """The metric: "−20", "63%", "3.84"."""
        text = number(value, self.ui, self.level_decimals)
        return text if text == NOTHING else text + self._sign

    def change(self, value: float, *, signed: bool = True) -> str:
        """A difference in the metric: "−6.1"."""
        return number(value, self.ui, self.change_decimals, signed=signed)

    def points(self, value: float) -> str:
        """The size of a difference with its unit, as it stands behind "with": "6.1 points"."""
        unit = say(f"{self.unit_key}_with", self.ui)
        return f"{self.change(abs(value), signed=False)}\N{NO-BREAK SPACE}{unit}"

    def level_span(self, estimate: Estimate) -> str:
        """The metric's interval: "−26 to −14", "55 to 62%"; a dash where it is withheld."""
        low = number(estimate.low, self.ui, self.level_decimals)
        return self._span(low, self.level(estimate.high))

    def change_span(self, estimate: Estimate) -> str:
        """The interval of a difference: "−8.0 to −4.1"; a dash where it is withheld."""
        return self._span(self.change(estimate.low), self.change(estimate.high))

    def _span(self, low: str, high: str) -> str:
        if NOTHING in (low, high):
            return NOTHING
        return say("span", self.ui, low=low, high=high)
