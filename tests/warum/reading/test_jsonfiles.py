"""JSON lines, arrays, and objects that hold an array."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.warum.reading.sources import cells, read, rejected
from warum.errors import InputError

ROWS = [
    {"text": "schön", "score": 9, "tags": ["a", {"b": 1}]},
    {"text": None, "score": 7.0, "ok": True},
]
EXPECTED = {
    "text": ["schön", None],
    "score": ["9", "7"],
    "tags": ['["a", {"b": 1}]', None],
    "ok": [None, "true"],
}


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.ndjson", "a.csv", "a.txt", "a"])
@pytest.mark.parametrize("form", ["lines", "array", "pretty", "wrapped", "wrapped pretty"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_all_forms(tmp_path: Path, name: str, form: str, encoding: str) -> None:
    text = {
        "lines": "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS),
        "array": json.dumps(ROWS, ensure_ascii=False),
        "pretty": json.dumps(ROWS, ensure_ascii=False, indent=2),
        "wrapped": json.dumps({"n": 2, "rows": ROWS}, ensure_ascii=False),
        "wrapped pretty": json.dumps({"n": 2, "rows": ROWS}, ensure_ascii=False, indent=2),
    }[form]
    assert cells(read(tmp_path, text.encode(encoding), name)) == EXPECTED


def test_broken_lines_are_rejected(tmp_path: Path) -> None:
    text = '{"a": 1}\n\n{"a": \n[1]\n"x"\n{"a": "\\u0000"}\n{"a": "\\ud83d"}\n{"a": 2}\n'
    table = read(tmp_path, text, "a.jsonl")
    assert cells(table) == {"a": ["1", "2"]}
    assert table.line.tolist() == [1, 8]
    assert table.row.tolist() == [1, 7]
    assert rejected(table) == [
        (2, 3, "json"),
        (3, 4, "json"),
        (4, 5, "json"),
        (5, 6, "nul_byte"),
        (6, 7, "encoding"),
    ]
    assert table.rejected[0].raw == {"line": '{"a":'}


def test_entries_that_are_no_objects_are_rejected(tmp_path: Path) -> None:
    table = read(tmp_path, '[{"a": 1}, 5, {"a": 2}]', "a.json")
    assert rejected(table) == [(2, 2, "json")]
    assert "got int" in table.rejected[0].message


def test_one_object_is_one_row(tmp_path: Path) -> None:
    assert cells(read(tmp_path, '{"a": 1, "b": [1, 2]}', "a.json")) == {"a": ["1"], "b": ["[1, 2]"]}


def test_large_and_tiny_numbers_keep_their_digits(tmp_path: Path) -> None:
    text = '{"a": 12345678901234567890123, "b": 0.1, "c": 1e300, "d": NaN, "e": -0.0}'
    found = {name: column[0] for name, column in cells(read(tmp_path, text, "a.jsonl")).items()}
    assert found == {"a": "12345678901234567890123", "b": "0.1", "c": "1e+300", "d": None, "e": "0"}


def test_several_arrays_are_in_doubt(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="tickets, users"):
        read(tmp_path, '{"tickets": [{"a": 1}], "users": [{"b": 1}]}', "a.json")


@pytest.mark.parametrize("text", ['[{"a": 1}, {"a"', "hello", "[]", '{\n"a":', "7\n8\n"])
def test_broken_files_are_errors(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"broken JSON|no JSON objects") as caught:
        read(tmp_path, text, "a.json")
    assert caught.value.hint


def test_halves_of_characters_in_keys_are_dropped(tmp_path: Path) -> None:
    table = read(tmp_path, '{"te\\ud800xt": "good food", "score": 9}\n', "a.jsonl")
    assert list(table.columns) == ["text", "score"]
