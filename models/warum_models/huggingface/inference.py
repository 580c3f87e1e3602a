"""Zero-shot by natural language inference: does the text entail that it complains, or praises?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from warum_models.errors import WeightsError
from warum_models.huggingface.judge import (
    KEPT,
    NEUTRAL,
    Judgement,
    Labels,
    nothing,
    softmax,
    weighted,
)
from warum_models.huggingface.kinds import Entails
from warum_models.huggingface.network import Doubles, Network
from warum_models.huggingface.wording import wording
from warum_models.protocol import Label

_TINY = 1e-9


class InferenceJudge:
    """Asks for each category whether the text entails blame (b) and whether it entails praise (p).

    Presence is the greater of the two; negative : neutral : positive are as b(1 − p) : bp : p(1 − b). The
    entailment's probability is taken among all outputs, so that a text that has nothing to do with the
    hypothesis ("neutral") counts against it (after Yin, Hay and Roth 2019).

    Args:
        network: The model.
        kind: Which of its outputs is entailment.
        labels: The categories, in all languages there are.
    """

    def __init__(self, network: Network, kind: Entails, labels: Labels) -> None:
        self._network = network
        self._column = kind.column
        self._labels = labels
        self._hypotheses = lru_cache(None)(self._asked)
        self._check(kind.width)
        for language in ("de", "en"):
            self._hypotheses(language)
        self._opinions = lru_cache(KEPT)(self._read_opinions)
        self._whole = lru_cache(KEPT)(self._read_whole)

    def opinions(self, text: str, language: str) -> Judgement:
        """See `Judge.opinions`; of several windows the surest counts, for blame and praise each."""
        return self._opinions(text, language)

    def sentiment(self, text: str, language: str) -> Doubles:
        """See `Judge.sentiment`; the mean over windows, by their tokens."""
        return self._whole(text, language)

    def _read_opinions(self, text: str, language: str) -> Judgement:
        k = len(self._labels.codes)
        asked = self._hypotheses(language)
        parts = self._entailment(text, asked)
        if not all(len(probabilities) for probabilities, _ in parts):
            return nothing(k)
        pairs = np.array([probabilities.max() for probabilities, _ in parts]).reshape(k, 2)
        blame, praise = pairs[:, 0], pairs[:, 1]
        raw = np.stack([blame * (1 - praise), blame * praise, praise * (1 - blame)], axis=1)
        raw[:, 1] += _TINY
        return Judgement(pairs.max(axis=1), raw / raw.sum(axis=1, keepdims=True))

    def _read_whole(self, text: str, language: str) -> Doubles:
        said = wording(language)
        parts = self._entailment(text, (said.dissatisfied, said.satisfied))
        if not all(len(probabilities) for probabilities, _ in parts):
            return np.array(NEUTRAL)
        bad, good = (float(weighted(probabilities, sizes)) for probabilities, sizes in parts)
        return np.array([bad * (1 - good), bad * good + (1 - bad) * (1 - good), good * (1 - bad)])

    def _entailment(
        self, text: str, hypotheses: Sequence[str]
    ) -> list[tuple[Doubles, tuple[int, ...]]]:
        """For each hypothesis the probability in each window of the text, and the windows' sizes."""
        windows = self._network.windows([text] * len(hypotheses), hypotheses)
        if not windows:
            return [(np.zeros(0), ()) for _ in hypotheses]
        probabilities = softmax(self._network.logits(windows))[:, self._column]
        samples = np.array([window.sample for window in windows])
        sizes = np.array([window.size for window in windows])
        return [
            (probabilities[samples == i], tuple(sizes[samples == i].tolist()))
            for i in range(len(hypotheses))
        ]

    def _asked(self, language: str) -> tuple[str, ...]:
        """Blame and praise of each category in turn, in the text's language where there is a title in it."""
        asked: list[str] = []
        for label in self._labels.best(language):
            said = wording(label.language)
            asked += [
                said.complains.format(title=label.title),
                said.praises.format(title=label.title),
            ]
            self._refuse_long(label, asked[-2:])
        return tuple(asked)

    def _refuse_long(self, label: Label, hypotheses: Sequence[str]) -> None:
        longest = max(self._network.count(hypothesis) for hypothesis in hypotheses)
        if longest > self._network.limit // 2:
            raise WeightsError(
                f"The title of {label.code!r}, {label.title[:60]!r}, makes a hypothesis of {longest} tokens, and "
                f"{self._network.origin!r} reads {self._network.limit} at once: shorten the title."
            )

    def _check(self, width: int) -> None:
        found = self._network.logits(self._network.windows(["warum"], ["warum"])).shape[1]
        if found != width:
            raise WeightsError(
                f"{self._network.origin!r} has {found} outputs and {width} names in `id2label`: its config.json "
                "does not belong to its weights."
            )
