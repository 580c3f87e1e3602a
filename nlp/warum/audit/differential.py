"""Do the model's errors depend on the score? If so, its own effects are not just too small but biased."""

from __future__ import annotations

import numpy as np
from scipy.special import stdtr

from warum.audit.phases import Floats, Mentions, Phases
from warum.audit.regression import fit_labelled
from warum.reasons.multiplicity import benjamini_hochberg

_LEAST = 10


def differential_error(found: Mentions, y: Floats, phases: Phases) -> Floats:
    """How little the labelled occasions speak for errors that are independent of the score.

    What the model found is regressed on what a person saw, the score, and both together: were the
    errors independent of the score, the score would add nothing among those with a mention, nor
    among those without.

    Args:
        found: What the model found in the labelled occasions, bool (a, k).
        y: Their scores, (a,).
        phases: The labelled occasions.

    Returns:
        Benjamini-Hochberg q-values over the pairs, (k,); NaN where fewer than 10 customers have it.
    """
    gold = phases.audited.gold
    people = np.minimum(phases.people(gold), phases.people(~gold))
    p = np.full(gold.shape[1], np.nan)
    about = y - y.mean()
    if not about.any():
        return p
    for k in np.flatnonzero(people >= _LEAST):
        p[k] = _p_value(
            gold[:, k].astype(np.float64), found[:, k].astype(np.float64), about, phases
        )
    return benjamini_hochberg(p)


def _p_value(gold: Floats, found: Floats, about: Floats, phases: Phases) -> float:
    """The smaller of the p-values among those with and without a mention, times two."""
    told = []
    for side in (gold, 1 - gold):
        scores = side * about
        if np.ptp(scores) == 0 or np.ptp(found[side > 0]) == 0:
            continue
        fit = fit_labelled(np.column_stack((gold, scores)), found, phases)
        error = float(np.sqrt(phases.spread * (fit.influence[:, 2] ** 2).sum()))
        if error > 0:
            df = max(int((side > 0).sum()) - 2, 1)
            told.append(2 * float(stdtr(df, -abs(fit.coefficients[2]) / error)))
    return min(1.0, len(told) * min(told)) if told else np.nan
