"""What more labels would bring: the same fit on a quarter, half and all of the labels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from warum_models.own.crossing import cross
from warum_models.own.experts import fit_meaning, fit_words
from warum_models.own.figures import Figure
from warum_models.own.fitting import Trial
from warum_models.own.folds import fold_count, fold_of
from warum_models.own.gold import Bools
from warum_models.own.material import Material

Rows = npt.NDArray[np.int64]
SHARES = (0.25, 0.5, 1.0)
MORE = 200
_LEAST = 60  # groups; with fewer a quarter of them teaches nothing
_MANY = 3000  # from so many texts on, three folds tell enough
_INNER = 3
_T = {
    1: 12.706,
    2: 4.303,
    3: 3.182,
    4: 2.776,
}  # 97.5 % quantile of Student's t by degrees of freedom


@dataclass(frozen=True, slots=True)
class Point:
    """Texts that were fitted on, and micro F1 on others: the mean over folds."""

    texts: int
    f1: float


@dataclass(frozen=True, slots=True)
class Curve:
    """The learning curve.

    Attributes:
        points: From few texts to all of a training fold's.
        more: How many further labelled texts `gain` is about.
        gain: Expected change of micro F1, n the number of folds; None where it cannot be said.
        why: Why it cannot be said; empty where it can.
    """

    points: tuple[Point, ...]
    more: int
    gain: Figure | None
    why: str = ""


def learning_curve(material: Material, trial: Trial, strength: float) -> Curve:
    """Fit on shares of the training folds and see how the error falls.

    The error 1 - F1 is taken to fall as a power of the number of texts (Hestness et al. 2017), one power per
    fold; the interval is Student's over the folds.

    Args:
        material: The labelled comments.
        trial: What was found out of fold; it is the curve's last point.
        strength: Inverse strength of the penalty of the meaning expert.
    """
    fold = trial.fold
    if len(np.unique(material.groups)) < _LEAST:
        return Curve((), MORE, None, f"fewer than {_LEAST} different texts or customers")
    folds = np.unique(fold).tolist()
    if len(fold) > _MANY:
        folds = folds[:3]
    sizes, scores = np.zeros((len(folds), len(SHARES))), np.zeros((len(folds), len(SHARES)))
    for row, f in enumerate(folds):
        train, test = np.flatnonzero(fold != f), np.flatnonzero(fold == f)
        order = _in_random_order(material.groups[train], seed=f)
        for column, share in enumerate(SHARES):
            rows = np.sort(train[order[: max(1, round(share * len(train)))]])
            sizes[row, column] = len(rows)
            found = trial.found[test] if share == 1.0 else _found(material, rows, test, strength)
            scores[row, column] = _micro(found, trial.present[test])
    points = tuple(
        Point(round(n), float(s))
        for n, s in zip(sizes.mean(axis=0), scores.mean(axis=0), strict=True)
    )
    return _extrapolated(points, sizes, scores, len(fold))


def _in_random_order(groups: Rows, seed: int) -> Rows:
    """Positions in a random order that keeps groups together."""
    names, place = np.unique(groups, return_inverse=True)
    rank = np.random.default_rng(seed).permutation(len(names))
    return np.argsort(rank[place], kind="stable").astype(np.int64)


def _micro(found: Bools, present: Bools) -> float:
    return float(2 * (found & present).sum() / max(1, int(found.sum()) + int(present.sum())))


def _found(material: Material, rows: Rows, test: Rows, strength: float) -> Bools:
    """What a fit on `rows` alone finds in `test`; inner folds for mix and thresholds."""
    present = material.gold.present
    groups = material.groups[rows]
    inner = np.zeros(len(present), dtype=np.int64)
    inner[rows] = fold_of(groups, present[rows], min(_INNER, fold_count(groups)))
    crossed = cross(material, inner, rows, (strength,))
    _, mix, thresholds = crossed.settle(np.arange(len(rows)))
    meaning = fit_meaning(material.meaning[rows], present[rows], strength)
    words = fit_words(material.words[rows], present[rows])
    scores = np.stack(
        [
            material.view.odds[test],
            meaning.scores(material.meaning[test]),
            words.scores(material.words[test]),
        ],
        axis=2,
    )
    return np.asarray(mix.probabilities(scores) >= thresholds)


def _extrapolated(
    points: tuple[Point, ...],
    sizes: npt.NDArray[np.float64],
    scores: npt.NDArray[np.float64],
    n: int,
) -> Curve:
    error = np.log(np.clip(1 - scores, 1e-3, 1.0))
    away = np.log(sizes) - np.log(sizes).mean(axis=1, keepdims=True)
    powers = (away * error).sum(axis=1) / (away**2).sum(axis=1)
    rest = 1 - scores[:, -1].mean()
    gains = rest * (1 - ((n + MORE) / n) ** powers)
    half = _T[len(gains) - 1] * float(gains.std(ddof=1)) / math.sqrt(len(gains))
    gain = float(gains.mean())
    figure = Figure(gain, gain - half, gain + half, len(gains))
    if n < MORE / 2:
        return Curve(points, MORE, None, f"{n} texts are too few to tell of {MORE} more")
    if figure.low <= 0 <= figure.high and half > 0.05:
        return Curve(points, MORE, None, "the folds differ too much")
    return Curve(points, MORE, figure)
