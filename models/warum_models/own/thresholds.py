"""From which probability on a label counts as there: the best F1, smoothed where positives are few."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from warum_models.own.gold import Bools
from warum_models.protocol import Reading

Doubles = npt.NDArray[np.float64]
USUAL = 0.4
_GRID = np.arange(0.05, 0.751, 0.01)
_NEAR = 0.005  # all thresholds whose F1 is as near to the best are as good
_TRUST = 30.0  # positives at which the labels count as much as the probabilities
_FALLBACK_WORTH = 20.0  # positives at which the threshold of all counts as much as it
# Halfway between the label's own threshold and that of all: on FABSA's training part and the authored corpus (300 to
# 4,500 texts) better by micro or macro F1 than either of them, and than a share that grows with the positives.
_OWN = 0.5


def base_threshold(reading: Reading) -> float:
    """The threshold that a base seems to use: of each label the least presence found, their median."""
    found = reading.found
    least = [
        float(reading.presence[found.comment[found.label == j], j].min())
        for j in np.unique(found.label).tolist()
    ]
    return float(np.median(least)) if least else USUAL


def choose_thresholds(probability: Doubles, present: Bools, fallback: float) -> Doubles:
    """A threshold for every label.

    The F1 that is maximised counts each comment partly by what the person said and partly by its calibrated
    probability: the fewer positives, the more by the latter, which does not overfit.

    Args:
        probability: Calibrated out-of-fold probabilities, (n, k).
        present: (n, k).
        fallback: Where there are no positives at all.

    Returns:
        Thresholds, (k,), 0..1, three decimals.
    """
    positives = present.sum(axis=0)
    total = float(positives.sum())
    pooled = _best(probability.reshape(-1), present.reshape(-1), total)
    pooled = (total * pooled + _FALLBACK_WORTH * fallback) / (total + _FALLBACK_WORTH)
    own = [
        _best(probability[:, j], present[:, j], float(positives[j]))
        for j in range(present.shape[1])
    ]
    share = np.where(positives > 0, _OWN, 0.0)
    return np.asarray(np.round(share * np.array(own) + (1 - share) * pooled, 3))


def _best(probability: Doubles, present: Bools, positives: float) -> float:
    trust = positives / (positives + _TRUST)
    wanted = trust * present + (1 - trust) * probability
    order = np.argsort(-probability, kind="stable")
    reached = np.concatenate([[0.0], np.cumsum(wanted[order])])
    found = np.searchsorted(-probability[order], -_GRID, side="right")
    f1 = 2 * reached[found] / np.maximum(found + wanted.sum(), 1e-9)
    return float(_GRID[f1 >= f1.max() - _NEAR].mean())
