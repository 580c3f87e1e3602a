"""`warum train` on labelled cases: the passages that the pipeline makes of them, and the fit on a base."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.models.answers import Recording, read_comments
from benchmarks.models.case import Case
from warum.defaults import load_base
from warum.taxonomy import Taxonomy
from warum_models.nothing import NothingModel
from warum_models.own import fit
from warum_models.protocol import Reader


def fit_own(cases: Sequence[Case], taxonomy: Taxonomy, base: str) -> Reader:
    """Fit a model to labelled cases; texts that a fixed rule answers are left out, as no model is asked for them.

    Args:
        cases: The labelled cases.
        taxonomy: All labels, with title and description.
        base: Name of the model to start from.

    Raises:
        ModelError: If there is no such base.
    """
    recording = Recording(NothingModel(taxonomy.codes))
    keys = [recording.key(read) for read in read_comments(recording, taxonomy, cases)]
    asked = [(case, recording.passages[key]) for case, key in zip(cases, keys, strict=True)
             if key in recording.passages]  # fmt: skip
    return fit(
        [passage for _, passage in asked],
        [{(label, polarity or None) for label, polarity in case.gold} for case, _ in asked],
        taxonomy.codes,
        load_base(base, taxonomy),
        customers=[case.group or None for case, _ in asked],
    )
