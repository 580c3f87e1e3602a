"""Files of labels in the forms that people have, and the rows in them that cannot be used."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import openpyxl
import pytest

from warum.errors import ColumnError, InputError
from warum.gold import GoldLabels, GoldOptions, read_gold
from warum.gold.records import Judgement
from warum.taxonomy import load_taxonomy

CX = load_taxonomy()
LONG = """id,comment,category,polarity
1,Waited two hours for nothing,wait_time,negative
1,Waited two hours for nothing,general,-1
2,The staff were lovely to me,Staff attitude,positive
3,It is what it is today,,
"""
LIST = """comment;labels
Waited two hours for nothing;wait_time:negative|general:negative
The staff were lovely to me;"[""service.attitude:positive""]"
It is what it is today;
"""
SIGNED = """comment,wait_time,general,Staff attitude
Waited two hours for nothing,-1,-1,
The staff were lovely to me,,,1
It is what it is today,,,
"""
WORDS = """comment,wait_time,general,service.attitude
Waited two hours for nothing,negative,negative,none
The staff were lovely to me,none,none,positive
It is what it is today,none,none,none
"""
MARKS = """comment,wait_time,general,service.attitude
Waited two hours for nothing,1,1,0
The staff were lovely to me,0,0,1
It is what it is today,0,0,0
"""
EXPECTED = [
    {("wait_time", "negative"), ("general", "negative")},
    {("service.attitude", "positive")},
    set(),
]


def _read(path: Path, content: str | bytes, **options: object) -> GoldLabels:
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_gold([str(path)], CX, GoldOptions(**options))  # type: ignore[arg-type] # options of the test


def _judged(gold: GoldLabels) -> list[set[Judgement]]:
    return [set(text.judgements) for text in gold.texts]


@pytest.mark.parametrize(
    ("text", "form"), [(LONG, "long"), (LIST, "list"), (SIGNED, "wide"), (WORDS, "wide")]
)
def test_all_forms_say_the_same(tmp_path: Path, text: str, form: str) -> None:
    gold = _read(tmp_path / "l.csv", text)
    assert gold.form == form
    assert _judged(gold) == EXPECTED
    assert gold.rows_in == sum(len(t.rows) for t in gold.texts)
    assert any("1 texts have no label" in note for note in gold.notes)
    assert not gold.problems


def test_marks_have_no_polarity(tmp_path: Path) -> None:
    gold = _read(tmp_path / "l.csv", MARKS)
    assert _judged(gold) == [{(code, None) for code, _ in held} for held in EXPECTED]


def test_zero_between_signs_is_neutral_only_where_empty_cells_mean_nothing(tmp_path: Path) -> None:
    text = "comment,wait_time,general\nIt took a while today,0,\nQuick and good as ever,1,1\nSlow as ever again,-1,\n"
    gold = _read(tmp_path / "a.csv", text)
    assert _judged(gold)[0] == {("wait_time", "neutral")}
    assert any("0 was read as a neutral mention" in note for note in gold.notes)
    gold = _read(tmp_path / "b.csv", text.replace(",\n", ",0\n"))
    assert _judged(gold)[0] == set()
    assert any("0 was read as no mention" in note for note in gold.notes)


def test_the_form_can_be_said(tmp_path: Path) -> None:
    text = "comment,wait_time,category\nWaited two hours for nothing,1,general\nIt is what it is today,0,general\n"
    assert _judged(_read(tmp_path / "l.csv", text))[0] == {("general", None)}
    assert _judged(_read(tmp_path / "l.csv", text, format="wide"))[0] == {("wait_time", None)}
    with pytest.raises(ColumnError, match="No column holds categories"):
        _read(tmp_path / "l.csv", MARKS, format="long")


def test_json_lines_and_workbooks(tmp_path: Path) -> None:
    rows = [
        {"text": "Waited two hours for nothing", "labels": ["wait_time:negative", "general:negative"]},
        {"text": "The staff were lovely to me", "labels": [{"category": "service.attitude", "polarity": "positive"}]},
        {"text": "It is what it is today", "labels": []},
    ]  # fmt: skip
    lines = "\n".join(json.dumps(row) for row in rows)
    assert _judged(_read(tmp_path / "l.jsonl", lines)) == EXPECTED
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in WORDS.splitlines():
        sheet.append(line.split(","))
    book.save(tmp_path / "l.xlsx")
    assert _judged(read_gold([str(tmp_path / "l.xlsx")], CX, GoldOptions())) == EXPECTED


def test_roles_are_found_and_kept(tmp_path: Path) -> None:
    text = (
        "text,labels,Kundennummer,Sprache,Frage,Quelle,Filiale\n"
        "Das war wirklich sehr gut,general,k1,Deutsch,Was war gut?,survey,Nord\n"
        "It was really very good,general,k2,en,What was good?,review,Süd\n"
    )
    gold = _read(tmp_path / "l.csv", text, by=("filiale",))
    first = gold.texts[0]
    assert (first.customer, first.language, first.question, first.source) == (
        "k1", "de", "Was war gut?", "survey",
    )  # fmt: skip
    assert first.by == {"Filiale": "Nord"}


BAD = {
    "unknown_category": (LONG.replace("Staff attitude", "stafff attitude"), "service.attitude", 1),
    "unknown_polarity": (LONG.replace("-1", "angry"), "'angry'", 2),
    "unknown_value": (MARKS.replace("lovely to me,0", "lovely to me,maybe"), "maybe", 1),
    "empty_text": (LONG.replace("It is what it is today", ""), "no text", 1),
    "ragged": (LONG + "4,What a day it was,general,positive,x,y\n", "cells", 1),
}


@pytest.mark.parametrize("code", sorted(BAD))
def test_bad_rows_are_reported_and_can_be_skipped(tmp_path: Path, code: str) -> None:
    text, said, count = BAD[code]
    with pytest.raises(InputError) as caught:
        _read(tmp_path / "l.csv", text)
    assert said in str(caught.value)
    assert "--skip-bad" in caught.value.hint
    assert "row " in caught.value.message
    assert "line " in caught.value.message
    gold = _read(tmp_path / "l.csv", text, skip_bad=True)
    assert code in {problem.code for problem in gold.problems}
    assert len(gold.problems) == count
    assert gold.rows_in == sum(len(t.rows) for t in gold.texts) + len(gold.problems)


def test_a_text_with_one_faulty_label_goes_whole(tmp_path: Path) -> None:
    gold = _read(tmp_path / "l.csv", LONG.replace("-1", "angry"), skip_bad=True)
    assert [text.id for text in gold.texts] == ["2", "3"]
    assert {problem.code for problem in gold.problems} == {"unknown_polarity", "beside_fault"}


def test_contradictions_are_reported_and_the_commonest_labels_kept(tmp_path: Path) -> None:
    text = "comment,labels\nGreat as ever,general\ngreat  as ever,general\nGreat as ever,wait_time\nFine by me,\n"
    with pytest.raises(InputError, match=r"row 3 .*row 1"):
        _read(tmp_path / "l.csv", text)
    gold = _read(tmp_path / "l.csv", text, skip_bad=True)
    assert [t.rows[0] for t in gold.texts] == [1, 2, 4]
    same_id = LONG.replace("2,The staff", "1,The staff")
    with pytest.raises(InputError, match="different texts"):
        _read(tmp_path / "l.csv", same_id)


def test_another_question_is_no_contradiction(tmp_path: Path) -> None:
    text = "text,question,labels\nThe waiting,What was bad?,wait_time\nThe waiting,What was good?,general\n"
    assert len(_read(tmp_path / "l.csv", text, question="question", text="text").texts) == 2


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("mark", ["# warum audit\n", "\ufeff# WARUM AUDIT 2026, second half\n"])
def test_marked_files_are_audit_samples_with_their_lines(
    tmp_path: Path, mark: str, packed: bool
) -> None:
    content = (mark + LONG.replace("Staff attitude", "stafff")).encode("utf-8")
    path = tmp_path / ("l.csv.gz" if packed else "l.csv")
    gold = _read(path, gzip.compress(content) if packed else content, skip_bad=True)
    assert gold.audit
    assert gold.problems[0].line == 5
    assert gold.files == (str(path),)  # the user's file, not its copy without the mark


def test_a_workbook_with_the_mark_as_its_header_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["# warum audit: label these comments", ""])
    book.active.append(["text", "labels"])
    book.active.append(["Great as ever", "general"])
    book.save(tmp_path / "l.xlsx")
    with pytest.raises(InputError, match="audit sample"):
        _read(tmp_path / "l.xlsx", (tmp_path / "l.xlsx").read_bytes())


def test_marked_rows_are_noted(tmp_path: Path) -> None:
    text = "comment,labels,audit\nGreat as ever,general,true\nFine by me today,,\n"
    assert [t.audit for t in _read(tmp_path / "l.csv", text).texts] == [True, False]


@pytest.mark.parametrize("text", ["a,b\nWhat a day it was,x\n", "text,nps\nWhat a day it was,9\n"])
def test_files_without_labels_say_so(tmp_path: Path, text: str) -> None:
    with pytest.raises(ColumnError):
        _read(tmp_path / "l.csv", text)
