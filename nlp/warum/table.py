"""A small column table: NumPy inside, Arrow at the door, Parquet on disk through DuckDB.

The base install has neither pandas nor pyarrow nor polars; `to_pandas` and `to_polars` use the user's.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from warum.errors import InputError, WarumError

if TYPE_CHECKING:
    import duckdb  # imported where it is used: the command line and the service start without it
    import pandas
    import polars

Column = npt.NDArray[Any]

_SHOWN_ROWS = 10


def connect() -> duckdb.DuckDBPyConnection:
    """A DuckDB connection in memory that never reaches for the network and keeps row order."""
    import duckdb

    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "true",
            "threads": "1",
        }
    )
    # In a notebook without ipywidgets even switching the bar off is an error; it cannot be shown there then.
    with suppress(duckdb.InvalidInputException):
        connection.execute("SET enable_progress_bar = false")
    return connection


def strings(values: Sequence[str | None]) -> Column:
    """A column of strings, None where there is none; shape (n,)."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


class Table:
    """Named columns of equal length.

    Args:
        columns: Name to array of shape (n,): object (str or None), float64 (NaN is missing), int64,
            bool or datetime64[D] (NaT is missing).

    Raises:
        ValueError: If the columns differ in length.
    """

    def __init__(self, columns: Mapping[str, Column]) -> None:
        lengths = {name: len(values) for name, values in columns.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns differ in length: {lengths}")
        self._columns = dict(columns)

    def __len__(self) -> int:
        return len(next(iter(self._columns.values()))) if self._columns else 0

    def __getitem__(self, name: str) -> Column:
        try:
            return self._columns[name]
        except KeyError:
            raise KeyError(f"no column {name!r}, there are {list(self._columns)}") from None

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __repr__(self) -> str:
        return f"Table({len(self)} rows: {', '.join(self._columns)})"

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(self._columns)

    def rows(self) -> Iterator[dict[str, Any]]:
        """The rows as dictionaries of plain Python values; missing is None."""
        names = self.columns
        lists = [_plain(self._columns[name]) for name in names]
        for values in zip(*lists, strict=True):
            yield dict(zip(names, values, strict=True))

    def take(self, index: npt.NDArray[Any]) -> Table:
        """The rows at `index` (positions or a boolean mask), in that order."""
        return Table({name: values[index] for name, values in self._columns.items()})

    def relation(self, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        """The table as a DuckDB relation, missing values as NULL."""
        stored = {f"c{i}": _for_duckdb(values) for i, values in enumerate(self._columns.values())}
        name = f"warum_{id(self)}"
        connection.register(name, stored)
        picked = ", ".join(
            f"{_sql_type(values, f'c{i}')} AS {quote(column)}"
            for i, (column, values) in enumerate(self._columns.items())
        )
        return connection.sql(f"SELECT {picked} FROM {name}")  # noqa: S608 - names are quoted

    def write_parquet(self, path: Path, metadata: Mapping[str, str]) -> None:
        """Write to Parquet, byte-identical for identical contents.

        Args:
            path: The file.
            metadata: Key-value metadata of the file.
        """
        with connect() as connection:
            relation = self.relation(connection)
            pairs = ", ".join(f"{quote(k)}: {literal(v)}" for k, v in sorted(metadata.items()))
            connection.register("out", relation)
            connection.execute(
                f"COPY out TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd"
                + (f", KV_METADATA {{{pairs}}}" if pairs else "")
                + ")"
            )

    @classmethod
    def read_parquet(cls, path: Path) -> Table:
        """Read what `write_parquet` wrote.

        Raises:
            InputError: If there is no such file or it is no Parquet.
        """
        import duckdb

        if not path.is_file():
            raise InputError(f"There is no file {str(path)!r}.")
        with connect() as connection, plain_path(path) as plain:
            try:
                relation = connection.sql(f"SELECT * FROM read_parquet({literal(plain)})")  # noqa: S608
                return cls.from_relation(relation)
            except duckdb.Error as error:
                raise InputError(f"{str(path)!r} is no readable Parquet file: {error}.") from None

    @classmethod
    def from_relation(cls, relation: duckdb.DuckDBPyRelation) -> Table:
        """The contents of a DuckDB relation as a table."""
        arrays = relation.fetchnumpy()
        return cls({name: _from_duckdb(values) for name, values in arrays.items()})

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The Arrow stream interface, so that pandas, polars and pyarrow can take the table."""
        connection = connect()
        return self.relation(connection).__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> pandas.DataFrame:
        """The table as a pandas frame; needs pandas."""
        try:
            import pandas
        except ImportError:
            raise WarumError("pandas is not installed.", hint="pip install pandas") from None
        return pandas.DataFrame({name: _plain_array(c) for name, c in self._columns.items()})

    def to_polars(self) -> polars.DataFrame:
        """The table as a polars frame; needs polars."""
        try:
            import polars
        except ImportError:
            raise WarumError("polars is not installed.", hint="pip install polars") from None
        return polars.DataFrame(self)

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        lines = []
        for row in self.take(np.arange(min(_SHOWN_ROWS, len(self)))).rows():
            cells = "".join(f"<td>{escape(_shown(value))}</td>" for value in row.values())
            lines.append(f"<tr>{cells}</tr>")
        more = f"<p>{len(self):,} rows</p>" if len(self) > _SHOWN_ROWS else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>{more}"


@contextmanager
def plain_path(path: Path) -> Iterator[str]:
    """The path as DuckDB takes it: `*`, `?` and `[` would be patterns, so such a file is read from a copy."""
    if not any(mark in str(path) for mark in "*?["):
        yield str(path)
        return
    with tempfile.TemporaryDirectory() as folder:
        yield str(shutil.copy(path, Path(folder) / "file.parquet"))


def free_name(name: str, taken: Iterable[str]) -> str:
    """A column name that no other has, without regard to case: "x", else "x (2)", "x (3)" and so on."""
    used = {other.lower() for other in taken}
    free, number = name, 2
    while free.lower() in used:
        free, number = f"{name} ({number})", number + 1
    return free


def quote(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


def _shown(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _plain(values: Column) -> list[Any]:
    if values.dtype.kind == "f":
        return [None if v != v else v for v in values.tolist()]
    return list(values.tolist())


def _plain_array(values: Column) -> Column:
    return values.astype("datetime64[s]") if values.dtype.kind == "M" else values


def _for_duckdb(values: Column) -> Column:
    # DuckDB knows no datetime64[D]; as microseconds it keeps NaT as NULL.
    return values.astype("datetime64[us]") if values.dtype.kind == "M" else values


def _sql_type(values: Column, name: str) -> str:
    if values.dtype.kind == "M":
        return f"CAST({name} AS DATE)"
    if values.dtype.kind == "f":
        return f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END"
    if values.dtype == object:
        return f"CAST({name} AS VARCHAR)"
    return name


def _from_duckdb(values: Any) -> Column:  # noqa: ANN401 - DuckDB returns plain and masked arrays
    masked = isinstance(values, np.ma.MaskedArray)
    data = np.asarray(values.data if masked else values)
    mask = np.ma.getmaskarray(values) if masked else None
    if data.dtype.kind == "M":
        days = data.astype("datetime64[D]")
        if mask is not None:
            days[mask] = np.datetime64("NaT", "D")
        return days
    if data.dtype.kind in "iu" and mask is not None and mask.any():
        data = data.astype(np.float64)
    if data.dtype.kind == "f" and mask is not None:
        data = data.copy()
        data[mask] = np.nan
    if data.dtype == object and mask is not None:
        data = data.copy()
        data[mask] = None
    return data
