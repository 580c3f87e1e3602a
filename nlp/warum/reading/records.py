"""What the reading of files gives: raw rows first, then responses with roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from warum.caveats import Caveat
from warum.metrics import ScoreScale
from warum.table import Column
from warum.trade import TradeName

Role = Literal[
    "text",
    "question",
    "score",
    "number",
    "weight",
    "id",
    "customer",
    "date",
    "by",
    "stage",
    "touchpoint",
    "source",
    "channel",
    "language",
]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """An input row that is not analysed.

    Attributes:
        file: Name of the file as given.
        row: Number of the input row over all files, from 1, headers not counted.
        line: Line in the file where the row begins (from 1, header counted); in formats without lines
            the row's number in the file.
        code: Stable reason, e.g. `ragged`, `score_out_of_range`, `duplicate_id`, `encoding`, `too_large`.
        message: What came and what was expected.
        raw: The row as far as it could be read: column (or position) to cell.
    """

    file: str
    row: int
    line: int
    code: str
    message: str
    raw: Mapping[str, str | None]


@dataclass(frozen=True)
class RawTable:
    """The rows of one or several files as text, before anything is known of their meaning.

    Attributes:
        columns: Header to cells (object array of str or None, shape (n,)). Numbers of typed formats come as
            their shortest text ("7", "7.5"), dates as ISO, booleans as "true"/"false", nested JSON as JSON.
            Empty cells and cells of only white space are None.
        row: Input row number of each row, int64 (n,).
        line: Line number of each row in its file, int64 (n,).
        file: Index into `files` of each row, int64 (n,).
        files: Names of the files as given.
        rejected: Rows that could not be parsed, with their numbers.
        caveats: E.g. that a file was read as cp1252.
        profile: Name of the recognised export (qualtrics, zendesk …), None if none.
        questions: Header to question text where the export holds one (Qualtrics' second row).
        notes: Plain sentences about how the files were read, to be said to the user.
    """

    columns: Mapping[str, Column]
    row: npt.NDArray[np.int64]
    line: npt.NDArray[np.int64]
    file: npt.NDArray[np.int64]
    files: tuple[str, ...]
    rejected: tuple[RejectedRow, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    profile: str | None = None
    questions: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, slots=True)
class ScoreOption:
    """A score column as the user named it: `--score COL[:METRIC]`."""

    column: str
    metric: str | None = None


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user said about the columns; what is empty is detected.

    Attributes are the command line's options of the same names (`warum analyze --help`).
    """

    text: tuple[str, ...] = ()
    question: str | None = None
    score: tuple[ScoreOption, ...] = ()
    metric: str | None = None
    scale: tuple[float, float] | None = None
    lower_is_better: bool = False
    missing: tuple[float, ...] = ()
    number: tuple[str, ...] = ()
    weight: str | None = None
    id: str | None = None
    customer: str | None = None
    date: str | None = None
    date_format: str | None = None
    by: tuple[str, ...] = ()
    stage: str | None = None
    touchpoint: str | None = None
    source: str | None = None
    channel: str | None = None
    language: str | None = None
    join: str | None = None
    on: str | None = None
    join_agg: Literal["mean", "last", "sum"] | None = None
    encoding: str | None = None
    sheet: str | None = None
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Detected:
    """One decision about a column, said to the user.

    Attributes:
        role: What the column is used as.
        column: Its header.
        how: Why, in English, e.g. "integers 0-10" or "longest free text".
        given: Whether the user named it.
    """

    role: Role
    column: str
    how: str
    given: bool


@dataclass(frozen=True)
class Score:
    """One score column: values (NaN where missing), shape (n,), and its scale."""

    scale: ScoreScale
    values: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Responses:
    """The accepted input rows as columns of equal length n.

    Attributes:
        ids: Response ids, unique, object (n,); the row number as text where no column holds ids.
        row: Input row numbers, int64 (n,).
        texts: Text column to comments (str or None), at least one column.
        questions: Text column to the question each comment answers (str or None).
        scores: Score columns in the order given, as long as n; empty without scores.
        numbers: Number columns (yes/no columns as 1/0), NaN where missing.
        customer: Customer ids, or None where there is no such column. A missing customer is None.
        date: datetime64[D], NaT where missing, unreadable or ambiguous in a mixed column; None without a column.
        date_key: Canonical text of the date for forming occasions: equal for dates that differ only by
            swapped day and month (in a column that mixes the orders) and present for ambiguous ones too;
            None where missing. None without a column.
        by: Segment columns, str or None.
        weight: Weights, positive; None without a column.
        stage, touchpoint, source, channel, language: str or None per row; None without a column.
        rejected: Rows not analysed; `rows_in == len(self) + len(rejected)` always.
        rows_in: Input rows.
        detected: What each column was taken for.
        caveats: Doubts about the reading.
        notes: Plain sentences to be said to the user.
        files: Names of the files as given.
        invented: Whether the file declares itself as invented example data.
        unmatched: Keys of a join that found no partner; None without a join.
        trades: Number column to the metric it holds, for those that hold one.
        event_dates: Number column to the day of each row's event, datetime64[D], NaT where unknown;
            for events (churn, repurchase) that are dated.
    """

    ids: Column
    row: npt.NDArray[np.int64]
    texts: Mapping[str, Column]
    questions: Mapping[str, Column]
    scores: tuple[Score, ...]
    numbers: Mapping[str, npt.NDArray[np.float64]]
    customer: Column | None
    date: npt.NDArray[np.datetime64] | None
    date_key: Column | None
    by: Mapping[str, Column]
    weight: npt.NDArray[np.float64] | None
    stage: Column | None
    touchpoint: Column | None
    source: Column | None
    channel: Column | None
    language: Column | None
    rejected: tuple[RejectedRow, ...]
    rows_in: int
    detected: tuple[Detected, ...]
    caveats: tuple[Caveat, ...]
    notes: tuple[str, ...]
    files: tuple[str, ...]
    invented: bool = False
    unmatched: Unmatched | None = None
    trades: Mapping[str, TradeName] = field(default_factory=dict)
    event_dates: Mapping[str, npt.NDArray[np.datetime64]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.row)

    def __post_init__(self) -> None:
        if self.rows_in != len(self) + len(self.rejected):
            raise ValueError(
                f"{self.rows_in} rows in, {len(self)} accepted and {len(self.rejected)} rejected"
            )


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Keys of a join that found no partner, all of them, in order of appearance.

    Attributes:
        left: Keys of the main table that the joined file does not hold.
        right: Keys of the joined file that no response holds.
    """

    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
