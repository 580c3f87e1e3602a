"""Likelihoods of classes: proportional odds and multinomial logit.

Both are functions of L = K - 1 linear predictors h for K classes. Proportional odds (McCullagh
1980): P(class <= k) = logistic(h_k). Multinomial: h_k = log P(class k) / P(class 0).
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from scipy.special import expit, log_expit, logit, softmax

from warum.reasons.design import Floats, Ints


class Family(Protocol):
    """What makes a likelihood of linear predictors."""

    name: str

    def constraint(self, predictors: int) -> Floats:
        """C, (L, R)."""

    def start(self, shares: Floats) -> Floats:
        """Intercepts that give the classes' shares, (K,) to (L,)."""

    def likelihood(self, h: Floats, classes: Ints) -> Floats:
        """Log likelihood of each row, (b,); -inf where h is impossible."""

    def terms(self, h: Floats, classes: Ints) -> tuple[Floats, Floats]:
        """Its first derivative by h, (b, L), and minus the second, (b, L, L)."""

    def metric(self, h: Floats, values: Floats) -> tuple[Floats, Floats]:
        """Expected value of the class, (...), and its derivative by h, (..., L)."""


class Ordered:
    """Proportional odds."""

    name = "ordered-logit"

    def constraint(self, predictors: int) -> Floats:
        """One slope a column, counted against the thresholds."""
        return -np.ones((predictors, 1))

    def start(self, shares: Floats) -> Floats:
        """Logits of the cumulative shares."""
        return np.asarray(logit(np.cumsum(shares)[:-1]), dtype=np.float64)

    def likelihood(self, h: Floats, classes: Ints) -> Floats:
        """Written as log F(a) + log F(-b) + log(1 - e^(b - a)), which loses no digits."""
        upper, lower = self._ends(h, classes)
        with np.errstate(invalid="ignore", divide="ignore"):
            gap = np.log(-np.expm1(lower - upper))
        value = log_expit(upper) + log_expit(-lower) + np.where(upper > lower, gap, -np.inf)
        return np.asarray(value, dtype=np.float64)

    def terms(self, h: Floats, classes: Ints) -> tuple[Floats, Floats]:
        """Of the form above."""
        upper, lower = self._ends(h, classes)
        above, below = expit(upper), expit(lower)
        gap = 1 / np.expm1(np.minimum(upper - lower, 700.0))
        curve = gap * (1 + gap)
        first, second = np.zeros_like(h), np.zeros((*h.shape, h.shape[1]))
        low, high = np.flatnonzero(classes > 0), np.flatnonzero(classes < h.shape[1])
        at, under = classes[high], classes[low] - 1
        first[high, at] += (1 - above + gap)[high]
        first[low, under] -= (below + gap)[low]
        second[high, at, at] += (above * (1 - above) + curve)[high]
        second[low, under, under] += (below * (1 - below) + curve)[low]
        both = np.flatnonzero((classes > 0) & (classes < h.shape[1]))
        second[both, classes[both], classes[both] - 1] -= curve[both]
        second[both, classes[both] - 1, classes[both]] -= curve[both]
        return first, second

    def metric(self, h: Floats, values: Floats) -> tuple[Floats, Floats]:
        """Best value minus the steps that are not reached."""
        steps, reached = np.diff(values), expit(h)
        return values[-1] - reached @ steps, -steps * reached * (1 - reached)

    @staticmethod
    def _ends(h: Floats, classes: Ints) -> tuple[Floats, Floats]:
        edge = np.full((len(h), 1), np.inf)
        ends = np.concatenate((-edge, h, edge), axis=1)
        rows = np.arange(len(h))
        return ends[rows, classes + 1], ends[rows, classes]


class Multinomial:
    """Every class its own slopes; the first class is the reference."""

    name = "multinomial-logit"

    def constraint(self, predictors: int) -> Floats:
        """As many slopes a column as predictors."""
        return np.eye(predictors)

    def start(self, shares: Floats) -> Floats:
        """Log odds against the first class."""
        return np.asarray(np.log(shares[1:] / shares[0]), dtype=np.float64)

    def likelihood(self, h: Floats, classes: Ints) -> Floats:
        """Log of the class's probability."""
        with np.errstate(divide="ignore"):
            value = np.log(self._probabilities(h)[np.arange(len(h)), classes])
        return np.asarray(value, dtype=np.float64)

    def terms(self, h: Floats, classes: Ints) -> tuple[Floats, Floats]:
        """Observed minus expected, and the variance of one draw."""
        p = self._probabilities(h)[:, 1:]
        first = (classes[:, None] == np.arange(1, p.shape[1] + 1)) - p
        return first, p[:, :, None] * np.eye(p.shape[1]) - p[:, :, None] * p[:, None, :]

    def metric(self, h: Floats, values: Floats) -> tuple[Floats, Floats]:
        """Probability-weighted mean."""
        p = self._probabilities(h)
        mean = p @ values
        return mean, p[..., 1:] * (values[1:] - mean[..., None])

    @staticmethod
    def _probabilities(h: Floats) -> Floats:
        whole = np.concatenate((np.zeros((*h.shape[:-1], 1)), h), axis=-1)
        return np.asarray(softmax(whole, axis=-1), dtype=np.float64)
