"""The seam between texts and numbers: what every opinion model is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Prediction:
    """What a model says of n texts and k labels. Row i depends on text i alone.

    Attributes:
        presence: Calibrated probability that the text holds an opinion of the label; (n, k), 0..1.
        polarity: Probability of negative, neutral, positive given that it does; (n, k, 3), sums to 1.
        document: Probability of negative, neutral, positive for the text as a whole; (n, 3), sums to 1.

    Raises:
        ValueError: If the shapes do not belong together.
    """

    presence: Floats
    polarity: Floats
    document: Floats

    def __post_init__(self) -> None:
        n, k = self.presence.shape
        if self.polarity.shape != (n, k, 3) or self.document.shape != (n, 3):
            raise ValueError(
                f"presence is {self.presence.shape}, polarity {self.polarity.shape} and document "
                f"{self.document.shape}; expected (n, k), (n, k, 3) and (n, 3)"
            )


@runtime_checkable
class OpinionModel(Protocol):
    """Texts in, numbers out. A text's numbers never depend on the other texts of the call."""

    @property
    def name(self) -> str:
        """Short name, stored with every result."""
        ...

    @property
    def version(self) -> str:
        """Version; another version may read the same text differently."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """Codes of the k labels, in the order of the columns of a `Prediction`."""
        ...

    @property
    def thresholds(self) -> Floats:
        """Presence from which a label counts as there; (k,), 0..1."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the languages it reads."""
        ...

    def predict(self, texts: Sequence[str], languages: Sequence[str]) -> Prediction:
        """Read n texts, each in the language of the same position.

        Args:
            texts: n texts, none empty.
            languages: n ISO 639-1 codes out of `languages`.
        """
        ...
