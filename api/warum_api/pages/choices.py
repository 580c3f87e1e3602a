"""What results can be narrowed by: columns with their values, days, categories; nothing of too few people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from warum.answers.filtering import comparable, named_column, named_value
from warum.caveats import Ui
from warum.errors import ColumnError
from warum.report.counts import persons
from warum.result import Reading
from warum.taxonomy import Taxonomy
from warum_api.pages.words import say_or

MOST_VALUES = 100
_CODED = ("language", "stage", "touchpoint")


@dataclass(frozen=True)
class Choices:
    """What there is to choose from.

    Attributes:
        columns: Column to its values, the most frequent first.
        days: First and last day as ISO dates; None without dates.
        scores: Score columns.
    """

    columns: Mapping[str, tuple[str, ...]]
    days: tuple[str, str] | None
    scores: tuple[str, ...]

    def months(self) -> tuple[str, ...]:
        """The months between the days, such as `2025-03`, at most the last 36."""
        if self.days is None:
            return ()
        first, last = (np.datetime64(day[:7]) for day in self.days)
        return tuple(str(month) for month in np.arange(first, last + 1)[-36:])


def choices_of(reading: Reading) -> Choices:
    """What a reading offers."""
    comments, least = reading.comments, reading.facts.min_group
    who = persons(comments).tolist()
    columns: dict[str, tuple[str, ...]] = {}
    for name in comparable(reading):
        said = comments[name].tolist()
        pairs = {(str(v), one) for v, one in zip(said, who, strict=True) if v is not None}
        people = Counter(value for value, _ in pairs)
        values = [value for value, count in people.most_common() if count >= least and value]
        if len(values) > 1:
            columns[name] = tuple(values[:MOST_VALUES])
    dates = comments["date"] if reading.columns.has_date else np.array([], dtype="datetime64[D]")
    known = dates[~np.isnat(dates)]
    days = (str(known.min()), str(known.max())) if len(known) else None
    return Choices(columns, days, tuple(one.scale.column for one in reading.columns.scores))


def spelled(conditions: Iterable[str], reading: Reading) -> tuple[str, ...]:
    """Conditions `COLUMN=VALUE` as the data write them; those that hold for nothing are left out."""
    found = []
    for condition in conditions:
        name, _, value = (part.strip() for part in condition.partition("="))
        try:
            column = named_column(name, reading, "--where")
        except ColumnError:
            continue
        known = {str(v) for v in reading.comments[column].tolist() if v is not None}
        if exact := named_value(value, known):
            found.append(f"{column}={exact}")
    return tuple(found)


def column_title(name: str, ui: Ui) -> str:
    """A column's heading, or what a fixed one is called."""
    return say_or(f"filter_column_{name}", ui, name)


def value_title(column: str, value: str, ui: Ui) -> str:
    """A value as people read it: codes get their names."""
    return say_or(f"{column}_{value}", ui, value) if column in _CODED else value


def grouped_categories(taxonomy: Taxonomy, ui: Ui) -> list[tuple[str, list[tuple[str, str]]]]:
    """The categories for a list to choose from: first level's title, and (code, title) of those below it."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in taxonomy.categories:
        groups.setdefault(one.parent, []).append((one.code, taxonomy.title(one.code, ui)))
    return [(taxonomy.title(parent, ui), listed) for parent, listed in groups.items()]
