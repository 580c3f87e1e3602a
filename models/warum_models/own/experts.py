"""Experts for presence: one logistic regression per label on meaning, another on words."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from warum_models.own.gold import Bools

Doubles = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Features = Any  # dense (n, d) or sparse (n, v)
SEED = 7
LEAST_POSITIVES = 2
"""Of a label in the texts fitted on; with fewer its expert says nothing."""
# Inverse strengths of the penalty; found on the English part of the authored corpus (200 and 1,400 texts).
MEANING_STRENGTHS = (1.0, 3.0, 10.0)
WORDS_STRENGTH = 10.0
_HEAVIEST = 5.0  # how much more a positive counts than a negative at most
_ROUNDS = 60
_CLOSE = 1e-4


@dataclass(frozen=True)
class Linear:
    """Linear scores: coefficients (d, k) and bias (k,); zeros for labels without enough positives."""

    coefficients: Doubles
    bias: Doubles

    def scores(self, features: Features) -> Doubles:
        """Log odds of k labels, (n, k). For fitting only: the sums depend on the batch."""
        return np.asarray(features @ self.coefficients + self.bias)


Fitter = Callable[[Features, Bools], Linear]


def fit_meaning(features: Doubles, present: Bools, strength: float) -> Linear:
    """Fit one logistic regression with an L2 penalty per label on dense features, all labels at once.

    The Hessian's bound X'X/4 (Böhning 1992) is the same for all labels, so one inverse serves all of them;
    steps are accelerated and start afresh where they overshoot (O'Donoghue and Candès 2015).

    Args:
        features: (n, d), rows of about length 1.
        present: (n, k).
        strength: Inverse strength of the penalty.
    """
    taught = _taught(present)
    design = np.hstack([features, np.ones((len(features), 1))])
    bound = design.T @ design / 4 + np.eye(design.shape[1]) / strength
    inverse = np.linalg.inv(bound)
    wanted = present[:, taught].astype(np.float64)
    weights = np.zeros((design.shape[1], wanted.shape[1]))
    ahead, pace = weights, 1.0
    for _ in range(_ROUNDS):
        p = 1 / (1 + np.exp(-np.clip(design @ ahead, -40, 40)))
        new = ahead - inverse @ (design.T @ (p - wanted) + ahead / strength)
        move = new - weights
        if ((ahead - new) * move).sum() > 0:
            ahead, pace = new, 1.0
        else:
            faster = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
            ahead, pace = new + (pace - 1) / faster * move, faster
        weights = new
        if np.abs(move).max(initial=0.0) < _CLOSE:
            break
    coefficients = np.zeros((design.shape[1], present.shape[1]))
    coefficients[:, taught] = weights
    return Linear(stored(coefficients[:-1]), stored(coefficients[-1]))


def fit_words(features: sparse.csr_matrix, present: Bools) -> Linear:
    """Fit one logistic regression with an L2 penalty per label on sparse features.

    Args:
        features: (n, v).
        present: (n, k).
    """
    from sklearn.linear_model import LogisticRegression

    n, k = present.shape
    coefficients, bias = np.zeros((features.shape[1], k)), np.zeros(k)
    for j in np.flatnonzero(_taught(present)).tolist():
        positives = int(present[:, j].sum())
        weight = min(np.sqrt((n - positives) / positives), _HEAVIEST)
        model = LogisticRegression(
            C=WORDS_STRENGTH, solver="liblinear", dual=True, random_state=SEED, max_iter=200,
            tol=1e-2, class_weight={False: 1.0, True: max(weight, 1.0)},
        )  # fmt: skip
        with warnings.catch_warnings():
            # A fit that is near its optimum after 200 rounds is good enough for an expert.
            warnings.simplefilter("ignore")
            model.fit(features, present[:, j])
        coefficients[:, j], bias[j] = model.coef_[0], float(model.intercept_[0])
    return Linear(halved(coefficients), stored(bias))


def out_of_fold(features: Features, present: Bools, fold: Rows, fitter: Fitter) -> Doubles:
    """Scores of every comment by experts that did not see its fold; (n, k)."""
    scores = np.zeros(present.shape)
    for f in np.unique(fold).tolist():
        train, test = np.flatnonzero(fold != f), np.flatnonzero(fold == f)
        if len(train):
            scores[test] = fitter(features[train], present[train]).scores(features[test])
    return scores


def halved(values: Doubles) -> Doubles:
    """As float16 keeps them: coefficients of many n-grams, of which none decides alone."""
    return values.astype(np.float16).astype(np.float64)


def _taught(present: Bools) -> Bools:
    positives = present.sum(axis=0)
    return np.asarray((positives >= LEAST_POSITIVES) & (positives < len(present)))


def stored(values: Doubles) -> Doubles:
    """As float32 keeps them, so that the model in memory is the one on disk."""
    return values.astype(np.float32).astype(np.float64)
