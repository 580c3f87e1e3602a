"""Why a metric moved between two periods, or differs between two groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from warum.answers.change_tables import adjusted_table, segments_table, waterfall_table
from warum.answers.columns import labelled, stacked
from warum.answers.filtering import comparable
from warum.answers.options import WhyOptions
from warum.answers.rows import Ints, ScoreRows
from warum.estimation import TIME
from warum.reasons import change_rows
from warum.reasons.change import ChangeOptions, estimate_change
from warum.reasons.mix_shift import most_shifted
from warum.records import Estimate
from warum.table import Column, Table

Kind = Literal["periods", "groups"]


@dataclass(frozen=True, slots=True)
class Mix:
    """What the changed mix of one segment column does to the metric, taken by itself.

    Attributes:
        column: The column.
        part: Part of the change, in the metric's unit; parts of several columns overlap.
    """

    column: str
    part: Estimate


@dataclass(frozen=True)
class Comparison:
    """One comparison and its parts.

    Attributes:
        kind: Of two periods or of two groups.
        by: Column compared; "period" for periods.
        segment: Column whose mix `parts` splits off first; None without segments.
        parts: The change with everything that it consists of.
        mixes: The mix of each segment column by itself, the largest first.
    """

    kind: Kind
    by: str
    segment: str | None
    parts: change_rows.Change
    mixes: tuple[Mix, ...]

    @property
    def name(self) -> str:
        """The sides in words, e.g. "2025-05 → 2025-06"."""
        return " → ".join(self.parts.names)


@dataclass(frozen=True)
class Change:
    """The comparisons that were asked for: of periods, then of groups."""

    comparisons: tuple[Comparison, ...]

    def tables(self) -> dict[str, Table]:
        """`change_waterfall`, `change_adjusted`, `change_segments`, with a first column `comparison`."""
        makers = {
            "change_waterfall": waterfall_table,
            "change_adjusted": adjusted_table,
            "change_segments": segments_table,
        }
        return {
            stem: stacked(
                [labelled(make(one.parts), "comparison", one.name) for one in self.comparisons]
            )
            for stem, make in makers.items()
        }


def change(rows: ScoreRows, options: WhyOptions) -> Change | None:
    """Take apart the change between the periods, and the difference between the groups, asked for.

    The part of a changed mix is split off for `options.segment`, or for the column whose shares
    differ most surely between the sides; the metric has no say in that choice.
    """
    asked = list(_asked(rows, options))
    if not asked:
        return None
    return Change(tuple(_compared(rows, options, *one) for one in asked))


def _asked(
    rows: ScoreRows, options: WhyOptions
) -> Iterable[tuple[Kind, str, tuple[str, str], Ints]]:
    """Kind, column, names and side of each occasion."""
    if options.before is not None and options.after is not None:
        sides = _sides(options.before.holds(rows.dates), options.after.holds(rows.dates))
        yield "periods", "period", (options.before.name, options.after.name), sides
    if options.groups is not None:
        groups = options.groups
        values = rows.column(groups.column)
        sides = _sides(values == groups.first, values == groups.second)
        yield "groups", groups.column, (groups.first, groups.second), sides


def _sides(before: npt.NDArray[np.bool_], after: npt.NDArray[np.bool_]) -> Ints:
    return np.where(before, 0, np.where(after, 1, -1)).astype(np.int64)


def _compared(
    rows: ScoreRows, options: WhyOptions, kind: Kind, by: str, names: tuple[str, str], sides: Ints
) -> Comparison:
    levels = {
        name: values
        for name, values in rows.control_levels.items()
        if name != (TIME if kind == "periods" else by) and len(set(values[sides >= 0].tolist())) > 1
    }
    # Time and numbers are adjusted for, but who answered is told by segments.
    groups = {name: values for name, values in levels.items() if name in comparable(rows.reading)}
    segment = _segment(rows, options, groups, sides)
    mixes = [
        Mix(name, part)
        for name, values in groups.items()
        if (part := _mix(rows, options, sides, names, name, values)) is not None
    ]
    mixes.sort(key=lambda one: (-abs(np.nan_to_num(one.part.value)), one.column))
    parts = estimate_change(
        rows.occasions.score, rows.scale, rows.mentions, rows.pairs, sides,
        weights=rows.weights,
        clusters=rows.clusters,
        people=rows.people,
        segments=levels[segment] if segment else None,
        controls={name: values for name, values in levels.items() if name != segment},
        options=_options(rows, options, names, segment or "segment"),
    )  # fmt: skip
    return Comparison(kind, by, segment, parts, tuple(mixes))


def _segment(
    rows: ScoreRows, options: WhyOptions, groups: Mapping[str, Column], sides: Ints
) -> str | None:
    """The column whose mix is split off."""
    if options.segment is not None:
        return options.segment if options.segment in groups else None
    return most_shifted(groups, sides, rows.people)


def _mix(
    rows: ScoreRows,
    options: WhyOptions,
    sides: Ints,
    names: tuple[str, str],
    column: str,
    values: Column,
) -> Estimate | None:
    """The part of one column's changed mix, without looking at comments."""
    none: Sequence[tuple[str, Literal["negative"]]] = ()
    found = estimate_change(
        rows.occasions.score, rows.scale, np.zeros((len(rows), 0), dtype=np.bool_), none, sides,
        weights=rows.weights,
        clusters=rows.clusters,
        people=rows.people,
        segments=values,
        options=_options(rows, options, names, column),
    )  # fmt: skip
    return found.segment_mix


def _options(
    rows: ScoreRows, options: WhyOptions, names: tuple[str, str], segment: str
) -> ChangeOptions:
    return ChangeOptions(
        names=names,
        segment_name=segment,
        by_polarity=options.by_polarity,
        min_group=rows.min_group,
        level=options.level,
        draws=options.draws,
        seed=options.seed,
    )
