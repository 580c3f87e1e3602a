"""`warum why` and `warum.why`: from a question to an answer on disk."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

import warum
from tests.conftest import Outcome
from tests.warum.answers.gold_example import gold_reading
from warum.analysis import Analysis
from warum.answers.filtering import matching
from warum.errors import ColumnError, InputError, UsageError, WarumError
from warum.estimation import estimate
from warum.explaining import explain
from warum.question import Question
from warum.report.why_export import why_json
from warum.report.why_import import read_why
from warum.report.why_sections import Section
from warum.result import Reading
from warum.taxonomy import load_taxonomy

Call = Callable[..., Outcome]
PERIODS = ("--before", "2025-01..2025-05", "--after", "2025-06..2025-12")


def bergheim() -> Reading:
    """One branch and one score: small enough to be asked often."""
    reading = matching(gold_reading(), ["branch=Bergheim"])
    return replace(reading, columns=replace(reading.columns, scores=reading.columns.scores[:1]))


@pytest.fixture(autouse=True)
def plain_report(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures take most of the time; one test draws them."""
    if request.function is not test_a_file_is_analysed_first:
        monkeypatch.setattr("warum.analysis.render_html", lambda *_, **__: "<html></html>")


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    reading = bergheim()
    return Analysis(estimate(reading), load_taxonomy(), reading)


@pytest.fixture
def result(analysis: Analysis, tmp_path: Path) -> Path:
    return analysis.save(tmp_path / "result", run_facts={"run_id": "first"})


def test_a_result_is_asked_without_a_model(call: Call, result: Path) -> None:
    """Its model "gold" does not exist."""
    before = (result / "run.json").read_bytes(), (result / "comments.parquet").read_bytes()
    done = call("why", result, *PERIODS, "--draws", "200")
    assert done.code == 0, done.err
    assert "NPS" in done.out
    assert str(result / "why") in done.out.replace("\n", "")
    assert (
        (result / "run.json").read_bytes(),
        (result / "comments.parquet").read_bytes(),
    ) == before
    names = {path.name for path in (result / "why").iterdir()}
    assert {
        "why.json",
        "why.schema.json",
        "level.csv",
        "shares.csv",
        "change_waterfall.csv",
    } <= names
    schema = json.loads((result / "why" / "why.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads((result / "why" / "why.json").read_text("utf-8")), schema)


def test_the_report_is_written_again_with_the_answer(
    call: Call, result: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the other language, without computing anything anew and without the files that were named."""
    shown: list[Sequence[Section]] = []
    monkeypatch.setattr(
        "warum.analysis.render_html", lambda _, __, why=(): shown.append(why) or "<html></html>"
    )
    call("why", result, *PERIODS, "--what-if", "wait_time=-33%", "--quiet", "--draws", "200")
    monkeypatch.setattr("warum.explaining.answer", lambda *_: pytest.fail("computed anew"))
    assert call("report", result, "--ui", "en", "--to", tmp_path / "again.html").code == 0
    asked, again = shown
    assert [one.key for one in again] == [one.key for one in asked]
    assert {"change", "level", "alerts", "what_if"} <= {one.key for one in again}
    assert [part.leads for one in again for part in one.parts] == [
        part.leads for one in asked for part in one.parts
    ]
    assert [part.sheets for one in again for part in one.parts] == [
        part.sheets for one in asked for part in one.parts
    ]
    assert call("report", result, "--no-why").code == 0
    assert shown[-1] == ()


def test_a_report_without_an_answer_asks_itself(
    call: Call, result: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Sequence[Section]] = []
    monkeypatch.setattr(
        "warum.analysis.render_html", lambda _, __, why=(): shown.append(why) or "<html></html>"
    )
    assert call("report", result).code == 0
    assert "level" in {one.key for one in shown[-1]}
    assert not (result / "why").exists()


def test_an_answer_is_read_back_whole(analysis: Analysis) -> None:
    found = explain(
        analysis, Question(before="2025-01..2025-05", after="2025-06..2025-12", draws=200)
    )
    text = why_json(found)
    assert why_json(read_why(text)) == text
    for broken in ("{}", "[]", text.replace('"format": 1', '"format": 9'), text[:-9]):
        with pytest.raises(ValueError, match=r"why\.json|Expecting|delimiter|Unterminated"):
            read_why(broken)


def test_alerts_go_on_from_the_command_line(call: Call, result: Path, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    first = call("why", result, "--alert-state", state, "--until", "2025-08")
    assert first.code == 0, first.err
    assert json.loads(state.read_text("utf-8"))["judged_until"] == "2025-08-24"  # a whole week
    second = call("why", result, "--alert-state", state)
    assert "An earlier run has judged the time before" in " ".join(second.out.split())
    after = state.read_bytes()
    third = call("why", result, "--alert-state", state)
    assert "There is nothing new to judge" in " ".join(third.out.split())
    assert state.read_bytes() == after
    older = call("why", result, "--alert-state", state, "--until", "2025-03")
    assert older.code == 2
    assert "these data end on 2025-03" in " ".join(older.err.split())
    assert state.read_bytes() == after
    assert "alert_state" not in (result / "why" / "why.json").read_text("utf-8")


def test_asking_again_replaces_the_answer(call: Call, result: Path) -> None:
    call("why", result, *PERIODS, "--quiet", "--draws", "200")
    done = call("why", result, "--json")
    assert done.out == (result / "why" / "why.json").read_text("utf-8")
    assert not (result / "why" / "change_waterfall.csv").exists()


def test_a_new_result_drops_the_answer_about_the_old(
    call: Call, result: Path, analysis: Analysis
) -> None:
    call("why", result, "--quiet")
    (result / "notes.txt").write_text("mine", "utf-8")
    analysis.save(result)
    assert not (result / "why").exists()
    assert (result / "notes.txt").is_file()


def test_another_folder_gets_a_whole_result(call: Call, result: Path, tmp_path: Path) -> None:
    done = call("why", result, "--quiet", "--out", tmp_path / "other")
    assert done.code == 0, done.err
    assert (tmp_path / "other" / "comments.parquet").is_file()
    assert (tmp_path / "other" / "why" / "why.json").is_file()
    assert not (result / "why").exists()


def test_a_file_is_analysed_first(call: Call, feedback: Path, tmp_path: Path) -> None:
    done = call("why", feedback, "--by", "branch", "--out", tmp_path / "out", "--ui", "de")
    assert done.code == 0, done.err
    assert {"report.html", "why", "run.json"} <= {p.name for p in (tmp_path / "out").iterdir()}
    assert 'lang="de"' in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_somebody_elses_folder_is_left_alone(call: Call, result: Path) -> None:
    (result / "why").mkdir()
    (result / "why" / "diary.txt").write_text("mine", "utf-8")
    done = call("why", result)
    assert done.code == 5
    assert (result / "why" / "diary.txt").read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("asked", "code", "says"),
    [
        (("--before", "2025-05"), 2, "--before needs --after"),
        (("--before", "2024-05", "--after", "2025-05"), 2, "no scored response lies between"),
        (("--compare", "branch=Bergheim,Oz"), 2, "no scored response has branch 'Oz'"),
        (("--compare", "shop=a,b"), 4, "'shop', which is no segment"),
        (("--where", "channel=fax"), 2, "no response has channel 'fax'"),
        (("--segment", "shop"), 4, "--segment names the column 'shop'"),
        (("--what-if", "waiting=-3%"), 2, "which the taxonomy does not have"),
        (("--cost", "5"), 2, "--cost belongs to --what-if"),
        (("--audit", "none.csv"), 3, "there is no file 'none.csv'"),
        (("--level", "95"), 2, "--level is 95.0"),
        (("--draws", "10"), 2, "--draws is 10"),
        (("--since", "2026"), 2, "Nothing lies between"),
        (("--text", "comment"), 2, "its columns were settled"),
    ],
)
def test_what_cannot_be_meant_is_said(
    call: Call, result: Path, asked: tuple[str, ...], code: int, says: str
) -> None:
    done = call("why", result, *asked)
    assert done.code == code
    assert says in done.err
    assert not (result / "why").exists()


def test_python_takes_an_analysis(analysis: Analysis, tmp_path: Path) -> None:
    found = warum.why(analysis, compare="channel=phone,web", draws=200, out=tmp_path / "out")
    assert isinstance(found, warum.Why)
    change = found.scores[0].change
    assert change is not None
    assert change.comparisons[0].parts.names == ("phone", "web")
    assert (tmp_path / "out" / "why" / "why.json").is_file()
    again = warum.why(str(tmp_path / "out"), compare="channel=phone,web", draws=200)
    assert repr(again.scores[0].change) == repr(change)


def test_an_analysis_is_read_already(analysis: Analysis) -> None:
    with pytest.raises(UsageError, match="has been read already"):
        warum.why(analysis, text="comment")
    with pytest.raises(UsageError, match="no option 'colour'"):
        warum.why(analysis, colour="red")


def test_filters_are_told(analysis: Analysis) -> None:
    found = explain(analysis, Question(where=("channel=phone",), since="2025-03"))
    assert found.filters == ("channel=phone", "since 2025-03")
    assert found.scores[0].metric.n < analysis.result.scores[0].metric.n


def without(column: str) -> Analysis:
    reading = bergheim()
    columns = reading.columns
    if column == "date":
        columns = replace(columns, has_date=False)
    if column == "scores":
        columns = replace(columns, scores=())
    reading = replace(reading, columns=columns)
    return Analysis(estimate(reading), load_taxonomy(), reading)


@pytest.mark.parametrize(
    ("column", "question", "error", "message"),
    [
        ("date", Question(before="2025-01", after="2025-02"), ColumnError, "no date column"),
        ("date", Question(since="2025-01"), ColumnError, "--since needs dates"),
        ("scores", Question(), UsageError, "There is no score"),
    ],
)
def test_what_is_asked_needs_its_columns(
    column: str, question: Question, error: type[WarumError], message: str
) -> None:
    with pytest.raises(error, match=message):
        explain(without(column), question)


def test_too_few_scores_and_equal_scores_are_said(analysis: Analysis) -> None:
    few = explain(analysis, Question(since="2025-06-01", until="2025-06-12"))
    assert 0 < few.scores[0].metric.n < 20
    (score,) = few.scores
    assert score.level.rows == ()
    assert [c.code for c in score.level.caveats] == ["few_scores"]
    reading = bergheim()
    table = {name: reading.comments[name] for name in reading.comments.columns}
    table["nps"] = table["nps"] * 0 + 7
    constant = replace(reading, comments=warum.Table(table))
    found = explain(Analysis(estimate(constant), load_taxonomy(), constant), Question())
    assert "constant_score" in [c.code for c in found.scores[0].level.caveats]
    assert found.scores[0].shares.rows == ()
    assert found.scores[0].asymmetry.rows == ()


@pytest.mark.parametrize("name", ["audit", "weights"])
def test_files_that_are_not_there(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"--{name}"):
        Question(**{name: tmp_path / "none"})


def test_a_column_may_be_named_as_the_source() -> None:
    rows = {
        "comment": ["Great staff", "Waited too long"] * 20,
        "nps": ["10", "3"] * 20,
        "came_by": ["ticket", "survey"] * 20,
    }
    found = warum.why(rows, text="comment", score="nps", source="came_by")
    assert "came_by" in {column.column for column in found.facts.columns if column.role == "source"}


def test_an_unknown_keyword_is_named() -> None:
    with pytest.raises(UsageError, match="There is no option 'befor'"):
        warum.why({"comment": ["Fine"], "nps": ["9"]}, befor="2025-01")  # type: ignore[call-arg]
