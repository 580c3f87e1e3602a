"""N-grams: what touches only the rows that occur is the product with the whole table, bit by bit."""

from __future__ import annotations

import numpy as np
import pytest

from warum_models.features import count_ngrams, weigh
from warum_models.ngrams import NgramWeights
from warum_models.stored import WEIGHTS

TEXTS = (
    "Sehr freundliches Personal!",
    "",
    "The app crashes every time 😡",
    "a " * 4000,
    "\ud800 x",
    "Sehr freundliches Personal!",
)


@pytest.fixture(scope="module")
def weights() -> NgramWeights:
    return NgramWeights.load(WEIGHTS / "fast" / "ngrams.npz")


@pytest.mark.parametrize("texts", [TEXTS, TEXTS[:1], TEXTS[1:2]])
def test_scores_are_the_product_with_the_whole_table(
    weights: NgramWeights, texts: tuple[str, ...]
) -> None:
    whole = weigh(count_ngrams(texts), weights.idf) @ weights.codes.astype(np.float64)
    expected = np.asarray(whole) * weights.scale + weights.bias
    assert np.array_equal(weights.scores(texts), expected)


def test_a_texts_scores_do_not_depend_on_the_others(weights: NgramWeights) -> None:
    together = weights.scores(TEXTS)
    assert np.array_equal(together, np.concatenate([weights.scores([text]) for text in TEXTS]))
    assert weights.scores([]).shape == (0, len(weights.columns))


def test_the_table_stays_in_8_bits(weights: NgramWeights) -> None:
    assert weights.codes.dtype == np.int8
