"""Do the model's errors depend on the score? If so, its own effects are not just too small but biased."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import stdtr

from warum.audit.phases import Floats, Mentions, Phases
from warum.reasons.multiplicity import benjamini_hochberg

_LEAST = 10


def differential_error(found: Mentions, y: Floats, phases: Phases) -> Floats:
    """How little the labelled occasions speak for errors that are independent of the score.

    Were the errors independent of the score, what the model found would not go with the score among
    those with a mention, nor among those without.

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
    for k in np.flatnonzero(people >= _LEAST):
        p[k] = _p_value(gold[:, k], found[:, k].astype(np.float64), y, phases)
    return benjamini_hochberg(p)


def _p_value(gold: Mentions, found: Floats, y: Floats, phases: Phases) -> float:
    """The smaller of the p-values among those with and without a mention, times two."""
    both = (_together(side, found, y, phases) for side in (gold, ~gold))
    told = [p for p in both if not math.isnan(p)]
    return min(1.0, len(told) * min(told)) if told else np.nan


def _together(side: Mentions, found: Floats, y: Floats, phases: Phases) -> float:
    """P-value of the covariance of what was found with the score on one side; NaN if either is constant.

    A score test: the spread is that under independence. A regression would take the few whose score
    differs from the others' for certain wherever the model errs alike on all of them.

    Args:
        side: Those with, or without a mention, bool (a,).
        found: What the model found, 0 or 1, (a,).
        y: Scores, (a,).
        phases: The labelled occasions.
    """
    if np.ptp(found[side]) == 0 or np.ptp(y[side]) == 0:
        return math.nan
    v = phases.design * side
    apart = v * (found - v @ found / v.sum()) * (y - v @ y / v.sum())
    here = np.unique(phases.of_labelled[side])
    each = phases.labelled_sums(apart[:, None])[here, 0]
    spread = math.sqrt(float(each @ each))
    return 2 * float(stdtr(len(here) - 1, -abs(float(each.sum())) / spread)) if spread else math.nan
