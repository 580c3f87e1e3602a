"""The table keeps types, missing values and bytes."""

from pathlib import Path

import numpy as np
import pandas
import polars
import pyarrow
import pytest

from warum.errors import InputError
from warum.table import Table, strings


@pytest.fixture
def table() -> Table:
    return Table(
        {
            "text": strings(["schön 😀", None, "=1+1"]),
            "value": np.array([1.5, np.nan, -2.0]),
            "count": np.array([1, 2, 3], dtype=np.int64),
            "day": np.array(["2025-01-31", "NaT", "2025-02-01"], dtype="datetime64[D]"),
            'odd "name': strings(["a", "b", None]),
        }
    )


def test_parquet_keeps_everything(table: Table, tmp_path: Path) -> None:
    table.write_parquet(tmp_path / "t.parquet", {"model": "it's"})
    back = Table.read_parquet(tmp_path / "t.parquet")
    assert list(back.rows()) == list(table.rows())
    assert back["day"].dtype == np.dtype("datetime64[D]")
    assert back["count"].dtype == np.int64


def test_parquet_is_byte_identical(table: Table, tmp_path: Path) -> None:
    for name in ("a", "b"):
        table.write_parquet(tmp_path / name, {"model": "1"})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_path_may_hold_marks_of_a_pattern(table: Table, tmp_path: Path) -> None:
    folder = tmp_path / "a[1]*?"
    folder.mkdir()
    table.write_parquet(folder / "t.parquet", {})
    assert len(Table.read_parquet(folder / "t.parquet")) == len(table)


def test_an_empty_table_survives(tmp_path: Path) -> None:
    empty = Table({"a": strings([]), "b": np.zeros(0), "c": np.zeros(0, dtype="datetime64[D]")})
    empty.write_parquet(tmp_path / "e.parquet", {})
    back = Table.read_parquet(tmp_path / "e.parquet")
    assert len(back) == 0
    assert back.columns == ("a", "b", "c")


def test_pandas_polars_and_arrow_take_it(table: Table) -> None:
    frame = table.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert frame["day"].isna().tolist() == [False, True, False]
    other = table.to_polars()
    assert isinstance(other, polars.DataFrame)
    assert other["value"].null_count() == 1
    assert pyarrow.table(table).num_rows == 3


def test_html_shows_text_as_text() -> None:
    html = Table({"<b>": strings(["<script>alert(1)</script>"])})._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_columns_must_be_equally_long() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        Table({"a": strings(["x"]), "b": np.zeros(2)})


def test_an_unknown_column_is_named(table: Table) -> None:
    with pytest.raises(KeyError, match="no column"):
        table["txt"]


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    path.write_bytes(b"not parquet")
    with pytest.raises(InputError, match="no readable Parquet"):
        Table.read_parquet(path)
    with pytest.raises(InputError, match="no file"):
        Table.read_parquet(tmp_path / "missing.parquet")
