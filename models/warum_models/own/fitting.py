"""From labelled comments to a model, with what cross-validation says of it on the way.

Every number that is reported, and every choice, is made for a fold on scores of the other folds: the strength
of the penalty, the mix (which is the calibration), the thresholds and the polarity.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from warum_models.own.crossed_tuning import Order, tune_all
from warum_models.own.crossing import Crossed, cross
from warum_models.own.experts import fit_meaning, fit_words, halved, stored
from warum_models.own.folds import fold_count, fold_of
from warum_models.own.gold import Bools, Gold, Judgement
from warum_models.own.material import Material, Pairs, Seen, gather, known_pairs
from warum_models.own.model import Facts, OwnModel, Parts
from warum_models.own.polarity import (
    LEAST,
    PolarityHead,
    fit_head,
    fit_polarity_mix,
    head_out_of_fold,
    mixed,
)
from warum_models.protocol import BaseReader, Passage

Doubles = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Step = Callable[[str], None]


@dataclass(frozen=True)
class Trial:
    """What models said of comments that they were not fitted on.

    Attributes:
        present: What the person said, (n, k).
        probability: Calibrated probability, (n, k).
        found: Whether it reached the threshold, (n, k).
        base: The same by the shipped base alone, calibrated and with thresholds likewise, (n, k).
        groups: Comments that belong together, (n,).
        fold: (n,).
        side: True polarity of the pairs with one, (f,).
        said: Probabilities of the three polarities for these pairs, (f, 3).
        pair_comment: Row of the comment of each pair, (f,).
    """

    present: Bools
    probability: Doubles
    found: Bools
    base: Bools
    groups: Rows
    fold: Rows
    side: Rows
    said: Doubles
    pair_comment: Rows


@dataclass(frozen=True)
class Fitted:
    """A model, the trial that its figures come from, and the strength of the penalty it settled on.

    Attributes:
        model: The model.
        trial: What models like it said of comments they were not fitted on.
        material: The comments it was fitted on.
        strength: Inverse strength of the penalty of the meaning expert.
        full: Whether the base was tuned too, in the trial anew for every fold.
    """

    model: OwnModel
    trial: Trial
    material: Material
    strength: float
    full: bool = False


def fit(
    passages: Sequence[Passage],
    gold: Gold | Sequence[Collection[Judgement]],
    labels: Sequence[str],
    base: BaseReader,
    *,
    customers: Sequence[str | None] | None = None,
) -> OwnModel:
    """Fit a model to labelled comments.

    Args:
        passages: n comments in languages of the base, at least 10 that differ.
        gold: Per comment the labels it holds, each with its polarity or None; an empty set where it holds
            none.
        labels: Codes of the k labels, each one of the base's.
        base: The base reader.
        customers: Who wrote the comments, where known.

    Raises:
        ValueError: If there are too few comments, or a label is unknown.
    """
    return fit_with_trial(gather(passages, gold, labels, base, customers=customers), base).model


def fit_with_trial(material: Material, base: BaseReader, say: Step = lambda _: None) -> Fitted:
    """Fit a model and keep what was found out of fold.

    Args:
        material: The labelled comments.
        base: The base they were looked at with.
        say: Told what is being done.
    """
    present = material.gold.present
    fold = fold_of(material.groups, present, fold_count(material.groups))
    return _fitted(Seen(material, fold, known_pairs(material, base)), base, say)


def fit_full(material: Material, order: Order, say: Step = lambda _: None) -> Fitted:
    """Fine-tune the base, then fit a model on top of it.

    Everything is fitted on what networks say of comments that they were not tuned on, since that is how the last
    network will meet new ones.

    Args:
        material: The labelled comments, as the base sees them that is started from.
        order: What shall be tuned, and how.
        say: Told what is being done.
    """
    tuned, seen = tune_all(material, order, say)
    return replace(_fitted(seen, tuned, say), full=True)


def _fitted(seen: Seen, base: BaseReader, say: Step) -> Fitted:
    material, fold, pairs = seen.material, seen.fold, seen.pairs
    present = material.gold.present
    say("cross-validation")
    crossed = cross(material, fold)
    say("polarity")
    told = head_out_of_fold(pairs.features, pairs.side, fold[pairs.comment])
    probability, found, alone = crossed.judged()
    trial = Trial(
        present, probability, found, alone, material.groups, fold, pairs.side,
        _said(pairs, told, fold), pairs.comment,
    )  # fmt: skip
    say("final fit")
    parts = _final(material, crossed, pairs, told)
    model = OwnModel("own", "0", material.labels, base, parts, Facts())
    return Fitted(model, trial, material, crossed.best(np.arange(len(present))))


def _said(pairs: Pairs, told: Doubles, fold: Rows) -> Doubles:
    """Polarity of each pair, mixed as the other folds have it."""
    said = pairs.base.copy()
    of_pair = fold[pairs.comment]
    for f in np.unique(of_pair).tolist():
        rows, test = np.flatnonzero(of_pair != f), np.flatnonzero(of_pair == f)
        if len(rows) >= LEAST:
            mix = fit_polarity_mix(pairs.base[rows], told[rows], pairs.side[rows])
            said[test] = mixed(pairs.base[test], told[test], mix)
    return said


def _final(material: Material, crossed: Crossed, pairs: Pairs, told: Doubles) -> Parts:
    present = material.gold.present
    strength, mix, thresholds = crossed.settle(np.arange(len(present)))
    d, v = material.meaning.shape[1], material.words.shape[1]
    polarity = PolarityHead.none(d, v)
    if len(pairs.side) >= LEAST:
        coefficients, bias = fit_head(pairs.features, pairs.side)
        best = stored(fit_polarity_mix(pairs.base, told, pairs.side))
        polarity = PolarityHead(
            stored(coefficients[:d]), halved(coefficients[d:]), stored(bias), best
        )
    return Parts(
        material.scaling,
        fit_meaning(material.meaning, present, strength),
        fit_words(material.words, present),
        mix,
        thresholds,
        polarity,
    )
