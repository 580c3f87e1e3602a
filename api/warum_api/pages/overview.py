"""The overview of a project: the metric, what goes with it, why it moved, and everything else that was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError

from warum_api.guarding.principals import Principal
from warum_api.pages.choices import column_title, value_title
from warum_api.pages.doors import Reader, Sent, Writer, shell_of
from warum_api.pages.drawing import Drawing
from warum_api.pages.questions import asked_by, chips_of, compared_in, fields_of
from warum_api.pages.reasons import Reasons, Shown
from warum_api.pages.routing import page_router
from warum_api.pages.visits import visit_of
from warum_api.problems import Problem
from warum_api.projects.keeping import Keeping
from warum_api.storing.results import StoredResult
from warum_api.working.forms import QuestionIn
from warum_api.working.submitting import Jobs

_LISTED = 20


def overview_views(reasons: Reasons, drawing: Drawing, keeping: Keeping, jobs: Jobs) -> APIRouter:
    """The views.

    Args:
        reasons: Finds what to show.
        drawing: Draws it.
        keeping: Knows the projects.
        jobs: Takes further questions.
    """
    router, shows = page_router(), _Overview(reasons, drawing, keeping)

    @router.get("/projects/{project}")
    def overview(
        request: Request,
        project: str,
        caller: Reader,
        version: str | None = Query(default=None, max_length=20),
        score: str = Query(default="", max_length=200),
        job: str | None = Query(default=None, max_length=64),
    ) -> Response:
        if job is not None:  # where a job's progress leads to: the answer that it gave
            made = [one for one in reasons.answers(caller.tenant, project) if one.job == job]
            end = f"?version={made[0].version}" if made else ""
            return shell_of(request).go(request, f"/projects/{project}{end}")
        return shows(request, caller, project, version, score)

    @router.get("/projects/{project}/drawn")
    def drawn(
        request: Request,
        project: str,
        caller: Reader,
        version: str = Query(default="", max_length=20),
        score: str = Query(default="", max_length=200),
    ) -> Response:
        shown = reasons.shown(caller.tenant, project, version or None)
        ui = visit_of(request).ui
        done = shown is None or drawing.soon(project, shown, score, ui) is not None
        return Response(status_code=204 if done else 202)

    @router.post("/projects/{project}/ask")
    def ask(request: Request, project: str, caller: Writer, form: Sent) -> Response:
        try:
            asked = asked_by(form)
            params = QuestionIn(**asked, ui=visit_of(request).ui)
        except (Problem, ValidationError) as error:
            told = error.detail if isinstance(error, Problem) else str(error.errors()[0]["msg"])
            return shows(request, caller, project, form.text("version", 20) or None, wrong=told)
        known = reasons.same(caller.tenant, project, asked)
        shell = shell_of(request)
        if known is not None:
            return shell.go(request, f"/projects/{project}?version={known}")
        question = params.model_dump(exclude_none=True)
        made = jobs.submit(caller.tenant, caller.who, project, "why", {"question": question, "alerts": False})  # fmt: skip  # noqa: E501
        return shell.go(request, f"/projects/{project}/jobs/{made.id}")

    return router


class _Overview:
    """Shows an overview."""

    def __init__(self, reasons: Reasons, drawing: Drawing, keeping: Keeping) -> None:
        self._reasons, self._drawing, self._keeping = reasons, drawing, keeping

    def __call__(
        self,
        request: Request,
        caller: Principal,
        project: str,
        version: str | None,
        score: str = "",
        wrong: str = "",
    ) -> Response:
        of, _ = self._keeping.one(caller.tenant, project)
        shown = self._reasons.shown(caller.tenant, project, version)
        facts: dict[str, Any] = {"project": of, "here": "overview", "shown": shown}
        shell = shell_of(request)
        if shown is None:
            return shell.page(request, "overview.html.j2", **facts)
        ui = visit_of(request).ui
        drawn = self._drawing.soon(project, shown, score, ui)
        if drawn is None:
            facts["wait"] = (
                f"/projects/{project}/drawn?{urlencode({'version': version or '', 'score': score})}"
            )
            return shell.page(request, "drawing.html.j2", **facts)
        answers = self._reasons.answers(caller.tenant, project)
        facts |= {
            "drawn": drawn, "score": score, "wrong": _in_words(request, wrong),
            "chips": [
                (chip.text, fields_of(chip.without, drawn.choices.columns))
                for chip in chips_of(shown.asked, ui)
            ],
            "again": fields_of(shown.asked, drawn.choices.columns),
            "form": _form(shown, drawn.choices.columns),
            "answers": [(one, _told(request, one)) for one in answers[:_LISTED]],
            "column_title": lambda name: column_title(name, ui),
            "value_title": lambda name, value: value_title(name, value, ui),
        }  # fmt: skip
        return shell.page(request, "overview.html.j2", status=422 if wrong else 200, **facts)


def _form(shown: Shown, columns: Mapping[str, Any]) -> dict[str, Any]:
    """What the form holds at first: the question that is shown."""
    asked = shown.asked
    groups = compared_in(asked["compare"], columns) if asked.get("compare") else ("", "")
    return {
        **{name: asked.get(name) or "" for name in ("before", "after", "since", "until")},
        "where": frozenset(asked.get("where", ())), "first": groups[0], "second": groups[1],
    }  # fmt: skip


def _told(request: Request, answer: StoredResult) -> str:
    """What an answer was asked, in short."""
    chips = chips_of(answer.facts.get("question") or {}, visit_of(request).ui)
    return "; ".join(chip.text for chip in chips) or shell_of(request).say(request, "asked_all")


def _in_words(request: Request, wrong: str) -> str:
    """A refusal of the command line's in the words of the form."""
    for name in ("before", "after", "since", "until"):
        wrong = wrong.replace(f"--{name}", f"“{shell_of(request).say(request, f'ask_{name}')}”")
    return wrong
