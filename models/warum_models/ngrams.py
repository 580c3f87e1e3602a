"""N-grams of words and characters with a weight per label and class: what a logistic regression knows.

Every row is summed by itself, so a text's numbers do not depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse

from warum_models.features import count_ngrams, weigh

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class NgramWeights:
    """Weights of the n-grams.

    Attributes:
        codes: In 8 bits, (d, c); only the rows of the n-grams that occur are ever widened.
        scale: Of each column, (c,).
        bias: (c,).
        idf: Inverse document frequencies, (d,).
        columns: Names of the columns: keys of labels, or "head:class".
    """

    codes: npt.NDArray[np.int8]
    scale: Doubles
    bias: Doubles
    idf: Doubles
    columns: tuple[str, ...]

    @classmethod
    def load(cls, path: Path) -> NgramWeights:
        """Read a file of weights."""
        with np.load(path, allow_pickle=False) as stored:
            return cls(
                stored["codes"], stored["scale"], stored["bias"],
                stored["idf"].astype(np.float64), tuple(stored["columns"].tolist()),
            )  # fmt: skip

    def scores(self, texts: Sequence[str]) -> Doubles:
        """Log odds of every column, (n, c)."""
        if not texts:
            return np.zeros((0, len(self.columns)))
        weighted = weigh(count_ngrams(texts), self.idf)
        # A product with the whole table would widen all of it (100 MB) for every call, also of one text.
        rows, columns = np.unique(weighted.indices, return_inverse=True)
        occurring = sparse.csr_matrix(
            (weighted.data, columns, weighted.indptr), shape=(len(texts), len(rows))
        )
        widened = self.codes[rows].astype(np.float64)
        return np.asarray(occurring @ widened) * self.scale + self.bias
