"""What stands out over time, and who is told of it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response

from warum.caveats import Ui
from warum.report.why_import import read_why
from warum.report.why_page import Pictures
from warum.report.why_sections import Section
from warum_api.guarding.principals import Principal
from warum_api.notifying.webhooks import Webhooks
from warum_api.pages.doors import Reader, Sent, Writer, shell_of
from warum_api.pages.routing import page_router
from warum_api.pages.visits import visit_of
from warum_api.problems import Problem
from warum_api.projects.keeping import Keeping
from warum_api.results.shelf import Shelf
from warum_api.working.submitting import Jobs

ALERTS = "alerts"


def alert_views(keeping: Keeping, shelf: Shelf, jobs: Jobs, webhooks: Webhooks) -> APIRouter:
    """The views.

    Args:
        keeping: Has the projects.
        shelf: Has the answers of the jobs `why`.
        jobs: Looks for alerts.
        webhooks: Who is told.
    """
    router = page_router()

    @router.get("/projects/{project}/alerts")
    async def alerts(request: Request, project: str, caller: Reader) -> Response:
        of, _ = await run_sync(keeping.one, caller.tenant, project)
        ui = visit_of(request).ui
        told = [one for one in await webhooks.all(caller.tenant) if one.project in (None, project)]
        found = await run_sync(_found, shelf, caller, project, ui)
        page = shell_of(request).page
        return await run_sync(
            lambda: page(
                request, "alerts.html.j2", project=of, here="alerts", webhooks=told, **found
            )
        )

    @router.post("/projects/{project}/alerts")
    def look(request: Request, project: str, caller: Writer, _: Sent) -> Response:
        asked = {"alerts": True, "question": {"ui": visit_of(request).ui}}
        made = jobs.submit(caller.tenant, caller.who, project, "why", asked)
        return shell_of(request).go(request, f"/projects/{project}/jobs/{made.id}")

    return router


def _found(shelf: Shelf, caller: Principal, project: str, ui: Ui) -> dict[str, Any]:
    """The alerts of the last job `why`, as the report has them.

    Returns:
        The section; whether there is a result to look into; and whether the section is of an older one.
    """
    shown: dict[str, Any] = {"analysed": False, "why": [], "older": False, "at": None}
    shown["pictures"] = Pictures()
    with suppress(Problem):
        result = shelf.find(caller.tenant, project, "current")
        shown["analysed"] = True
        of_why = shelf.find(caller.tenant, project, "current", "why")
        text = shelf.file(of_why, "why.json").decode("utf-8")
        analysis = shelf.taken_up(result)
        shown["why"] = [one for one in analysis.sections(read_why(text), ui) if _is_alerts(one)]
        shown["older"] = of_why.stored.facts.get("of") != result.stored.version
        shown["at"] = of_why.stored.created_at
    return shown


def _is_alerts(section: Section) -> bool:
    return section.key == ALERTS
