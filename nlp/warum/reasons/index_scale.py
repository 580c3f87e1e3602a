"""Scores and further metrics on the scale of the happiness index: 0 is worst, 100 is best."""

from __future__ import annotations

import numpy as np

from warum.metrics import ScoreScale, contributions, metric_range
from warum.reasons.design import Floats

QUANTILES = (0.05, 0.95)


def scaled_contributions(scores: Floats, scale: ScoreScale) -> Floats:
    """What each score adds to its metric, on 0 (worst) to 100 (best).

    Args:
        scores: (m,); NaN where missing.
        scale: How they are read.

    Returns:
        (m,); NaN stays NaN, and all is NaN where the scale has a single value.
    """
    least, most = metric_range(scale)
    if not most > least:
        return np.full(len(scores), np.nan)
    # NPS and CSAT are turned round by their contributions already.
    turned = scale.lower_is_better and scale.metric in ("rate", "ces", "mean")
    ends = (most, least) if turned else (least, most)
    return scaled_between(contributions(scores, scale), *ends)


def scaled_between(values: Floats, worst: float, best: float) -> Floats:
    """Values on 0 (at `worst` and beyond) to 100 (at `best` and beyond), (m,); NaN stays NaN.

    Raises:
        ValueError: If the ends are equal.
    """
    if worst == best:
        raise ValueError(f"worst and best are both {worst}, expected two different numbers")
    scaled: Floats = np.clip((values - worst) / (best - worst) * 100, 0, 100)
    return scaled


def observed_ends(values: Floats, *, lower_is_better: bool) -> tuple[float, float] | None:
    """Worst and best of what has no ends of its own: the 5th and 95th percentile.

    Args:
        values: (m,); NaN where missing.
        lower_is_better: Whether small values are the good ones.

    Returns:
        None where these are the same or nothing is known.
    """
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    low, high = (float(q) for q in np.quantile(known, QUANTILES))
    if not high > low:
        return None
    return (high, low) if lower_is_better else (low, high)
