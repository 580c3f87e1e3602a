"""N-grams of words and characters with a weight per label and class: what a logistic regression knows.

Every row is summed by itself, so a text's numbers do not depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from warum_models.features import count_ngrams, weigh

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class NgramWeights:
    """Weights of the n-grams.

    Attributes:
        codes: In 8 bits, (d, c).
        scale: Of each column, (c,).
        bias: (c,).
        idf: Inverse document frequencies, (d,).
        columns: Names of the columns: keys of labels, or "head:class".
    """

    codes: npt.NDArray[np.float32]
    scale: Doubles
    bias: Doubles
    idf: Doubles
    columns: tuple[str, ...]

    @classmethod
    def load(cls, path: Path) -> NgramWeights:
        """Read a file of weights."""
        with np.load(path, allow_pickle=False) as stored:
            return cls(
                stored["codes"].astype(np.float32), stored["scale"], stored["bias"],
                stored["idf"].astype(np.float64), tuple(stored["columns"].tolist()),
            )  # fmt: skip

    def scores(self, texts: Sequence[str]) -> Doubles:
        """Log odds of every column, (n, c)."""
        if not texts:
            return np.zeros((0, len(self.columns)))
        weighted = weigh(count_ngrams(texts), self.idf)
        return np.asarray(weighted @ self.codes) * self.scale + self.bias
