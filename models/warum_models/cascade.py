"""The reader `auto`: `fast` decides what it is sure of, the rest goes to `accurate`.

How likely the two differ on a comment is told by a logistic regression on what `fast` gives for it; a
comment goes on when that is above a limit, which comes from the measured curve of accuracy against speed
(docs/models.md). Two kinds go on whatever the regression says: comments of which `fast` cannot tell praise from
blame, and those of one to three words. There, a "not" turns everything ("nicht zufrieden"), a sum over words does not
hear it, and reading them properly costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from warum_models.protocol import BaseReader, Floats, Found, Passage, Reader, Reading, Rows

TOSS_UP = 0.35
"""Uncertainty of an opinion's polarity from which on a comment goes on, 0..1: the likeliest has less than 0.65."""
FEW_WORDS = 3
"""Comments of so many words go on."""
FEATURES = ("doubt", "doubts", "document", "polarity", "length", "found")


class Cascade:
    """Reads with a fast reader first.

    Args:
        fast: Decides what it is sure of.
        accurate: Reads the rest.
        weights: Weights of `FEATURES` and a constant, (7,): log odds that the two differ.
        limit: Probability of a difference above which a comment goes on, 0..1.
        version: Version of weights, limit and rules.
    """

    name = "auto"

    def __init__(
        self,
        fast: Reader,
        accurate: BaseReader,
        weights: npt.NDArray[np.float64],
        limit: float,
        version: str = "1",
    ) -> None:
        self._fast, self._accurate = fast, accurate
        self._weights, self.limit, self._own_version = weights, limit, version
        self.version = f"{fast.version}+{accurate.version}+{version}"
        self.labels = accurate.labels
        self.languages = fast.languages & accurate.languages

    def with_limit(self, limit: float) -> Cascade:
        """The same cascade with another limit: 0 sends everything on, 1 nothing."""
        return Cascade(self._fast, self._accurate, self._weights, limit, self._own_version)

    def read(self, passages: Sequence[Passage]) -> Reading:
        """Read n comments; see `Reader.read`."""
        first = self._fast.read(passages)
        if not passages:
            return first
        unsure = np.flatnonzero(self.sent_on(passages, first))
        if not len(unsure):
            return first
        return merged(first, self._accurate.read([passages[i] for i in unsure.tolist()]), unsure)

    def sent_on(self, passages: Sequence[Passage], reading: Reading) -> npt.NDArray[np.bool_]:
        """Which comments go on to `accurate`, (n,); none at a limit of 1.

        Args:
            passages: n comments.
            reading: What `fast` says of them.
        """
        if self.limit >= 1:
            return np.zeros(len(passages), dtype=bool)
        told = features(passages, reading)
        return (self.difference(told) > self.limit) | easily_turned(passages, told)

    def difference(self, told: npt.NDArray[np.float64]) -> Floats:
        """Probability that `accurate` reads a comment differently, (n,), by `features`, (n, 6)."""
        odds = (told * self._weights[:-1]).sum(axis=1) + self._weights[-1]
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


def easily_turned(
    passages: Sequence[Passage], told: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Comments that one small word would turn: a toss-up of polarity, or hardly any words; (n,).

    Args:
        passages: n comments.
        told: Their `features`, (n, 6).
    """
    polarity = told[:, FEATURES.index("polarity")]
    few = np.array([len(p.text.split(None, FEW_WORDS)) <= FEW_WORDS for p in passages], dtype=bool)
    turned: npt.NDArray[np.bool_] = (polarity > TOSS_UP) | few
    return turned


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
