from __future__ import annotations

from typing import Any

import pytest

from tests.warum.reading.rawtables import TEXTS, raw, texts, unparsed
from warum.errors import ColumnError, UsageError
from warum.reading.columns import Choice, choose_columns
from warum.reading.headers import find_column, looks_like_question, words_of
from warum.reading.languages import language_code
from warum.reading.records import ReadOptions, ScoreOption

N = 12
NPS = [str(i % 11) for i in range(N)]
CSAT = [str(1 + i % 5) for i in range(N)]
CES = [str(1 + i % 7) for i in range(N)]


def choose(columns: dict[str, Any], more: dict[str, Any] | None = None, **options: Any) -> Choice:
    return choose_columns(raw(columns, **(more or {})), ReadOptions(**options))


def said(choice: Choice) -> dict[str, tuple[str, str]]:
    return {use.column: (use.role, use.how) for use in choice.detected}


def test_everything_is_detected_and_said() -> None:
    choice = choose(
        {
            "Antwort-ID": [f"r{i}" for i in range(N)],
            "KundenNr": [f"k{i % 4}" for i in range(N)],
            "Datum": ["31.12.2025"] * N,
            "Kanal": ["App", "Telefon"] * (N // 2),
            "Quelle": ["Umfrage"] * N,
            "Sprache": ["Deutsch", "en-GB"] * (N // 2),
            "Frage": ["Was war gut?"] * N,
            "Reisephase": ["Kauf"] * N,
            "Kontaktpunkt": ["digital"] * N,
            "Kommentar": texts(N),
            "NPS": NPS,
        }
    )
    assert said(choice) == {
        "Kommentar": ("text", "the only free text, header"),
        "Frage": ("question", "header"),
        "NPS": ("score", "integers 0-10, as NPS"),
        "Antwort-ID": ("id", "header"),
        "KundenNr": ("customer", "header"),
        "Datum": ("date", "header"),
        "Quelle": ("source", "header"),
        "Kanal": ("channel", "header"),
        "Sprache": ("language", "header"),
        "Reisephase": ("stage", "header"),
        "Kontaktpunkt": ("touchpoint", "header"),
    }
    assert not any(use.given for use in choice.detected)


def test_the_longest_free_text_wins_over_titles_and_replies() -> None:
    choice = choose(
        {
            "Title": [t[:18] for t in texts(N)],
            "Guest words": [t * 3 for t in texts(N)],
            "Owner reply": [
                f"Thank you, we are very sorry to hear that, {i}." * 4 for i in range(N)
            ],
        }
    )
    assert choice.texts == ("Guest words",)
    assert said(choice)["Guest words"] == ("text", "longest free text")


def test_a_header_that_says_comment_helps_short_texts() -> None:
    choice = choose(
        {"feedback": ["good", "slow", "ok", "bad"] * 3, "place": ["Ulm am Markt", "Ulm Ost 2"] * 6}
    )
    assert choice.texts == ("feedback",)


def test_two_equal_texts_are_a_doubt_that_names_the_option() -> None:
    with pytest.raises(ColumnError) as error:
        choose({"Gut": texts(N), "Schlecht": texts(N)[::-1]})
    assert "'Gut'" in error.value.message
    assert "'Schlecht'" in error.value.message
    assert "--text 'Gut' --text 'Schlecht'" in error.value.hint
    assert error.value.exit_code == 4


@pytest.mark.parametrize(
    "columns",
    [
        {"a": NPS, "b": ["x1"] * N},
        {"comment": [None] * N, "nps": NPS},
        {"comment": ["2025-01-01"] * N},
        {"comment": NPS},
    ],
)
def test_no_free_text_is_an_error(columns: dict[str, Any]) -> None:
    with pytest.raises(ColumnError, match=r"No column holds free text.*--text COLUMN"):
        choose(columns)


def test_unknown_column_names_the_nearest_and_all() -> None:
    with pytest.raises(ColumnError) as error:
        choose({"Kommentar": texts(N), "NPS": NPS}, text=("Komentar",))
    assert error.value.message == (
        "There is no column 'Komentar' (--text). Did you mean 'Kommentar'?"
    )
    assert error.value.hint == "Columns: 'Kommentar', 'NPS'."


def test_names_match_without_case_unless_that_is_unclear() -> None:
    assert find_column("nps ", ["NPS", "x"], "--score") == "NPS"
    assert find_column("nps", ["NPS", "nps"], "--score") == "nps"
    with pytest.raises(ColumnError, match="may be any of 'NPS', 'nps'"):
        find_column("Nps", ["NPS", "nps"], "--score")


def test_nps_csat_and_ces_are_all_taken_in_column_order() -> None:
    choice = choose({"comment": texts(N), "ces": CES, "nps": NPS, "csat_score": CSAT})
    assert [(s.column, s.metric) for s in choice.scores] == [
        ("ces", "ces"),
        ("nps", "nps"),
        ("csat_score", "csat"),
    ]


def test_metric_keeps_the_scores_it_fits() -> None:
    columns = {"comment": texts(N), "nps": NPS, "csat": CSAT}
    assert [s.column for s in choose(columns, metric="csat").scores] == ["csat"]
    with pytest.raises(UsageError, match="--metric ces fits none"):
        choose(columns, metric="ces")


@pytest.mark.parametrize(
    ("header", "cells", "metric", "how"),
    [
        ("Weiterempfehlung", NPS, "nps", "integers 0-10, as NPS"),
        ("Weiterempfehlung", ["ja", "nein"] * 6, "rate", "yes/no, as rate"),
        ("Kundenzufriedenheit", CSAT, "csat", "integers 1-5, as CSAT"),
        (
            "Zufriedenheit",
            ["sehr zufrieden", "unzufrieden"] * 6,
            "csat",
            "labels in words, as CSAT",
        ),
        ("Sterne", CSAT, "mean", "integers 1-5, as mean"),
        ("rating", ["4 stars", "5 stars", "1 star"] * 4, "mean", "stars 1-5, as mean"),
        ("Score", NPS, "nps", "integers 0-10, as NPS"),
        ("q7", NPS, "nps", "integers 0-10, as NPS"),
        ("q7", CSAT, "mean", "integers 1-5, as mean"),
        ("q7", ["very good", "good", "poor"] * 4, "csat", "labels in words, as CSAT"),
        ("satisfaction", ["60", "80", "95"] * 4, "mean", "integers 60-95, as mean"),
        ("NPS", [*NPS[:-2], "abc", "11"], "nps", "integers 0-9, as NPS"),
    ],
)
def test_score_detection(header: str, cells: list[str], metric: str, how: str) -> None:
    choice = choose({"comment": texts(N), header: cells})
    assert [s.metric for s in choice.scores] == [metric]
    assert said(choice)[header] == ("score", how)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("waiting_minutes", NPS),
        ("org_index", CSAT),
        ("nps_group", ["Promoter", "Passive", "Detractor"] * 4),
        ("sentiment", ["positive", "neutral", "negative"] * 4),
        ("polarity", ["positive", "neutral", "negative"] * 4),
        ("churned", ["yes", "no"] * 6),
        ("dissatisfaction", ["1", None] * 6),
        ("satisfaction tick", ["1"] * N),
        ("amount", ["727", "3", "9"] * 4),
    ],
)
def test_other_columns_are_no_score(header: str, cells: list[str | None]) -> None:
    assert choose({"comment": texts(N), header: cells}).scores == ()


@pytest.mark.parametrize(
    ("one", "two"), [("q1", "q2"), ("rating", "stars"), ("NPS 2024", "NPS 2025")]
)
def test_equal_claims_to_the_score_are_a_doubt(one: str, two: str) -> None:
    columns = {"comment": texts(N), one: NPS, two: NPS}
    with pytest.raises(ColumnError, match=f"Several columns may hold the score: '{one}'") as error:
        choose(columns)
    assert "--score none" in error.value.hint
    assert choose(columns, score=(ScoreOption("none"),)).scores == ()
    assert [s.column for s in choose(columns, score=(ScoreOption(two),)).scores] == [two]


def test_score_options() -> None:
    columns = {"comment": texts(N), "Frage: Note": CSAT, "nps": NPS}
    options = (ScoreOption("Frage", " Note"), ScoreOption("NPS", "NPS"))
    assert choose(columns, score=(ScoreOption("Frage: Note", "csat"),)).scores[0].metric == "csat"
    choice = choose({**columns, "Frage: Note": CSAT}, score=(options[1],))
    assert [(s.column, s.metric) for s in choice.scores] == [("nps", "nps")]
    whole = choose({"comment": texts(N), "a:b": CSAT}, score=(ScoreOption("a", "b"),), metric="ces")
    assert [(s.column, s.metric) for s in whole.scores] == [("a:b", "ces")]
    with pytest.raises(UsageError, match="twice"):
        choose(columns, score=(ScoreOption("nps"), ScoreOption("NPS")))


def test_scale_and_direction_concern_the_scores_without_a_scale_of_their_own() -> None:
    columns = {"comment": texts(N), "nps": NPS, "grade": CSAT}
    asked = (ScoreOption("nps"), ScoreOption("grade", "mean"))
    nps, grade = choose(
        columns, score=asked, scale=(1, 6), lower_is_better=True, missing=(6, 99)
    ).scores
    assert (nps.scale, nps.lower_is_better, nps.missing) == (None, False, (99,))
    assert (grade.scale, grade.lower_is_better, grade.missing) == ((1, 6), True, (6, 99))


def test_none_switches_a_role_off() -> None:
    columns = {"comment": texts(N), "date": ["2025-01-01"] * N, "customer": ["a", "b"] * 6}
    choice = choose(columns, date="none")
    assert set(choice.single) == {"customer"}


def test_values_must_fit_a_role() -> None:
    choice = choose(
        {
            "comment": texts(N),
            "date": ["soon"] * N,
            "language": ["C++", "?!"] * 6,
            "channel": NPS,
            "id": ["a"] * N,
        }
    )
    assert not choice.single
    assert "11 repeated values" in choice.notes[0]


def test_an_ending_tells_if_it_is_the_only_one() -> None:
    columns = {"comment": texts(N), "FFT question": ["What was good?"] * N}
    assert choose(columns).single == {"question": "FFT question"}
    dates = {"order date": ["2025-01-01"] * N, "ship date": ["2025-01-02"] * N}
    assert choose({"comment": texts(N), **dates}).single == {}


def test_segments_do_not_block_a_role() -> None:
    choice = choose({"comment": texts(N), "channel": ["app", "web"] * 6}, by=("Channel",))
    assert choice.single == {"channel": "channel"}
    assert choice.by == ("channel",)


def test_one_column_cannot_be_text_and_score() -> None:
    with pytest.raises(UsageError, match="'nps' cannot be both"):
        choose({"comment": texts(N), "nps": NPS}, text=("nps",), score=(ScoreOption("NPS"),))


@pytest.mark.parametrize(
    ("header", "question"),
    [
        ("Why?", True),
        ("What could we do better", True),
        ("Kommentar zur Fahrt", False),
        ("Was war gut?", True),
    ],
)
def test_headers_as_questions(header: str, question: bool) -> None:
    assert looks_like_question(header) is question
    uses = choose({header: texts(N)}, text=(header,)).detected
    assert any(use.role == "question" for use in uses) is question


def test_invented_data_say_so_and_the_mark_has_no_role() -> None:
    choice = choose({"comment": texts(N), "invented_example": ["This is all invented, really"] * N})
    assert choice.invented
    assert choice.texts == ("comment",)


def test_a_known_export_tells_its_columns() -> None:
    columns = {
        "Review Stars": CSAT,
        "Review Content": texts(N),
        "Review Created (UTC)": ["2025-01-01 10:00:00"] * N,
        "Review Title": [t * 2 for t in texts(N)],
        "Company reply": texts(N),
    }
    choice = choose(columns, {"profile": "trustpilot"})
    assert choice.texts == ("Review Content",)
    assert said(choice)["Review Content"] == ("text", "profile trustpilot")
    assert [(s.column, s.metric) for s in choice.scores] == [("Review Stars", "mean")]
    assert choice.single["date"] == "Review Created (UTC)"
    assert choice.source == "review"


def test_the_question_of_an_export_tells_the_metric() -> None:
    question = {"Q1": "How likely are you to recommend us?"}
    choice = choose({"Q1": NPS, "Q2": CSAT, "comment": texts(N)}, {"questions": question})
    assert [(s.column, s.metric) for s in choice.scores] == [("Q1", "nps")]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("de-AT", "de"),
        ("Deutsch", "de"),
        ("EN", "en"),
        ("eng", "en"),
        ("Klingon", None),
        ("pt_BR", "pt"),
    ],
)
def test_language_codes(cell: str, code: str | None) -> None:
    assert language_code(cell) == code


@pytest.mark.parametrize("header", ["CustomerID", "customer_id", "Customer-Id", " customer  id"])
def test_headers_are_compared_by_their_words(header: str) -> None:
    assert words_of(header).replace(" ", "") == "customerid"


def test_rows_that_could_not_be_read_do_not_matter_here() -> None:
    choice = choose({"comment": list(TEXTS)}, {"rejected": (unparsed(7),)})
    assert choice.texts == ("comment",)
