"""Fit the linear heads, their calibration and thresholds, with folds that never part a comment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from warum_models.features import StaticVectors, count_ngrams, weigh
from warum_models.train.sources import Sample

Doubles = npt.NDArray[np.float64]
FOLDS = 5
DENSE_SCALE = 0.7  # weight of the unit word-vector block beside the two unit blocks of n-grams
STRENGTH = 4.0  # inverse regularisation of presence
STRENGTH_POLARITY = 2.0
SEED = 7


@dataclass(frozen=True)
class Design:
    """The features of all samples: n-grams (n, d), word vectors (n, e), and idf (d,)."""

    ngrams: sparse.csr_matrix
    dense: Doubles
    idf: Doubles

    @property
    def joined(self) -> sparse.csr_matrix:
        """Both blocks beside each other, (n, d + e)."""
        return sparse.hstack(
            [self.ngrams, sparse.csr_matrix(self.dense * DENSE_SCALE)], format="csr"
        )


def design(samples: Sequence[Sample], vectors: StaticVectors) -> Design:
    """Features of the samples; an n-gram seen in one sample only gets no weight."""
    texts = [s.text for s in samples]
    counts = count_ngrams(texts)
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.where(frequency >= 2, np.log((1 + len(texts)) / (1 + frequency)) + 1, 0.0)
    return Design(weigh(counts, idf), vectors.mean(texts, [s.language for s in samples]), idf)


def _fit(
    X: sparse.csr_matrix, y: npt.NDArray[Any], weight: Doubles, C: float
) -> LogisticRegression:
    # liblinear for two classes: fast on sparse rows and seeded.
    if len(np.unique(y)) == 2:
        model = LogisticRegression(C=C, solver="liblinear", random_state=SEED, max_iter=200)
    else:
        model = LogisticRegression(C=C, solver="lbfgs", max_iter=150, tol=1e-3)
    model.fit(X, y, sample_weight=weight)
    return model


@dataclass(frozen=True)
class Head:
    """One linear head: coefficients (d + e, outputs), bias (outputs,) and out-of-fold scores."""

    coef: Doubles
    bias: Doubles
    rows: npt.NDArray[np.int64]
    target: npt.NDArray[np.int64]
    out_of_fold: Doubles


def presence_head(X: sparse.csr_matrix, samples: Sequence[Sample], code: str) -> Head:
    """Is there an opinion of `code`: on the samples where the data set says so."""
    rows = np.array([i for i, s in enumerate(samples) if _teaches(i, s, code)], dtype=np.int64)
    target = np.array([code in samples[i].present for i in rows], dtype=np.int64)
    weight = np.array([samples[i].weight for i in rows])
    weight = np.where(
        target == 1, weight * 3.0, weight
    )  # rare against common: the calibration undoes it
    return _crossed(X, rows, target, weight, samples, STRENGTH)


def _teaches(position: int, sample: Sample, code: str) -> bool:
    """All authored samples and all positives; of the public data's many negatives every fourth."""
    if code not in sample.known:
        return False
    return sample.source == "authored" or code in sample.present or position % 4 == 0


def opinion_polarity_head(X: sparse.csr_matrix, samples: Sequence[Sample]) -> Head:
    """Negative, neutral or positive, of a stretch of text that holds an opinion.

    Tweets and snippets without any opinion would teach that most opinions are neutral: of them only the
    negative and positive ones count here.
    """
    wanted = [
        i
        for i, s in enumerate(samples)
        if s.polarity is not None
        and (s.present if s.source == "authored" else s.polarity != 1 or s.source == "phrases")
    ]
    return _polarity(X, samples, np.array(wanted, dtype=np.int64))


def document_polarity_head(X: sparse.csr_matrix, samples: Sequence[Sample]) -> Head:
    """Negative, neutral or positive, of a text as a whole."""
    rows = np.array([i for i, s in enumerate(samples) if s.polarity is not None], dtype=np.int64)
    return _polarity(X, samples, rows)


def _polarity(X: sparse.csr_matrix, samples: Sequence[Sample], rows: npt.NDArray[np.int64]) -> Head:
    target = np.array([samples[i].polarity for i in rows], dtype=np.int64)
    weight = np.array([samples[i].weight for i in rows])
    # Praise must not win where nothing speaks: both sides weigh the same.
    for side in (0, 2):
        weight[target == side] *= weight[target != 1].sum() / 2 / weight[target == side].sum()
    return _crossed(X, rows, target, weight, samples, STRENGTH_POLARITY)


def _crossed(
    X: sparse.csr_matrix,
    rows: npt.NDArray[np.int64],
    target: npt.NDArray[np.int64],
    weight: Doubles,
    samples: Sequence[Sample],
    C: float,
) -> Head:
    groups = np.array([samples[i].group for i in rows])
    outputs = 1 if target.max() == 1 else 3
    scores = np.zeros((len(rows), outputs))
    for train, test in GroupKFold(FOLDS).split(rows, groups=groups):
        model = _fit(X[rows[train]], target[train], weight[train], C)
        scores[test] = np.atleast_2d(model.decision_function(X[rows[test]]).T).T
    final = _fit(X[rows], target, weight, C)
    return Head(
        final.coef_.T.astype(np.float64), final.intercept_.astype(np.float64), rows, target, scores
    )


@dataclass(frozen=True)
class Calibration:
    """Platt's curve and the threshold of one category, from out-of-fold scores of authored segments."""

    slope: float
    offset: float
    threshold: float
    f1: float
    positives: int


def calibrate(head: Head, samples: Sequence[Sample]) -> Calibration:
    """Fit on authored samples only: there every category is known."""
    authored = np.array([samples[i].source == "authored" for i in head.rows])
    score, target = head.out_of_fold[authored, 0], head.target[authored]
    platt = LogisticRegression(C=1e4, max_iter=200).fit(score[:, None], target)
    slope, offset = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    probability = 1 / (1 + np.exp(-(score * slope + offset)))
    grid = np.arange(0.15, 0.66, 0.01)
    f1 = np.array([_f1(probability >= t, target == 1) for t in grid])
    # The mean of all nearly best thresholds is steadier than the single best one.
    best = float(grid[f1 >= f1.max() - 0.01].mean())
    return Calibration(slope, offset, round(best, 3), float(f1.max()), int(target.sum()))


def _f1(found: npt.NDArray[np.bool_], true: npt.NDArray[np.bool_]) -> float:
    hits = int((found & true).sum())
    return 2 * hits / max(1, int(found.sum()) + int(true.sum()))
