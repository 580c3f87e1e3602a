from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warum.reading.rawtables import raw, read, texts, unparsed
from warum.errors import InputError, WarumError
from warum.reading import read_responses
from warum.reading.records import ReadOptions, ScoreOption
from warum.reading.responses import make_responses

N = 6


def test_texts_stay_as_they_came_and_other_cells_are_trimmed() -> None:
    columns = {
        "comment": ["  Sehr gut! ", "n/a", None, "-", "Did not answer", "a\nb"],
        "branch": [" Ulm", "Ulm ", None, "Köln", "Köln", "Köln"],
        "customer": [" a", "a", None, "b", "c", "d"],
    }
    got = make_responses(raw(columns), ReadOptions(text=("comment",), by=("branch",)))
    assert got.texts["comment"].tolist() == columns["comment"]
    assert got.by["branch"].tolist() == ["Ulm", "Ulm", None, "Köln", "Köln", "Köln"]
    assert got.customer is not None
    assert got.customer.tolist() == ["a", "a", None, "b", "c", "d"]


def test_several_comments_of_a_response_have_their_own_questions() -> None:
    columns = {
        "What was good?": texts(N),
        "Q2": texts(N),
        "note": texts(N),
        "nps": [str(i) for i in range(N)],
    }
    table = raw(columns, questions={"Q2": "What could be better?"})
    got = make_responses(table, ReadOptions(text=("What was good?", "Q2", "note")))
    assert list(got.texts) == ["What was good?", "Q2", "note"]
    assert set(got.questions["What was good?"]) == {"What was good?"}
    assert set(got.questions["Q2"]) == {"What could be better?"}
    assert set(got.questions["note"]) == {None}


def test_a_question_column_wins_over_the_header() -> None:
    columns = {"Why did you say that?": texts(2), "question": ["What was good?", None]}
    got = make_responses(
        raw(columns), ReadOptions(text=("Why did you say that?",), question="question")
    )
    assert got.questions["Why did you say that?"].tolist() == [
        "What was good?",
        "Why did you say that?",
    ]


def test_ids() -> None:
    assert read({"x": ["1", "2"]}).ids.tolist() == ["1", "2"]
    got = read({"ref": ["a", " a", None, "b", "a"]}, id="ref")
    assert got.ids.tolist() == ["a", "row-3", "b"]
    assert [(r.code, r.line) for r in got.rejected] == [("duplicate_id", 3), ("duplicate_id", 6)]
    assert "stands already in line 2 of 'feedback.csv'" in got.rejected[0].message


def test_a_rejected_row_does_not_claim_its_id() -> None:
    got = read({"ref": ["a", "a"], "nps": ["11", "9"]}, id="ref", score=["nps"], metric="nps")
    assert got.ids.tolist() == ["a"]
    assert got.row.tolist() == [2]


def test_rows_are_counted_over_both_kinds_of_rejection() -> None:
    table = raw(
        {"comment": texts(3), "nps": ["9", "x", "3"]},
        rejected=(unparsed(4),),
        row=np.array([1, 3, 5]),
    )
    got = make_responses(table, ReadOptions(score=(ScoreOption("nps"),)))
    assert got.rows_in == 4
    assert [(r.row, r.code) for r in got.rejected] == [(3, "score_not_a_number"), (4, "ragged")]


def test_language_is_given_as_a_code() -> None:
    got = read({"language": ["de-DE", "English", "Klingon!", None]}, language="language")
    assert got.language is not None
    assert got.language.tolist() == ["de", "en", None, None]
    assert "names no language" in got.notes[0]


def test_an_export_tells_the_source() -> None:
    columns = {
        "Star Rating": ["1", "5"],
        "Review Text": texts(2),
        "Review Submit Date and Time": ["2025-01-01T10:00:00Z"] * 2,
    }
    got = make_responses(raw(columns, profile="google_play"), ReadOptions())
    assert got.source is not None
    assert got.source.tolist() == ["review", "review"]


def test_the_order_of_dates_is_said() -> None:
    got = read({"date": ["31.12.2025", "01.02.2025"]})
    assert [d.how for d in got.detected if d.role == "date"] == ["header, dates, day-month order"]


def test_invented_data_are_flagged() -> None:
    assert read({"invented_example": ["invented"]}).invented
    assert not read({"x": ["1"]}).invented


@pytest.mark.parametrize(
    ("rejected", "message"), [((), "There are no rows"), ((1,), "None of the 1 rows")]
)
def test_no_rows_are_an_error(rejected: tuple[int, ...], message: str) -> None:
    table = raw({"comment": []}, rejected=tuple(unparsed(row) for row in rejected))
    with pytest.raises(InputError, match=message):
        make_responses(table, ReadOptions())


def test_files_are_read_and_joined(tmp_path: Path) -> None:
    tickets = tmp_path / "tickets.csv"
    survey = tmp_path / "survey.csv"
    tickets.write_text(
        "ticket;Kommentar\n1;Der Bus kam wieder viel zu spät.\n2;Alles hat wunderbar geklappt!\n",
        encoding="utf-8",
    )
    survey.write_text("ticket;NPS;Wartezeit\n1;2;7,5\n2;10;1,25\n3;5;2\n", encoding="utf-8")
    options = ReadOptions(join=str(survey), number=("Wartezeit",))
    got = read_responses([tickets], options)
    assert got.scores[0].values.tolist() == [2, 10]
    assert got.numbers["Wartezeit"].tolist() == [7.5, 1.25]
    assert got.unmatched is not None
    assert got.unmatched.right == ("3",)


@pytest.mark.parametrize("text", [("note",), ()])
def test_two_hundred_thousand_rows_take_seconds(text: tuple[str, ...]) -> None:
    n = 200_000
    columns = {
        "note": [f"The staff at desk {i} were kind and patient with me." for i in range(n)],
        "response id": [f"r{i}" for i in range(n)],
        "customer id": [f"c{i // 3}" for i in range(n)],
        "date": [f"{1 + i % 28:02}/{1 + i % 12:02}/2025 10:{i % 60:02}" for i in range(n)],
        "nps": [str(i % 11) for i in range(n)],
        "waiting": [f"{i % 977},{i % 10}" for i in range(n)],
        "branch": [f"b{i % 30}" for i in range(n)],
        "channel": ["app", "web"] * (n // 2),
        "source": ["survey"] * n,
        "other": ["x y"] * n,
    }
    table = raw(columns)
    started = time.process_time()
    got = make_responses(table, ReadOptions(text=text, number=("waiting",), by=("branch",)))
    assert time.process_time() - started < 6  # about 2 s on a free core
    assert len(got) == n


CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        (
            *("7", "11", "-1", "abc", "7,5", "n/a", "99", "sehr zufrieden", "4 stars", "yes"),
            *("31/12/2025", "03/04/2025", "12/31/2025", "2025-03-01", "5 min", "1", "0.5", "=1+1"),
        )
    ),
    st.text(max_size=6).map(lambda text: text.strip() or None),
)
ROWS = st.lists(st.tuples(*[CELLS] * 6), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=ROWS,
    lost=st.integers(0, 3),
    metric=st.sampled_from(["nps", "csat", "ces", "mean", "rate"]),
)
def test_no_row_is_ever_lost(rows: list[tuple[str | None, ...]], lost: int, metric: str) -> None:
    headers = ("comment", "score", "ref", "date", "weight", "wait")
    columns = dict(zip(headers, map(list, zip(*rows, strict=True)), strict=True))
    table = raw(columns, rejected=tuple(unparsed(len(rows) + 1 + i) for i in range(lost)))
    options = ReadOptions(
        text=("comment",),
        score=(ScoreOption("score", metric),),
        id="ref",
        date="date",
        weight="weight",
        number=("wait",),
        missing=(99,),
        since="2025-02",
    )
    try:
        got = make_responses(table, options)
    except WarumError:  # a clear refusal of the whole file loses nothing
        return
    assert got.rows_in == len(rows) + lost == len(got) + len(got.rejected)
    assert sorted([*got.row.tolist(), *(r.row for r in got.rejected)]) == list(
        range(1, len(rows) + lost + 1)
    )
    assert len(set(got.ids.tolist())) == len(got)
    scale = got.scores[0].scale
    known = got.scores[0].values[~np.isnan(got.scores[0].values)]
    assert ((known >= scale.low) & (known <= scale.high)).all()
    assert not np.isin(known, [99]).any()
