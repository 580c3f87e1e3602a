"""Zero-shot by meaning: how near a text is to what a category's description and examples say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from warum_models.huggingface.network import Doubles, Network, Window
from warum_models.huggingface.pooling import Pooling
from warum_models.huggingface.wording import wording
from warum_models.protocol import Label

NEAR = 3.5
"""Standard deviations above the background at which presence is one half."""
UNDECIDED = 0.25
"""Standard deviations between praise and blame up to which a text is neutral."""


@dataclass(frozen=True)
class _Scale:
    """Where the cosines of everyday sentences lie, so that encoders of any scale can be compared."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, cosines: Doubles) -> _Scale:
        return cls(float(cosines.mean()), max(float(cosines.std()), 1e-6))

    def __call__(self, cosines: Doubles) -> Doubles:
        return np.asarray((cosines - self.mean) / self.deviation)


@dataclass(frozen=True)
class _Frame:
    """What texts of one language are held against: k categories and their praise and blame."""

    near: Doubles  # (k, d), unit vectors
    pole: Doubles  # (k, d), praise minus blame
    whole: Doubles  # (1, d), the same for a text as a whole
    scale_near: _Scale
    scale_pole: _Scale
    scale_whole: _Scale


class EncoderJudge:
    """Holds a text's vector against vectors made of the labels.

    A category's vector is the mean of those of "title: description" and of its examples. Cosines are measured
    in standard deviations from those of everyday sentences (`wording.Wording.background`), since encoders
    differ in scale. Presence is 1 / (1 + exp(`NEAR` − z)); polarity comes from t, the mean of how much nearer
    the text is to praise than to blame, of the category and in general: negative : neutral : positive are as
    exp(−t) : exp(`UNDECIDED`) : exp(t). The constants were found with all-MiniLM-L6-v2 on English comments of
    the training corpus; they are fixed and no calibration.

    Args:
        network: The encoder.
        pooling: From token vectors to a text's vector.
        labels: The categories, in all languages there are.
    """

    def __init__(self, network: Network, pooling: Pooling, labels: Labels) -> None:
        self._network = network
        self._pooling = pooling
        self._labels = labels
        self._frames = lru_cache(None)(self._frame)
        self._vectors = lru_cache(KEPT)(self._read)
        self._check()

    def opinions(self, text: str, language: str) -> Judgement:
        """See `Judge.opinions`; of several windows the surest counts."""
        vectors, _ = self._vectors(text)
        if not len(vectors):
            return nothing(len(self._labels.codes))
        frame = self._frames(language)
        return surest([_judge(vector, frame) for vector in vectors])

    def sentiment(self, text: str, language: str) -> Doubles:
        """See `Judge.sentiment`; the mean over windows, by their tokens."""
        vectors, sizes = self._vectors(text)
        if not len(vectors):
            return np.array(NEUTRAL)
        frame = self._frames(language)
        leaning = np.array([frame.scale_whole(_dots(frame.whole, v))[0] for v in vectors])
        return weighted(_polarity(leaning), sizes)

    def _check(self) -> None:
        """Read one word now, so that layers that do not fit show before the work begins."""
        try:
            self._read("warum")
        except (ValueError, IndexError) as error:
            raise WeightsError(
                f"The steps of {self._network.origin!r} do not fit together ({error}): fetch or save it again."
            ) from None

    def _read(self, text: str) -> tuple[Doubles, tuple[int, ...]]:
        """A vector for each window of a text, (w, d), and the windows' sizes."""
        windows = self._network.windows([text])
        if not windows:
            return np.zeros((0, 1)), ()
        return self._pooled(windows), tuple(window.size for window in windows)

    def _pooled(self, windows: Sequence[Window]) -> Doubles:
        return np.stack([self._pooling(states) for states in self._network.states(windows)])

    def _frame(self, language: str) -> _Frame:
        labels = self._labels.best(language)
        said = wording(language)
        background = np.stack([self._vector(text) for text in said.background])
        near = np.stack([self._near(label) for label in labels])
        pole = np.stack([self._pole(label) for label in labels])
        good = _unit(np.mean([self._vector(text) for text in said.good], axis=0))
        bad = _unit(np.mean([self._vector(text) for text in said.bad], axis=0))
        whole = (good - bad)[None, :]
        return _Frame(
            near,
            pole,
            whole,
            *(
                _Scale.of(np.stack([_dots(m, vector) for vector in background]))
                for m in (near, pole, whole)
            ),
        )

    def _near(self, label: Label) -> Doubles:
        texts = (f"{label.title}: {label.description}", *label.examples)
        return _unit(np.mean([self._vector(text) for text in texts], axis=0))

    def _pole(self, label: Label) -> Doubles:
        said = wording(label.language)
        praise = self._vector(said.praise.format(title=label.title))
        return praise - self._vector(said.complaint.format(title=label.title))

    def _vector(self, text: str) -> Doubles:
        """One vector of a text, its windows by their tokens."""
        vectors, sizes = self._read(text)
        if not len(vectors):
            raise WeightsError(f"{self._network.origin!r} makes no tokens of {text[:60]!r}.")
        return _unit(weighted(vectors, sizes))


def _judge(vector: Doubles, frame: _Frame) -> Judgement:
    presence = sigmoid(frame.scale_near(_dots(frame.near, vector)) - NEAR)
    own = frame.scale_pole(_dots(frame.pole, vector))
    general = frame.scale_whole(_dots(frame.whole, vector))
    return Judgement(presence, _polarity((own + general) / 2))


def _polarity(leaning: Doubles) -> Doubles:
    """Negative, neutral, positive from leanings (n,) to praise; (n, 3)."""
    return softmax(np.stack([-leaning, np.full_like(leaning, UNDECIDED), leaning], axis=-1))


def _dots(rows: Doubles, vector: Doubles) -> Doubles:
    """Inner products, summed row by row: BLAS sums in another order for another number of rows."""
    return np.asarray((rows * vector[None, :]).sum(axis=1))


def _unit(vector: Doubles) -> Doubles:
    length = float(np.sqrt((vector * vector).sum()))
    return np.asarray(vector / length) if length > 0 else np.asarray(vector)
