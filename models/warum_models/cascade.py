"""The reader `auto`: `fast` decides what it is sure of, the rest goes to `accurate`.

How likely the two differ on a comment is told by a logistic regression on what `fast` gives for it; a
comment goes on when that is above a limit, which comes from the measured curve of accuracy against speed
(docs/models.md).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from warum_models.protocol import BaseReader, Floats, Found, Passage, Reader, Reading, Rows

FEATURES = ("doubt", "doubts", "document", "polarity", "length", "found")


class Cascade:
    """Reads with a fast reader first.

    Args:
        fast: Decides what it is sure of.
        accurate: Reads the rest.
        weights: Weights of `FEATURES` and a constant, (7,): log odds that the two differ.
        limit: Probability of a difference above which a comment goes on, 0..1.
    """

    name = "auto"

    def __init__(
        self, fast: Reader, accurate: BaseReader, weights: npt.NDArray[np.float64], limit: float
    ) -> None:
        self._fast, self._accurate = fast, accurate
        self._weights, self.limit = weights, limit
        self.version = f"{fast.version}+{accurate.version}"
        self.labels = accurate.labels
        self.languages = fast.languages & accurate.languages

    def with_limit(self, limit: float) -> Cascade:
        """The same cascade with another limit: 0 sends everything on, 1 nothing."""
        return Cascade(self._fast, self._accurate, self._weights, limit)

    def read(self, passages: Sequence[Passage]) -> Reading:
        """Read n comments; see `Reader.read`."""
        first = self._fast.read(passages)
        if not passages:
            return first
        unsure = np.flatnonzero(self.difference(passages, first) > self.limit)
        if not len(unsure):
            return first
        return merged(first, self._accurate.read([passages[i] for i in unsure.tolist()]), unsure)

    def difference(self, passages: Sequence[Passage], reading: Reading) -> Floats:
        """Probability that `accurate` reads a comment differently, (n,)."""
        terms = features(passages, reading) * self._weights[:-1]
        odds = terms.sum(axis=1) + self._weights[-1]
        probability: Floats = (1 / (1 + np.exp(-np.clip(odds, -60, 60)))).astype(np.float32)
        return probability

    def embed(self, passages: Sequence[Passage]) -> Floats:
        """Those of `accurate`; see `BaseReader.embed`."""
        return self._accurate.embed(passages)

    def locate(
        self, passages: Sequence[Passage], comment: Rows, label: Rows
    ) -> tuple[Floats, Rows, Rows]:
        """Those of `accurate`; see `BaseReader.locate`."""
        return self._accurate.locate(passages, comment, label)


def features(passages: Sequence[Passage], reading: Reading) -> npt.NDArray[np.float64]:
    """What tells how sure a reading is, (n, 6), row by row.

    The largest and the summed distance from certainty over the labels, the uncertainty of the comment's
    polarity and of the least sure opinion's, the logarithm of the length, and the number of opinions.
    """
    away = np.minimum(reading.presence, 1 - reading.presence).astype(np.float64)
    polarity = np.zeros(len(passages))
    found = reading.found
    np.maximum.at(
        polarity, found.comment, 1 - found.polarity.max(axis=1) if len(found.comment) else 0.0
    )
    opinions = np.bincount(found.comment, minlength=len(passages)).astype(np.float64)
    return np.stack(
        [
            away.max(axis=1, initial=0.0),
            # Summed in the order of the labels, whatever the number of comments.
            np.cumsum(away, axis=1)[:, -1] if away.shape[1] else np.zeros(len(passages)),
            1 - reading.document.max(axis=1).astype(np.float64),
            polarity,
            np.log1p([len(p.text) for p in passages]),
            opinions,
        ],
        axis=1,
    )


def merged(first: Reading, second: Reading, rows: npt.NDArray[np.int64]) -> Reading:
    """The first reading with some comments' rows taken from the second.

    Args:
        first: Reading of n comments.
        second: Reading of m of them.
        rows: Which, (m,), ascending.
    """
    kept = ~np.isin(first.found.comment, rows)
    a, b = first.found, second.found
    comment = np.concatenate([a.comment[kept], rows[b.comment]])
    order = np.argsort(comment, kind="stable")
    found = Found(
        comment[order],
        *(
            np.concatenate([getattr(a, name)[kept], getattr(b, name)])[order]
            for name in ("label", "confidence", "polarity", "start", "end")
        ),
    )
    return Reading(
        _put(first.presence, second.presence, rows),
        found,
        _put(first.document, second.document, rows),
        *(
            None
            if getattr(first, name) is None or getattr(second, name) is None
            else _put(getattr(first, name), getattr(second, name), rows)
            for name in ("emotion", "intent", "effort")
        ),
    )


def _put(first: Floats, second: Floats, rows: npt.NDArray[np.int64]) -> Floats:
    out = first.copy()
    out[rows] = second
    return out
