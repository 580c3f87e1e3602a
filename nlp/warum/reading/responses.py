"""From raw rows to responses: roles for columns, values for cells, reasons for faulty rows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from warum.errors import InputError, UsageError
from warum.reading.cells import Cells, Floats
from warum.reading.columns import Choice, choose_columns, header_question
from warum.reading.dates import Dates, Days
from warum.reading.headers import words_of
from warum.reading.join import JoinAsk, join_tables
from warum.reading.languages import language_code
from warum.reading.records import (
    Detected,
    RawTable,
    ReadOptions,
    Responses,
    Role,
    Score,
    Unmatched,
)
from warum.reading.rowvalues import (
    dates_of,
    event_dates,
    ids_of,
    metric_values,
    score_values,
    weights,
)
from warum.reading.sieve import Sieve
from warum.table import Column

_EXAMPLES = 3


def make_responses(
    raw: RawTable, options: ReadOptions, joined: RawTable | None = None
) -> Responses:
    """Read rows as responses.

    Args:
        raw: The rows of the input files.
        options: What the user said about the columns.
        joined: The rows of `options.join`.

    Returns:
        The accepted rows, the rejected ones with reasons, and what was decided on the way.
        `rows_in == len(accepted) + len(rejected)`.

    Raises:
        UsageError: If options contradict each other.
        ColumnError: If a column is unknown or in doubt.
        InputError: If there are no rows or none is left, joined keys repeat, or a column mixes
            decimal marks.
    """
    _check(options, joined)
    _require_rows(raw)
    table, unmatched = _joined(raw, options, joined)
    choice = choose_columns(table, options)
    sieve = Sieve(table)
    notes: list[str] = [*table.notes, *choice.notes]
    values = _values(table, choice, options, sieve, notes)
    keep = sieve.passed
    _require_left(keep, sieve)
    _require_scores(values.scores, keep)
    rows_in = len(raw) + len(raw.rejected)
    accepted = _accepted(_Cut(table, choice, keep), values, sieve, notes, rows_in)
    return replace(accepted, unmatched=unmatched)


def _accepted(
    cut: _Cut, values: _Values, sieve: Sieve, notes: list[str], rows_in: int
) -> Responses:
    table, choice, keep, dates = cut.table, cut.choice, cut.keep, values.dates
    language = cut.language(notes)  # first: it may add a note
    return Responses(
        ids=values.ids[keep],
        row=table.row[keep],
        texts={header: table.columns[header][keep] for header in choice.texts},
        questions=cut.questions(),
        scores=tuple(Score(score.scale, score.values[keep]) for score in values.scores),
        numbers={header: column[keep] for header, column in values.numbers.items()},
        customer=cut.trimmed("customer"),
        date=dates.date[keep] if dates else None,
        date_key=dates.key[keep] if dates else None,
        by={header: Cells.of(table.columns[header][keep]).strings() for header in choice.by},
        weight=None if values.weight is None else values.weight[keep],
        stage=cut.trimmed("stage"),
        touchpoint=cut.trimmed("touchpoint"),
        source=cut.source(),
        channel=cut.trimmed("channel"),
        language=language,
        rejected=sieve.rejected(),
        rows_in=rows_in,
        detected=_said(choice.detected, dates),
        caveats=(*table.caveats, *(dates.caveats if dates else ())),
        notes=(*notes, *(dates.notes if dates else ())),
        files=table.files,
        invented=choice.invented,
        trades={ask.column: ask.trade for ask in choice.numbers if ask.trade is not None},
        event_dates={header: days[keep] for header, days in values.event_dates.items()},
    )


@dataclass(frozen=True)
class _Values:
    """What the cells of all rows are worth, rejected rows among them; arrays of shape (n,)."""

    scores: tuple[Score, ...]
    weight: Floats | None
    dates: Dates | None
    ids: Column
    numbers: Mapping[str, Floats]
    event_dates: Mapping[str, Days]


def _values(
    table: RawTable, choice: Choice, options: ReadOptions, sieve: Sieve, notes: list[str]
) -> _Values:
    scores = tuple(score_values(table, ask, sieve, notes) for ask in choice.scores)
    weight = weights(table, choice.single.get("weight"), sieve)
    dates = dates_of(table, choice.single.get("date"), options, sieve)
    # Ids come last: a row that is rejected anyway claims none.
    ids = ids_of(table, choice.single.get("id"), sieve)
    numbers = {ask.column: metric_values(table, ask, notes) for ask in choice.numbers}
    days = {ask.column: event_dates(table, ask, notes) for ask in choice.numbers}
    known = {header: one for header, one in days.items() if one is not None}
    return _Values(scores, weight, dates, ids, numbers, known)


class _Cut:
    """The columns of single roles, cut to the accepted rows."""

    def __init__(self, table: RawTable, choice: Choice, keep: np.ndarray) -> None:
        self.table = table
        self.choice = choice
        self.keep = keep

    def trimmed(self, role: Role) -> Column | None:
        cells = self._cells(role)
        return None if cells is None else cells.strings()

    def source(self) -> Column | None:
        if self.choice.source is None:
            return self.trimmed("source")
        return np.full(int(self.keep.sum()), self.choice.source, dtype=object)

    def language(self, notes: list[str]) -> Column | None:
        cells = self._cells("language")
        if cells is None:
            return None
        unknown = [cell for cell in cells.distinct if language_code(cell) is None]
        if unknown:
            header = self.choice.single["language"]
            notes.append(
                f"Column {header!r}: {unknown[0][:40]!r} names no language; left to the text."
            )
        return cells.strings(language_code)

    def questions(self) -> Mapping[str, Column]:
        cells = self._cells("question")
        return {header: self._question(header, cells) for header in self.choice.texts}

    def _question(self, text: str, cells: Cells | None) -> Column:
        of_header = header_question(text, self.table.questions)
        if cells is None:
            return np.full(int(self.keep.sum()), of_header, dtype=object)
        column = cells.strings()
        column[cells.codes < 0] = of_header
        return column

    def _cells(self, role: Role) -> Cells | None:
        header = self.choice.single.get(role)
        return None if header is None else Cells.of(self.table.columns[header][self.keep])


def _check(options: ReadOptions, joined: RawTable | None) -> None:
    if options.scale is not None:
        low, high = options.scale
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            raise UsageError(
                f"--scale {low:g}:{high:g} is no scale.",
                hint="Name least and greatest value: --scale 1:5.",
            )
    if joined is None and options.join is None and (options.on or options.join_agg):
        raise UsageError(
            "--on and --join-agg need --join.", hint="Name the second file: --join FILE."
        )
    if joined is None and options.join is not None:
        raise UsageError(
            f"--join {options.join!r} was not read.", hint="Pass its rows, or use read_responses."
        )


def _require_rows(raw: RawTable) -> None:
    if len(raw):
        return
    files = ", ".join(repr(name) for name in raw.files)
    if raw.rejected:
        first = raw.rejected[0]
        raise InputError(
            f"None of the {len(raw.rejected)} rows of {files} can be read.",
            hint=f"Line {first.line}: {first.message}",
        )
    raise InputError(
        f"There are no rows in {files}.", hint="Expected a header and at least one row."
    )


def _require_left(keep: np.ndarray, sieve: Sieve) -> None:
    if keep.any():
        return
    rejected = sieve.rejected()
    reasons = ", ".join(f"{count} × {code}" for code, count in sieve.reasons().most_common())
    shown = " ".join(f"Line {row.line}: {row.message}" for row in rejected[:_EXAMPLES])
    raise InputError(f"None of the {len(rejected)} rows can be analysed ({reasons}).", hint=shown)


def _require_scores(scores: Sequence[Score], keep: np.ndarray) -> None:
    for score in scores:
        if np.isnan(score.values[keep]).all():
            column = score.scale.column
            raise InputError(
                f"Column {column!r} holds no score in any of the {int(keep.sum())} rows that can be analysed.",
                hint="Name another --score, or go on without with --score none.",
            )


def _joined(
    raw: RawTable, options: ReadOptions, joined: RawTable | None
) -> tuple[RawTable, Unmatched | None]:
    if joined is None:
        return raw, None
    named = {words_of(option.column) for option in options.score}
    missing = {
        header: options.missing
        for header in joined.columns
        if options.missing and (words_of(header) in named or not named)
    }
    done = join_tables(raw, joined, JoinAsk(options.on, options.join_agg, missing))
    return done.table, done.unmatched


def _said(detected: tuple[Detected, ...], dates: Dates | None) -> tuple[Detected, ...]:
    if dates is None:
        return detected
    return tuple(
        replace(use, how=f"{use.how}, {dates.how}") if use.role == "date" else use
        for use in detected
    )
