"""How probable it should be that an occasion is drawn for labelling.

An occasion is worth a label where the model may err and where an error weighs: on a rare category
(few others speak for it) and where the model was unsure. Probabilities in proportion to the root of
the expected squared error are the best there are (Neyman 1934; Särndal, Swensson and Wretman 1992,
section 3.6); bounding them below keeps the weights 1/probability, and with them the errors that
nobody expected, from growing large.
"""

from __future__ import annotations

import numpy as np

from warum.audit.phases import Floats, Mentions
from warum.errors import UsageError

FLOOR = 0.5
_RAREST = 0.005  # below this share a pair is raised no further
_RARITY, _DOUBT = 1.0, 1.0


def inclusion_probabilities(
    mentions: Mentions, labels: int, *, doubt: Floats | None = None, floor: float = FLOOR
) -> Floats:
    """Probabilities that sum to the number of labels wanted.

    The squared size of a unit is 1, plus its share in the rarity of what it mentions (every pair
    gets the same total, spread over its mentions), plus its doubt relative to the mean.

    Args:
        mentions: What the model found in each unit, bool (n, k).
        labels: Number of units wanted.
        doubt: How unsure the model was about each unit, at least 0, any unit, (n,).
        floor: Least probability, as a fraction of labels / n, 0..1.

    Returns:
        (n,), each at least min(1, floor * labels / n); all 1 if there are no more units than labels.

    Raises:
        UsageError: If fewer than one label is wanted.
        ValueError: If `doubt` does not fit, or `floor` is out of range.
    """
    n = len(mentions)
    if labels < 1:
        raise UsageError(f"{labels} labels are wanted, expected at least 1.")
    if not 0 < floor <= 1:
        raise ValueError(f"floor is {floor}, expected above 0 and at most 1")
    if labels >= n:
        return np.ones(n)
    size = np.sqrt(1 + _RARITY * _rarity(mentions) + _DOUBT * _relative(doubt, n))
    return _scaled(size, labels, floor * labels / n)


def _rarity(mentions: Mentions) -> Floats:
    shares = mentions.mean(axis=0)
    found = shares > 0
    if not found.any():
        return np.zeros(len(mentions))
    raised = np.zeros(len(shares))
    raised[found] = 1 / np.maximum(shares[found], _RAREST) / found.sum()
    return np.asarray(mentions @ raised, dtype=np.float64)


def _relative(doubt: Floats | None, n: int) -> Floats:
    if doubt is None:
        return np.zeros(n)
    doubt = np.asarray(doubt, dtype=np.float64)
    if doubt.shape != (n,) or not np.isfinite(doubt).all() or (doubt < 0).any():
        raise ValueError(f"doubt has shape {doubt.shape}, expected {n} finite numbers of 0 or more")
    mean = float(doubt.mean())
    return doubt / mean if mean > 0 else np.zeros(n)


def _scaled(size: Floats, labels: int, least: float) -> Floats:
    """Sizes times one factor, held between `least` and 1, so that they sum to `labels`."""
    from scipy.optimize import brentq

    def excess(log_factor: float) -> float:
        return float(np.clip(np.exp(log_factor) * size, least, 1).sum()) - labels

    if least * len(size) >= labels:  # floor 1: all alike
        return np.full(len(size), least)
    low, high = np.log(least / size.max()) - 1, np.log(1 / size.min()) + 1
    factor = np.exp(brentq(excess, low, high, xtol=1e-13, rtol=1e-14, maxiter=500))
    return np.asarray(np.clip(factor * size, least, 1), dtype=np.float64)
