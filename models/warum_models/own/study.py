"""What there is to say of a fitted model, computed once; the card and the terminal show the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from warum_models.own.crossing import LEAST_OF_LABEL
from warum_models.own.figures import (
    Calibration,
    Counts,
    Figure,
    Scores,
    calibration,
    for_json,
    label_scores,
    share_right,
)
from warum_models.own.fitting import Fitted, Step
from warum_models.own.learning import MORE, Curve, learning_curve
from warum_models.own.model import Facts, OwnModel
from warum_models.own.storing import fingerprint, version_of


@dataclass(frozen=True, slots=True)
class Study:
    """Cross-validated figures of a model and the counts behind them.

    Attributes:
        texts: Number of labelled comments.
        groups: How many remain where equal texts and texts of one customer count once.
        without_label: Comments with no label, which count as negatives of all.
        languages: Language to number of comments.
        folds: Number of folds.
        labels: Precision, recall and F1 of every label.
        micro: Of all labels together.
        macro: Mean F1 of the labels that occur.
        base_micro: The same for the shipped base alone, calibrated on the same labels.
        base_macro: Likewise.
        polarity: Share of right polarities, given the category.
        calibration: Of the probabilities.
        curve: What more labels would bring.
        few: Labels with too few positives for experts of their own; the base alone reads them.
        full: Whether the base was tuned too, for the figures anew for every fold.
    """

    texts: int
    groups: int
    without_label: int
    languages: dict[str, int]
    folds: int
    labels: tuple[Scores, ...]
    micro: Scores
    macro: Figure
    base_micro: Scores
    base_macro: Figure
    polarity: Figure
    calibration: Calibration
    curve: Curve
    few: tuple[str, ...]
    full: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON, rounded to four decimals; NaN is None."""
        rounded: dict[str, Any] = for_json(asdict(self))
        return rounded


def study(fitted: Fitted, say: Step = lambda _: None) -> Study:
    """Compute the figures of a fitted model.

    Args:
        fitted: The model with its trial.
        say: Told what is being done.
    """
    trial, material = fitted.trial, fitted.material
    everything = np.arange(len(material.labels))
    counts = Counts(trial.present, trial.found, trial.groups)
    alone = Counts(trial.present, trial.base, trial.groups)
    if not fitted.full:
        say("learning curve")
    positives = material.gold.positives
    return Study(
        texts=len(material.passages),
        groups=len(np.unique(trial.groups)),
        without_label=int((~trial.present.any(axis=1)).sum()),
        languages=dict(sorted(Counter(p.language for p in material.passages).items())),
        folds=len(np.unique(trial.fold)),
        labels=label_scores(counts, material.labels),
        micro=counts.of("micro", everything),
        macro=counts.macro(),
        base_micro=alone.of("micro", everything),
        base_macro=alone.macro(),
        polarity=share_right(
            trial.said.argmax(axis=1) == trial.side, trial.groups[trial.pair_comment]
        ),
        calibration=calibration(trial.probability, trial.present),
        curve=Curve((), MORE, None, "every point would take a fine-tuning of its own")
        if fitted.full
        else learning_curve(material, trial, fitted.strength),
        few=tuple(np.array(material.labels, dtype=object)[positives < LEAST_OF_LABEL].tolist()),
        full=fitted.full,
    )


def finished(fitted: Fitted, told: Study, *, name: str, taxonomy: str) -> OwnModel:
    """The model with its name, its facts, and the version that follows from them.

    Args:
        fitted: The model.
        told: Its figures.
        name: Its name.
        taxonomy: Hash of the taxonomy.
    """
    model = fitted.model
    facts = Facts(
        taxonomy,
        frozenset(fingerprint(p.text) for p in fitted.material.passages),
        full=fitted.full,
        card=told.to_dict(),
    )
    whole = OwnModel(name, "", model.labels, model.base, model.parts, facts)
    return OwnModel(name, version_of(whole), model.labels, model.base, model.parts, facts)
