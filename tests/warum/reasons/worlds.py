"""Invented worlds with known effects: overlapping mentions, rare and common, answered in clusters.

Mentions come from a Gaussian copula, so that every share is exact whatever the overlap: topics of
one theme are mentioned together more often than chance. A customer's occasions are alike in what
they mention and in what the model does not explain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from warum.occasions import Pair

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """What is true.

    Attributes:
        effects: Of each pair on the score, (k,).
        shares: Of occasions that mention each pair, (k,).
        overlap: Correlation behind the mentions of one theme, 0..1.
        themes: Theme of each pair, (k,).
        likeness: Share of a customer in the variance behind mentions and noise, 0..1.
        largest_cluster: Occasions per customer are uniform on 1..largest.
        base: Expected score without any mention.
        noise: Standard deviation of what is not explained.
        uneven: How much noisier occasions with a mention are (1: not at all).
    """

    effects: tuple[float, ...]
    shares: tuple[float, ...]
    themes: tuple[int, ...]
    overlap: float = 0.5
    likeness: float = 0.0
    largest_cluster: int = 1
    base: float = 20.0
    noise: float = 60.0
    uneven: float = 1.3

    @property
    def k(self) -> int:
        return len(self.effects)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        polarities = ("negative", "positive")
        return tuple((f"topic_{j // 2:02d}", polarities[j % 2]) for j in range(self.k))

    @property
    def impacts(self) -> Floats:
        return np.array(self.effects) * np.array(self.shares)


@dataclass(frozen=True)
class Drawn:
    """A sample of a world."""

    y: Floats
    mentions: npt.NDArray[np.bool_]
    customers: npt.NDArray[np.int64]


def draw(world: World, customers: int, rng: np.random.Generator) -> Drawn:
    """Draw that many customers with all their occasions."""
    sizes = rng.integers(1, world.largest_cluster + 1, customers)
    who = np.repeat(np.arange(customers), sizes)
    m, themes = len(who), np.array(world.themes)
    theme = _alike(world, rng, who, customers, max(world.themes) + 1)[:, themes]
    own = _alike(world, rng, who, customers, world.k)
    latent = np.sqrt(world.overlap) * theme + np.sqrt(1 - world.overlap) * own
    mentions = latent < ndtri(np.array(world.shares))
    noise = world.noise * _alike(world, rng, who, customers, 1)[:, 0]
    noise *= np.where(mentions.any(axis=1), world.uneven, 1.0)
    y = world.base + mentions @ np.array(world.effects) + noise
    assert mentions.shape == (m, world.k)
    return Drawn(y, mentions, who)


def _alike(
    world: World, rng: np.random.Generator, who: npt.NDArray[np.int64], customers: int, columns: int
) -> Floats:
    """Standard normal columns in which a customer's occasions correlate by `likeness`."""
    shared = rng.normal(size=(customers, columns))[who]
    own = rng.normal(size=(len(who), columns))
    return np.sqrt(world.likeness) * shared + np.sqrt(1 - world.likeness) * own


ORDINARY = World(
    effects=(-50.0, 20.0, -30.0, 0.0, -15.0, 30.0, 0.0, 10.0),
    shares=(0.20, 0.15, 0.10, 0.08, 0.06, 0.05, 0.30, 0.02),
    themes=(0, 0, 0, 1, 1, 1, 2, 2),
)

CLUSTERED = World(
    effects=ORDINARY.effects,
    shares=ORDINARY.shares,
    themes=ORDINARY.themes,
    likeness=0.4,
    largest_cluster=5,
)
