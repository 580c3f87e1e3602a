"""Data frames: pandas, polars, pyarrow and whatever else narwhals understands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from warum.errors import InputError
from warum.reading.celltext import as_text
from warum.reading.part import Cells, Part, name_columns
from warum.table import Table


def read_frame(frame: object, name: str = "table") -> Part:
    """Read a data frame as text.

    Args:
        frame: A frame of pandas, polars, pyarrow …, a `Table`, or a mapping of names to lists.
        name: What to call it in messages.

    Returns:
        All rows; `line` is the row's number, from 1.

    Raises:
        InputError: If it is no table, has no rows, or its columns differ in length.
    """
    raw, cells = _columns(frame, name)
    lengths = {column: len(values) for column, values in zip(raw, cells, strict=True)}
    if len(set(lengths.values())) > 1:
        raise InputError(f"The columns of {name!r} differ in length: {lengths}.")
    if not cells or not cells[0]:
        raise InputError(f"{name!r} has no rows.", hint="Check the filter that made it.")
    header = name_columns(raw, file=name)
    return Part(
        name=name,
        columns=dict(zip(header.names, cells, strict=True)),
        line=range(1, len(cells[0]) + 1),
        unnamed=header.unnamed,
        notes=header.notes,
    )


def _columns(frame: object, name: str) -> tuple[list[str], list[Cells]]:
    if isinstance(frame, Table):
        return list(frame.columns), [_texts(frame[column].tolist()) for column in frame.columns]
    if isinstance(frame, Mapping):
        return [str(key) for key in frame], [_texts(values) for values in frame.values()]
    return _through_narwhals(frame, name)


def _through_narwhals(frame: object, name: str) -> tuple[list[str], list[Cells]]:
    import narwhals as nw

    try:
        native: Any = nw.from_native(frame)
        eager = native.collect() if isinstance(native, nw.LazyFrame) else native
        raw, columns = [str(column) for column in eager.columns], list(eager.iter_columns())
    except (TypeError, ValueError, nw.exceptions.NarwhalsError) as error:
        raise InputError(
            f"{name!r} is no table that can be read: {error}",
            hint="Give a path, or a frame of pandas, polars or pyarrow with unique column names.",
        ) from None
    return raw, [_series(series, nw.Float32) for series in columns]


def _series(series: Any, single: Any) -> Cells:  # noqa: ANN401 - narwhals' series and dtype
    if series.dtype == single:  # shortest text of 32 bits: 0.1, not 0.10000000149
        return [
            as_text(float(str(np.float32(v)))) if v is not None else None for v in series.to_list()
        ]
    return _texts(series.to_list())


def _texts(values: Any) -> Cells:  # noqa: ANN401 - any iterable column
    return [as_text(value) for value in values]
