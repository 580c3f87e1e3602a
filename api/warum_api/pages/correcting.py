"""One comment with its opinions, to correct them; and what was corrected, by whom and when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote as quoted

from fastapi import APIRouter, Query, Request, Response
from starlette.datastructures import QueryParams

from warum.records import POLARITIES, Polarity
from warum_api.guarding.principals import Principal
from warum_api.pages.choices import grouped_categories
from warum_api.pages.comment_filters import Filters
from warum_api.pages.comments import CommentFaces, ShownOpinion
from warum_api.pages.doors import Form, Reader, Sent, Writer, shell_of
from warum_api.pages.reasons import Reasons, Shown
from warum_api.pages.routing import page_router
from warum_api.pages.visits import visit_of
from warum_api.problems import Problem
from warum_api.projects.keeping import Keeping
from warum_api.results.asking_comments import CommentRow, one_comment
from warum_api.results.correcting import Wish, correct, name_of
from warum_api.results.shelf import ReadUp, Shelf
from warum_api.storing.corrections import Correction
from warum_api.storing.database import Database

_LISTED = 100
_LONGEST = 300


@dataclass(frozen=True)
class ShownCorrection:
    """A correction as a view shows it; `old` or `new` is None where the opinion was added or taken away."""

    made: Correction
    old: ShownOpinion | None
    new: ShownOpinion | None


class _Seen(NamedTuple):
    """What is looked at."""

    shown: Shown
    read: ReadUp


def correcting_views(
    shelf: Shelf, reasons: Reasons, keeping: Keeping, database: Database
) -> APIRouter:
    """The views.

    Args:
        shelf: Has the results.
        reasons: Finds which result is shown.
        keeping: Knows the projects.
        database: Keeps corrections.
    """
    router = page_router()

    def look(caller: Principal, project: str) -> _Seen:
        shown = reasons.shown(caller.tenant, project, None)
        if shown is None:
            raise Problem("not_found", "Nothing has been analysed yet.")
        return _Seen(shown, shelf.read(shown.now))

    def page(
        request: Request, caller: Principal, project: str, name: str, back: str, wrong: str = ""
    ) -> Response:
        of, _ = keeping.one(caller.tenant, project)
        seen, ui = look(caller, project), visit_of(request).ui
        faces = CommentFaces(seen.read.reading, seen.read.taxonomy, ui)
        row = one_comment(seen.read.reading, name)
        made = [one for one in seen.shown.now.corrections if one.comment == name]
        facts: dict[str, Any] = {
            "project": of, "here": "comments", "shown": seen.shown, "comment": faces(row), "back": _back(back),
            "corrections": [_shown(one, faces) for one in reversed(made)], "wrong": wrong,
            "categories": grouped_categories(seen.read.taxonomy, ui), "polarities": POLARITIES,
        }  # fmt: skip
        return shell_of(request).page(
            request, "comment.html.j2", status=422 if wrong else 200, **facts
        )

    @router.get("/projects/{project}/comment")
    def comment(
        request: Request,
        project: str,
        caller: Reader,
        id: str = Query(max_length=_LONGEST),  # noqa: A002 - its name in the address
        back: str = Query(default="", max_length=2_000),
    ) -> Response:
        return page(request, caller, project, id, back)

    @router.post("/projects/{project}/comment")
    def corrected(request: Request, project: str, caller: Writer, form: Sent) -> Response:
        name, back = form.text("id", _LONGEST), form.text("back")
        seen = look(caller, project)
        row = one_comment(seen.read.reading, name)
        try:
            wish = wish_of(form, row)
        except UnfoundWordsError:
            return page(request, caller, project, name, back, wrong=form.text("words", 100_000))
        said = "said_nothing_corrected"
        if wish is not None:
            correct(
                caller.tenant,
                database,
                project,
                seen.read.reading,
                seen.read.taxonomy,
                wish,
                who=caller.who,
            )
            said = "said_corrected"
        path = f"/projects/{project}/comment?id={quoted(name, safe='')}&back={quoted(_back(back), safe='')}"
        return shell_of(request).go(request, path, said)

    @router.get("/projects/{project}/corrections")
    def corrections(request: Request, project: str, caller: Reader) -> Response:
        of, _ = keeping.one(caller.tenant, project)
        seen, ui = look(caller, project), visit_of(request).ui
        faces = CommentFaces(seen.read.reading, seen.read.taxonomy, ui)
        made = seen.shown.now.corrections
        facts: dict[str, Any] = {
            "project": of, "here": "comments", "shown": seen.shown, "total": len(made),
            "corrections": [_shown(one, faces) for one in reversed(made[-_LISTED:])],
            "there": frozenset(seen.read.reading.comments["comment_id"].tolist()),
        }  # fmt: skip
        return shell_of(request).page(request, "corrections.html.j2", **facts)

    return router


class UnfoundWordsError(Exception):
    """The words that an opinion is to be read from do not stand in the comment."""


def wish_of(form: Form, row: CommentRow) -> Wish | None:
    """What a form says of an opinion; None where it changes nothing.

    Args:
        form: `do` is "change", "remove" or "add".
        row: The comment.

    Raises:
        Problem: `invalid_request`, if it cannot be meant.
        UnfoundWordsError: If the words of an opinion to be added are not in the text.
    """
    name, polarity = str(row.values["comment_id"]), _polarity(form.text("polarity", 20))
    category, do = form.text("category", _LONGEST), form.text("do", 20)
    there = {name_of(one): one for one in row.opinions}
    if do == "add":
        start, end = place_of(form.text("words", 100_000), str(row.values["text"] or ""))
        known = f"{category}:{start}:{end}"
        old = known if known in there else None
        if old is not None and there[old]["polarity"] == polarity:
            return None
        return Wish(name, old, category, polarity, start, end)
    opinion = form.text("opinion", _LONGEST)
    if opinion not in there:
        raise Problem(
            "not_found",
            "The comment no longer has this opinion: load the page again.",
            came=opinion,
        )
    if do == "remove":
        return Wish(name, opinion, None, None)
    old_one = there[opinion]
    if (old_one["category"], old_one["polarity"]) == (category, polarity):
        return None
    return Wish(name, opinion, category, polarity)


def place_of(words: str, text: str) -> tuple[int, int]:
    """Where words stand in a text, whatever white space divides them; all of it where none are given.

    Raises:
        UnfoundWordsError: If they are not in it.
    """
    if not words:
        return 0, len(text)
    found = re.search(r"\s+".join(map(re.escape, words.split())), text, re.IGNORECASE)
    if found is None:
        raise UnfoundWordsError
    return found.start(), found.end()


def _polarity(text: str) -> Polarity:
    if text not in POLARITIES:
        raise Problem(
            "invalid_request",
            "There is no such polarity.",
            came=text,
            expected=", ".join(POLARITIES),
        )
    return text


def _back(back: str) -> str:
    """The filters of the list that one came from, and nothing else that an address could hold."""
    query = QueryParams(back.removeprefix("?"))
    after = re.fullmatch(r"\d{1,10}\.\d{1,10}", query.get("after", ""))
    try:
        return Filters.of(query).query(after=after[0] if after else "")
    except Problem:
        return ""


def _shown(made: Correction, faces: CommentFaces) -> ShownCorrection:
    old, new = (None if one is None else faces.opinion(one) for one in (made.old, made.new))
    return ShownCorrection(made, old, new)
