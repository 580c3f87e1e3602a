"""Which comments are shown: read from an address, written into one, and told in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from warum.caveats import Ui
from warum.records import POLARITIES
from warum.report.periods import period as period_title
from warum.taxonomy import Taxonomy
from warum_api.pages.choices import column_title, value_title
from warum_api.pages.words import say
from warum_api.problems import Problem
from warum_api.results.asking import Sort, Wanted

PAGE = 20
"""Comments of a page."""
ORDERS: tuple[Sort, ...] = ("-date", "date", "row")
_LONGEST = 300
_MOST = 20


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in words, and the address without it."""

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Which comments; empty fields do not filter.

    Attributes:
        category: A code; a first level stands for all below it.
        polarity: Of the opinions.
        language: ISO 639-1 code.
        source: Source of the comments.
        since: First day, as ISO date.
        until: Last day.
        where: Segments, each `COLUMN=VALUE`.
        sort: Order; empty for the newest first.
    """

    category: str = ""
    polarity: str = ""
    language: str = ""
    source: str = ""
    since: str = ""
    until: str = ""
    where: tuple[str, ...] = ()
    sort: str = ""

    @classmethod
    def of(cls, query: QueryParams) -> Filters:
        """The filters of an address.

        Raises:
            Problem: `invalid_request`, if one cannot be meant.
        """
        single = {
            one.name: query.get(one.name, "").strip() for one in fields(cls) if one.name != "where"
        }
        where = tuple(dict.fromkeys(one for one in query.getlist("where") if one))
        found = cls(**single, where=where)
        found._check()
        return found

    def wanted(self) -> Wanted:
        """The same as a question to the result."""
        sort: Sort = next((one for one in ORDERS if one == self.sort), "-date")
        polarity = (self.polarity,) if self.polarity else ()
        return Wanted(
            category=(self.category,) if self.category else (),
            polarity=polarity,
            language=(self.language,) if self.language else (),
            source=(self.source,) if self.source else (),
            since=self.since or None,
            until=self.until or None,
            where=self.where,
            sort=sort,
            limit=PAGE,
        )

    def about(self, category: str, polarity: str) -> Filters:
        """The same of another topic."""
        return replace(self, category=category, polarity=polarity)

    def fit(self, category: str, polarity: str) -> bool:
        """Whether an opinion is of the topic."""
        inside = self.category in ("", category) or category.startswith(f"{self.category}.")
        return inside and self.polarity in ("", polarity)

    def query(self, **more: Any) -> str:  # noqa: ANN401 - whatever an address holds
        """The filters, and more, behind the path of an address; empty, or beginning with `?`."""
        pairs = [
            (one.name, value) for one in fields(self) for value in _values(getattr(self, one.name))
        ]
        pairs += [(name, str(value)) for name, value in more.items() if value not in (None, "")]
        return f"?{urlencode(pairs)}" if pairs else ""

    def chips(self, taxonomy: Taxonomy, ui: Ui) -> list[Chip]:
        """Every filter in words."""
        told: list[tuple[str, Filters]] = []
        if self.category:
            told.append((taxonomy.title(self.category, ui), replace(self, category="")))
        if self.polarity:
            told.append((say(f"polarity_{self.polarity}", ui), replace(self, polarity="")))
        for column in ("language", "source"):
            value = getattr(self, column)
            if value:
                text = f"{column_title(column, ui)}: {value_title(column, value, ui)}"
                told.append((text, replace(self, **_empty(column))))
        for end in ("since", "until"):
            value = getattr(self, end)
            if value:
                text = say(f"filter_{end}_day", ui, day=period_title(value, ui))
                told.append((text, replace(self, **_empty(end))))
        for one in self.where:
            column, _, value = one.partition("=")
            rest = tuple(other for other in self.where if other != one)
            text = f"{column_title(column, ui)}: {value_title(column, value, ui)}"
            told.append((text, replace(self, where=rest)))
        return [Chip(text, filters.query() or "?") for text, filters in told]

    def _check(self) -> None:
        texts = [value for one in fields(self) for value in _values(getattr(self, one.name))]
        for text in texts:
            if len(text) > _LONGEST:
                raise Problem("invalid_request", "This filter is too long.", came=text, expected=f"at most {_LONGEST} characters")  # fmt: skip  # noqa: E501
        if len(self.where) > _MOST:
            raise Problem("invalid_request", "There are too many filters.", came=len(self.where), expected=f"at most {_MOST}")  # fmt: skip  # noqa: E501
        if self.polarity not in ("", *POLARITIES):
            raise Problem("invalid_request", "There is no such polarity.", came=self.polarity, expected=", ".join(POLARITIES))  # fmt: skip  # noqa: E501
        for day in (self.since, self.until):
            if day:
                _check_day(day)


def _check_day(day: str) -> None:
    try:
        date.fromisoformat(day)
    except ValueError:
        detail = "This is no day."
        raise Problem("invalid_request", detail, came=day, expected="such as 2025-03-31") from None


def _empty(name: str) -> Mapping[str, Any]:
    return {name: ""}


def _values(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if value else ()
