"""A classifier whose outputs are named for categories, for sentiments, or for both."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from warum_models.errors import WeightsError
from warum_models.huggingface.judge import (
    KEPT,
    NEUTRAL,
    Judgement,
    Labels,
    nothing,
    sigmoid,
    softmax,
    surest,
    weighted,
)
from warum_models.huggingface.kinds import Classifies
from warum_models.huggingface.network import Doubles, Network


class ClassifierJudge:
    """Reads categories and sentiment off a classifier's outputs.

    Presence of a category is the sum of its outputs under softmax and the greatest of them under sigmoid;
    polarity is the share of the polarities' outputs: the category's own, else those of the text, else neutral.

    Args:
        network: The classifier.
        kind: What its outputs stand for.
        labels: The categories.

    Raises:
        WeightsError: If the network has another number of outputs.
    """

    def __init__(self, network: Network, kind: Classifies, labels: Labels) -> None:
        self._network = network
        self._several = kind.several
        self._k = len(labels.codes)
        self._check(len(kind.columns))
        # For each category its outputs, and for each polarity (and none) those of each category.
        self._own = np.zeros((4, self._k, len(kind.columns)), dtype=bool)
        self._whole = np.zeros((3, len(kind.columns)), dtype=bool)
        for j, column in enumerate(kind.columns):
            if column.code is not None:
                polarity = 3 if column.polarity is None else column.polarity
                self._own[polarity, labels.codes.index(column.code), j] = True
            elif column.polarity is not None:
                self._whole[column.polarity, j] = True
        self._outputs = lru_cache(KEPT)(self._read)

    def opinions(self, text: str, language: str) -> Judgement:  # noqa: ARG002 - one head for all
        """See `Judge.opinions`; of several windows the surest counts."""
        rows, _ = self._outputs(text)
        return surest([self._judge(row) for row in rows]) if len(rows) else nothing(self._k)

    def sentiment(self, text: str, language: str) -> Doubles:  # noqa: ARG002 - one head for all
        """See `Judge.sentiment`; the mean over windows, by their tokens."""
        rows, sizes = self._outputs(text)
        if not len(rows):
            return np.array(NEUTRAL)
        return weighted(np.stack([self._sentiment(row) for row in rows]), sizes)

    def _check(self, width: int) -> None:
        found = self._network.logits(self._network.windows(["warum"])).shape[1]
        if found != width:
            raise WeightsError(
                f"{self._network.origin!r} has {found} outputs and {width} names in `id2label`: its config.json "
                "does not belong to its weights."
            )

    def _read(self, text: str) -> tuple[Doubles, tuple[int, ...]]:
        """Probabilities of each window, (w, width), and the windows' sizes."""
        windows = self._network.windows([text])
        if not windows:
            return np.zeros((0, self._whole.shape[1])), ()
        logits = self._network.logits(windows)
        rows = sigmoid(logits) if self._several else softmax(logits)
        return rows, tuple(window.size for window in windows)

    def _folded(self, row: Doubles, mask: np.typing.NDArray[np.bool_]) -> Doubles:
        """Outputs that mean the same as one: the greatest of yes-or-no ones, the sum of shares."""
        values = np.where(mask, row, 0.0)
        return np.asarray(values.max(axis=-1) if self._several else values.sum(axis=-1))

    def _judge(self, row: Doubles) -> Judgement:
        presence = np.minimum(self._folded(row, np.asarray(self._own.any(axis=0))), 1.0)
        pairs = self._folded(row, self._own[:3]).T
        whole = self._whole_text(row)
        fallback = np.array(NEUTRAL) if whole is None else whole
        totals = pairs.sum(axis=1, keepdims=True)
        known = totals > 0
        polarity = np.where(known, pairs / np.where(known, totals, 1.0), fallback)
        return Judgement(presence, polarity)

    def _whole_text(self, row: Doubles) -> Doubles | None:
        """Polarity that the model states of the text, (3,); None if it states none."""
        values = self._folded(row, self._whole)
        total = values.sum()
        return np.asarray(values / total) if total > 0 else None

    def _sentiment(self, row: Doubles) -> Doubles:
        """The stated polarity; else that of the categories by presence, filled up to 1 with neutral."""
        whole = self._whole_text(row)
        if whole is not None:
            return whole
        judged = self._judge(row)
        total = (judged.presence[:, None] * judged.polarity).sum(axis=0)
        total[1] += max(0.0, 1.0 - total.sum())
        return np.asarray(total / total.sum())
