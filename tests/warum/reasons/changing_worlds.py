"""Invented pairs of periods with known truth: scores from 0 to 10, mentions that overlap.

Customers may answer in both periods and several times; their occasions are alike in what they
mention and in what they feel. What is true is read off a very large sample.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from warum.metrics import ScoreScale
from warum.occasions import Pair

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NPS = ScoreScale("nps", "nps", 0, 10)


@dataclass(frozen=True)
class ChangingWorld:
    """What is true in both periods.

    Attributes:
        shares: Of occasions that mention each pair, before and after, (2, k).
        effects: Of each pair on the score (0-10), before and after, (2, k).
        base: Score without any mention, before and after.
        likeness: Share of a customer in the variance behind mentions and noise, 0..1.
        staying: Share of customers who answer in both periods.
        most: Occasions of a customer in a period are uniform on 1..most.
        segments: Shares of three segments before and after; the second scores 1.5 lower. None: no
            segments.
        overlap: Correlation behind the mentions of neighbouring pairs, 0..1.
    """

    shares: tuple[tuple[float, ...], tuple[float, ...]]
    effects: tuple[tuple[float, ...], tuple[float, ...]]
    base: tuple[float, float] = (8.2, 8.0)
    likeness: float = 0.0
    staying: float = 0.0
    most: int = 1
    segments: tuple[tuple[float, ...], tuple[float, ...]] | None = None
    overlap: float = 0.3
    noise: float = 2.0

    @property
    def k(self) -> int:
        return len(self.shares[0])

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple((f"topic_{j // 2}", ("negative", "positive")[j % 2]) for j in range(self.k))


@dataclass(frozen=True)
class Answers:
    """Occasions of both periods."""

    scores: Floats
    mentions: npt.NDArray[np.bool_]
    sides: Ints
    customers: Ints
    segments: npt.NDArray[np.object_] | None


def answers(world: ChangingWorld, occasions: int, rng: np.random.Generator) -> Answers:
    """Draw customers so that each period has about that many occasions."""
    n = round(occasions / ((world.most + 1) / 2))
    staying = round(world.staying * n)
    who = [np.arange(n), np.concatenate((np.arange(staying), np.arange(n, 2 * n - staying)))]
    # A customer's part in all that varies: mentions, neighbours, noise.
    parts = 2 * world.k + 1
    own = rng.normal(size=(2 * n - staying, parts)) if world.likeness else None
    place = rng.random(2 * n - staying)
    drawn = [_period(world, side, who[side], own, place, rng) for side in (0, 1)]
    scores, mentions, customers, segments = (
        np.concatenate(one) for one in zip(*drawn, strict=True)
    )
    sides = np.repeat([0, 1], [len(one[0]) for one in drawn])
    return Answers(scores, mentions, sides, customers, segments if world.segments else None)


def _period(
    world: ChangingWorld,
    side: int,
    who: Ints,
    own: Floats | None,
    place: Floats,
    rng: np.random.Generator,
) -> tuple[Floats, npt.NDArray[np.bool_], Ints, npt.NDArray[np.object_]]:
    customers = np.repeat(who, rng.integers(1, world.most + 1, len(who)))
    m, k = len(customers), world.k
    latent = rng.normal(size=(m, 2 * k + 1))
    if own is not None:
        latent = np.sqrt(world.likeness) * own[customers] + np.sqrt(1 - world.likeness) * latent
    neighbour = np.repeat(latent[:, k : 2 * k : 2], 2, axis=1)[:, :k]
    mixed = np.sqrt(world.overlap) * neighbour + np.sqrt(1 - world.overlap) * latent[:, :k]
    mentions = mixed < ndtri(np.array(world.shares[side]))
    segment = np.zeros(m, dtype=np.int64)
    if world.segments:
        segment = np.searchsorted(np.cumsum(world.segments[side])[:-1], place[customers])
    feeling = world.base[side] + mentions @ np.array(world.effects[side])
    feeling += world.noise * latent[:, -1] - 1.5 * (segment == 1)
    names = np.array(["North", "South", "West"], dtype=object)[segment]
    return np.clip(np.round(feeling), 0, 10), mentions, customers, names


ORDINARY = ChangingWorld(
    shares=(
        (0.22, 0.12, 0.15, 0.10, 0.12, 0.05, 0.06, 0.20),
        (0.30, 0.10, 0.15, 0.12, 0.06, 0.05, 0.09, 0.15),
    ),
    effects=(
        (-3.0, 0.8, -1.5, 1.0, -2.0, 0.5, -1.0, 1.2),
        (-3.0, 0.8, -2.5, 1.0, -1.5, 0.5, -1.0, 0.8),
    ),
)
RETURNING = ChangingWorld(
    shares=ORDINARY.shares,
    effects=ORDINARY.effects,
    likeness=0.5,
    staying=0.5,
    most=3,
    segments=((0.45, 0.25, 0.3), (0.35, 0.4, 0.25)),
)
