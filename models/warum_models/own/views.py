"""What the experts look at: the base's own judgement, its features, and the words of a comment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from warum_models.features import count_ngrams, weigh
from warum_models.protocol import ORIENTATIONS, BaseReader, Passage, Reading

Doubles = npt.NDArray[np.float64]
_LEAST = 1e-4  # a base that is certain could never be outvoted
_PRIOR_TEXTS = 10.0  # weight of "unit variance, no mean", which a base promises, in texts
_RARE = 200  # from so many texts on, an n-gram of one text only is left out


def logit(probability: npt.NDArray[np.floating]) -> Doubles:
    """Log odds, bounded at probabilities of 0.0001 and 0.9999."""
    p = np.clip(probability.astype(np.float64), _LEAST, 1 - _LEAST)
    return np.asarray(np.log(p / (1 - p)))


@dataclass(frozen=True)
class Scaling:
    """How features are brought to one scale; learned from texts, without their labels.

    Attributes:
        mean: Of the base's features, (d,).
        spread: Their standard deviation times the root of d, so that a comment has about length 1; (d,).
        columns: N-grams that are looked at, ascending positions in the hashed space, (v,).
        idf: Their inverse document frequencies, (v,).
    """

    mean: Doubles
    spread: Doubles
    columns: npt.NDArray[np.int64]
    idf: Doubles

    def meaning(self, embedded: npt.NDArray[np.floating], passages: Sequence[Passage]) -> Doubles:
        """Scaled features of the base, and what the question asks for; (n, d + 4)."""
        scaled = (embedded.astype(np.float64) - self.mean) / self.spread
        asked = np.zeros((len(passages), len(ORIENTATIONS)))
        for i, passage in enumerate(passages):
            if passage.orientation != "open":
                asked[i, ORIENTATIONS.index(passage.orientation)] = 1.0
        return np.hstack([scaled, asked])

    def words(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """TF-IDF of words (1-2) and of characters within words (2-5), each of length 1; (n, v)."""
        counts = count_ngrams(texts)
        idf = np.zeros(counts.shape[1])
        idf[self.columns] = self.idf
        return weigh(counts, idf)[:, self.columns].tocsr()


def learn_scaling(embedded: npt.NDArray[np.floating], texts: Sequence[str]) -> Scaling:
    """Scaling from n texts and their features (n, d)."""
    n, d = embedded.shape
    values = embedded.astype(np.float64)
    mean = values.sum(axis=0) / (n + _PRIOR_TEXTS)
    variance = (((values - mean) ** 2).sum(axis=0) + _PRIOR_TEXTS) / (n + _PRIOR_TEXTS)
    counts = count_ngrams(texts)
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    columns = np.flatnonzero(frequency >= (2 if n >= _RARE else 1)).astype(np.int64)
    idf = np.log((1 + n) / (1 + frequency[columns])) + 1
    # Stored as they are used: float32, so that the model in memory is the one on disk.
    return Scaling(_stored(mean), _stored(np.sqrt(variance * d)), columns, _stored(idf))


def _stored(values: Doubles) -> Doubles:
    return values.astype(np.float32).astype(np.float64)


@dataclass(frozen=True)
class BaseView:
    """What a base says of n comments: its reading, log odds of the k labels (n, k), features (n, d)."""

    reading: Reading
    odds: Doubles
    embedded: npt.NDArray[np.floating]


def look(base: BaseReader, passages: Sequence[Passage], labels: Sequence[str]) -> BaseView:
    """Ask a base.

    Args:
        base: The base reader.
        passages: n comments.
        labels: Codes of the k labels wanted, each one of the base's.
    """
    column = [base.labels.index(code) for code in labels]
    reading = base.read(passages)
    return BaseView(reading, logit(reading.presence[:, column]), base.embed(passages))
