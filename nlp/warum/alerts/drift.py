"""Slow change: a CUSUM (Page 1954) of log-likelihood ratios for each stream and size of change.

The ratio compares a share whose odds are 1.5, 3 or 10 times those of the baseline (or 1.5 or 3
times less) with the forecast. Its exponential is a martingale while nothing changes, so the chance that a
sum which starts at zero ever passes h is at most exp(-h) (Ville 1939; the argument of the
e-detectors of Shin, Ramdas and Rinaldo 2024, arXiv:2203.03532). Each period may spend the yearly
bound divided by the periods of a year, shared by all sums that stand at zero then: such a start gets
h = log(their number / what may be spent). Sums under way cost nothing, nor do streams without
occasions. The expected number of false alarms of a year, hence the chance of any, stays within the
bound whatever depends on whatever. A change began where the sum that raised the alarm left zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warum.alerts.baseline import Forecast
from warum.alerts.betabinomial import Bools, Floats, log_odds_of_counts

ODDS = (1.5, 3.0, 10.0, 1 / 1.5, 1 / 3.0)
RISES = 3  # the first so many of ODDS


@dataclass
class Cusum:
    """The sums of all streams; each array has the shape (5, ..., s, c). Can be stored.

    Attributes:
        height: The sum, at least 0.
        bar: Where it raises an alarm.
        share: The baseline's share (without season) when it left zero.
        start: Number of the period in which it left zero.
        seen, occasions, periods, expected: Mentions, occasions, periods and expected mentions since.
    """

    height: Floats
    bar: Floats
    share: Floats
    start: Floats
    seen: Floats
    occasions: Floats
    periods: Floats
    expected: Floats

    @classmethod
    def empty(cls, *shape: int) -> Cusum:
        """All sums at zero, for the shape (..., s, c)."""
        return cls(*(np.zeros((len(ODDS), *shape)) for _ in range(8)))

    def step(
        self,
        k: Floats,
        n: Floats,
        forecast: Forecast,
        watched: Bools,
        *,
        spend: float,
        period: int,
        least_periods: int,
        least_seen: int,
    ) -> Bools:
        """Add a period.

        Args:
            k: Occasions that mention it, (..., s, c).
            n: Occasions, (..., s, 1).
            forecast: What was expected.
            watched: Streams with enough history, (..., s, c); the others' sums are zero.
            spend: Expected false alarms that this period may cost.
            period: Its number.
            least_periods: In how many periods an alarm can come about at the soonest.
            least_seen: Mentions that a rise needs.

        Returns:
            Which sums passed their bar, (5, ..., s, c).
        """
        active = watched & (n > 0)
        self.height *= watched
        self._begin((self.height == 0) & active, forecast, spend, period)
        ratio = self._log_ratios(k, n, forecast)
        # A day must not do alone what is called slow; cut from above, the bound still holds.
        ratio = np.minimum(ratio, self.bar / least_periods)
        self.height = np.where(active, np.maximum(self.height + ratio, 0), self.height)
        going = active & (self.height > 0)
        self.seen += going * k
        self.occasions += going * n
        self.periods += going
        self.expected += going * n * self.share * forecast.factor
        enough = np.ones(going.shape, dtype=np.bool_)
        enough[:RISES] = self.seen[:RISES] >= least_seen
        passed: Bools = going & enough & (self.height >= self.bar)
        return passed

    def clear(self, where: Bools) -> None:
        """Put all sums of some streams, (..., s, c), back to zero."""
        self.height = np.where(where, 0.0, self.height)

    def _begin(self, fresh: Bools, forecast: Forecast, spend: float, period: int) -> None:
        """Sums that stand at zero and may leave it in this period."""
        axes = (0, -2, -1)
        number = np.maximum(fresh.sum(axis=axes, keepdims=True), 1)
        self.bar = np.where(fresh, np.log(number / spend), self.bar)
        share = np.empty(fresh.shape)
        share[:RISES] = forecast.upper / forecast.factor
        share[RISES:] = forecast.lower / forecast.factor
        self.share = np.where(fresh, share, self.share)
        self.start = np.where(fresh, period, self.start)
        for sums in (self.seen, self.occasions, self.periods, self.expected):
            sums[fresh] = 0

    def _log_ratios(self, k: Floats, n: Floats, forecast: Forecast) -> Floats:
        rho = forecast.rho
        base = np.clip(self.share * forecast.factor, 1e-9, 0.99)
        odds = base / (1 - base) * np.reshape(ODDS, (-1, *(1,) * k.ndim))
        changed = log_odds_of_counts(k, n, odds / (1 + odds), rho)
        changed[:RISES] -= log_odds_of_counts(k, n, forecast.upper, rho)
        changed[RISES:] -= log_odds_of_counts(k, n, forecast.lower, rho)
        return changed
