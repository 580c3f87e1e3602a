"""Audits of a project: drawn, planned, compared, used for a correction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from warum.audit.agreement import Agreement
from warum_api.auditing.drawing import Standing, Wish, titles_of
from warum_api.auditing.planning import Asked, Planned
from warum_api.auditing.room import Auditing
from warum_api.guarding.principals import Principal
from warum_api.pages.doors import Reader, Sent, Writer, shell_of
from warum_api.pages.routing import page_router
from warum_api.pages.visits import visit_of
from warum_api.problems import Problem
from warum_api.projects.keeping import Keeping
from warum_api.working.submitting import Jobs

LIST = "/projects/{project}/audit"
ONE = LIST + "/{audit}"
_SIZES = (200, 400, 600)
_PLANNED = 6
MOST_LABELS = 20_000


@dataclass(frozen=True, slots=True)
class Shown:
    """An audit as it is listed.

    Attributes:
        standing: How far it is.
        agreed: How far two people agree on all categories; None while nobody can tell.
        complete: Whether somebody has labelled all of it.
    """

    standing: Standing
    agreed: Agreement | None
    complete: bool


def audit_views(auditing: Auditing, keeping: Keeping, jobs: Jobs) -> APIRouter:
    """The views.

    Args:
        auditing: Has the audits.
        keeping: Has the projects.
        jobs: Asks for corrected figures.
    """
    router = page_router()

    @router.get(LIST)
    def listed(request: Request, project: str, caller: Reader) -> Response:
        of, _ = keeping.one(caller.tenant, project)
        found = [
            _shown(auditing, caller, project, one)
            for one in auditing.drawing.all(caller.tenant, project)
        ]
        planned, nothing = _planned(auditing, caller, project)
        return shell_of(request).page(
            request, "audits.html.j2", project=of, here="audit", audits=found,
            planned=planned, sizes=_SIZES, nothing=nothing, who=caller.who,
            title=_titles(request, found, planned),
        )  # fmt: skip

    @router.post(LIST)
    def draw(request: Request, project: str, caller: Writer, form: Sent) -> Response:
        wanted, earlier = form.text("labels", 6), form.text("labels_from", 64)
        labels = int(wanted) if wanted.isascii() and wanted.isdigit() else 0
        if not 1 <= labels <= MOST_LABELS:
            expected = f"a number from 1 to {MOST_LABELS}"
            raise Problem(
                "invalid_request", "How many are to be drawn?", came=wanted, expected=expected
            )
        wish = Wish(labels, labels_from=earlier or None)
        auditing.drawing.draw(caller.tenant, caller.who, project, wish)
        return shell_of(request).go(request, LIST.format(project=project), "said_drawn")

    @router.post(f"{ONE}/delete")
    def delete(request: Request, project: str, audit: str, caller: Writer, _: Sent) -> Response:
        auditing.drawing.delete(caller.tenant, caller.who, project, audit)
        return shell_of(request).go(request, LIST.format(project=project), "said_audit_deleted")

    @router.post(f"{ONE}/use")
    def use(request: Request, project: str, audit: str, caller: Writer, _: Sent) -> Response:
        ui = visit_of(request).ui
        params = {"audit": audit, "question": {"ui": ui}}
        made = jobs.submit(caller.tenant, caller.who, project, "why", params)
        return shell_of(request).go(request, f"/projects/{project}/jobs/{made.id}")

    return router


def _shown(auditing: Auditing, caller: Principal, project: str, one: Standing) -> Shown:
    agreed: Agreement | None = None
    if len(one.labellers) > 1:
        told = auditing.labelling.agreed(caller.tenant, project, one.sample.id)
        agreed = told[0] if told else None
    complete = any(person.labelled == one.comments for person in one.labellers)
    return Shown(one, agreed, complete and one.comments > 0)


def _planned(auditing: Auditing, caller: Principal, project: str) -> tuple[Planned | None, str]:
    """How wide intervals would be; why there is nothing to draw from, where there is nothing."""
    try:
        found = auditing.planner.plan(caller.tenant, project, Asked(of="impact"))
    except Problem as problem:
        return None, "audit_no_result" if problem.code == "not_found" else ""
    return Planned(found.score, found.occasions, found.rows[:_PLANNED]), ""


def _titles(request: Request, audits: list[Shown], planned: Planned | None) -> Any:  # noqa: ANN401
    """A function that gives the title of a category."""
    ui = visit_of(request).ui
    known: dict[str, dict[str, str]] = {}
    for one in reversed(audits):
        known |= titles_of(one.standing.sample)
    if planned is not None and not known:
        from warum.taxonomy import load_taxonomy

        shipped = load_taxonomy()
        return lambda code: shipped.title(code, ui)
    return lambda code: known.get(code, {}).get(ui, code)
