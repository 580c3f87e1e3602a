"""Texts to numbers: hashed n-grams of words and characters.

Every row of the output depends on its own text alone: the sums run row by row, never over a batch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

WORD_BITS = 17
CHAR_BITS = 17
# Words keep their umlauts; emoji and marks such as "!" are tokens of their own.
TOKEN_PATTERN = r"(?u)\w+(?:['’]\w+)?|[^\w\s]"  # noqa: S105 - a pattern, no password
_SURROGATES = re.compile("[\ud800-\udfff]")
_REPEATED = re.compile(r"(.)\1{3,}")
_LONGEST = 20_000  # code points looked at; longer comments come in windows


def readable(text: str) -> str:
    """The text with the replacement character for halves of characters, which no encoding knows; as long as before."""
    return _SURROGATES.sub("\ufffd", text)


def normalise(text: str) -> str:
    """Lower case, runs of a character cut to three ("sooooo" → "sooo"), at most 20,000 code points."""
    return _REPEATED.sub(r"\1\1\1", readable(text[:_LONGEST]).lower())


def count_ngrams(texts: Sequence[str]) -> sparse.csr_matrix:
    """Hashed counts: words (1-2) in the first block, characters within words (2-5) in the second.

    Returns:
        Sparse counts as logarithms (log(1 + count)), shape (n, 2**WORD_BITS + 2**CHAR_BITS), float64.
    """
    from sklearn.feature_extraction.text import HashingVectorizer

    words = HashingVectorizer(
        n_features=2**WORD_BITS, ngram_range=(1, 2), token_pattern=TOKEN_PATTERN, alternate_sign=False,
        norm=None, lowercase=False,
    )  # fmt: skip
    characters = HashingVectorizer(
        n_features=2**CHAR_BITS, ngram_range=(2, 5), analyzer="char_wb", alternate_sign=False,
        norm=None, lowercase=False,
    )  # fmt: skip
    cleaned = [normalise(text) for text in texts]
    counts = sparse.hstack([words.transform(cleaned), characters.transform(cleaned)], format="csr")
    counts.data = np.log1p(counts.data)
    counts.sort_indices()
    return counts


def weigh(counts: sparse.csr_matrix, idf: npt.NDArray[np.float64]) -> sparse.csr_matrix:
    """TF-IDF: counts times inverse document frequency, each block of a row scaled to length 1.

    Args:
        counts: From `count_ngrams`, (n, d).
        idf: Inverse document frequencies, (d,).
    """
    weighted = counts.multiply(idf[None, :]).tocsr()
    weighted.sort_indices()
    split = 2**WORD_BITS
    rows = np.repeat(np.arange(weighted.shape[0]), np.diff(weighted.indptr))
    block = (weighted.indices >= split).astype(np.int64)
    squares = np.zeros((weighted.shape[0], 2))
    np.add.at(squares, (rows, block), weighted.data**2)
    lengths = np.sqrt(np.maximum(squares, 1e-12))
    weighted.data = weighted.data / lengths[rows, block]
    return weighted
