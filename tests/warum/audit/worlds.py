"""Worlds with known truth in which a model reads the mentions and errs, more or less by the score.

The mentions and scores are those of `tests.warum.reasons.worlds`; the reader finds a mention with a
probability that rises with the anger of the score (angry texts are easier to tag), takes pairs of one
theme for each other, and invents some. It also says how sure it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from tests.warum.reasons.worlds import Drawn, World, draw
from warum.audit.phases import Audited
from warum.audit.probabilities import inclusion_probabilities

Floats = npt.NDArray[np.float64]
Mentions = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Reader:
    """How a model errs.

    Attributes:
        found: Log odds of finding a mention at the mean score.
        anger: By how much they rise per standard deviation that the score is lower.
        invented: Share of invented mentions of a pair, per share of the pair, at the mean score.
        confused: Chance that a mention of a pair is (also) taken for the next pair of its theme.
    """

    found: float = 1.3
    anger: float = 0.5
    invented: float = 0.25
    confused: float = 0.05


@dataclass(frozen=True)
class Read:
    """A drawn world with what the model read in it.

    Attributes:
        drawn: Scores, true mentions, customers.
        predicted: What the model read, bool (m, k).
        doubt: Expected number of errors per occasion, as a calibrated model would say it, (m,).
    """

    drawn: Drawn
    predicted: Mentions
    doubt: Floats


def read(world: World, reader: Reader, customers: int, rng: np.random.Generator) -> Read:
    """Draw customers and read them."""
    drawn = draw(world, customers, rng)
    gold, y = drawn.mentions, drawn.y
    low = (y.mean() - y) / y.std()
    clear = rng.normal(size=gold.shape)  # some texts say it plainly
    odds = reader.found + reader.anger * low[:, None] + clear
    found = gold & (rng.random(gold.shape) < expit(odds))
    shares = np.array(world.shares)
    rate = np.clip(reader.invented * shares * np.exp(reader.anger * low)[:, None], 0, 0.9)
    invented = ~gold & (rng.random(gold.shape) < rate)
    nearest = np.roll(gold, 1, axis=1) & (np.array(world.themes) == np.roll(world.themes, 1))
    confused = nearest & (rng.random(gold.shape) < reader.confused)
    predicted = found | invented | confused
    # Sure of what is plain, unsure of what is invented or missed.
    wrong = (predicted != gold) * rng.beta(3, 2, gold.shape)
    right = (predicted == gold) * gold * rng.beta(2, 6, gold.shape)
    return Read(drawn, predicted, (wrong + right).sum(axis=1))


def audit(seen: Read, labels: int, rng: np.random.Generator, *, how: str = "poisson") -> Audited:
    """Draw occasions and label them rightly."""
    from warum.audit.sampling import draw_balanced, draw_poisson

    probability = inclusion_probabilities(seen.predicted, labels, doubt=seen.doubt)
    m = len(probability)
    if how == "balanced":
        aux = np.column_stack((seen.predicted, seen.drawn.y))
        rows = draw_balanced(probability, aux, rng.random(m))
    else:
        rows = draw_poisson(probability, rng.random(m))
    return Audited(rows, seen.drawn.mentions[rows], probability[rows])


WIDE = World(
    effects=(-50.0, 20.0, -30.0, 0.0, -15.0, 30.0, 0.0, 10.0, -40.0, 25.0, -20.0, -60.0),
    shares=(0.20, 0.15, 0.10, 0.08, 0.06, 0.05, 0.30, 0.02, 0.03, 0.04, 0.015, 0.01),
    themes=(0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 4),
)
REPEATED = World(
    effects=WIDE.effects,
    shares=WIDE.shares,
    themes=WIDE.themes,
    likeness=0.4,
    largest_cluster=5,
)
