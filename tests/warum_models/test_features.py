"""N-grams are counted as scikit-learn counts them, to the bit."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer

from warum_models.features import CHAR_BITS, TOKEN_PATTERN, WORD_BITS, count_ngrams, normalise


def by_sklearn(texts: list[str]) -> sparse.csr_matrix:
    how = {"alternate_sign": False, "norm": None, "lowercase": False}
    words = HashingVectorizer(
        n_features=2**WORD_BITS, ngram_range=(1, 2), token_pattern=TOKEN_PATTERN, **how
    )
    characters = HashingVectorizer(
        n_features=2**CHAR_BITS, ngram_range=(2, 5), analyzer="char_wb", **how
    )
    cleaned = [normalise(text) for text in texts]
    counts = sparse.hstack([words.transform(cleaned), characters.transform(cleaned)], format="csr")
    counts.data = np.log1p(counts.data)
    counts.sort_indices()
    return counts


@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_any_texts(texts: list[str]) -> None:
    ours, theirs = count_ngrams(texts), by_sklearn(texts)
    assert ours.shape == theirs.shape
    np.testing.assert_array_equal(ours.indptr, theirs.indptr)
    np.testing.assert_array_equal(ours.indices, theirs.indices)
    np.testing.assert_array_equal(ours.data, theirs.data)


def test_words_that_are_short_or_come_again() -> None:
    texts = ["a", "ab a ab", "Für die  App\u00a0und\tdie App!", "", " \n ", "Köln’s 24/7 🎉🎉"]
    assert (count_ngrams(texts) != by_sklearn(texts)).nnz == 0


def test_scikit_learn_is_not_loaded() -> None:
    asked = "import sys; from warum_models.features import count_ngrams; count_ngrams(['a']); "
    asked += "print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
