"""How small a p-value must be on a given day, so that alarms stay believable over a whole year.

LORD++ (Ramdas, Yang, Wainwright and Jordan 2017, arXiv:1710.00499) in its mini-batch form (Zrnic,
Ramdas and Jordan 2021, JMLR 22(33), LORD*-mini): the levels of a day depend only on the alarms of
earlier days, so p-values of one day may depend on each other in any way. Two choices make it fit a
service that runs for years. All wealth is there from the start (w0 = α), and it is spent evenly over
a horizon of one year (γ_t = 1/365), after which a new year begins with new wealth. Then the level
of a day is

    α/365 · max(1, alarms so far this year),

divided equally among the streams that can be judged that day. What is guaranteed, per year:

- no change anywhere: P(any alarm) ≤ α, by adding the levels up, whatever depends on whatever;
- else: the levels never add up to more than α · max(1, alarms), so the expected false alarms over
  the expected alarms (mFDR) are at most α if each p-value is valid given the days before, and the
  false discovery rate is at most α if they are independent.

SAFFRON and ADDIS gain where many hypotheses are false or p-values are needlessly large; here nearly
all are true, where SAFFRON pays for its estimate of their share, and ADDIS needs p-values that are
uniformly conservative, which those of counts are not. Benjamini-Hochberg by the day controls nothing
over a year: 365 days at 10 % each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warum.alerts.betabinomial import Floats


@dataclass
class YearlyLord:
    """The level of each period and what earlier alarms add to it; can be stored.

    Attributes:
        alpha: Bound on the false discovery rate of a year, 0..1.
        horizon: Periods of a year.
        elapsed: Periods of this year that are over.
        alarms: Alarms of this year so far, (...): one number, or one for each copy of the streams.
    """

    alpha: float
    horizon: int
    elapsed: int
    alarms: Floats

    @classmethod
    def fresh(cls, alpha: float, horizon: int, *shape: int) -> YearlyLord:
        """The first day of a year.

        Raises:
            ValueError: If alpha is not between 0 and 1 or the horizon is shorter than a period.
        """
        if not 0 < alpha < 1:
            raise ValueError(f"alpha is {alpha}, expected between 0 and 1")
        if horizon < 1:
            raise ValueError(f"horizon is {horizon} periods, expected at least 1")
        return cls(alpha, horizon, 0, np.zeros(shape))

    def level(self) -> Floats:
        """What may be spent today on all streams together, (...)."""
        spendable: Floats = self.alpha / self.horizon * np.maximum(1.0, self.alarms)
        return spendable

    def close(self, alarms: Floats) -> None:
        """End the day.

        Args:
            alarms: Alarms of the day, (...).
        """
        self.alarms = self.alarms + alarms
        self.elapsed += 1
        if self.elapsed == self.horizon:
            self.elapsed, self.alarms = 0, np.zeros_like(self.alarms)
