"""How a comment is said: its emotion, intent and effort, as columns of `comments.parquet`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from warum.records import ReadComment
from warum.result import StoredColumns
from warum.table import Column, Table, free_name, strings
from warum_models.protocol import EFFORTS, EMOTIONS, INTENTS

MANNERS: Mapping[str, tuple[str, ...]] = {"emotion": EMOTIONS, "intent": INTENTS, "effort": EFFORTS}
"""The column of each manner and the values it takes."""

UNTOLD = frozenset({"neutral", "other", "none"})
"""Values that say that there is nothing to say: they stand behind the others."""

MANNER_COLUMNS = tuple(name for manner in MANNERS for name in (manner, f"{manner}_probability"))
"""The columns in the order in which they are stored."""


def manner_columns(read: Sequence[ReadComment]) -> dict[str, Column]:
    """Emotion, intent and effort of n comments with their probabilities.

    Returns:
        `MANNER_COLUMNS`, (n,) each: strings, None where the model does not tell, and floats 0..1, NaN likewise.
    """

    def numbers(values: Sequence[float]) -> Column:
        return np.array(values, dtype=np.float64)

    return {
        "emotion": strings([c.emotion for c in read]),
        "emotion_probability": numbers([c.emotion_probability for c in read]),
        "intent": strings([c.intent for c in read]),
        "intent_probability": numbers([c.intent_probability for c in read]),
        "effort": strings([c.effort for c in read]),
        "effort_probability": numbers([c.effort_probability for c in read]),
    }


def with_manner(comments: Table, columns: StoredColumns) -> tuple[Table, StoredColumns]:
    """A stored table with `MANNER_COLUMNS`, also if it was stored before there were any.

    They are null then, and a column of the user's own that has such a name steps aside, as in a new result.

    Args:
        comments: `comments.parquet`.
        columns: Which of its columns are the user's.
    """
    own = {*(score.stored for score in columns.scores), *columns.numbers, *columns.by}
    clashing = [name for name in comments.columns if name in own and _is_manner(name)]
    if not clashing and all(name in comments for name in MANNER_COLUMNS):
        return comments, columns
    renamed: dict[str, str] = {}
    for name in clashing:
        taken = (*comments.columns, *MANNER_COLUMNS, *renamed.values())
        renamed[name] = free_name(name, taken)
    table = {name: comments[name] for name in comments.columns if name not in renamed}
    table |= _nulls(len(comments))
    table |= {new: comments[old] for old, new in renamed.items()}
    return Table(table), _renamed(columns, renamed)


def _is_manner(name: str) -> bool:
    return name.lower() in MANNER_COLUMNS  # DuckDB compares names without case


def _nulls(n: int) -> dict[str, Column]:
    return {
        name: np.full(n, np.nan) if name.endswith("_probability") else strings([None] * n)
        for name in MANNER_COLUMNS
    }


def _renamed(columns: StoredColumns, renamed: Mapping[str, str]) -> StoredColumns:
    def new(name: str) -> str:
        return renamed.get(name, name)

    return replace(
        columns,
        scores=tuple(replace(score, stored=new(score.stored)) for score in columns.scores),
        numbers=tuple(map(new, columns.numbers)),
        by=tuple(map(new, columns.by)),
    )
