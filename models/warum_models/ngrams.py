"""N-grams of words and characters with a weight per label and class: what a logistic regression knows.

Every row is summed by itself, so a text's numbers do not depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from warum_models.features import Columns, Doubles, counted, weighed

_CELLS = 8_192  # n-grams that are widened at a time: 3 MB


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
        found = weighed(counted(texts), self.idf)
        sums = np.zeros((len(texts), len(self.columns)))
        for first, last in _groups(found.ends):
            a, b = int(found.ends[first]), int(found.ends[last])
            # A product with the whole table would widen all of it (100 MB) for every call, also of one text.
            terms = self.codes[found.columns[a:b]].astype(np.float64)
            terms *= found.values[a:b, None]
            # Rows are added one after the other (`reduceat` would add them in pairs), text by text.
            for text in range(first, last):
                np.add.reduce(
                    terms[found.ends[text] - a : found.ends[text + 1] - a], axis=0, out=sums[text]
                )
        return sums * self.scale + self.bias


def _groups(ends: Columns) -> Iterator[tuple[int, int]]:
    """First text and the one behind the last of groups of about `_CELLS` n-grams."""
    first, n = 0, len(ends) - 1
    while first < n:
        last = int(np.searchsorted(ends, ends[first] + _CELLS, side="right")) - 1
        last = min(max(last, first + 1), n)
        yield first, last
        first = last
