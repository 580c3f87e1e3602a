"""How often categories are spoken of, with groups of too few people left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from warum.caveats import Ui
from warum.errors import UsageError
from warum.records import POLARITIES, Polarity
from warum.report.words import say_or
from warum.result import Driver, Result
from warum.table import Column, Table
from warum.taxonomy import GENERAL, Taxonomy

Pair = tuple[str, Polarity]
Level = Literal["category", "parent", "stage", "touchpoint"]
LEVELS: tuple[Level, ...] = get_args(Level)
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CountRow:
    """How a category (or first level, stage, touchpoint) is spoken of.

    A polarity that fewer people than the minimum group use is None, and every total leaves it out.

    Attributes:
        code: Code of the category, first level, stage or touchpoint.
        title: Title per language.
        negative: Opinions that blame; None where hidden.
        neutral: Opinions that do neither; None where hidden.
        positive: Opinions that praise; None where hidden.
        opinions: Sum of the shown polarities.
        comments: Comments behind them.
        share: `comments` over all comments, 0..1; NaN without comments.
        opinion_share: `opinions` over all shown opinions, 0..1.
        hidden: Whether a polarity is hidden.
    """

    code: str
    title: Mapping[Ui, str]
    negative: int | None
    neutral: int | None
    positive: int | None
    opinions: int
    comments: int
    share: float
    opinion_share: float
    hidden: bool

    def count(self, polarity: Polarity) -> int | None:
        """Opinions with that polarity; None where hidden."""
        return {"negative": self.negative, "neutral": self.neutral, "positive": self.positive}[
            polarity
        ]


@dataclass(frozen=True, slots=True)
class _Voices:
    """Who holds which opinion; arrays of shape (opinions,)."""

    comment: Ints
    person: Ints


def _codes(values: Sequence[object]) -> Ints:
    seen: dict[object, int] = {}
    return np.array([seen.setdefault(value, len(seen)) for value in values], dtype=np.int64)


def persons(comments: Table) -> Ints:
    """A number per person for each comment, shape (comments,).

    A person is a customer; where the customer is unknown, each response is a person of its own.
    """
    responses = comments["response_id" if "response_id" in comments else "comment_id"].tolist()
    if "customer" not in comments:
        return _codes(responses)
    customers = comments["customer"].tolist()
    return _codes(
        [
            ("response", response) if customer is None else ("customer", customer)
            for customer, response in zip(customers, responses, strict=True)
        ]
    )


def _voices(comments: Table, opinions: Table) -> _Voices:
    position = {name: i for i, name in enumerate(comments["comment_id"].tolist())}
    comment = np.array([position[name] for name in opinions["comment_id"].tolist()], dtype=np.int64)
    return _Voices(comment, persons(comments)[comment])


def people_per_pair(comments: Table, opinions: Table) -> dict[Pair, int]:
    """Distinct people behind each category and polarity."""
    voices = _voices(comments, opinions)
    people: dict[Pair, set[int]] = {}
    for category, polarity, person in zip(
        opinions["category"].tolist(),
        opinions["polarity"].tolist(),
        voices.person.tolist(),
        strict=True,
    ):
        people.setdefault((category, polarity), set()).add(person)
    return {pair: len(who) for pair, who in people.items()}


def shown_drivers(
    drivers: Sequence[Driver], people: Mapping[Pair, int], min_group: int
) -> tuple[Driver, ...]:
    """The drivers that enough people speak of, in the given order.

    A driver whose opinions are not in the table is judged by its occasions alone.
    """
    return tuple(
        driver
        for driver in drivers
        if min(driver.mentions, people.get((driver.category, driver.polarity), driver.mentions))
        >= min_group
    )


def roll_up(result: Result, taxonomy: Taxonomy, by: Level = "category") -> tuple[CountRow, ...]:
    """Count opinions by category, first level, stage or touchpoint.

    Args:
        result: What the analysis found.
        taxonomy: Gives titles and first levels.
        by: "category", "parent" (first level), "stage" or "touchpoint".

    Returns:
        Rows by descending number of opinions, the overall judgement last; rows of fewer people than
        `result.facts.min_group` are left out.

    Raises:
        UsageError: If `by` is none of these.
    """
    if by not in LEVELS:
        raise UsageError(f"Cannot roll up by {by!r}.", hint=f"Choose one of {', '.join(LEVELS)}.")
    opinions = result.opinions
    keys = _keys(opinions, by)
    voices = _voices(result.comments, opinions)
    polarity = opinions["polarity"]
    total = result.facts.comments
    rows = []
    for key in sorted({key for key in keys.tolist() if key}):
        inside = keys == key
        rows.append(
            _row(
                key,
                _title(key, taxonomy, by),
                voices,
                inside,
                polarity,
                total,
                result.facts.min_group,
            )
        )
    shown = [row for row in rows if row.opinions]
    shown.sort(key=lambda row: (row.code == GENERAL, -row.opinions, row.code))
    return _with_opinion_share(shown)


def _keys(opinions: Table, by: Level) -> Column:
    if by != "parent":
        return opinions[by]
    categories = opinions["category"]
    keys = np.empty(len(categories), dtype=object)
    keys[:] = [str(code).partition(".")[0] for code in categories.tolist()]
    return keys


def _title(key: str, taxonomy: Taxonomy, by: Level) -> dict[Ui, str]:
    if by in ("category", "parent"):
        return {"en": taxonomy.title(key, "en"), "de": taxonomy.title(key, "de")}
    return {"en": say_or(f"{by}_{key}", "en", key), "de": say_or(f"{by}_{key}", "de", key)}


def _row(
    code: str,
    title: Mapping[Ui, str],
    voices: _Voices,
    inside: npt.NDArray[np.bool_],
    polarity: Column,
    total: int,
    min_group: int,
) -> CountRow:
    counts: dict[Polarity, int | None] = {}
    seen = np.zeros(len(inside), dtype=bool)
    for name in POLARITIES:
        held = inside & (polarity == name)
        people = len(np.unique(voices.person[held]))
        if 0 < people < min_group:
            counts[name] = None
        else:
            counts[name] = int(held.sum())
            seen |= held
    comments = len(np.unique(voices.comment[seen]))
    return CountRow(
        code=code,
        title=title,
        negative=counts["negative"],
        neutral=counts["neutral"],
        positive=counts["positive"],
        opinions=int(seen.sum()),
        comments=comments,
        share=comments / total if total else float("nan"),
        opinion_share=float("nan"),
        hidden=None in counts.values(),
    )


def _with_opinion_share(rows: Sequence[CountRow]) -> tuple[CountRow, ...]:
    total = sum(row.opinions for row in rows)
    return tuple(replace(row, opinion_share=row.opinions / total) for row in rows)
