"""Any table written in any format reads back equal."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from pathlib import Path

import openpyxl
import polars as pl
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.warum.reading.sources import cells
from warum.errors import InputError
from warum.reading.files import read_files

# No line breaks other than line feeds (they are made one), no NUL, no half or reserved characters:
# these have their own tests.
TEXT = st.text(
    st.one_of(
        st.sampled_from("a,;|\"' \n=-ÄöüßÉ€„“–"),
        st.characters(
            blacklist_categories=("Cs", "Cc", "Cn"), blacklist_characters="\ufeff\u2028\u2029\x85"
        ),
    ),
    min_size=1,
    max_size=30,
)
LATIN = st.text(st.sampled_from("abc,;|\"' \n=-ÄöüßÉ€„“–"), min_size=1, max_size=30)
ROUNDS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def tables(cell: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, list[str]]]:
    return st.integers(1, 8).flatmap(
        lambda rows: st.integers(2, 4).flatmap(
            lambda width: st.fixed_dictionaries(
                {f"c{i}": st.lists(cell, min_size=rows, max_size=rows) for i in range(width)}
            )
        )
    )


def expected(table: dict[str, list[str]]) -> dict[str, list[str | None]]:
    return {name: [None if not c.strip() else c for c in column] for name, column in table.items()}


def rows_of(table: dict[str, list[str]]) -> list[tuple[str, ...]]:
    return [tuple(table), *zip(*table.values(), strict=True)]


def check(path: Path, table: dict[str, list[str]]) -> None:
    found = read_files([path])
    assert found.rejected == ()
    assert cells(found) == expected(table)
    assert found.row.tolist() == list(range(1, len(found) + 1))


@ROUNDS
@given(
    table=tables(TEXT),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n"]),
    packed=st.booleans(),
)
def test_csv(
    tmp_path: Path,
    table: dict[str, list[str]],
    delimiter: str,
    quoting: int,
    encoding: str,
    end: str,
    packed: bool,
) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(
        rows_of(table)
    )
    content = out.getvalue().encode(encoding)
    path = tmp_path / ("a.csv.gz" if packed else "a.csv")
    path.write_bytes(gzip.compress(content) if packed else content)
    check(path, table)


@settings(ROUNDS, max_examples=50)
@given(
    body=st.text(st.sampled_from('xxxx,,"\n\n\0\udcff '), min_size=1, max_size=60),
    header=st.sampled_from(["a,b", "a", '"a","b",c']),
    quoted=st.booleans(),
)
def test_no_character_of_a_broken_file_is_lost(
    tmp_path: Path, body: str, header: str, quoted: bool
) -> None:
    body = "ü\n" + body + ('\n"ok","ok"' * 4 if quoted else "")
    path = tmp_path / "a.csv"
    path.write_bytes(f"{header}\n{body}".encode("utf-8", "surrogateescape"))
    try:
        found = read_files([path])
    except InputError:  # no row is left
        return
    numbers = [*found.row.tolist(), *(row.row for row in found.rejected)]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    lines = [*found.line.tolist(), *(row.line for row in found.rejected)]
    assert len(set(lines)) == len(lines)
    kept = "".join(cell for column in cells(found).values() for cell in column if cell)
    shown = "".join(cell for row in found.rejected for cell in row.raw.values() if cell)
    assert (kept + shown).count("x") == body.count("x")


@ROUNDS
@given(table=tables(LATIN))
def test_csv_of_windows(tmp_path: Path, table: dict[str, list[str]]) -> None:
    table = table | {"umlaut": ["für"] * len(table["c0"])}
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows_of(table))
    content = out.getvalue().encode("cp1252")
    # "Ä–" in Windows-1252 is a letter of UTF-8: where such pairs prevail nobody can tell.
    assume(not re.search(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}", content))
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    check(path, table)


@ROUNDS
@given(
    table=tables(TEXT), form=st.sampled_from(["lines", "array", "object"]), ascii_only=st.booleans()
)
def test_json(tmp_path: Path, table: dict[str, list[str]], form: str, ascii_only: bool) -> None:
    rows = [dict(zip(table, row, strict=True)) for row in rows_of(table)[1:]]
    whole = {"lines": rows, "array": [rows], "object": [{"data": rows}]}[form]
    path = tmp_path / "a.json"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=ascii_only) for row in whole), "utf-8")
    check(path, table)


@ROUNDS
@given(table=tables(TEXT))
def test_parquet_and_frames(tmp_path: Path, table: dict[str, list[str]]) -> None:
    frame = pl.DataFrame(table)
    frame.write_parquet(tmp_path / "a.parquet")
    check(tmp_path / "a.parquet", table)
    assert cells(read_files([frame])) == expected(table)


@settings(ROUNDS, max_examples=15)
@given(table=tables(st.text("abc äöü€,;\n\"'", min_size=1, max_size=20)))
def test_workbooks(tmp_path: Path, table: dict[str, list[str]]) -> None:
    table = {
        name: [*column, "end"] for name, column in table.items()
    }  # empty rows at the end are no rows
    book = openpyxl.Workbook()
    for row in rows_of(table):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    book.close()
    check(tmp_path / "a.xlsx", table)
