"""The beta-binomial distribution by mean and correlation, for many counts at once.

A count of n occasions has mean n·μ and variance n·μ(1-μ)(1 + (n-1)ρ): with ρ = 0 it is binomial. What
is not known of μ widens the distribution like days that differ among themselves, so both go into ρ.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LEAST_RHO, MOST_RHO = 1e-6, 0.5
LEAST_MEAN, MOST_MEAN = 1e-9, 1 - 1e-9
_NEGLIGIBLE = 1e-16
_EXACT_RANGE = 2_000


def shapes(mean: Floats, rho: Floats) -> tuple[Floats, Floats]:
    """The two shape parameters of the beta distribution.

    Args:
        mean: Expected share, 0..1; kept off 0 and 1.
        rho: Correlation of two occasions of one day, 0..1; kept within 1e-6..0.5.

    Returns:
        Alpha and beta, both positive, of the arguments' common shape.
    """
    rho = np.clip(rho, LEAST_RHO, MOST_RHO)
    mean = np.clip(mean, LEAST_MEAN, MOST_MEAN)
    precision = (1 - rho) / rho
    return mean * precision, (1 - mean) * precision


def deviation(n: Floats, mean: Floats, rho: Floats) -> Floats:
    """Standard deviation of the count."""
    variance = n * mean * (1 - mean) * (1 + np.maximum(n - 1, 0) * rho)
    spread: Floats = np.sqrt(np.maximum(variance, 0))
    return spread


def log_odds_of_counts(k: Floats, n: Floats, mean: Floats, rho: Floats) -> Floats:
    """Log probability of k of n, less the binomial coefficient (which cancels in ratios)."""
    from scipy.special import betaln

    alpha, beta = shapes(mean, rho)
    value: Floats = betaln(k + alpha, n - k + beta) - betaln(alpha, beta)
    return value


def log_probability(k: Floats, n: Floats, mean: Floats, rho: Floats) -> Floats:
    """Log probability of exactly k of n; arguments broadcast."""
    from scipy.special import gammaln

    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    value: Floats = ways + log_odds_of_counts(k, n, mean, rho)
    return value


def upper_tail(k: Floats, n: Floats, mean: Floats, rho: Floats) -> Floats:
    """Probability of k or more of n: a p-value that is never too small, as mid-p would be.

    Args:
        k: Counts, (c,).
        n: Occasions, (c,), at least k.
        mean: Expected shares, (c,).
        rho: Correlations, (c,).

    Returns:
        0..1, (c,).
    """
    alpha, beta = shapes(mean, rho)
    term = np.exp(log_probability(k, n, mean, rho))
    total, j = term.copy(), np.array(k, dtype=np.float64)
    active = np.flatnonzero(j < n)
    while len(active):
        at = j[active]
        ratio = (n[active] - at) / (at + 1)
        ratio *= (at + alpha[active]) / (n[active] - at - 1 + beta[active])
        term[active] *= ratio
        total[active] += term[active]
        j[active] = at + 1
        # A beta below 1 bends the far end upwards again: such tails are summed to the end.
        done = (ratio < 1) & (term[active] <= _NEGLIGIBLE * total[active]) & (beta[active] >= 1)
        active = active[~done & (j[active] < n[active])]
    tail: Floats = np.where(k <= 0, 1.0, np.minimum(total, 1.0))
    return tail


def central_range(n: int, mean: float, rho: float, level: float = 0.95) -> tuple[int, int]:
    """The counts between which the share `level` of all counts lies, both ends included.

    Exact up to 2,000 occasions; above, by a beta of the same mean and variance, which is within one
    or two mentions.
    """
    if n > _EXACT_RANGE:
        return _wide_range(n, mean, rho, level)
    counts = np.arange(n + 1, dtype=np.float64)
    size = np.full(n + 1, float(n))
    probability = np.exp(log_probability(counts, size, np.full(n + 1, mean), np.full(n + 1, rho)))
    cumulative = np.cumsum(probability)
    cumulative /= cumulative[-1]
    low = int(np.searchsorted(cumulative, (1 - level) / 2))
    high = int(np.searchsorted(cumulative, (1 + level) / 2))
    return low, min(high, n)


def _wide_range(n: int, mean: float, rho: float, level: float) -> tuple[int, int]:
    from scipy.special import betaincinv

    mean = min(max(mean, LEAST_MEAN), MOST_MEAN)
    spread = (1 + (n - 1) * min(max(rho, LEAST_RHO), MOST_RHO)) / n
    precision = (1 - spread) / spread
    ends = [
        float(betaincinv(mean * precision, (1 - mean) * precision, q))
        for q in ((1 - level) / 2, (1 + level) / 2)
    ]
    return round(n * ends[0]), min(round(n * ends[1]), n)
