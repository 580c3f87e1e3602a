"""The comments of a project: filtered, in pages, with the evidence of their opinions marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response

from warum.caveats import Ui
from warum.records import Polarity
from warum.report.marked import ShownQuote, quote_group
from warum.report.quotes import Mark, Quote
from warum.report.sentences import label
from warum.report.summary_records import DriverQuotes
from warum.result import Reading
from warum.taxonomy import Taxonomy
from warum_api.pages.choices import column_title, grouped_categories, value_title
from warum_api.pages.comment_filters import ORDERS, Filters
from warum_api.pages.doors import Reader, shell_of
from warum_api.pages.drawing import Drawing
from warum_api.pages.reasons import Reasons, Shown
from warum_api.pages.routing import page_router
from warum_api.pages.visits import visit_of
from warum_api.problems import Problem
from warum_api.projects.keeping import Keeping
from warum_api.results.asking_comments import CommentRow, comments_page
from warum_api.results.correcting import name_of
from warum_api.results.shelf import Shelf


@dataclass(frozen=True)
class ShownOpinion:
    """An opinion as a view shows it.

    Attributes:
        name: Names it in its comment.
        label: Its category with its polarity as a sign.
        category: Its code.
        polarity: Its polarity.
        evidence: The words it was read from.
        source: What produced it: `model`, `rule` or `person`.
    """

    name: str
    label: str
    category: str
    polarity: str
    evidence: str
    source: str


@dataclass(frozen=True)
class ShownComment:
    """A comment as a view shows it.

    Attributes:
        id: Its id.
        quote: Its text, cut where the evidence begins and ends.
        about: What is known of it: date, language, segments, scores.
        opinions: Its opinions.
    """

    id: str
    quote: ShownQuote
    about: tuple[str, ...]
    opinions: tuple[ShownOpinion, ...]


def comment_views(shelf: Shelf, reasons: Reasons, drawing: Drawing, keeping: Keeping) -> APIRouter:
    """The views.

    Args:
        shelf: Has the results.
        reasons: Finds which result is shown.
        drawing: Knows what there is to choose from.
        keeping: Knows the projects.
    """
    router = page_router()

    @router.get("/projects/{project}/comments")
    def comments(request: Request, project: str, caller: Reader) -> Response:
        of, _ = keeping.one(caller.tenant, project)
        shown, ui = reasons.shown(caller.tenant, project, None), visit_of(request).ui
        facts: dict[str, Any] = {"project": of, "here": "comments", "shown": shown}
        if shown is None:
            return shell_of(request).page(request, "comments.html.j2", **facts)
        filters, after = Filters.of(request.query_params), _after(request, shown)
        read = shelf.read(shown.now)
        page = comments_page(read.reading, filters.wanted(), after)
        shows = CommentFaces(read.reading, read.taxonomy, ui)
        behind = filters.query(after=f"{shown.now.stored.version}.{page.next}")
        facts |= {
            "filters": filters, "title": _title(filters, read.taxonomy, ui), "page": page,
            "comments": [shows(row, filters) for row in page.rows],
            "chips": filters.chips(read.taxonomy, ui),
            "next": behind if page.next is not None else "",
            "first": filters.query() if after is not None else "",
            "is_category": filters.category in read.taxonomy.codes,
            "least": read.reading.facts.min_group,
            "choices": drawing.choices(shown), "orders": ORDERS,
            "categories": grouped_categories(read.taxonomy, ui),
            "back": filters.query(after=request.query_params.get("after", "")),
            "column_title": lambda name: column_title(name, ui),
            "value_title": lambda name, value: value_title(name, value, ui),
        }  # fmt: skip
        return shell_of(request).page(request, "comments.html.j2", **facts)

    return router


class CommentFaces:
    """Comments as views show them.

    Args:
        reading: Where they are from.
        taxonomy: Gives the titles.
        ui: Language.
    """

    def __init__(self, reading: Reading, taxonomy: Taxonomy, ui: Ui) -> None:
        self._reading, self._taxonomy, self._ui = reading, taxonomy, ui
        self._titles: Mapping[str, Mapping[Ui, str]] = {
            code: {"en": taxonomy.title(code, "en"), "de": taxonomy.title(code, "de")}
            for code in taxonomy.codes
        }

    def __call__(self, row: CommentRow, filters: Filters | None = None) -> ShownComment:
        """A comment; the evidence of the first opinion that the filters ask for stands out."""
        values = row.values
        marks = tuple(
            Mark(o["start"], o["end"], o["category"], o["polarity"]) for o in row.opinions
        )
        language = values["language"] or ""
        quote = Quote(values["comment_id"], values["text"] or "", 0, False, language, marks)
        category, polarity = self._own(row, filters)
        block = DriverQuotes(category, self._title(category), polarity, (quote,))
        shown = quote_group(block, "", self._titles, self._ui).quotes[0]
        opinions = tuple(map(self.opinion, row.opinions))
        return ShownComment(values["comment_id"], shown, self._about(values), opinions)

    def opinion(self, one: Mapping[str, Any]) -> ShownOpinion:
        """An opinion, of a table or of a correction."""
        name = label(self._title(one["category"]), one["polarity"], self._ui)
        return ShownOpinion(
            name_of(one), name, one["category"], one["polarity"], one["evidence"], one["source"]
        )

    def _title(self, category: str) -> Mapping[Ui, str]:
        return self._titles.get(category, {"en": category, "de": category})

    def _own(self, row: CommentRow, filters: Filters | None) -> tuple[str, Polarity]:
        asked = filters is not None and (filters.category or filters.polarity)
        for one in row.opinions if asked else ():
            if filters is not None and filters.fit(one["category"], one["polarity"]):
                return one["category"], one["polarity"]
        return "", "neutral"

    def _about(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        told = [_day(values.get("date"), self._ui)]
        columns = self._reading.columns
        for name in ("language", "source", *columns.by):
            if values.get(name) is not None:
                title = column_title(name, self._ui)
                told.append(f"{title}: {value_title(name, str(values[name]), self._ui)}")
        told += [
            f"{one.scale.column}: {values[one.stored]:g}"
            for one in columns.scores
            if values.get(one.stored) is not None
        ]
        return tuple(one for one in told if one)


def _day(day: date | None, ui: Ui) -> str:
    from warum.report.periods import period

    return "" if day is None else period(day.isoformat(), ui)


def _title(filters: Filters, taxonomy: Taxonomy, ui: Ui) -> str:
    """What the comments are about; empty where they are about anything."""
    if not filters.category:
        return ""
    name: Mapping[Ui, str] = {"en": taxonomy.title(filters.category, "en"), "de": taxonomy.title(filters.category, "de")}  # fmt: skip  # noqa: E501
    return label(name, filters.polarity, ui) if filters.polarity else name[ui]  # type: ignore[arg-type] # checked


def _after(request: Request, shown: Shown) -> int | None:
    """Behind which comment the page begins; the first page where the result is another by now.

    Raises:
        Problem: `invalid_request`, if the address was not one of ours.
    """
    cursor = request.query_params.get("after", "")
    if not cursor:
        return None
    version, _, place = cursor.partition(".")
    if not (version.isascii() and version.isdigit() and place.isascii() and place.isdigit() and len(cursor) < 24):  # fmt: skip  # noqa: E501
        raise Problem("invalid_request", "Begin with the first page.", came=cursor)
    return int(place) if version == str(shown.now.stored.version) else None
