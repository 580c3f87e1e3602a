"""Where comments are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.warum.stages.reading_of import comment_of
from warum.stages.segments import LONGEST, SplitSegments, split_segments

# A bar marks each cut.
GERMAN = (
    "Essen super, | aber der Service war lahm.",
    "Essen top, | Service lahm",
    "Essen top | und Service lahm",
    "Essen war gut | aber Bedienung langsam",
    "nicht schlecht, | aber teuer",
    "Teuer, | dafür gute Qualität",
    "Essen teuer | dafür lecker",
    "Obwohl das Essen gut war, | war der Service schlecht.",
    "Essen gut, | der Service lahm",
    "Alles gut | bis auf das Frühstück",
    "Nichts zu meckern, | nur der Kaffee war kalt",
    "Leider zu teuer, | leider auch kalt",
    "Es hat 3.5 Stunden gedauert, | trotzdem waren alle nett",
    "Preis ok, | Qualität mies",
    "Schnelle Lieferung, | gute Ware, | gerne wieder",
    "Dr. Müller war nett | und Frau Meier war unfreundlich",
    "essen gut. | service schlecht.",
    "Alles super 😍 | Service lahm 😡😡 | nie wieder",
    "z.B. ca. 20 Min. gewartet. | Dann ging es.",
    "Um 10.30 Uhr am 3. Mai kam der Bus. | Er war voll.",
    "Personal freundlich ... | Zimmer dreckig!!! :(",
    "BUS ZU SPÄT, | FAHRER UNFREUNDLICH",
    "Nichts, | alles war super",
    "schon gut, | aber nicht schön",
)
GERMAN_WHOLE = (
    "Ich kann nichts dafür",
    "sehr freundliches, kompetentes Personal",
    "freundlich, schnell, kompetent",
    "Danke dafür, dass alles klappte",
    "Das ist aber schön!",
    "Der Service war allerdings schlecht",
    "Der Fahrer war freundlich und hat geholfen",
    "Ich warte seit 3 Wochen auf mein Geld, weil keiner zuständig ist.",
    "Hr. Schmidt (Kasse 3) war top",
    "Ich finde, ihr seid toll",
    "Danke",
    "😍",
    "!!!",
)
ENGLISH = (
    "great food, | slow service",
    "great food | and slow service",
    "Food was good | but service was slow.",
    "GREAT STAFF | BUT AWFUL FOOD",
    "Lovely staff | even though they were busy",
    "Although the room was clean, | the bed was hard.",
    "Apart from the parking, | everything was great",
    "All good | except the toilets",
    "Friendly driver, | only the bus was dirty",
    "the staff are nice | however the wait is long",
    "Staff lovely, | food awful, | parking a nightmare",
    "It was cold | and the staff were rude",
    "It took approx. 20 mins. | Then fine.",
    "Mr. Smith was kind. | He helped.",
    "Love it <3 | but expensive :(",
    "Good. | Bad. | Ugly",
    "Nothing | they were great",
    "Nothing, | excellent service",
    "Nothing | everything was perfect",
    "Absolutely nothing | excellent service.",
)
ENGLISH_WHOLE = (
    "nothing but praise",
    "Not only slow but also rude",
    "very friendly, helpful staff",
    "nothing I can think of",
    "Nothing was explained to me",
    "not yet delivered",
    "After a while the bus came",
    "good though",
    "fish and chips",
    "He came late and was rude",
    "However, the food was cold",
    "I waited, and waited, and waited",
    "The nurse, who was very kind, explained everything.",
    "No complaints",
)


def cut(text: str, language: str) -> list[str]:
    """The texts of the segments."""
    return [text[part.start : part.end] for part in split_segments(text, language)]


@pytest.mark.parametrize(
    ("line", "language"),
    [(line, "de") for line in GERMAN] + [(line, "en") for line in ENGLISH],
)
def test_cuts(line: str, language: str) -> None:
    """A bar marks each cut; segments leave out the comma in front of it."""
    parts = [part.removesuffix(",") for part in line.split(" | ")]
    assert cut(line.replace(" | ", " "), language) == parts
    assert cut("\n".join(parts), language) == parts


@pytest.mark.parametrize(
    ("text", "language"),
    [(text, "de") for text in GERMAN_WHOLE] + [(text, "en") for text in ENGLISH_WHOLE],
)
def test_no_cut(text: str, language: str) -> None:
    assert cut(text, language) == [text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Essen gut aber teuer", ["Essen gut", "aber teuer"]),
        ("Zimmer sauber; Bett hart", ["Zimmer sauber", "Bett hart"]),
        ("Preis ok - Qualität mies", ["Preis ok", "Qualität mies"]),
        ("+ Lage super - sehr laut + Frühstück", ["Lage super", "sehr laut", "Frühstück"]),
        ("• Essen\n• Lage, zentral", ["Essen", "Lage, zentral"]),
        ("  viel Raum \n\n drumherum  ", ["viel Raum", "drumherum"]),
        ("😡😡😡", ["😡😡😡"]),
        ("Gut 👍🏽 Danke", ["Gut 👍🏽", "Danke"]),
    ],
)
def test_signs(text: str, parts: list[str]) -> None:
    assert cut(text, "de") == parts


def test_control_characters_are_white_space() -> None:
    assert split_segments("\x1f", "de") == ()
    assert [(s.start, s.end) for s in split_segments("a\x1f", "de")] == [(0, 1)]


def test_other_languages_are_cut_at_sentences() -> None:
    assert cut("Le bus était sale. Jamais plus !", "fr") == ["Le bus était sale.", "Jamais plus !"]


@pytest.mark.parametrize("text", ["", " ", "\n\t "])
def test_nothing_to_cut(text: str) -> None:
    assert split_segments(text, "de") == ()


@pytest.mark.parametrize(
    "unit", ["a", "wort ", "!", "😀", "gut, schlecht, ", "and was, ", "aber ", "\n", "- ", "1.2"]
)
@pytest.mark.parametrize("language", ["de", "en"])
def test_20000_characters(unit: str, language: str) -> None:
    text = (unit * 20000)[:20000]
    parts = split_segments(text, language)
    assert all(0 < part.end - part.start <= LONGEST for part in parts)
    if text.strip():
        assert parts


WORDS = (
    *("gut", "aber", "nur", ",", ".", "!", "und", "Essen", "ist", "nicht", "nothing", "but", "and"),
    *("the", "was", ":)", "😍", "-", "+", "z.B.", "3.", "\n", "no"),
)
TEXTS = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="ab ABÄß.,!?;:-+•\n\r\t😀)(/'\"…1 ", max_size=200),
    st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join),
)


@given(TEXTS, st.sampled_from(["de", "en", "und"]))
def test_segments_are_ordered_and_trimmed(text: str, language: str) -> None:
    end = 0
    parts = split_segments(text, language)
    for part in parts:
        inner = text[part.start : part.end]
        assert end <= part.start < part.end <= len(text)
        assert inner == inner.strip()
        assert len(inner) <= LONGEST
        end = part.end
    assert bool(parts) == bool(text.strip())


@given(TEXTS, st.sampled_from(["de", "en"]))
def test_no_letter_is_lost(text: str, language: str) -> None:
    covered = {at for part in split_segments(text, language) for at in range(part.start, part.end)}
    assert all(at in covered for at, sign in enumerate(text) if sign.isalnum())


def test_the_stage_follows_the_comments_language() -> None:
    german = comment_of("Essen gut jedoch teuer", read="de")
    english = comment_of("Essen gut jedoch teuer", read="en")
    empty = comment_of(None)
    counts = [len(read.segments) for read in SplitSegments()([german, english, empty])]
    assert counts == [2, 1, 0]
