"""Typed tables: Parquet, workbooks and frames give the same text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.warum.reading.sources import cells, rejected, written
from warum.errors import InputError
from warum.reading.celltext import as_text
from warum.reading.files import read_files
from warum.table import Table, strings

FRAME = pl.DataFrame(
    {
        "text": ["schön\n", " ", None],
        "whole": [7, None, -1],
        "real": [7.0, 7.25, None],
        "flag": [True, None, False],
        "day": [dt.date(2025, 3, 1), None, dt.date(1999, 12, 31)],
        "moment": [dt.datetime(2025, 3, 1, 14, 5), dt.datetime(2025, 3, 1), None],  # noqa: DTZ001
        "tags": [["a", "b"], [], None],
    }
)
EXPECTED = {
    "text": ["schön\n", None, None],
    "whole": ["7", None, "-1"],
    "real": ["7", "7.25", None],
    "flag": ["true", None, "false"],
    "day": ["2025-03-01", None, "1999-12-31"],
    "moment": ["2025-03-01 14:05:00", "2025-03-01", None],
    "tags": ['["a", "b"]', "[]", None],
}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (float("nan"), None),
        (np.float64("nan"), None),
        (pd.NaT, None),
        (pd.NA, None),
        (Decimal("NaN"), None),
        ("x", "x"),
        (True, "true"),
        (np.True_, "true"),
        (7, "7"),
        (7.0, "7"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (1e16, "1e+16"),
        (float("inf"), "inf"),
        (np.int64(7), "7"),
        (Decimal("7.50"), "7.5"),
        (Decimal("-0.00"), "0"),
        (Decimal("1E+3"), "1000"),
        (dt.time(14, 5), "14:05:00"),
        (dt.datetime(2025, 3, 1, 14, 5, 0, 5000), "2025-03-01 14:05:00.005000"),  # noqa: DTZ001
        (
            dt.datetime(2025, 3, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=1))),
            "2025-03-01",
        ),
        (b"gr\xc3\xbcn", "grün"),
        (b"\xff", "ff"),
        ({"a": np.array([1, 2]), "b": {3}}, '{"a": [1, 2], "b": [3]}'),
    ],
)
def test_shortest_text(value: object, text: str | None) -> None:
    assert as_text(value) == text


def table_of() -> Table:
    return Table(
        {
            "text": strings(["x", None]),
            "real": np.array([7.0, np.nan]),
            "day": np.array(["2025-03-01", "NaT"], dtype="datetime64[D]"),
        }
    )


def test_polars_pandas_and_pyarrow_read_alike() -> None:
    assert cells(read_files([FRAME])) == EXPECTED
    assert cells(read_files([FRAME.lazy()])) == EXPECTED
    assert cells(read_files([FRAME.to_arrow()])) == EXPECTED
    nested = FRAME.drop("tags").to_pandas()
    assert cells(read_files([nested])) == {k: v for k, v in EXPECTED.items() if k != "tags"}


def test_table_and_mapping() -> None:
    expected = {"text": ["x", None], "real": ["7", None], "day": ["2025-03-01", None]}
    assert cells(read_files([table_of()])) == expected
    assert cells(read_files({"text": ["x", ""], "real": [7.0, None]})) == {
        "text": ["x", None],
        "real": ["7", None],
    }


def test_frames_have_row_numbers_and_names() -> None:
    table = read_files([FRAME, {"text": ["y", "\0"]}])
    assert table.files == ("table 1", "table 2")
    assert table.line.tolist() == [1, 2, 3, 1]
    assert table.row.tolist() == [1, 2, 3, 4]
    assert rejected(table) == [(5, 2, "nul_byte")]


def test_single_precision_keeps_its_shortest_text(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": pl.Series([0.1, 7.0, None], dtype=pl.Float32)})
    frame.write_parquet(tmp_path / "a.parquet")
    assert cells(read_files([frame]))["a"] == ["0.1", "7", None]
    assert cells(read_files([tmp_path / "a.parquet"]))["a"] == ["0.1", "7", None]


@pytest.mark.parametrize(
    "frame",
    [
        5,
        {"a": [1], "b": [1, 2]},
        {},
        {"a": []},
        pd.DataFrame([[1, 2]], columns=["a", "a"]),
    ],
)
def test_no_table_is_an_error(frame: object) -> None:
    with pytest.raises(InputError, match="table"):
        read_files([frame])


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "a[1]*.parquet"
    FRAME.write_parquet(path)
    table = read_files([path])
    assert cells(table) == EXPECTED
    assert table.line.tolist() == [1, 2, 3]
    assert table.files == (str(path),)


def test_parquet_types(tmp_path: Path) -> None:
    moment = dt.datetime(2025, 3, 1, 14, 5, tzinfo=dt.UTC)
    columns = {
        "zone": pa.array([moment], pa.timestamp("us", tz="Europe/Berlin")),
        "nano": pa.array([moment], pa.timestamp("ns")),
        "money": pa.array([Decimal("7.50")], pa.decimal128(9, 2)),
        "bytes": pa.array([b"gr\xc3\xbcn"]),
        "kind": pa.array(["x"]).dictionary_encode(),
        "big": pa.array([2**63 + 1], pa.uint64()),
    }
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    found = {
        name: column[0] for name, column in cells(read_files([tmp_path / "a.parquet"])).items()
    }
    assert found == {
        "zone": "2025-03-01 14:05:00",
        "nano": "2025-03-01 14:05:00",
        "money": "7.5",
        "bytes": "grün",
        "kind": "x",
        "big": str(2**63 + 1),
    }


def test_broken_and_empty_parquet(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no readable Parquet"):
        read_files([written(tmp_path, b"PAR1" + b"\0" * 100 + b"PAR1", "a.parquet")])
    with pytest.raises(InputError, match="does not begin with 'PAR1'"):
        read_files([written(tmp_path, "text\nx\n", "b.parquet")])
    FRAME.clear().write_parquet(tmp_path / "c.parquet")
    with pytest.raises(InputError, match="no rows"):
        read_files([tmp_path / "c.parquet"])


def book(path: Path, **sheets: list[list[object]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    workbook.close()
    return path


def test_workbook(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [],
        ["text", "Note", None, "Tag", "wann", "ja"],
        ["schön", 7, None, dt.date(2025, 3, 1), dt.datetime(2025, 3, 1, 14, 5), True],  # noqa: DTZ001
        [],
        ["x", 7.5, None, None, None, False],
    ]
    table = read_files([book(tmp_path / "a.xlsx", Daten=rows, Leer=[])])
    assert cells(table) == {
        "text": ["schön", None, "x"],
        "Note": ["7", None, "7.5"],
        "Tag": ["2025-03-01", None, None],
        "wann": ["2025-03-01 14:05:00", None, None],
        "ja": ["true", None, "false"],
    }
    assert table.line.tolist() == [3, 4, 5]
    assert table.row.tolist() == [1, 2, 3]


def test_two_filled_sheets_need_a_name(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", Eins=[["a"], [1]], Zwei=[["b"], [2]])
    with pytest.raises(InputError, match="2 filled sheets: Eins, Zwei") as caught:
        read_files([path])
    assert "--sheet 'Eins'" in caught.value.hint
    assert cells(read_files([path], sheet="Zwei")) == {"b": ["2"]}
    with pytest.raises(InputError, match=r"no sheet 'Zwo'\. Did you mean 'Zwei'\?"):
        read_files([path], sheet="Zwo")


def test_a_hidden_sheet_is_not_in_the_way(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", Eins=[["a"], [1]], Zwei=[["b"], [2]])
    workbook = openpyxl.load_workbook(path)
    workbook["Zwei"].sheet_state = "hidden"
    workbook.save(path)
    workbook.close()
    table = read_files([path])
    assert cells(table) == {"a": ["1"]}
    assert "not 'Zwei'" in table.notes[0]


def test_empty_and_broken_workbooks(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="only empty sheets"):
        read_files([book(tmp_path / "a.xlsx", A=[])])
    with pytest.raises(InputError, match=r"header \(a\) but no rows"):
        read_files([book(tmp_path / "b.xlsx", A=[["a"]])])
    whole = book(tmp_path / "c.xlsx", A=[["a"], [1]]).read_bytes()
    with pytest.raises(InputError, match="broken workbook"):
        read_files([written(tmp_path, whole[: len(whole) // 2], "d.xlsx")])
    with pytest.raises(InputError, match="no readable workbook"):
        read_files([written(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "e.xls")])
