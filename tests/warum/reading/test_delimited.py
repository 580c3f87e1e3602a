"""Delimited text: cells, lines, broken rows."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.warum.reading.sources import cells, read, rejected
from warum.errors import InputError


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = "text,score\nGut; aber teuer | na ja\t,9\n".replace(",", "\0")
    text = '"' + text.replace("\0", f'"{delimiter}"').replace("\n", '"\n"').removesuffix('"')
    assert cells(read(tmp_path, text)) == {"text": ["Gut; aber teuer | na ja\t"], "score": ["9"]}


def test_lines_are_those_where_rows_begin(tmp_path: Path) -> None:
    table = read(tmp_path, 'a;b\n1;x\n\n2;"one\n\ntwo ""quoted"""\n   \n3;z')
    assert cells(table) == {"a": ["1", "2", "3"], "b": ["x", 'one\n\ntwo "quoted"', "z"]}
    assert table.line.tolist() == [2, 4, 8]
    assert table.row.tolist() == [1, 2, 3]
    assert table.rejected == ()


def test_header_may_span_lines(tmp_path: Path) -> None:
    table = read(tmp_path, '\n"Was war\ngut?",Note\nalles,1\n')
    assert cells(table) == {"Was war gut?": ["alles"], "Note": ["1"]}
    assert table.line.tolist() == [4]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path: Path, end: str) -> None:
    table = read(tmp_path, end.join(["a,b", "1,x", '2,"y', 'z"', "3,", ""]))
    assert cells(table) == {"a": ["1", "2", "3"], "b": ["x", "y\nz", None]}
    assert table.line.tolist() == [2, 3, 5]


def test_white_cells_are_none(tmp_path: Path) -> None:
    assert cells(read(tmp_path, 'a,b,c\n"", ,NULL\n')) == {"a": [None], "b": [None], "c": ["NULL"]}


def test_headers_are_trimmed_numbered_and_named(tmp_path: Path) -> None:
    table = read(tmp_path, "\ufeff a ,a,, a (2)\n1,2,3,4\n")
    assert list(table.columns) == ["a", "a (3)", "column 3", "a (2)"]
    assert "'a (3)'" in table.notes[0]


def test_excels_separator_line(tmp_path: Path) -> None:
    table = read(tmp_path, "sep=;\r\na;b\r\nx,y;1\r\n")
    assert cells(table) == {"a": ["x,y"], "b": ["1"]}
    assert table.line.tolist() == [3]


def test_a_list_of_comments(tmp_path: Path) -> None:
    table = read(tmp_path, 'Kommentar\ngut\n\n""\n"zwei\n \nZeilen"\nna ja, geht\n', "a.txt")
    assert cells(table) == {"Kommentar": ["gut", None, "zwei\n \nZeilen", "na ja, geht"]}
    assert table.line.tolist() == [2, 4, 5, 8]


def test_a_list_of_comments_with_commas_and_quotes(tmp_path: Path) -> None:
    table = read(
        tmp_path, 'Was war gut, was nicht?\nalles\nder "Kern", na ja, so\n"Super" war es\n'
    )
    assert cells(table) == {
        "Was war gut, was nicht?": ["alles", 'der "Kern", na ja, so', '"Super" war es']
    }


def test_ragged_rows_are_rejected_with_their_cells(tmp_path: Path) -> None:
    table = read(tmp_path, 'a,b,c\n1,2,3\n4,"x\ny"\n5,6,7,8\n9,10,11\n')
    assert cells(table)["a"] == ["1", "9"]
    assert table.row.tolist() == [1, 4]
    assert rejected(table) == [(2, 3, "ragged"), (3, 5, "ragged")]
    assert table.rejected[0].raw == {"a": "4", "b": "x\ny"}
    assert table.rejected[1].raw == {"a": "5", "b": "6", "c": "7", "column 4": "8"}
    assert "4 cells between commas, expected 3" in table.rejected[1].message


def test_a_quote_in_the_middle_of_a_cell_is_text(tmp_path: Path) -> None:
    assert cells(read(tmp_path, 'a,b\n24" monitor,1\nsay "hi",2\n'))["a"] == [
        '24" monitor',
        'say "hi"',
    ]


def test_undoubled_quotes_reject_their_row(tmp_path: Path) -> None:
    table = read(tmp_path, 'a,b\n"x"y,1\n"o,k",2\n')
    assert rejected(table) == [(1, 2, "quote")]
    assert cells(table)["a"] == ["o,k"]


def test_quotes_may_be_text_like_any_other_character(tmp_path: Path) -> None:
    text = 'de\ten\n"Ja", sagt sie\t"Yes", she says\nNa gut\tOh well\n"Offen\t"Open\n'
    table = read(tmp_path, text, "a.tsv")
    assert cells(table) == {
        "de": ['"Ja", sagt sie', "Na gut", '"Offen'],
        "en": ['"Yes", she says', "Oh well", '"Open'],
    }
    assert "quotes are part of the text" in table.notes[0]


@pytest.mark.parametrize("at", [0, 3, 9])
def test_one_quote_that_is_never_closed_does_not_hide_the_columns(tmp_path: Path, at: int) -> None:
    lines = [f"good food {i},{i}" for i in range(10)]
    lines[at] = '"' + lines[at]
    table = read(tmp_path, "comment,nps\n" + "\n".join(lines) + "\n")
    assert list(table.columns) == ["comment", "nps"]
    assert len(table) + len(table.rejected) == 10
    assert set(table.columns["nps"].tolist()) >= {str(i) for i in range(10) if i != at}


def test_the_rarer_delimiter_wins_where_both_fit(tmp_path: Path) -> None:
    table = read(tmp_path, "Wert, neu;Note, alt\n1,5;2,0\n7,5;3,0\n")
    assert cells(table) == {"Wert, neu": ["1,5", "7,5"], "Note, alt": ["2,0", "3,0"]}


def test_a_first_line_with_a_delimiter_that_few_others_have(tmp_path: Path) -> None:
    table = read(tmp_path, "Gut &amp;teuer\nschön\nnett\n")
    assert cells(table) == {"Gut &amp;teuer": ["schön", "nett"]}


@pytest.mark.parametrize("count", [1, 3, 40, 3000])
def test_an_unclosed_quote_loses_one_row(tmp_path: Path, count: int) -> None:
    table = read(tmp_path, 'a;b;c\n0;"x";1\n1;"open;2\n' + "2;x;3\n" * count)
    assert rejected(table) == [(2, 3, "quote")]
    assert len(table) == 1 + count
    assert table.line.tolist() == [2, *range(4, 4 + count)]
    assert table.row.tolist() == [1, *range(3, 3 + count)]


def test_a_quote_closed_far_below_loses_one_row(tmp_path: Path) -> None:
    table = read(tmp_path, 'a;b\n1;"open\n' + "2;x\n" * 20 + '3;"y"\n4;"z\n5"\n')
    assert rejected(table) == [(1, 2, "quote")]
    assert cells(table)["a"] == ["2"] * 20 + ["3", "4"]
    assert table.line.tolist()[-1] == 24


def test_neighbours_of_an_unclosed_quote_are_kept(tmp_path: Path) -> None:
    table = read(tmp_path, 'a;b;c\n0;"x";1\n1;"open;1\n2;x;2\n3;"x";3\n4;"x";4\n')
    assert rejected(table) == [(2, 3, "quote")]
    assert cells(table)["a"] == ["0", "2", "3", "4"]


def test_a_comment_of_lines_with_bad_quotes_is_one_row(tmp_path: Path) -> None:
    table = read(tmp_path, 'a;b;c\n0;"x";1\n1;"one\ntwo\nsaid "three";2\n4;"x";4\n')
    assert rejected(table) == [(2, 3, "quote")]
    assert cells(table)["a"] == ["0", "4"]


def test_many_unclosed_quotes(tmp_path: Path) -> None:
    lines = [f'{i};"x' if i % 30 == 0 else f'{i};"x"' for i in range(1, 301)]
    table = read(tmp_path, "a;b\n" + "\n".join(lines))
    assert [row.line for row in table.rejected] == [i + 1 for i in range(30, 301, 30)]
    assert len(table) == 290


def test_a_cell_of_two_megabytes(tmp_path: Path) -> None:
    table = read(tmp_path, f'a;b\n1;x\n2;{"x" * 2_000_000}\n3;"{"y" * 999_999}"\n')
    assert rejected(table) == [(2, 3, "too_large")]
    assert len(table.rejected[0].raw["b"] or "") == 2_000_000
    assert "2,000,000" in table.rejected[0].message
    assert cells(table)["a"] == ["1", "3"]


def test_a_line_beyond_all_measure(tmp_path: Path) -> None:
    table = read(tmp_path, f'a;b\n1;x\n2;{"x" * 8_000_001}\n3;"y\n{"x" * 8_000_001}\nz"\n4;x\n')
    assert rejected(table) == [(2, 3, "too_large"), (3, 4, "too_large")]
    assert table.line.tolist() == [2, 7]


def test_nul_bytes_reject_their_row(tmp_path: Path) -> None:
    table = read(tmp_path, "a;b\nx\0y;1\nok;2\nz;\0\n")
    assert rejected(table) == [(1, 2, "nul_byte"), (3, 4, "nul_byte")]
    assert table.rejected[0].raw == {"a": "x\0y", "b": "1"}
    assert cells(table) == {"a": ["ok"], "b": ["2"]}


NASTY = (
    'a,b,c\n1,2,3\n1,2\n\n1,2,3,4\n,,\n"x"y,2,3\n1,\0,3\n"m\nn",2,3\n1,\udc81,3\n'
    '1,"2\n3",4,5\n"",2,3\n1,"open,3\n1,2,3\n1,2,3\n'
)


@pytest.mark.parametrize("repeats", [1, 7, 400])
def test_rows_in_are_rows_kept_and_rejected(tmp_path: Path, repeats: int) -> None:
    header, body = NASTY.split("\n", 1)
    text = header + "\n" + body.split('1,"open')[0] * repeats + '1,"open' + body.split('1,"open')[1]
    table = read(tmp_path, text.encode("utf-8", "surrogateescape"))
    lines = [*table.line.tolist(), *(row.line for row in table.rejected)]
    numbers = [*table.row.tolist(), *(row.row for row in table.rejected)]
    assert len(set(lines)) == len(lines)
    assert sorted(numbers) == list(range(1, 10 * repeats + 4))
    codes = [row.code for row in table.rejected]
    assert {code: codes.count(code) for code in codes} == {
        "ragged": 3 * repeats,
        "quote": repeats + 1,
        "nul_byte": repeats,
        "encoding": repeats,
    }


def test_a_header_alone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"header \(a, b\) but no rows"):
        read(tmp_path, "a,b\n\n")


def test_blank_lines_alone_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="only blank lines"):
        read(tmp_path, "\n \n")


def test_no_readable_row_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"None of the 2 rows .* line 2 of .* 2 cells"):
        read(tmp_path, "a,b,c\n1,2\n3,4\n")


def test_hundred_thousand_rows_are_all_there(tmp_path: Path) -> None:
    out = io.StringIO()
    rows = [(f"Kommentar {i}, ü" + "\nzwei" * (i % 1000 == 0), str(i % 11)) for i in range(100_000)]
    csv.writer(out, lineterminator="\n").writerows([("text", "score"), *rows])
    table = read(tmp_path, out.getvalue())
    assert list(zip(*cells(table).values(), strict=True)) == rows
    assert table.line[-1] == 100_001 + 100
