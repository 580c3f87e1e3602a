"""The seam for fine-tuning the whole network on a user's labels; needs torch and transformers (extra `train`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from warum_models.own.folds import Rows
from warum_models.own.gold import Gold
from warum_models.protocol import BaseReader, Label, Passage

NEEDED = ("torch", "transformers")
INSTALL = 'pip install "warum[train]"'


class FullTrainingUnavailableError(Exception):
    """Full fine-tuning cannot run here; the message says what to do."""


@dataclass(frozen=True, slots=True)
class FullSettings:
    """How to fine-tune.

    Attributes:
        epochs: Passes over the texts; None chooses by their number.
        device: "cpu", "cuda", or "auto".
        seed: Of everything random.
    """

    epochs: int | None = None
    device: str = "auto"
    seed: int = 7


class FineTuner(Protocol):
    """Fine-tunes the network behind a base; one is called per fold, and once on everything."""

    def __call__(
        self,
        passages: Sequence[Passage],
        gold: Gold,
        labels: Sequence[Label],
        base: BaseReader,
        settings: FullSettings,
        progress: Callable[[int, int], None],
    ) -> BaseReader:
        """Fine-tune on n comments.

        Args:
            passages: n comments.
            gold: Their labels, columns as in `labels`.
            labels: The k labels with their descriptions.
            base: The base to start from; it is not changed.
            settings: How.
            progress: Told steps done and all steps.

        Returns:
            A base of the same labels whose `read`, `embed` and `locate` come from the tuned network. Its
            `version` is the hash of its weights. It has a method `save(folder)` that writes its network
            beside the heads, and `load_tuned(folder)` reads it back.
        """
        ...


def require_full() -> None:
    """Refuse where full fine-tuning cannot run.

    Raises:
        FullTrainingUnavailableError: If torch or transformers are missing.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise FullTrainingUnavailableError(
            f"--full needs {' and '.join(missing)}. Install the extra: {INSTALL}"
        )


def fine_tuner() -> FineTuner:
    """The fine-tuner of this version.

    Raises:
        FullTrainingUnavailableError: If the extra is missing, or this version has none.
    """
    require_full()
    raise FullTrainingUnavailableError(
        "This version has no full fine-tuning yet; leave --full out to train heads on the base."
    )


def out_of_fold_odds(
    passages: Sequence[Passage],
    gold: Gold,
    labels: Sequence[Label],
    base: BaseReader,
    fold: Rows,
    settings: FullSettings,
    tune: FineTuner,
) -> npt.NDArray[np.float64]:
    """Log odds (n, k) of every comment by a network that was tuned on the other folds.

    They take the place of the base's zero-shot odds in `warum_models.own.fitting.Crossed`.
    """
    from warum_models.own.views import look

    codes = [label.code for label in labels]
    odds = np.zeros(gold.present.shape)
    for f in np.unique(fold).tolist():
        train, test = np.flatnonzero(fold != f), np.flatnonzero(fold == f)
        known = [passages[i] for i in train.tolist()]
        tuned = tune(known, gold.take(train), labels, base, settings, lambda *_: None)
        odds[test] = look(tuned, [passages[i] for i in test.tolist()], codes).odds
    return odds


def load_tuned(folder: Path) -> BaseReader:
    """Read a tuned network back from a model's folder.

    Raises:
        FullTrainingUnavailableError: Always in this version, which cannot make one.
    """
    raise FullTrainingUnavailableError(
        f"{str(folder)!r} holds a fine-tuned network, which this version cannot read."
    )
