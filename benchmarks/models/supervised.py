"""What a set's own labels can teach simple models: logistic regression on TF-IDF or on frozen embeddings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from benchmarks.models.answers import Answer
from benchmarks.models.case import Case
from benchmarks.models.teacher import Teacher

HEADS = ("emotion", "intent", "effort")
TFIDF_C, TEACHER_C = (
    3.0,
    10.0,
)  # inverse strength of the regularisation, chosen on FABSA's development part
FEW = 2  # texts of a class from which something can be learnt


class Features(Protocol):
    """Texts to rows of numbers."""

    def fit_transform(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - sparse or dense
        """Rows of the training texts."""
        ...

    def transform(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - sparse or dense
        """Rows of other texts."""
        ...


def tfidf() -> Features:
    """Words 1-2 and characters 2-5, TF-IDF weighted."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion

    def part(analyzer: str, lengths: tuple[int, int]) -> Any:  # noqa: ANN401
        return TfidfVectorizer(
            analyzer=analyzer, ngram_range=lengths, min_df=2, sublinear_tf=True, dtype=np.float32
        )

    union: Features = FeatureUnion(
        [("words", part("word", (1, 2))), ("characters", part("char_wb", (2, 5)))]
    )
    return union


class Embedded:
    """Rows of a frozen encoder: nothing to fit."""

    def __init__(self, teacher: Teacher) -> None:
        self._teacher = teacher

    def fit_transform(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Rows of the training texts."""
        return self._teacher.embed(texts)

    def transform(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Rows of other texts."""
        return self._teacher.embed(texts)


class _OneOf:
    """One class out of several; a constant where the training texts know only one, or none at all."""

    def __init__(self, rows: Any, classes: Sequence[str], c: float) -> None:  # noqa: ANN401
        self._names = sorted(set(classes))
        self._models = []
        if len(self._names) > 1:
            kinds = np.array(classes)
            self._models = [_logistic(rows, kinds == name, c) for name in self._names]

    def __call__(self, rows: Any) -> list[str]:  # noqa: ANN401
        if not self._models:
            return [self._names[0]] * rows.shape[0]
        scores = np.stack([model.decision_function(rows) for model in self._models], axis=1)
        return [self._names[i] for i in scores.argmax(axis=1)]


def _logistic(rows: Any, wanted: npt.NDArray[np.bool_], c: float) -> Any:  # noqa: ANN401
    from sklearn.linear_model import LogisticRegression

    # Balanced weights find rare labels at the plain threshold; without them it had to be tuned for each set.
    model = LogisticRegression(C=c, solver="liblinear", class_weight="balanced", random_state=0)
    return model.fit(rows, wanted)


class Supervised:
    """Logistic regressions: one per label, one per label's polarity, one per head of the whole text.

    Args:
        name: Name in the tables.
        features: Texts to rows.
        training: Texts with gold labels; what none of them tells is not learnt.
        c: Inverse strength of the regularisation.
    """

    way = "trained on the set's own part"

    def __init__(self, name: str, features: Features, training: Sequence[Case], c: float) -> None:
        self.name, self._features = name, features
        rows = features.fit_transform([case.text for case in training])
        self._labels = self._label_models(rows, training, c)
        self._whole = self._of(rows, [case.whole for case in training], c)
        self._polarity = {
            label: model
            for label in self._labels
            if (model := self._of(rows, [case.polarity_of(label) for case in training], c))
        }
        self._heads = {
            head: model
            for head in HEADS
            if (model := self._of(rows, [getattr(case, head) for case in training], c))
        }

    @staticmethod
    def _label_models(rows: Any, training: Sequence[Case], c: float) -> dict[str, Any]:  # noqa: ANN401
        held = {label for case in training for label in case.labels}
        wanted = {
            label: np.array([label in case.labels for case in training]) for label in sorted(held)
        }
        return {
            label: _logistic(rows, there, c)
            for label, there in wanted.items()
            if FEW <= there.sum() < len(there)
        }

    @staticmethod
    def _of(rows: Any, classes: Sequence[str | None], c: float) -> _OneOf | None:  # noqa: ANN401
        known = [i for i, name in enumerate(classes) if name]
        return (
            _OneOf(rows[known], [str(classes[i]) for i in known], c) if len(known) >= FEW else None
        )

    def answer(self, cases: Sequence[Case]) -> list[Answer]:
        """An answer to each case."""
        rows = self._features.transform([case.text for case in cases])
        there = {label: model.decision_function(rows) > 0 for label, model in self._labels.items()}
        sides = {label: model(rows) for label, model in self._polarity.items()}
        heads = {head: model(rows) for head, model in self._heads.items()}
        whole: list[str] | list[None] = self._whole(rows) if self._whole else [None] * len(cases)
        return [
            Answer(
                found=frozenset(
                    (label, sides[label][i] if label in sides else "")
                    for label, found in there.items() if found[i]
                ),
                polarity=whole[i],
                judged={label: (side[i], float("nan")) for label, side in sides.items()},
                heads={head: (answers[i], float("nan")) for head, answers in heads.items()},
            )
            for i in range(len(cases))
        ]  # fmt: skip


@dataclass(frozen=True)
class Learner:
    """A supervised baseline that has not learnt yet.

    Attributes:
        name: Name in the tables.
        features: Makes the rows; called anew for every training.
        c: Inverse strength of the regularisation.
    """

    name: str
    features: Callable[[], Features]
    c: float
    way: str = Supervised.way

    def __call__(self, training: Sequence[Case]) -> Supervised:
        """Learn from labelled cases."""
        return Supervised(self.name, self.features(), training, self.c)


def learners(teacher: Teacher | None) -> list[Learner]:
    """The supervised baselines: TF-IDF, and the frozen encoder where there is one."""
    found = [Learner("TF-IDF + logistic regression", tfidf, TFIDF_C)]
    if teacher is not None:
        frozen = Embedded(teacher)
        found.append(Learner("frozen MiniLM + logistic regression", lambda: frozen, TEACHER_C))
    return found
