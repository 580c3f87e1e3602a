"""What is normal: the share of mentions to expect in a period, from all periods before it.

A stream is one category (or category and polarity) in one segment. Arrays have the shape (..., s, c):
s segments, of which the first is everybody, and c categories; axes before these hold independent
copies (simulations). The forecast is beta-binomial. Its mean is the share so far times factors for
the weekday and, after a year, for the month; its width holds what is not known of them and the
overdispersion seen so far. Four things keep it honest:

- Factors come from everybody's stream of the category and are shrunk towards 1 by the variance
  between weekdays (months) that chance does not explain (empirical Bayes; none, and they are 1).
- A count above mean + 4 deviations enters the history as that value, so that a spike hardly lifts
  what is expected afterwards (compare the down-weighting of Noufaily et al. 2013, Stat. Med. 32).
- One mention is added to the history where a rise is judged: the forecast errs to the safe side.
- One year cannot tell a season from a level that changed for good. So a rise is judged by the higher
  of the forecasts with and without the month, a fall by the lower.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warum.alerts.betabinomial import Bools, Floats, deviation

LEAST_HISTORY = 50
YEAR_DAYS = 360
_CAP_DEVIATIONS = 4.0
_PRIOR_INFORMATION = 1 / 0.01**2
_MOST_FACTOR = 4.0
_MOST_SHARE = 0.99
_MOST_RHO = 0.3
_LEAST_VARIANCE = 1e-6
SUMS = ("seen", "exposure", "occasions", "squares", "periods", "excess", "room", "noise")


@dataclass(frozen=True, slots=True)
class Season:
    """Where a period lies in the week and the year.

    Attributes:
        day: Its first day, counted from 1970-01-01.
        weekday: 0..6 from Monday; -1 for periods longer than a day.
        month: 0..11, of its first day.
    """

    day: int
    weekday: int
    month: int

    @classmethod
    def of(cls, day: int, *, daily: bool) -> Season:
        """The season of the period that begins on a day (counted from 1970-01-01, a Thursday)."""
        month = int(np.datetime64(day, "D").astype("datetime64[M]").astype(np.int64)) % 12
        return cls(day, (day + 3) % 7 if daily else -1, month)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What to expect in one period; all of shape (..., s, c).

    Attributes:
        mean: Expected share of occasions that mention it, 0..1; with half a mention added to the
            history (Jeffreys), so that what was never said has a range too.
        lower: The least it may be, for judging falls.
        upper: The most it may be, with one mention added to the history, for judging rises.
        factor: Weekday's factor within them.
        rho_days: Correlation by which periods differ among themselves.
        rho_level: Correlation that stands for what is not known of the mean.
    """

    mean: Floats
    lower: Floats
    upper: Floats
    factor: Floats
    rho_days: Floats
    rho_level: Floats

    @property
    def rho(self) -> Floats:
        """Both correlations together."""
        both: Floats = 1 - (1 - self.rho_days) * (1 - self.rho_level)
        return both


@dataclass
class Baseline:
    """The history of all streams, as sums: it grows by a period at a time and can be stored.

    Attributes:
        seen: Mentions so far (capped), (..., s, c).
        exposure: Occasions times weekday's factor, (..., s, c).
        occasions: Occasions, (..., s, c).
        squares: Sum of the squared occasions of each period, (..., s, c).
        periods: Periods with occasions, (..., s, c).
        excess: Squared deviations beyond the binomial's, (..., s, c).
        room: What they would be with all occasions of a period alike, (..., s, c).
        noise: Variance of `excess` under the binomial, (..., s, c).
        months: Occasions by month, (..., s, c, 12).
        week_seen, week_occasions: By weekday, of everybody, (..., c, 7).
        month_seen, month_occasions: By month, of everybody, (..., c, 12).
        month_since: Day of the first of them, (..., c); -1 without any.
    """

    seen: Floats
    exposure: Floats
    occasions: Floats
    squares: Floats
    periods: Floats
    excess: Floats
    room: Floats
    noise: Floats
    months: Floats
    week_seen: Floats
    week_occasions: Floats
    month_seen: Floats
    month_occasions: Floats
    month_since: Floats

    @classmethod
    def empty(cls, *shape: int) -> Baseline:
        """No history, for the shape (..., s, c)."""
        of_all = (*shape[:-2], shape[-1])
        cells = {"week": (*of_all, 7), "month": (*of_all, 12)}
        tables = {f"{name}_seen": np.zeros(size) for name, size in cells.items()}
        tables |= {f"{name}_occasions": np.zeros(size) for name, size in cells.items()}
        sums = {name: np.zeros(shape) for name in SUMS}
        return cls(
            **sums, **tables, months=np.zeros((*shape, 12)), month_since=np.full(of_all, -1.0)
        )

    def ready(self, warm_up: int) -> Bools:
        """Which streams have enough history to judge by, (..., s, c)."""
        enough: Bools = (self.occasions >= LEAST_HISTORY) & (self.periods >= warm_up)
        return enough

    def forecast(self, season: Season) -> Forecast:
        """What to expect in a period of this season."""
        rho_days = self._rho()
        design = 1 + np.maximum(self._usual_size() - 1, 0) * rho_days
        factor, doubt = self._weekday(season, design[..., 0, :])
        month, more = self._month(season, design[..., 0, :])
        plain = self.seen / (self.exposure + 1) * factor
        middle = (self.seen + 0.5) / (self.exposure + 1) * factor
        plus = (self.seen + 1) / (self.exposure + 1) * factor
        upper = np.minimum(plus * np.maximum(month, 1), _MOST_SHARE)
        rho_level = design / (self.occasions + 1) + (doubt + more) * upper / (1 - upper)
        return Forecast(
            mean=np.minimum(middle * np.sqrt(month), _MOST_SHARE),
            lower=np.minimum(plain * np.minimum(month, 1), _MOST_SHARE),
            upper=upper,
            factor=factor,
            rho_days=rho_days,
            rho_level=np.minimum(rho_level, 0.5),
        )

    def learn(self, k: Floats, n: Floats, forecast: Forecast, season: Season) -> None:
        """Take a period into the history.

        Args:
            k: Occasions that mention it, (..., s, c).
            n: Occasions, (..., s, 1).
            forecast: What was expected of this very period.
            season: Its season.
        """
        known = self.occasions >= LEAST_HISTORY
        cap = n * forecast.upper + _CAP_DEVIATIONS * deviation(n, forecast.upper, forecast.rho)
        k = np.where(known, np.minimum(k, np.maximum(cap, 1)), k)
        mean = (forecast.lower + forecast.upper) / 2  # not 0 before the first mention
        binomial = mean * (1 - mean)
        chance = n * binomial * (1 + n / (self.occasions + 1))
        self.excess += np.where(known, (k - n * mean) ** 2 - chance, 0.0)
        self.room += np.where(known, n * np.maximum(n - 1, 0) * binomial, 0.0)
        self.noise += np.where(known, 2 * (n * binomial) ** 2 + n * binomial, 0.0)
        self.seen += k
        self.exposure += n * forecast.factor
        self.occasions += n
        self.squares += n**2
        self.periods += n > 0
        self.months[..., season.month] += n
        self._learn_season(k[..., 0, :], n[..., 0, :], season)

    def restart(
        self, where: Bools, seen: Floats, occasions: Floats, periods: Floats, season: Season
    ) -> None:
        """Forget the level before a change: what came since it is the new history.

        Args:
            where: Streams that changed, (..., s, c).
            seen: Their mentions since, (..., s, c).
            occasions: Their occasions since, (..., s, c).
            periods: Their periods since, (..., s, c).
            season: Season of the last of them, which stands for all.
        """
        usual = self._usual_size()
        self.seen = np.where(where, seen, self.seen)
        for name in ("exposure", "occasions"):
            setattr(self, name, np.where(where, occasions, getattr(self, name)))
        self.squares = np.where(where, occasions * usual, self.squares)
        self.periods = np.where(where, periods, self.periods)
        self.months *= ~where[..., None]
        self.months[..., season.month] += np.where(where, occasions, 0.0)

    def _usual_size(self) -> Floats:
        """Occasions of a period, as an occasion sees them."""
        size: Floats = self.squares / np.maximum(self.occasions, 1)
        return size

    def _rho(self) -> Floats:
        """Overdispersion of each stream, drawn to that of its segment as far as it is uncertain.

        The segment's is that over all categories. Weights are the information of
        the moment estimate under the binomial against a prior deviation of 0.01.
        """
        noise = np.maximum(self.noise, 1e-9)
        evidence, information = self.excess * self.room / noise, self.room**2 / noise
        pooled = np.maximum(evidence.sum(-1, keepdims=True), 0) / np.maximum(
            information.sum(-1, keepdims=True), _PRIOR_INFORMATION
        )
        own = (evidence + _PRIOR_INFORMATION * pooled) / (information + _PRIOR_INFORMATION)
        # Not below the segment's: bursts of a rare category are capped before they are counted.
        rho: Floats = np.clip(np.maximum(own, pooled), 0, _MOST_RHO)
        return rho

    def _weekday(self, season: Season, design: Floats) -> tuple[Floats, Floats]:
        """Factor of the weekday and its squared relative error, (..., 1, c)."""
        if season.weekday < 0:
            one = np.ones(self.month_since.shape)[..., None, :]
            return one, one * 0
        factors, doubts = _shrunk(self.week_seen, self.week_occasions, design)
        return factors[..., None, :, season.weekday], doubts[..., None, :, season.weekday]

    def _month(self, season: Season, design: Floats) -> tuple[Floats, Floats]:
        """Factor of the month against those of each stream's history, and its squared error.

        Both (..., s, c); 1 and 0 until there is a year of history.
        """
        old = (self.month_since >= 0) & (season.day - self.month_since >= YEAR_DAYS)
        if not old.any():
            return np.ones(self.seen.shape), np.zeros(self.seen.shape)
        factors, doubts = _shrunk(self.month_seen, self.month_occasions, design)
        weights = self.months / np.maximum(self.months.sum(-1, keepdims=True), 1)
        usual = (weights * factors[..., None, :, :]).sum(-1)
        ratio = factors[..., None, :, season.month] / np.where(usual > 0, usual, 1.0)
        known = old[..., None, :] & (usual > 0)
        doubt = np.broadcast_to(doubts[..., None, :, season.month], ratio.shape)
        return np.where(known, ratio, 1.0), np.where(known, doubt, 0.0)

    def _learn_season(self, k: Floats, n: Floats, season: Season) -> None:
        if season.weekday >= 0:
            self.week_seen[..., season.weekday] += k
            self.week_occasions[..., season.weekday] += n
        self.month_seen[..., season.month] += k
        self.month_occasions[..., season.month] += n
        self.month_since[(self.month_since < 0) & (n > 0)] = season.day


def _shrunk(seen: Floats, occasions: Floats, design: Floats) -> tuple[Floats, Floats]:
    """Each cell's factor against the whole, drawn towards 1, and its squared relative error.

    The gamma-Poisson of empirical Bayes, with the variance between cells by moments.

    Args:
        seen: Mentions by cell, (..., c, J).
        occasions: Occasions by cell, (..., c, J).
        design: Variance of counts over that of binomial ones, (..., c).

    Returns:
        Both (..., c, J).
    """
    design = design[..., None]
    total = np.maximum(occasions.sum(-1, keepdims=True), 1)
    expected = occasions * (seen.sum(-1, keepdims=True) / total)
    chance = design * expected * (1 - occasions / total)
    squares = np.maximum((expected**2).sum(-1, keepdims=True), 1e-9)
    between = ((seen - expected) ** 2 - chance).sum(-1, keepdims=True) / squares
    varies = between > _LEAST_VARIANCE
    weight = 1 / np.where(varies, between, 1.0)
    factor = np.where(varies, (seen / design + weight) / (expected / design + weight), 1.0)
    doubt = np.where(varies, 1 / (seen / design + weight), 0.0)
    return np.clip(factor, 1 / _MOST_FACTOR, _MOST_FACTOR), doubt
