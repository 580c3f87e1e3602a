"""Out-of-fold scores of the experts, and what is settled by them: penalty, mix and thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from warum_models.own.experts import MEANING_STRENGTHS, fit_meaning, fit_words, out_of_fold
from warum_models.own.gold import Bools
from warum_models.own.material import Material
from warum_models.own.mixing import Mix, fit_mix, fit_pooled, log_loss
from warum_models.own.thresholds import base_threshold, choose_thresholds

Doubles = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
LEAST_OF_LABEL = 4
"""Positives that a label needs for experts of its own; with fewer the base decides."""


@dataclass(frozen=True)
class Crossed:
    """Out-of-fold scores of the experts, at each strength of the penalty.

    Attributes:
        odds: The base's log odds, (n, k).
        meaning: Strength to scores (n, k).
        words: Scores (n, k).
        present: (n, k).
        fold: (n,).
        fallback: Threshold where there is no positive at all.
        alone: Log odds by the base as it is shipped, (n, k).
    """

    odds: Doubles
    meaning: dict[float, Doubles]
    words: Doubles
    present: Bools
    fold: Rows
    fallback: float
    alone: Doubles

    def scores(self, strength: float) -> Doubles:
        """Log odds by base, meaning and words; (n, k, 3)."""
        return np.stack([self.odds, self.meaning[strength], self.words], axis=2)

    @property
    def taught(self) -> Bools:
        """Labels with enough positives for experts; (k,)."""
        return np.asarray(self.present.sum(axis=0) >= LEAST_OF_LABEL)

    def best(self, rows: Rows) -> float:
        """The strength whose pooled mix fits these comments best."""
        taught = self.taught
        if len(self.meaning) == 1 or not taught.any():
            return next(iter(self.meaning))
        losses = {}
        for strength in self.meaning:
            scores = self.scores(strength)[rows][:, taught]
            target = self.present[rows][:, taught]
            mix = Mix(np.tile(fit_pooled(scores, target), (scores.shape[1], 1)))
            losses[strength] = log_loss(mix.probabilities(scores), target)
        return min(losses, key=lambda s: (losses[s], s))

    def settle(self, rows: Rows) -> tuple[float, Mix, Doubles]:
        """Strength, mix and thresholds by these comments."""
        strength = self.best(rows)
        scores, present = self.scores(strength)[rows], self.present[rows]
        mix = fit_mix(scores, present, self.taught)
        thresholds = choose_thresholds(mix.probabilities(scores), present, self.fallback)
        return strength, mix, thresholds

    def judged(self) -> tuple[Doubles, Bools, Bools]:
        """Probability, found, and found by the shipped base alone; each fold by what the others settled."""
        probability = np.zeros(self.present.shape)
        found, alone = np.zeros_like(self.present), np.zeros_like(self.present)
        nothing = np.zeros(self.present.shape[1], dtype=bool)
        base = self.alone[:, :, None].repeat(3, axis=2)
        for f in np.unique(self.fold).tolist():
            rows, test = np.flatnonzero(self.fold != f), np.flatnonzero(self.fold == f)
            strength, mix, thresholds = self.settle(rows)
            scores = self.scores(strength)
            probability[test] = mix.probabilities(scores[test])
            found[test] = probability[test] >= thresholds
            bare = fit_mix(base[rows], self.present[rows], nothing)
            least = choose_thresholds(
                bare.probabilities(base[rows]), self.present[rows], self.fallback
            )
            alone[test] = bare.probabilities(base[test]) >= least
        return probability, found, alone


def cross(
    material: Material,
    fold: Rows,
    rows: Rows | None = None,
    strengths: Sequence[float] = MEANING_STRENGTHS,
) -> Crossed:
    """Out-of-fold scores of the comments at `rows` (all of them if None)."""
    rows = np.arange(len(material.passages)) if rows is None else rows
    present, fold = material.gold.present[rows], fold[rows]
    meaning, words = material.meaning[rows], material.words[rows]
    return Crossed(
        material.view.odds[rows],
        {
            s: out_of_fold(meaning, present, fold, partial(fit_meaning, strength=s))
            for s in strengths
        },
        out_of_fold(words, present, fold, fit_words),
        present,
        fold,
        base_threshold(material.view.reading),
        material.alone[rows],
    )
