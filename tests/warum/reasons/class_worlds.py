"""Invented worlds of classes with known effects: mentions as in `worlds`, scores in few steps.

Scores come from a proportional odds model, so that the true effect of a mention on the metric is a
mean of differences of known probabilities. A customer's occasions are alike in what they mention,
and in their scores through a Gaussian copula, which leaves every single probability as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, ndtr

from tests.warum.reasons.worlds import Drawn, World, draw

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ClassWorld:
    """What is true.

    Attributes:
        mentions: Who mentions what; its effects are log odds ratios towards better classes.
        values: What each class contributes, ascending, (K,).
        shares: Shares of the classes without any mention, (K,).
    """

    mentions: World
    values: tuple[float, ...] = (-100.0, 0.0, 100.0)
    shares: tuple[float, ...] = (0.2, 0.3, 0.5)

    @property
    def thresholds(self) -> Floats:
        return np.asarray(logit(np.cumsum(self.shares)[:-1]), dtype=np.float64)

    def metric(self, mentions: npt.NDArray[np.bool_]) -> Floats:
        """Expected value of occasions, (m,)."""
        at_most = expit(self.thresholds - (mentions @ np.array(self.mentions.effects))[:, None])
        reached: Floats = self.values[-1] - at_most @ np.diff(self.values)
        return reached

    def draw(self, customers: int, rng: np.random.Generator) -> Drawn:
        """Draw that many customers with all their occasions."""
        noise = replace(
            self.mentions, effects=(0.0,) * self.mentions.k, base=0.0, noise=1.0, uneven=1.0
        )
        drawn = draw(noise, customers, rng)
        at_most = expit(
            self.thresholds - (drawn.mentions @ np.array(self.mentions.effects))[:, None]
        )
        steps = (ndtr(drawn.y)[:, None] > at_most).sum(axis=1)
        return Drawn(np.array(self.values)[steps], drawn.mentions, drawn.customers)

    def truth(self, size: int = 400_000) -> tuple[Floats, Floats]:
        """Effect and impact of each pair, (k,) each, from a large sample of mentions."""
        single = replace(self.mentions, likeness=0.0, largest_cluster=1)
        mentions = draw(single, size, np.random.default_rng(1)).mentions
        effects, impacts = np.zeros((2, self.mentions.k))
        base = self.metric(mentions)
        for j in range(self.mentions.k):
            with_it, without = mentions.copy(), mentions.copy()
            with_it[:, j], without[:, j] = True, False
            absent = self.metric(without)
            effects[j] = (self.metric(with_it) - absent).mean()
            impacts[j] = (base - absent).mean()
        return effects, impacts


LOG_ODDS = (-1.5, 0.6, -1.0, 0.0, -0.5, 1.2, 0.0, 0.4)
