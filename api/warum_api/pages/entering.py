"""Signing in and out, and the switches for language and colours."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from warum_api.pages.doors import Sent, shell_of
from warum_api.pages.routing import page_router
from warum_api.pages.visits import LANGUAGE, THEME, THEMES, UIS, own_path, set_cookie
from warum_api.problems import Problem


def entering_views() -> APIRouter:
    """The views that are open to all."""
    router = page_router()

    @router.get("/sign-in")
    async def sign_in(request: Request, back: str = "/") -> Response:
        shell = shell_of(request)
        if not shell.sessions.needed:
            return shell.go(request, "/projects")
        return shell.page(request, "sign_in.html.j2", back=own_path(back), wrong=False)

    @router.post("/sign-in")
    async def signed_in(request: Request, form: Sent) -> Response:
        shell, back = shell_of(request), own_path(form.text("back"))
        response = shell.go(request, back)
        try:
            await shell.sessions.sign_in(request, form.text("key"), response)
        except Problem as problem:
            if problem.code not in ("wrong_key", "invalid_request"):
                raise
            return shell.page(request, "sign_in.html.j2", status=401, back=back, wrong=True)
        return response

    @router.post("/sign-out")
    async def sign_out(request: Request, _: Sent) -> Response:
        shell = shell_of(request)
        response = shell.go(request, "/sign-in", "said_signed_out")
        shell.sessions.sign_out(response)
        return response

    @router.post("/view")
    async def view(request: Request, form: Sent) -> Response:
        response = shell_of(request).go(request, own_path(form.text("back")))
        for name, field, known in ((LANGUAGE, "ui", UIS), (THEME, "theme", THEMES)):
            chosen = form.text(field)
            if chosen in known:
                set_cookie(request, response, name, chosen, lax=True)
        return response

    return router
