"""Texts to numbers: hashed n-grams of words and characters.

Every row of the output depends on its own text alone: the sums run row by row, never over a batch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import sparse

WORD_BITS = 17
CHAR_BITS = 17
# Words keep their umlauts; emoji and marks such as "!" are tokens of their own.
TOKEN_PATTERN = r"(?u)\w+(?:['’]\w+)?|[^\w\s]"  # noqa: S105 - a pattern, no password
_TOKEN = re.compile(TOKEN_PATTERN)
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
    # The hash of scikit-learn's vectorizer, without the second and more that importing it takes.
    from murmurhash.mrmr import hash_unicode

    hashes, texts_of, blocks = list[int](), list[int](), list[int]()
    for text in map(normalise, texts):
        for grams in (_word_grams(text), _character_grams(text)):
            before = len(hashes)
            hashes += map(hash_unicode, grams)
            blocks.append(len(hashes) - before)
        texts_of.append(blocks[-1] + blocks[-2])
    # Words and characters have as many bits: a column is the block and the hash in it.
    block = np.repeat(np.tile([0, 1], len(texts)), blocks)
    columns = np.abs(np.array(hashes, dtype=np.int64)) % 2**WORD_BITS + (block << WORD_BITS)
    width = 2**WORD_BITS + 2**CHAR_BITS
    cells = np.repeat(np.arange(len(texts)), texts_of) * width + columns
    found, counts = np.unique(cells, return_counts=True)
    ends = np.searchsorted(found, np.arange(len(texts) + 1) * width)
    logarithms = np.log1p(counts.astype(np.float64))
    indices = (found % width).astype(np.int32)
    return sparse.csr_matrix((logarithms, indices, ends), shape=(len(texts), width))


def _word_grams(text: str) -> Iterator[str]:
    """Words, and pairs of neighbours."""
    words = _TOKEN.findall(text)
    yield from words
    for first, second in pairwise(words):
        yield f"{first} {second}"


def _character_grams(text: str) -> Iterator[str]:
    """Two to five neighbouring characters of each word between spaces; a short word itself, once."""
    for word in text.split():
        padded = f" {word} "
        length = len(padded)
        for size in range(2, 6):
            for start in range(max(1, length - size + 1)):
                yield padded[start : start + size]
            if size >= length:
                break


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
