"""No answer, and the answer "nothing"."""

from __future__ import annotations

import re

import pytest

from tests.warum.stages.reading_of import comment_of
from warum.records import Orientation, Polarity
from warum.stages.nonanswer import (
    WARNING,
    DropNonAnswers,
    is_non_answer,
    nothing_answer,
    nothing_polarity,
)
from warum.stages.nonanswer_phrases import NON_ANSWER

NON_ANSWERS = (
    *(
        "",
        "  ",
        "-",
        "--",
        ".",
        "...",
        "?",
        "!!",
        "n/a",
        "N/A.",
        "na",
        "NA",
        "N.A.",
        "x",
        "XXX",
        "s",
    ),
    *(
        "did not answer",
        "Did not answer",
        "no comment",
        "No comments.",
        "Don’t know.",
        "not applicable",
    ),
    *(
        "keine Angabe",
        "Keine Angaben",
        "k.A.",
        "k. A.",
        "kA",
        "kein Kommentar",
        "ohne Angabe",
        "entfällt",
    ),
    *("weiß nicht", "nicht beantwortet", "null", "nan", "test", "-" * 300),
)
ANSWERS = (
    *(
        "Nothing",
        "nichts",
        "nein",
        "no",
        "ok",
        "10",
        "👍",
        ":-)",
        "<3",
        "gut",
        "Preis",
        "😡!!!",
        "❤",
    ),
    *("No comment from staff for an hour", "Keine Antwort auf meine Mail", "Test drive was great"),
)
NOTHING = (
    *(
        "Nothing",
        "nothing.",
        "NOTHING!!!",
        "Nothing at all",
        "nothing really",
        "nothinhg",
        "Nohting",
    ),
    *(
        "Nothing comes to mind",
        "nothing I can think of",
        "No",
        "none",
        "Nope",
        "Not a thing.",
        "nil",
    ),
    *("Nothing, thank you.", "Absolutely nothing", "Can't think of anything", "No suggestions"),
    *(
        "nichts",
        "Nichts.",
        "nix",
        "Nein",
        "nichst",
        "gar nichts",
        "Eigentlich nichts",
        "Nichts weiter",
    ),
    *("Mir fällt nichts ein", "keine", "Im Moment nichts", "nicths"),
)
FINE = (
    *(
        "alles gut",
        "Alles gut!",
        "ALLES SUPER",
        "alles bestens",
        "passt alles",
        "Passt.",
        "alles ok",
    ),
    *(
        "all good",
        "All fine, thanks",
        "everything was fine",
        "Everything is perfect.",
        "No complaints",
    ),
    *("kann nichts verbessern", "Nichts auszusetzen", "nothing to improve", "Could not be better."),
    *(
        "Nothing. Everything was perfect.",
        "Nichts, alles gut",
        "couldn't fault it",
        "No problems at all.",
    ),
)
OTHER = (
    *(
        "The staff",
        "Nothing was explained to me",
        "No staff",
        "alles zu teuer",
        "nichts funktioniert",
    ),
    *(
        "No one helped",
        "nicht gut",
        "Nichte war dabei",
        "could not get an appointment",
        "all the staff",
    ),
    *(
        "Everything was cold and late",
        "Nothing works. All good staff left.",
        "",
        "👍",
        "nothing " * 50,
    ),
)


@pytest.mark.parametrize("text", NON_ANSWERS)
def test_non_answers(text: str) -> None:
    assert is_non_answer(text)


@pytest.mark.parametrize("text", ANSWERS)
def test_answers(text: str) -> None:
    assert not is_non_answer(text)


@pytest.mark.parametrize("text", NOTHING)
@pytest.mark.parametrize(
    ("orientation", "polarity"),
    [("good", "negative"), ("bad", "positive"), ("improve", "positive"), ("open", None)],
)
def test_nothing_depends_on_the_question(
    text: str, orientation: Orientation, polarity: Polarity | None
) -> None:
    assert nothing_answer(text)
    assert nothing_polarity(text, orientation) == polarity


@pytest.mark.parametrize("text", FINE)
@pytest.mark.parametrize("orientation", ["good", "bad", "improve", "open"])
def test_all_good_is_praise_after_every_question(text: str, orientation: Orientation) -> None:
    assert nothing_answer(text)
    assert nothing_polarity(text, orientation) == "positive"


@pytest.mark.parametrize("text", ["Everything", "alles", "All of it."])
def test_everything_is_the_opposite_of_nothing(text: str) -> None:
    found = [nothing_polarity(text, asked) for asked in ("good", "bad", "improve", "open")]
    assert found == ["positive", "negative", "negative", None]


@pytest.mark.parametrize("text", OTHER)
def test_other_comments_are_left_to_the_model(text: str) -> None:
    assert not nothing_answer(text)
    assert nothing_polarity(text, "improve") is None


def test_the_stage_keeps_the_comment_and_says_why() -> None:
    kept, dropped = DropNonAnswers()([comment_of("Nothing"), comment_of("keine Angabe")])
    assert kept.text == "Nothing"
    assert kept.warnings == ()
    assert dropped.text is None
    assert dropped.warnings == (WARNING,)
    assert dropped.comment.text == "keine Angabe"


@pytest.mark.parametrize("noise", ["", " ", "...", "\u0308"])
def test_signs_are_no_letters(noise: str) -> None:
    assert is_non_answer(f"{noise} prefer not to answer {noise * 10}")
    assert not is_non_answer(f"{noise} a word or two more than any phrase {noise}")
    assert is_non_answer("x" * 60)
    assert is_non_answer("X" * 79)


def test_no_phrase_has_as_many_letters_as_the_shortcut_takes_it_to_have() -> None:
    phrases = NON_ANSWER.pattern.replace("|x+|", "|")
    assert phrases != NON_ANSWER.pattern
    assert re._parser.parse(phrases).getwidth()[1] < 25  # type: ignore[attr-defined]
