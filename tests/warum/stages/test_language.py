"""The language of comments."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from tests.warum.stages.reading_of import comment_of
from warum.stages.language import (
    LANGUAGES,
    UNDECIDED,
    DetectLanguage,
    guess_language,
    language_code,
    main_language,
)

SURE = {
    "de": (
        "Der Fahrer war sehr freundlich und hat gewartet.",
        "Lieferung kam zu spät",
        "GUTER SERVICE, GERNE WIEDER",
        "Bedienung unfreundlich, Essen kalt 😡",
        "schlechte erreichbarkeit am wochenende",
    ),
    "en": (
        "The driver was friendly but the bus was late.",
        "Waited two hours for nothing",
        "GREAT STAFF, WOULD COME AGAIN",
        "app keeps crashing since the update",
    ),
    "fr": ("Le service était vraiment nul et trop cher.",),
    "nl": ("De bediening was erg traag en onvriendelijk.",),
    "es": ("El personal fue muy amable con nosotros.",),
    "it": ("Il personale è stato molto gentile con noi.",),
    "pl": ("Obsługa była bardzo miła i pomocna.",),
    "tr": ("Personel çok ilgili ve güler yüzlüydü.",),
    "ru": ("Отличный сервис, спасибо!",),
    "ja": ("スタッフがとても親切でした。",),
}


@pytest.mark.parametrize(
    ("text", "language"), [(text, code) for code, texts in SURE.items() for text in texts]
)
def test_clear_texts_decide_for_themselves(text: str, language: str) -> None:
    other = "en" if language == "de" else "de"
    (read,) = DetectLanguage(other)([comment_of(text)])
    assert (read.language, read.language_sure) == (language, True)


@pytest.mark.parametrize(
    "text", ["Super", "Top", "okay", "Newsletter", "👍👍", "10", "!", "█████", "Hotel"]
)
def test_unsure_texts_take_the_main_language(text: str) -> None:
    for main in ("de", "en"):
        (read,) = DetectLanguage(main)([comment_of(text)])
        assert (read.language, read.language_sure) == (main, False)


@pytest.mark.parametrize("text", ["Super", "123", "😀"])
def test_without_a_main_language_they_stay_undecided(text: str) -> None:
    (read,) = DetectLanguage()([comment_of(text)])
    assert (read.language, read.language_sure) == (UNDECIDED, False)


def test_what_the_data_give_wins() -> None:
    (read,) = DetectLanguage("en")(
        [comment_of("Der Bus kam zu spät und war kalt", language="en-GB")]
    )
    assert (read.language, read.language_sure) == ("en", True)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("de-AT", "de"),
        ("en_US", "en"),
        ("German", "de"),
        ("Englisch", "en"),
        ("deu", "de"),
        ("  fr ", "fr"),
        ("", None),
        (None, None),
        ("customer 12", None),
    ],
)
def test_codes_and_names_of_languages(given: str | None, code: str | None) -> None:
    assert language_code(given) == code


def test_no_text_has_no_language() -> None:
    (read,) = DetectLanguage("de")([comment_of(None)])
    assert (read.language, read.language_sure) == ("", False)


def test_the_main_language_is_that_of_most_texts() -> None:
    german, english = SURE["de"], SURE["en"]
    assert main_language([*german, *english[:2], "Super", "", None]) == "de"
    assert main_language([*english, german[0]]) == "en"
    assert main_language(["1", "👍", ""]) is None
    assert main_language([]) is None


def test_the_main_language_of_much_data_reads_a_sample() -> None:
    assert main_language([*SURE["de"]] * 2500 + [*SURE["en"]] * 100) == "de"


def test_a_given_main_language_may_be_any() -> None:
    (read,) = DetectLanguage("ga")([comment_of("Super")])
    assert read.language == "ga"


def test_every_language_is_the_detectors() -> None:
    scores = guess_language("Добрый day ¿qué").scores
    assert set(scores) == set(LANGUAGES)


def test_threads_load_the_detector_once() -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(guess_language(SURE["de"][0]).language))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["de"] * 4


def test_importing_the_stage_loads_nothing_heavy() -> None:
    code = (
        "import sys, warum.stages.language, warum.stages.segments, warum.stages.redaction;"
        "print([m for m in ('py3langid', 'spacy', 'phonenumbers', 'stdnum') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
