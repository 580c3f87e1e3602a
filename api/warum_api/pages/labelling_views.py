"""Labelling an audit: one comment at a time, by keys or by touch, with or without scripts.

Every answer is a form, so that it is stored at once and the next visit goes on there. `label.js` only lets the keys
of `warum audit label` tick its boxes.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from warum.records import POLARITIES
from warum_api.auditing.drawing import Standing, titles_of
from warum_api.auditing.labelling import Item, Labelling, Progress
from warum_api.auditing.room import Auditing
from warum_api.guarding.principals import Principal
from warum_api.pages.audit_views import ONE
from warum_api.pages.doors import Sent, Writer, shell_of
from warum_api.pages.routing import page_router
from warum_api.pages.visits import visit_of
from warum_api.problems import Problem
from warum_api.projects.keeping import Keeping
from warum_api.storing.audits import Label

SIGNS = {"negative": "−", "neutral": "0", "positive": "+"}
_NAME = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """A category to choose from, and which of its polarities are ticked."""

    code: str
    title: str
    ticked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is.

    Attributes:
        project: The project.
        audit: The audit.
        labeller: Their name.
        at: Position of the comment wanted; None for the next one without labels.
        was: What is ticked though it is not stored: what was taken back, to be mended.
        asking: Whether "no category at all" is asked back.
    """

    project: str
    audit: str
    labeller: str
    at: int | None = None
    was: frozenset[Label] | None = None
    asking: bool = False

    def path(self, at: int | None = None, was: str = "") -> str:
        """Where it is shown; without a position, the next comment."""
        said = {
            "as": self.labeller,
            **({} if at is None else {"at": at}),
            **({"was": was} if was else {}),
        }
        return f"{ONE.format(project=self.project, audit=self.audit)}?{urlencode(said)}"


def labelling_views(auditing: Auditing, keeping: Keeping) -> APIRouter:
    """The views.

    Args:
        auditing: Has the audits.
        keeping: Has the projects.
    """
    router = page_router()
    labelling = auditing.labelling

    @router.get(ONE)
    def shown(request: Request, project: str, audit: str, caller: Writer) -> Response:
        asked = request.query_params
        at, was = asked.get("at", ""), asked.get("was")
        place = Place(
            project, audit, asked.get("as", "").strip()[:_NAME] or caller.who,
            int(at) if at.isascii() and at.isdigit() and len(at) < 7 else None,
            None if was is None else _pairs(was.split(",")),
        )  # fmt: skip
        return _page(request, auditing, keeping, caller, place)

    @router.post(f"{ONE}/label")
    def label(request: Request, project: str, audit: str, caller: Writer, form: Sent) -> Response:
        at, labels = form.text("at", 6), sorted(_pairs(form.texts("seen")))
        place = Place(
            project, audit, form.text("as", _NAME) or caller.who, int(at) if at.isdigit() else None
        )
        if not labels and not form.text("sure"):
            again = Place(project, audit, place.labeller, place.at, frozenset(), asking=True)
            return _page(request, auditing, keeping, caller, again)
        labelling.label(
            caller.tenant, caller.who, project, audit, form.text("comment"), place.labeller, labels
        )
        return shell_of(request).go(request, place.path())

    @router.post(f"{ONE}/undo")
    def undo(request: Request, project: str, audit: str, caller: Writer, form: Sent) -> Response:
        place = Place(project, audit, form.text("as", _NAME) or caller.who)
        last = labelling.last(caller.tenant, project, audit, place.labeller)
        if last is None:
            return shell_of(request).go(request, place.path())
        labelling.label(
            caller.tenant, caller.who, project, audit, last.comment, place.labeller, None
        )
        was = ",".join(f"{code}:{side}" for code, side in last.labels or ())
        return shell_of(request).go(request, place.path(last.position, was))

    return router


def _page(
    request: Request, auditing: Auditing, keeping: Keeping, caller: Principal, place: Place
) -> Response:
    of, _ = keeping.one(caller.tenant, place.project)
    standing = auditing.drawing.one(caller.tenant, place.project, place.audit)
    item, progress = _item(auditing.labelling, caller, place)
    return shell_of(request).page(
        request, "labelling.html.j2", project=of, here="audit", standing=standing, place=place,
        item=item, progress=progress, choices=_choices(request, standing, item, place),
        signs=SIGNS, before=None if item is None or not item.position else place.path(item.position - 1),
        after=None if item is None or item.position + 1 >= progress.total else place.path(item.position + 1),
    )  # fmt: skip


def _item(labelling: Labelling, caller: Principal, place: Place) -> tuple[Item | None, Progress]:
    """The comment to show: the one wanted, else the next."""
    if place.at is None:
        progress = labelling.next(caller.tenant, place.project, place.audit, place.labeller)
        return progress.item, progress
    some, progress = labelling.items(
        caller.tenant, place.project, place.audit, place.labeller, start=place.at, limit=1
    )
    return (some[0] if some else None), progress


def _choices(
    request: Request, standing: Standing, item: Item | None, place: Place
) -> tuple[Choice, ...]:
    ui = visit_of(request).ui
    seen = place.was if place.was is not None else frozenset((item.labels or ()) if item else ())
    return tuple(
        Choice(
            code, title.get(ui, code), frozenset(side or "neutral" for c, side in seen if c == code)
        )
        for code, title in titles_of(standing.sample).items()
    )


def _pairs(texts: list[str]) -> frozenset[Label]:
    """Categories and polarities from `code:polarity`.

    Raises:
        Problem: `invalid_request`, if one is none.
    """
    found = set()
    for text in texts:
        code, colon, side = text.rpartition(":")
        if not colon or side not in POLARITIES:
            if text:
                raise Problem(
                    "invalid_request", "This is no label.", came=text, expected="category:polarity"
                )
            continue
        found.add((code, side))
    return frozenset(found)
