"""One answer is, two answers are."""

from __future__ import annotations

import re

import pytest

from warum.caveats import SENTENCES, Caveat, Ui
from warum.counted import inflected
from warum.report.words import say, words


@pytest.mark.parametrize(
    ("code", "ui", "says"),
    [
        ("small_n", "en", "Only 1 case: the"),
        ("small_n", "de", "Nur 1 Fall: Das"),
        ("few_scores", "de", "Nur 1 Antwort mit Wert"),
        ("undated", "en", "1 answer without a date is left out"),
        ("undated", "de", "1 Antwort ohne Datum fehlt in"),
        ("period_open", "en", "1 answer after 7 is not judged yet: its period"),
        ("period_open", "de", "1 Antwort nach dem 7 ist noch nicht beurteilt: Ihr Zeitraum"),
        (
            "other_language",
            "en",
            "1 comment is in a language the model does not read (7); it is kept",
        ),
        ("unread_dates", "de", "1 Datum in Spalte „7“ war nicht lesbar und bleibt leer"),
        ("too_many_columns", "en", "the rarest one was left out"),
        ("segments_pooled", "en", "1 segment is too small to stand by itself"),
        ("interval_withheld", "en", "Only 1 person mentions it, or does not"),
    ],
)
def test_a_doubt_about_one(code: str, ui: Ui, says: str) -> None:
    names = set(re.findall(r"{(\w+)", SENTENCES[code][ui]))
    assert says in Caveat.of(code, **(dict.fromkeys(names, 7) | {"n": 1})).sentence(ui)


def test_thousands_are_many_and_written_as_ever() -> None:
    assert "1,001 answers without a date are" in Caveat.of("undated", n=1001).sentence("en")
    assert "1.001 Antworten ohne Datum fehlen" in Caveat.of("undated", n=1001).sentence("de")


@pytest.mark.parametrize("code", sorted(SENTENCES))
@pytest.mark.parametrize("ui", ["en", "de"])
def test_no_sentence_counts_one_in_the_plural(code: str, ui: Ui) -> None:
    names = set(re.findall(r"{(\w+)", SENTENCES[code][ui]))
    told = Caveat.of(code, **(dict.fromkeys(names, 9) | {"n": 1, "left": 1, "right": 1})).sentence(
        ui
    )
    plural = (
        r"\b1 (cases|answers|customers|people|comments|mentions|periods|rows|segments|dates"
        r"|Fälle|Antworten|Personen|Zeilen|Zeiträume|Nennungen|Segmente|Daten)\b"
    )
    assert re.search(plural, told) is None, told
    assert not {"#", "|"} & set(told)


def test_a_sentence_of_the_report_about_one() -> None:
    assert say("occasions", "en", n="1") == "1 answer with a score"
    assert say("occasions", "de", n="1.234") == "1.234 Antworten mit Wert"
    assert say("occasions", "de", n=1) == "1 Antwort mit Wert"


def test_forms_stand_in_both_languages() -> None:
    for key, texts in words().items():
        forms = [ui for ui, text in texts.items() if re.search(r"{\w+:[^}]*\|", text)]
        assert len(forms) in (0, 2), key


def test_the_number_stands_where_the_form_puts_it() -> None:
    assert inflected("it|the #", "5", one=False) == "the 5"
    assert inflected("it|the #", "1", one=True) == "it"
