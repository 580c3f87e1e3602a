"""Models by name, and what a taxonomy hands them."""

from __future__ import annotations

import sys

import pytest

from warum.defaults import labels_of, load_model
from warum.errors import ModelError
from warum.taxonomy import load_taxonomy, parse_taxonomy
from warum_models.names import SHIPPED
from warum_models.protocol import Passage

SOME = """
categories:
  - code: both
    title: {de: Preis, en: Price}
    description: {de: Was es kostet, en: What it costs}
    examples: {de: [zu teuer], en: [too expensive]}
  - {code: german, title: {de: Personal}, description: {de: Wie man behandelt wird}}
  - {code: french, title: {fr: Attente}, description: {fr: Combien de temps}, examples: {en: [waited]}}
  - {code: torn, title: {fr: Colis}, description: {en: Parcels}}
  - {code: half, title: {de: Lage, en: Place}, description: {en: Where it is}}
  - {code: plain, title: Fun, description: Whether it is fun}
"""


@pytest.mark.parametrize(
    ("language", "languages"),
    [
        ("de", ["de", "de", "fr", "fr", "en", "de"]),
        ("en", ["en", "de", "fr", "fr", "en", "en"]),
        ("it", ["en", "de", "fr", "fr", "en", "en"]),
    ],
)
def test_labels_come_in_the_preferred_language(language: str, languages: list[str]) -> None:
    labels = labels_of(parse_taxonomy(SOME, origin="some"), language)
    assert [label.language for label in labels] == languages
    assert [label.code for label in labels] == ["both", "german", "french", "torn", "half", "plain"]
    assert labels[2].examples == ()
    assert labels[3].description == "Parcels"
    assert all(label.title and label.description for label in labels)


def test_title_description_and_examples_belong_together() -> None:
    label = labels_of(parse_taxonomy(SOME, origin="some"), "de")[0]
    assert (label.title, label.description, label.examples) == (
        "Preis",
        "Was es kostet",
        ("zu teuer",),
    )


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_shipped_taxonomy_is_whole_in_both_languages(language: str) -> None:
    labels = labels_of(load_taxonomy(), language)
    assert {label.language for label in labels} == {language}
    assert all(label.examples for label in labels)


def test_an_unknown_model_is_told_what_there_is() -> None:
    with pytest.raises(ModelError, match=r"'none': expected one of .*fast.*hf:"):
        load_model("none", load_taxonomy())


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize(
    ("text", "language", "code", "polarity"),
    [
        ("Eine Stunde in der Warteschleife, unfassbar lange gewartet", "de", "wait_time", 0),
        ("The app keeps crashing", "en", "digital.stability", 0),
        ("Sehr freundliches Personal", "de", "service.attitude", 2),
        ("The staff were friendly and kind", "en", "service.attitude", 2),
        ("Viel zu teuer", "de", "price.value", 0),
        ("Delicious food", "en", "food_drink", 2),
    ],
)
def test_plain_cases_are_read(
    name: str, text: str, language: str, code: str, polarity: int
) -> None:
    model = load_model(name, load_taxonomy())
    found = model.read([Passage(text, language, ((0, len(text)),))]).found
    said = {model.labels[k]: side for k, side in zip(found.label, found.polarity, strict=True)}
    assert code in said
    assert int(said[code].argmax()) == polarity


def test_a_model_of_hugging_face_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModelError, match=r"pip install \"warum\[train\]\""):
        load_model("hf:owner/model", load_taxonomy())
