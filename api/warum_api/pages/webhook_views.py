"""Webhooks: asked for, tested, put back in use, removed."""

from __future__ import annotations

from typing import Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response

from warum.caveats import Ui
from warum_api.guarding.principals import Principal
from warum_api.notifying.events import EVENT_KINDS, EventKind
from warum_api.notifying.subscriptions import Form as BodyForm
from warum_api.notifying.subscriptions import Subscription
from warum_api.notifying.webhooks import Wanted, Webhooks
from warum_api.pages.doors import Admin, Form, Reader, Sent, shell_of
from warum_api.pages.routing import page_router
from warum_api.problems import Problem
from warum_api.projects.keeping import Keeping

OFFERED: tuple[EventKind, ...] = tuple(kind for kind in EVENT_KINDS if kind != "webhook.test")
_ALL = "/projects/{project}/webhooks"
_ID = _ALL + "/{webhook}"


def webhook_views(keeping: Keeping, webhooks: Webhooks) -> APIRouter:
    """The views.

    Args:
        keeping: Has the projects.
        webhooks: Has the webhooks.
    """
    router = page_router()

    async def page(
        request: Request, caller: Principal, project: str, template: str, **facts: Any  # noqa: ANN401
    ) -> Response:  # fmt: skip
        of, _ = await run_sync(keeping.one, caller.tenant, project)
        return shell_of(request).page(request, template, project=of, here="alerts", **facts)

    @router.get(f"{_ALL}/new")
    async def new(request: Request, project: str, caller: Admin) -> Response:
        facts = {"kinds": OFFERED, "form": None, "wrong": None}
        return await page(request, caller, project, "webhook_new.html.j2", **facts)

    @router.post(_ALL)
    async def add(request: Request, project: str, caller: Admin, form: Sent) -> Response:
        try:
            made = await webhooks.subscribe(caller.tenant, wanted_of(form, project))
        except Problem as problem:
            if problem.status_code != 422:
                raise
            return await page(
                request, caller, project, "webhook_new.html.j2", status=422, kinds=OFFERED, form=form, wrong=problem
            )  # fmt: skip
        secret = made.secrets[0].value  # told here and never again
        return await page(
            request, caller, project, "webhook_made.html.j2", webhook=made, secret=secret
        )

    @router.get(_ID)
    async def shown(request: Request, project: str, webhook: str, caller: Reader) -> Response:
        found = await _one(webhooks, caller, project, webhook)
        last = await webhooks.deliveries(caller.tenant, webhook)
        return await page(
            request, caller, project, "webhook.html.j2", webhook=found, deliveries=last[:20]
        )

    _add_changes(router, webhooks)
    return router


def _add_changes(router: APIRouter, webhooks: Webhooks) -> None:
    @router.post(f"{_ID}/test")
    async def test(
        request: Request, project: str, webhook: str, caller: Admin, _: Sent
    ) -> Response:
        await _one(webhooks, caller, project, webhook)
        await webhooks.test(caller.tenant, webhook)
        return shell_of(request).go(request, _path(project, webhook), "said_webhook_test")

    @router.post(f"{_ID}/enable")
    async def enable(
        request: Request, project: str, webhook: str, caller: Admin, _: Sent
    ) -> Response:
        await _one(webhooks, caller, project, webhook)
        await webhooks.enable(caller.tenant, webhook)
        return shell_of(request).go(request, _path(project, webhook), "said_webhook_enabled")

    @router.post(f"{_ID}/delete")
    async def delete(
        request: Request, project: str, webhook: str, caller: Admin, _: Sent
    ) -> Response:
        await _one(webhooks, caller, project, webhook)
        await webhooks.remove(caller.tenant, webhook)
        return shell_of(request).go(request, f"/projects/{project}/alerts", "said_webhook_deleted")


async def _one(webhooks: Webhooks, caller: Principal, project: str, webhook: str) -> Subscription:
    """A webhook that is told of a project.

    Raises:
        Problem: `not_found`.
    """
    found = await webhooks.one(caller.tenant, webhook)
    if found.project not in (None, project):
        raise Problem("not_found", "There is no such webhook.", came=webhook)
    return found


def wanted_of(form: Form, project: str) -> Wanted:
    """A webhook as the form asks for it.

    Raises:
        Problem: `invalid_request`, if no event is chosen.
    """
    events = tuple(kind for kind in OFFERED if kind in form.texts("events"))
    if not events:
        raise Problem("invalid_request", "Choose at least one event.")
    body: BodyForm = "slack" if form.text("form") == "slack" else "json"
    language: Ui = "de" if form.text("language") == "de" else "en"
    everywhere = form.text("all") == "yes"
    return Wanted(form.text("url"), events, None if everywhere else project, body, language)


def _path(project: str, webhook: str) -> str:
    return _ID.format(project=project, webhook=webhook)
