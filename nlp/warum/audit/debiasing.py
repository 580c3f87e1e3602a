"""Predict-then-debias: coefficients of the model's mentions, brought to those of the true ones.

Kluger, Lu, Zrnic, Wang and Bates 2025 (arXiv:2501.18577): corrected = labels' + tuning * (model's
over all - model's over the labelled). Valid whatever the model's errors are and however they hang on
the score, because the labelled are a probability sample. The three regressions' influences, summed by
customer, give the variance at once, where the paper refits 2,000 times.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.audit.phases import Floats, Ints, Phases
from warum.audit.regression import fit_labelled, inverse_of
from warum.reasons.design import Design
from warum.reasons.least_squares import LeastSquares, fit_least_squares

_COMMON = 20.0  # labelled mentions at which a column's own tuning and the common one weigh alike


@dataclass(frozen=True)
class Debiased:
    """Coefficients without the intercept, q of them.

    Attributes:
        labels_alone: As the labels alone say, (q,).
        model: As the model's mentions over all say, (q,); NaN where it has none.
        tuning: (q,), 0 where the model says nothing.
        influence: What each labelled customer adds to `labels_alone`, (g, q).
        difference: What each adds to model over all - model over the labelled, (g, q).
        shift: Model over all - model over the labelled, (q,).
        all_variance: Variance of `model`, (q,).
        unlabelled: The part of the variance of the difference from customers without a label, (q,).
        with_share: The same part of its covariance with the model's share of the column, (q,).
    """

    labels_alone: Floats
    model: Floats
    tuning: Floats
    influence: Floats
    difference: Floats
    shift: Floats
    all_variance: Floats
    unlabelled: Floats
    with_share: Floats

    @property
    def corrected(self) -> Floats:
        """The corrected coefficients, (q,)."""
        return self.labels_alone + self.tuning * self.shift


def debias(
    gold: npt.NDArray[np.bool_],
    model: npt.NDArray[np.bool_],
    y: Floats,
    usable: Ints,
    phases: Phases,
    clusters: npt.NDArray[Any] | None,
) -> Debiased:
    """Correct the coefficients of y on the columns.

    Args:
        gold: The columns as a person saw them in the labelled occasions, (a, q).
        model: The same columns as the model found them in all, (m, q).
        y: Outcome, (m,).
        usable: Columns that a model of the labelled occasions' model mentions can hold.
        phases: How the samples hang together.
        clusters: Customer of each occasion, (m,).
    """
    q, rows = gold.shape[1], phases.audited.rows
    alone = fit_labelled(gold.astype(np.float64), y[rows], phases)
    shift, difference = np.zeros(q), np.zeros((phases.groups, q))
    of_model, variance = np.full(q, np.nan), np.full(q, np.nan)
    unlabelled, with_share = np.zeros(q), np.zeros(q)
    if len(usable):
        x = np.ascontiguousarray(model[:, usable])
        used = phases.weights > 0
        whole = fit_least_squares(
            Design((x[used],)), y[used], weights=phases.weights[used],
            clusters=None if clusters is None else clusters[used],
        )  # fmt: skip
        part = fit_labelled(x[rows].astype(np.float64), y[rows], phases)
        over_all = _member_influence(x, y, whole, phases)
        of_model[usable] = whole.coefficients[1:]
        variance[usable] = np.diag(whole.covariance)[1:]
        shift[usable] = whole.coefficients[1:] - part.coefficients[1:]
        difference[:, usable] = over_all - part.influence[:, 1:]
        seen = phases.spread * np.einsum("ij,ij->j", over_all, over_all)
        unlabelled[usable] = np.maximum(variance[usable] - seen, 0)
        w = phases.weights / phases.weights.sum()
        means = phases.member_sums(w[phases.members, None] * (x[phases.members] - whole.means))
        shared = phases.spread * np.einsum("ij,ij->j", over_all, means)
        with_share[usable] = whole.mean_covariance - shared
    influence = alone.influence[:, 1:]
    tuning = tuned(influence, difference, unlabelled, phases.people(gold), phases.spread)
    return Debiased(
        alone.coefficients[1:],
        of_model,
        tuning,
        influence,
        difference,
        shift,
        variance,
        unlabelled,
        with_share,
    )


def tuned(
    influence: Floats, difference: Floats, unlabelled: Floats, labelled: Ints, spread: float
) -> Floats:
    """The tuning of each coefficient that makes its variance least, 0..1, (q,).

    A tuning taken from five mentions fits these five: the fewer there are, the nearer it is brought to
    the tuning that would be best were it the same for all columns.
    """
    both = -spread * np.einsum("ij,ij->j", influence, difference)
    variance = spread * np.einsum("ij,ij->j", difference, difference) + unlabelled
    known = variance > 0
    best = np.zeros(len(both))
    if not known.any():
        return best
    own = both[known] / variance[known]
    trust = labelled[known] / (labelled[known] + _COMMON)
    common = float(trust @ np.clip(own, 0, 1)) / float(trust.sum())
    best[known] = np.clip(trust * own + (1 - trust) * common, 0, 1)
    return best


def _member_influence(
    x: npt.NDArray[np.bool_], y: Floats, whole: LeastSquares, phases: Phases
) -> Floats:
    """What the labelled customers add to the coefficients over all, (g, q), scaled as their variance is."""
    w = phases.weights
    products = np.zeros((x.shape[1], x.shape[1]))
    for rows in Design((x,)).blocks():
        about = x[rows] - whole.means
        products += (about * w[rows, None]).T @ about
    at = phases.members
    about = x[at] - whole.means
    error = y[at] - whole.coefficients[0] - x[at] @ whole.coefficients[1:]
    reach = about @ inverse_of(products)
    if whole.method == "ols-hc3":
        hat = w[at] * (1 / w.sum() + np.einsum("ij,ij->i", reach, about))
        error = error / np.maximum(1 - hat, 0.05)
    else:
        n = int((w > 0).sum())
        error = error * math.sqrt((n - 1) / (n - x.shape[1] - 1))
    return phases.member_sums(reach * (w[at] * error)[:, None])
