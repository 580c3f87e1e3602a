"""Raw tables by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from warum.reading.records import RawTable, ReadOptions, RejectedRow, Responses, ScoreOption
from warum.reading.responses import make_responses
from warum.table import strings

TEXTS = (
    "The staff were kind and patient with me.",
    "Der Bus kam wieder zwanzig Minuten zu spät.",
    "Too expensive for what you get, sorry.",
    "Alles hat wunderbar geklappt, danke!",
    "The app crashes whenever I log in.",
    "Die Verkäuferin war unfreundlich zu mir.",
)


def raw(columns: Mapping[str, Sequence[str | None]], **more: Any) -> RawTable:
    """A table of one file, its rows in lines 2, 3, …"""
    n = len(next(iter(columns.values())))
    table = RawTable(
        columns={header: strings(cells) for header, cells in columns.items()},
        row=np.arange(1, n + 1),
        line=np.arange(2, n + 2),
        file=np.zeros(n, dtype=np.int64),
        files=("feedback.csv",),
    )
    return replace(table, **more)


def texts(n: int) -> list[str]:
    """Different comments."""
    return [f"{TEXTS[i % len(TEXTS)]} ({i})" for i in range(n)]


def read(columns: Mapping[str, Sequence[str | None]], **options: Any) -> Responses:
    """Responses of a table; a `comment` column is added where there is none."""
    n = len(next(iter(columns.values())))
    if "comment" not in columns:
        columns = {**columns, "comment": texts(n)}
    if "score" in options:
        options["score"] = tuple(
            ScoreOption(*((s, None) if isinstance(s, str) else s)) for s in options["score"]
        )
    return make_responses(raw(columns), ReadOptions(text=("comment",), **options))


def unparsed(row: int) -> RejectedRow:
    """A row that the files could not give."""
    return RejectedRow("feedback.csv", row, row + 1, "ragged", "3 cells, expected 2", {})
