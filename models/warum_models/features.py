"""Texts to numbers: hashed n-grams of words and characters.

Every row of the output depends on its own text alone: the sums run row by row, never over a batch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:  # what only training needs; importing it takes a third of a second
    from scipy import sparse

Doubles = npt.NDArray[np.float64]
Columns = npt.NDArray[np.int64]
WORD_BITS = 17
CHAR_BITS = 17
WIDTH = 2**WORD_BITS + 2**CHAR_BITS
# Words keep their umlauts; emoji and marks such as "!" are tokens of their own.
TOKEN_PATTERN = r"(?u)\w+(?:['’]\w+)?|[^\w\s]"  # noqa: S105 - a pattern, no password
_TOKEN = re.compile(TOKEN_PATTERN)
_SURROGATES = re.compile("[\ud800-\udfff]")
_REPEATED = re.compile(r"(.)\1{3,}")
_LONGEST = 20_000  # code points looked at; longer comments come in windows
_LONGEST_KEPT = 40  # characters of a word whose columns are kept; longer ones hardly come again


def readable(text: str) -> str:
    """The text with the replacement character for halves of characters, which no encoding knows; as long as before."""
    return _SURROGATES.sub("\ufffd", text)


def normalise(text: str) -> str:
    """Lower case, runs of a character cut to three ("sooooo" → "sooo"), at most 20,000 code points."""
    return _REPEATED.sub(r"\1\1\1", readable(text[:_LONGEST]).lower())


@dataclass(frozen=True, slots=True)
class Counts:
    """N-grams of n texts, one text behind the other: a sparse matrix of `WIDTH` columns, row by row.

    Attributes:
        columns: Ascending in each text, (m,).
        values: Of each column, (m,).
        ends: Where the columns of each text begin, and where those of the last end; (n + 1,).
    """

    columns: Columns
    values: Doubles
    ends: Columns


def counted(texts: Sequence[str]) -> Counts:
    """Hashed counts as logarithms (log(1 + count)).

    Words and pairs of them are in the first block, two to five characters within words in the second.
    """
    parts = [_columns_of(normalise(text)) for text in texts]
    lengths = [sum(map(len, each)) for each in parts]
    cells = np.concatenate([np.zeros(0, dtype=np.int64), *(p for each in parts for p in each)])
    if len(texts) > 1:
        cells += np.repeat(np.arange(len(texts)) * WIDTH, lengths)
    cells.sort()
    firsts = np.flatnonzero(np.concatenate([[True], cells[1:] != cells[:-1]])[: len(cells)])
    found = cells[firsts]
    counts = np.concatenate([firsts[1:], [len(cells)]])[: len(firsts)] - firsts
    ends = np.searchsorted(found, np.arange(len(texts) + 1) * WIDTH)
    return Counts(found % WIDTH, np.log1p(counts.astype(np.float64)), ends)


def count_ngrams(texts: Sequence[str]) -> sparse.csr_matrix:
    """What `counted` counts as a sparse matrix, (n, `WIDTH`), float64."""
    from scipy import sparse

    made = counted(texts)
    return sparse.csr_matrix(
        (made.values, made.columns.astype(np.int32), made.ends), shape=(len(texts), WIDTH)
    )


def _columns_of(text: str) -> list[Columns]:
    """Columns of the n-grams of a text, in parts, as often as they occur."""
    return [_hashed(_word_grams(text)), *map(_columns_of_word, text.split())]


def _columns_of_word(word: str) -> Columns:
    return _kept_columns(word) if len(word) <= _LONGEST_KEPT else _columns_inside(word)


def _columns_inside(word: str) -> Columns:
    return _hashed(_character_grams(word)) + (1 << WORD_BITS)


# Words come again; what comes of one depends on it alone. Some 5 MB.
_kept_columns = lru_cache(maxsize=16_384)(_columns_inside)


def _hashed(grams: Iterator[str]) -> Columns:
    # The hash of scikit-learn's vectorizer, without the second and more that importing it takes.
    from murmurhash.mrmr import hash_unicode

    # Words and characters have as many bits: a column is the block and the hash in it.
    hashes = np.array(list(map(hash_unicode, grams)), dtype=np.int64)
    columns: Columns = np.abs(hashes) % 2**WORD_BITS
    return columns


def _word_grams(text: str) -> Iterator[str]:
    """Words, and pairs of neighbours."""
    words = _TOKEN.findall(text)
    yield from words
    for first, second in pairwise(words):
        yield f"{first} {second}"


def _character_grams(word: str) -> Iterator[str]:
    """Two to five neighbouring characters of a word between spaces; a short word itself, once."""
    padded = f" {word} "
    length = len(padded)
    for size in range(2, 6):
        for start in range(max(1, length - size + 1)):
            yield padded[start : start + size]
        if size >= length:
            break


def weighed(counts: Counts, idf: Doubles) -> Counts:
    """TF-IDF: counts times inverse document frequency, each block of a text scaled to length 1.

    Args:
        counts: Of n texts.
        idf: Inverse document frequencies, (`WIDTH`,).
    """
    values = counts.values * idf[counts.columns]
    return Counts(counts.columns, _scaled(values, counts.columns, counts.ends), counts.ends)


def weigh(counts: sparse.csr_matrix, idf: Doubles) -> sparse.csr_matrix:
    """The same of a sparse matrix.

    Args:
        counts: From `count_ngrams`, (n, d).
        idf: Inverse document frequencies, (d,).
    """
    weighted = counts.multiply(idf[None, :]).tocsr()
    weighted.sort_indices()
    weighted.data = _scaled(weighted.data, weighted.indices, weighted.indptr)
    return weighted


def _scaled(values: Doubles, columns: npt.NDArray[Any], ends: npt.NDArray[Any]) -> Doubles:
    """Values of sparse rows, each block of a row scaled to length 1."""
    block = 2 * np.repeat(np.arange(len(ends) - 1), ends[1:] - ends[:-1]) + (
        columns >= 2**WORD_BITS
    )
    # Summed one after the other, whatever the number of texts.
    squares = np.bincount(block, weights=values**2, minlength=2 * (len(ends) - 1))
    scaled: Doubles = values / np.sqrt(np.maximum(squares, 1e-12))[block]
    return scaled
