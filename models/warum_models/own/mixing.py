"""How much to trust whom: base and experts mixed by a logistic curve, few labels leaning on many.

A label's mix is the maximum of its posterior: its own out-of-fold scores are the likelihood, the mix of all
labels together is the prior, whose own prior is "the base is right". So with no labels the base decides, with
few the pooled experience, with many the label's own; and because the mix is a logistic curve on out-of-fold
scores, it is also the calibration (Platt 1999).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from warum_models.own.gold import Bools

Doubles = npt.NDArray[np.float64]
_ROUNDS = 50
_TOLERANCE = 1e-8


@dataclass(frozen=True)
class Prior:
    """A normal prior with independent parts: mean (p,) and precision (p,)."""

    mean: Doubles
    precision: Doubles


# Weights of base, meaning and words, then the offset. A precision of 20 is worth a handful of positives.
BASE_IS_RIGHT = Prior(np.array([1.0, 0.0, 0.0, 0.0]), np.array([20.0, 20.0, 20.0, 2.0]))
_OF_LABEL = np.array([20.0, 20.0, 20.0, 1.0])


def sigmoid(odds: Doubles) -> Doubles:
    """Probability of log odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -40, 40))))


def fit_logistic(features: Doubles, target: Bools, prior: Prior) -> Doubles:
    """Most probable weights of a logistic curve under a normal prior; Newton's method with halved steps.

    Args:
        features: (m, p), without a column of ones: the last weight is the offset.
        target: (m,).
        prior: Over p + 1 weights.

    Returns:
        Weights, (p + 1,).
    """
    design = np.hstack([features, np.ones((len(features), 1))])
    weights = prior.mean.copy()
    value = _loss(design, target, weights, prior)
    for _ in range(_ROUNDS):
        p = sigmoid(design @ weights)
        slope = design.T @ (p - target) + prior.precision * (weights - prior.mean)
        curve = (design * (p * (1 - p))[:, None]).T @ design + np.diag(prior.precision)
        step = np.linalg.solve(curve, slope)
        size = 1.0
        while (new := _loss(design, target, weights - size * step, prior)) > value and size > 1e-6:
            size /= 2
        if value - new < _TOLERANCE * (1 + abs(value)):
            break
        weights, value = weights - size * step, new
    return weights


def _loss(design: Doubles, target: Bools, weights: Doubles, prior: Prior) -> float:
    odds = design @ weights
    data = np.logaddexp(0, odds).sum() - odds[target].sum()
    return float(data + 0.5 * (prior.precision * (weights - prior.mean) ** 2).sum())


@dataclass(frozen=True)
class Mix:
    """The mix of each label: weights of base, meaning and words, and the offset; (k, 4)."""

    weights: Doubles

    def probabilities(self, scores: Doubles) -> Doubles:
        """Calibrated probabilities (n, k) of the three scores (n, k, 3)."""
        return sigmoid((scores * self.weights[:, :3]).sum(axis=2) + self.weights[:, 3])


def fit_pooled(scores: Doubles, present: Bools) -> Doubles:
    """One mix for all labels of the scores (n, k, 3); (4,)."""
    return fit_logistic(scores.reshape(-1, 3), present.reshape(-1), BASE_IS_RIGHT)


def fit_mix(scores: Doubles, present: Bools, taught: Bools) -> Mix:
    """Fit the mix of every label on out-of-fold scores.

    Args:
        scores: Log odds by base, meaning and words, (n, k, 3).
        present: (n, k).
        taught: Labels with enough positives for experts, (k,). The others take the base alone, on a
            curve that all labels share.
    """
    k = present.shape[1]
    weights = np.zeros((k, 4))
    if taught.any():
        pooled = fit_pooled(scores[:, taught], present[:, taught])
        prior = Prior(pooled, _OF_LABEL)
        for j in np.flatnonzero(taught):
            weights[j] = fit_logistic(scores[:, j], present[:, j], prior)
    if not taught.all():
        alone = Prior(BASE_IS_RIGHT.mean[[0, 3]], BASE_IS_RIGHT.precision[[0, 3]])
        shared = fit_logistic(scores[:, :, :1].reshape(-1, 1), present.reshape(-1), alone)
        own = Prior(shared, _OF_LABEL[[0, 3]])
        for j in np.flatnonzero(~taught):
            weights[j, [0, 3]] = fit_logistic(scores[:, j, :1], present[:, j], own)
    return Mix(weights.astype(np.float32).astype(np.float64))


def log_loss(probability: Doubles, target: Bools) -> float:
    """Mean negative log likelihood."""
    p = np.clip(probability, 1e-9, 1 - 1e-9)
    return float(-np.log(np.where(target, p, 1 - p)).mean())
