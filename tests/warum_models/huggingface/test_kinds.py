"""What a model is for, told from its configuration alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.warum_models.huggingface.tiny import LABELS, NLI, PAIRS, SENTIMENTS
from warum_models.errors import WeightsError
from warum_models.huggingface.folder import ModelFolder, Module
from warum_models.huggingface.kinds import Classifies, Column, Encodes, Entails, Kind, kind_of

STARS = ("1 star", "2 stars", "3 Sterne", "4_stars", "★★★★★")


def _folder(config: dict[str, Any], *modules: str) -> ModelFolder:
    steps = tuple(Module(kind, Path("model")) for kind in modules)
    return ModelFolder(Path("model"), Path("model"), config, steps, "0" * 16, frozenset({"de"}))


def _classifier(*names: str, **more: object) -> Kind:
    named = {str(i): name for i, name in enumerate(names)}
    config = {"architectures": ["BertForSequenceClassification"], "id2label": named, **more}
    return kind_of(_folder(config), LABELS)


@pytest.mark.parametrize(
    ("names", "column"),
    [
        (NLI, 2),
        (("entailment", "not_entailment"), 0),
        (("not_entailment", "Entailment"), 1),
        (("ENTAIL", "CONTRADICT", "NEUTRAL"), 0),
    ],
)
def test_inference(names: tuple[str, ...], column: int) -> None:
    assert _classifier(*names) == Entails(column, len(names))


def test_pairs_of_category_and_polarity() -> None:
    found = _classifier(*PAIRS)
    assert isinstance(found, Classifies)
    assert found.columns == (
        Column("price", 0), Column("price", 2), Column("staff", 0), Column("staff", 2),
        Column("wait_time", 0), Column(None, None),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["price", "PRICE", " Preis ", "Price"])
def test_codes_and_titles_of_any_language(name: str) -> None:
    found = _classifier(name, "other")
    assert isinstance(found, Classifies)
    assert found.columns[0] == Column("price", None)


@pytest.mark.parametrize(
    ("names", "polarities"),
    [
        (SENTIMENTS, [0, 1, 2]),
        (("NEG", "POS"), [0, 2]),
        (("positiv", "neutral", "negativ"), [2, 1, 0]),
        (STARS, [0, 0, 1, 2, 2]),
        (("Very Negative", "Negative", "Neutral", "Positive", "very_positive"), [0, 0, 1, 2, 2]),
    ],
)
def test_sentiments(names: tuple[str, ...], polarities: list[int]) -> None:
    found = _classifier(*names)
    assert isinstance(found, Classifies)
    assert [column.polarity for column in found.columns] == polarities
    assert {column.code for column in found.columns} == {None}


@pytest.mark.parametrize(
    ("problem", "width", "several"),
    [
        (None, 2, False),
        ("single_label_classification", 2, False),
        ("multi_label_classification", 2, True),
        (None, 1, True),
    ],
)
def test_one_or_several(problem: str | None, width: int, several: bool) -> None:
    found = _classifier(*("price", "staff")[:width], problem_type=problem)
    assert isinstance(found, Classifies)
    assert found.several is several


@pytest.mark.parametrize(
    ("config", "modules"),
    [
        ({"architectures": ["BertModel"]}, ()),
        ({"architectures": ["MPNetForMaskedLM"]}, ("Transformer", "Pooling")),
        ({}, ("Transformer", "Pooling")),
    ],
)
def test_encoders(config: dict[str, Any], modules: tuple[str, ...]) -> None:
    assert kind_of(_folder(config, *modules), LABELS) == Encodes()


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            {"architectures": ["BertForMaskedLM"]},
            "BertForMaskedLM: expected a sequence classification",
        ),
        ({"architectures": ["BertForTokenClassification"]}, "BertForTokenClassification"),
        ({}, "without `architectures`"),
        ({"architectures": ["T5Model"], "is_encoder_decoder": True}, "encoder-decoder"),
    ],
)
def test_other_kinds_are_refused(config: dict[str, Any], message: str) -> None:
    with pytest.raises(WeightsError, match=message):
        kind_of(_folder(config), LABELS)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        (
            {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"},
            "LABEL_0, LABEL_1, LABEL_2, which does not say",
        ),
        (None, "not at all"),
        ({}, "not at all"),
        ({"0": "joy", "1": "anger"}, "joy, anger: expected codes or titles"),
        ({"0": "positive", "1": "neutral"}, "positive, neutral: expected"),
        ({"0": "1", "1": "2"}, "1, 2: expected"),
        ({"1": "negative", "2": "positive"}, "numbers from 0"),
        ({"a": "negative"}, "numbers from 0"),
        (["negative", "positive"], "numbers from 0"),
    ],
)
def test_names_that_say_nothing_are_refused(named: object, message: str) -> None:
    config = {"architectures": ["BertForSequenceClassification"], "id2label": named}
    with pytest.raises(WeightsError, match=message):
        kind_of(_folder(config), LABELS)
