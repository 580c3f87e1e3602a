"""Comments as networks see them that never learned from them: one is tuned per fold, on the other folds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from warum_models.own.folds import fold_count, fold_of
from warum_models.own.full import FineTuner, FullSettings, TunedBase
from warum_models.own.gold import Gold
from warum_models.own.material import Located, Material, Seen, judged_pairs, pairs_of, seen_anew
from warum_models.own.views import BaseView, look
from warum_models.protocol import BaseReader, Floats, Found, Label, Passage, Reading

Rows = npt.NDArray[np.int64]
FOLDS = 3
"""Networks that are tuned to be measured; each takes as long as two thirds of the final one."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What shall be tuned, and how.

    Attributes:
        tune: Fine-tunes a network.
        labels: The k labels with their descriptions.
        base: The base to start from.
        settings: How.
    """

    tune: FineTuner
    labels: tuple[Label, ...]
    base: BaseReader
    settings: FullSettings

    def announced(self, material: Material) -> str:
        """How long all networks take here, about, in a sentence; a step is tried to know it."""
        alone = self.tune.seconds(
            material.passages, material.gold, self.labels, self.base, self.settings
        )
        folds = _folds(material)
        # As many networks as folds, on all folds but one each, and one on everything.
        minutes = max(1, round(alone * folds / 60))
        return (
            f"Fine-tuning {folds + 1} networks on {len(material.passages)} texts, {folds} of them to measure how "
            f"right the last one is: about {minutes} {'minute' if minutes == 1 else 'minutes'} on this machine."
        )

    def network(self, passages: Sequence[Passage], gold: Gold, say: Say, which: str) -> TunedBase:
        """Tune one network."""

        def progress(done: int, total: int) -> None:
            say(f"fine-tuning network {which}, step {done} of {total}")

        say(f"fine-tuning network {which}")
        return self.tune(passages, gold, self.labels, self.base, self.settings, progress)


def tune_all(material: Material, order: Order, say: Say = lambda _: None) -> tuple[TunedBase, Seen]:
    """Tune a network per fold and one on everything.

    Args:
        material: The labelled comments, as the base sees them that is started from.
        order: What shall be tuned, and how.
        say: Told what is being done.

    Returns:
        The network that was tuned on everything, and the comments as the others see them.
    """
    count = _folds(material)
    fold = fold_of(material.groups, material.gold.present, count)
    seen = _look(material, order, fold, say)
    return order.network(material.passages, material.gold, say, f"{count + 1} of {count + 1}"), seen


def _folds(material: Material) -> int:
    return min(FOLDS, fold_count(material.groups))


def _look(material: Material, order: Order, fold: Rows, say: Say) -> Seen:
    """Each fold as the network sees it that was tuned on the others."""
    n, k = material.gold.present.shape
    odds, presence = np.zeros((n, k)), np.zeros((n, k), np.float32)
    document, embedded = np.zeros((n, 3), np.float32), np.zeros((n, 0), np.float32)
    comment, label = judged_pairs(material.gold)
    located = Located.empty(len(comment))
    names = np.unique(fold).tolist()
    for f in names:
        train, test = np.flatnonzero(fold != f), np.flatnonzero(fold == f)
        tuned = order.network(
            [material.passages[i] for i in train.tolist()], material.gold.take(train), say,
            f"{names.index(f) + 1} of {len(names) + 1}",
        )  # fmt: skip
        say(f"reading {len(test)} texts that it does not know")
        passages = [material.passages[i] for i in test.tolist()]
        view = look(tuned, passages, material.labels)
        if not embedded.shape[1]:
            embedded = np.zeros((n, view.embedded.shape[1]), np.float32)
        odds[test], embedded[test] = view.odds, view.embedded
        presence[test] = view.reading.presence[:, _columns(tuned, material)]
        document[test] = view.reading.document
        here = np.flatnonzero(fold[comment] == f)
        located.put(here, _locate(tuned, material, test, comment[here], label[here]))
    view = BaseView(Reading(presence, Found.none(), document), odds, embedded)
    anew = seen_anew(material, view)
    return Seen(anew, fold, pairs_of(anew, comment, label, located))


def _columns(base: BaseReader, material: Material) -> Rows:
    return np.array([base.labels.index(code) for code in material.labels], dtype=np.int64)


def _locate(
    tuned: BaseReader, material: Material, test: Rows, comment: Rows, label: Rows
) -> tuple[Floats, Rows, Rows]:
    passages = [material.passages[i] for i in test.tolist()]
    place = np.searchsorted(test, comment).astype(np.int64)
    return tuned.locate(passages, place, _columns(tuned, material)[label])
