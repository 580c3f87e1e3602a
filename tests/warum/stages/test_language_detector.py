"""The detector asked about many texts says what py3langid says about each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.warum.stages.test_golden import golden
from warum.stages.language import LANGUAGES
from warum.stages.language_detector import _SEPARATOR, Detector, _load

TEXTS = [
    *(row["text"] for row in golden()),
    *("", "a", "ab", "  ", "\x00", "\ud800", "中文", "SEHR GUT", "e\u0301te\u0301", "wort " * 5000),
]


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(LANGUAGES)


@pytest.fixture(scope="module")
def identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    made = LanguageIdentifier.from_model_file(MODEL_FILE)
    made.set_languages(LANGUAGES)
    return made


def test_scores_are_py3langids(detector: Detector, identifier: Any) -> None:
    scores = detector.scores(TEXTS)
    for text, row in zip(TEXTS, scores, strict=True):
        ranked = dict(identifier.rank(text))
        np.testing.assert_allclose(row, [ranked[code] for code in LANGUAGES], rtol=2e-5)


def test_a_text_does_not_depend_on_the_others(detector: Detector) -> None:
    together = detector.scores(TEXTS)
    alone = np.concatenate([detector.scores([text]) for text in TEXTS])
    np.testing.assert_array_equal(together, alone)
    np.testing.assert_array_equal(detector.scores(TEXTS[::-1]), together[::-1])


def test_no_texts_no_scores(detector: Detector) -> None:
    assert detector.scores([]).shape == (0, len(LANGUAGES))


def test_languages_come_in_the_order_asked_for(detector: Detector) -> None:
    two = Detector(("fr", "de")).scores(["Der Bus war zu spät"])
    row = detector.scores(["Der Bus war zu spät"])[0]
    np.testing.assert_array_equal(two[0], [row[LANGUAGES.index(code)] for code in ("fr", "de")])


def test_the_model_is_as_the_detector_takes_it_to_be() -> None:
    model = _load(LANGUAGES)
    # The separator leads from every state back to the first, where no n-gram ends.
    assert not model.moves[model.rows + _SEPARATOR[0]].any()
    assert model.features[0] == -1
    assert model.longest == 6
