"""The model card of a user's own model, in markdown; no date, so that the same input gives the same bytes."""

from __future__ import annotations

import math
from collections.abc import Iterator

from warum_models.own.crossing import LEAST_OF_LABEL
from warum_models.own.figures import Figure, Scores
from warum_models.own.learning import Curve
from warum_models.own.model import OwnModel
from warum_models.own.study import Study

_LIMITS = """
- The figures hold for comments like those labelled: same source, question, language and time. Label a sample of a
  new source and run `warum evaluate` on it before you rely on this model there.
- It learns the habits of whoever labelled. Where two people label differently, it lies between them.
- An unlabelled category of a labelled comment counts as absent. If categories were skipped, recall suffers.
- The comments of an audit sample must never be in the training file: what corrects the model's error has to be
  independent of the model.
"""


def shown(figure: Figure) -> str:
    """A figure with its interval: "0.71 (0.65-0.77)"; a dash where there is none."""
    if math.isnan(figure.value):
        return "–"
    return f"{figure.value:.2f} ({figure.low:.2f}-{figure.high:.2f})"


def right_of(figure: Figure) -> str:
    """How much of n cases was right, with their number; that there are none where there are none."""
    return f"{shown(figure)} right of {figure.n}" if figure.n else "there are no cases to tell"


def gain_sentence(curve: Curve) -> str:
    """What more labels would bring, in a sentence."""
    if curve.gain is None:
        return f"What {curve.more} more labelled texts would bring cannot be said: {curve.why}."
    half = (curve.gain.high - curve.gain.low) / 2
    return (
        f"{curve.more} more labelled texts would bring about {curve.gain.value:+.3f} micro F1 (±{half:.3f}), "
        "if they are like these."
    )


def write_card(model: OwnModel, told: Study) -> str:
    """The card as markdown.

    Args:
        model: The model, with its version.
        told: Its figures.
    """
    return "\n".join(_lines(model, told)).rstrip() + "\n"


def _lines(model: OwnModel, told: Study) -> Iterator[str]:
    yield f"# {model.name}\n"
    yield (
        f"A model of your own labels, made by `warum train`. Version `{model.version}`, on the base "
        f"`{model.base.name}` {model.base.version}; taxonomy hash `{model.facts.taxonomy}`.\n"
    )
    yield "## Labels"
    languages = ", ".join(f"{n} in {code!r}" for code, n in told.languages.items())
    yield (
        f"{told.texts} texts ({languages}), {told.groups} where equal texts and texts of one customer count "
        f"once. {told.without_label} hold no label and count as negatives of every category.\n"
    )
    if told.few:
        yield (
            f"Fewer than {LEAST_OF_LABEL} positives, so that the base alone reads them: {', '.join(told.few)}.\n"
        )
    yield f"## How right it is\n{told.folds}-fold cross-validation; nothing that a figure is about was fitted on."
    if told.full:
        yield (
            "For every fold the whole network was fine-tuned anew on the others, in the same way as the one in this "
            "folder was on all texts."
        )
    yield "Equal texts and texts of one customer are never parted. 95 % intervals.\n"
    yield "| category | positives | found | precision | recall | F1 |\n|---|---|---|---|---|---|"
    for row in told.labels:
        yield _row(row)
    yield _row(told.micro)
    yield f"\nMacro F1 {shown(told.macro)} over {told.macro.n} categories that occur."
    before = ", before fine-tuning" if told.full else ""
    yield (
        f"The base alone{before}, calibrated on the same labels: micro F1 {shown(told.base_micro.f1)}, macro F1 "
        f"{shown(told.base_macro)}."
    )
    yield f"Polarity given the category: {right_of(told.polarity)}.\n"
    yield from _calibration(told)
    yield from _curve(told.curve)
    yield f"## Limits{_LIMITS}"


def _row(row: Scores) -> str:
    figures = " | ".join(shown(f) for f in (row.precision, row.recall, row.f1))
    return f"| {row.name} | {row.positives} | {row.found} | {figures} |"


def _calibration(told: Study) -> Iterator[str]:
    yield "## Calibration"
    found = told.calibration
    if not found.n:
        yield "No pair of text and category has a probability of 0.1 or more.\n"
        return
    yield (
        f"Expected calibration error {found.error:.3f}, over {found.n} pairs of text and category with a "
        "probability of 0.1 or more.\n"
    )
    yield "| pairs | mean probability | share right |\n|---|---|---|"
    for part in found.bins:
        yield f"| {part.n} | {part.probability:.2f} | {part.share:.2f} |"
    yield ""


def _curve(curve: Curve) -> Iterator[str]:
    yield "## What more labels would bring"
    if curve.points:
        yield "| texts fitted on | micro F1 on others |\n|---|---|"
        for point in curve.points:
            yield f"| {point.texts} | {point.f1:.3f} |"
        yield ""
    yield gain_sentence(curve) + "\n"
