"""Polarity of labels that are there: the base's word, corrected by what the user's labels teach."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from warum_models.own.experts import SEED
from warum_models.protocol import POLARITIES, Passage

Doubles = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
LEAST = 20
"""Judgements with one polarity that are needed to teach anything."""
_STRENGTH = 3.0
_SURE = 1e-3  # a base that is certain could never be outvoted
_SIDES = len(POLARITIES)
# Prior of the mix: the base's weight is 1, the head's 0, the offsets 0.
_PRECISION = np.array([20.0, 20.0, 2.0, 2.0, 2.0])
_PRIOR = np.array([1.0, 0.0, 0.0, 0.0, 0.0])


@dataclass(frozen=True)
class PolarityHead:
    """A three-class regression on meaning and on the words of the evidence, and its mix with the base.

    Attributes:
        meaning: Coefficients of the scaled features, (d, 3).
        words: Coefficients of the evidence's n-grams, (v, 3).
        bias: (3,).
        mix: Weight of the base's log probability, of the head's, and three offsets; (5,).
    """

    meaning: Doubles
    words: Doubles
    bias: Doubles
    mix: Doubles

    @classmethod
    def none(cls, d: int, v: int) -> PolarityHead:
        """A head that leaves the base's word as it is."""
        return cls(np.zeros((d, _SIDES)), np.zeros((v, _SIDES)), np.zeros(_SIDES), _PRIOR.copy())

    @property
    def silent(self) -> bool:
        """Whether the base's word stays as it is."""
        return bool((self.mix == _PRIOR).all())


def evidence_texts(
    passages: list[Passage] | tuple[Passage, ...], comment: Rows, start: Rows, end: Rows
) -> list[str]:
    """The evidence of each pair as text; the whole comment where there is none."""
    spans = zip(comment.tolist(), start.tolist(), end.tolist(), strict=True)
    return [passages[i].text[a:b] or passages[i].text for i, a, b in spans]


def mixed(base: Doubles, head: Doubles, mix: Doubles) -> Doubles:
    """Probabilities of the three sides; row by row.

    Args:
        base: The base's probabilities, (f, 3).
        head: The head's scores, (f, 3).
        mix: As in `PolarityHead`.
    """
    said = np.log(np.clip(base, _SURE, 1.0))
    odds = mix[0] * said + mix[1] * _log_softmax(head) + mix[2:]
    return np.asarray(np.exp(_log_softmax(odds)))


def fit_head(features: sparse.csr_matrix, side: Rows) -> tuple[Doubles, Doubles]:
    """Coefficients (d + v, 3) and bias (3,) of a three-class regression; sides that never occur stay unlikely."""
    from sklearn.linear_model import LogisticRegression

    coefficients, bias = np.zeros((features.shape[1], _SIDES)), np.full(_SIDES, -4.0)
    present = np.unique(side)
    if len(present) < 2:
        bias[present] = 0.0
        return coefficients, bias
    for s in present.tolist():
        # One side against the others: liblinear is seeded and quick on sparse rows.
        model = LogisticRegression(
            C=_STRENGTH, solver="liblinear", random_state=SEED, max_iter=200, tol=1e-3
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(features, side == s)
        coefficients[:, s], bias[s] = model.coef_[0], float(model.intercept_[0])
    return coefficients, bias


def head_out_of_fold(features: sparse.csr_matrix, side: Rows, fold: Rows) -> Doubles:
    """Scores (f, 3) of every pair by a head that did not see its fold."""
    scores = np.zeros((len(side), _SIDES))
    for f in np.unique(fold).tolist():
        train, test = np.flatnonzero(fold != f), np.flatnonzero(fold == f)
        if len(train):
            coefficients, bias = fit_head(features[train], side[train])
            scores[test] = np.asarray(features[test] @ coefficients) + bias
    return scores


def fit_polarity_mix(base: Doubles, head: Doubles, side: Rows) -> Doubles:
    """Most probable mix of base and head under a prior that the base is right; (5,)."""
    from scipy.optimize import minimize

    said, told = np.log(np.clip(base, _SURE, 1.0)), _log_softmax(head)
    wanted = np.eye(_SIDES)[side]

    def loss(mix: Doubles) -> tuple[float, Doubles]:
        odds = _log_softmax(mix[0] * said + mix[1] * told + mix[2:])
        gap = np.exp(odds) - wanted
        value = -odds[wanted == 1].sum() + 0.5 * (_PRECISION * (mix - _PRIOR) ** 2).sum()
        slope = np.array([(gap * said).sum(), (gap * told).sum(), *gap.sum(axis=0)])
        return float(value), slope + _PRECISION * (mix - _PRIOR)

    found = minimize(loss, _PRIOR, jac=True, method="L-BFGS-B")
    return np.asarray(found.x, dtype=np.float64)


def _log_softmax(scores: Doubles) -> Doubles:
    shifted = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
