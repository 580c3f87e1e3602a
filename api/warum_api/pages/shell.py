"""Every page in its frame: language, colours, navigation, what was just done, and the token of forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from typing import Any, NamedTuple
from urllib.parse import quote

import jinja2
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from warum.caveats import Ui
from warum.report.numbers import number, percent
from warum.report.periods import period
from warum_api.pages.assets import Assets
from warum_api.pages.sessions import Sessions
from warum_api.pages.visits import SAID, THEMES, UIS, remember, set_cookie, visit_of
from warum_api.pages.words import say, say_or
from warum_api.problems import Problem

HEADERS = {
    # Scripts, styles and requests of our own only; what a file or a comment brings along is text.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
}


class Stop(NamedTuple):
    """A view of a project in the navigation: its name in templates (`here`), the end of its path, its words."""

    here: str
    path: str
    words: str


NAVIGATION = (
    Stop("overview", "", "nav_overview"),
    Stop("comments", "/comments", "nav_comments"),
    Stop("data", "/upload", "nav_data"),
    Stop("taxonomy", "/taxonomy", "nav_taxonomy"),
    Stop("audit", "/audit", "nav_audit"),
    Stop("alerts", "/alerts", "nav_alerts"),
    Stop("models", "/models", "nav_models"),
    Stop("settings", "/settings", "nav_settings"),
)
"""The views of a project, in their order."""


class Shell:
    """Renders pages; `app.state.shell`.

    Args:
        sessions: Who is signed in.
        assets: Styles and scripts.
    """

    def __init__(self, sessions: Sessions, assets: Assets) -> None:
        self.sessions, self._assets = sessions, assets
        loaders = [jinja2.PackageLoader("warum_api.pages"), jinja2.PackageLoader("warum.report")]
        self._templates = jinja2.Environment(
            loader=jinja2.ChoiceLoader(loaders),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(
        self, request: Request, template: str, *, status: int = 200, **facts: Any  # noqa: ANN401 - whatever the template shows
    ) -> HTMLResponse:  # fmt: skip
        """A page.

        Args:
            request: Who asks for it.
            template: Name of a template of `pages/templates`.
            status: HTTP status.
            **facts: What the template shows, beside what `_frame` gives to every one.
        """
        visit = visit_of(request)
        shown = {**self._frame(request), **facts}
        response = HTMLResponse(
            self._templates.get_template(template).render(shown), status, HEADERS
        )
        response.headers["Vary"] = "Cookie, Accept-Language"
        remember(request, response, visit)
        return response

    def go(self, request: Request, path: str, said: str = "", n: int | None = None) -> Response:
        """Send the browser to another page, by GET.

        Args:
            request: Who is sent.
            path: Where to, a path of these pages.
            said: What is told there, once: a key of the words that begins with `said_`.
            n: The count in it, named `n`.
        """
        response = RedirectResponse(path, 303)
        if said:
            told = said if n is None else f"{said}:{n}"
            set_cookie(request, response, SAID, told, seconds=60)
        return response

    def problem(self, request: Request, problem: Problem) -> Response:
        """A refusal as a page; who has to sign in is sent there. A script gets the document."""
        if "application/json" in request.headers.get("accept", ""):
            return problem.response()
        if problem.code == "no_key" and request.method == "GET":
            return RedirectResponse(f"/sign-in?back={quote(_here(request), safe='/')}", 303)
        response = self.page(
            request, "problem.html.j2", status=problem.status_code, problem=problem
        )
        headers = {
            n: v for n, v in (problem.headers or {}).items() if n.lower() != "www-authenticate"
        }
        response.headers.update(headers)
        return response

    def say(self, request: Request, key: str, **details: object) -> str:
        """A sentence in the language of who asks."""
        return say(key, visit_of(request).ui, **details)

    def _frame(self, request: Request) -> dict[str, Any]:
        """What every template may use."""
        visit = visit_of(request)
        ui = visit.ui
        caller = getattr(request.state, "caller", None)
        return {
            "ui": ui, "theme": visit.theme, "themes": THEMES, "uis": UIS,
            "token": self.sessions.token(request),
            "signed_in": self.sessions.needed and caller is not None,
            "may": frozenset() if caller is None else caller.scopes,
            "path": _here(request),
            "said": visit.said, "navigation": NAVIGATION, "version": version("warum"),
            "asset": self._assets.address,
            **words_for(ui),
        }  # fmt: skip


def _here(request: Request) -> str:
    """Where a switch of the frame comes back to."""
    if request.method != "GET":
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def words_for(ui: Ui) -> dict[str, Callable[..., Any]]:
    """Sentences and figures in a language, for templates."""

    def rich(key: str, **details: object) -> Markup:
        """A sentence of ours with tags in it; its details are escaped."""
        return Markup(say(key, ui)).format(**details)  # noqa: S704 - our own words

    return {
        "say": lambda key, **details: say(key, ui, **details),
        "say_or": lambda key, otherwise: say_or(key, ui, otherwise),
        "rich": rich,
        "number": lambda value, decimals=0: number(value, ui, decimals),
        "percent": lambda share: percent(share, ui),
        "period": lambda text: period(text, ui),
        "moment": lambda at: moment(at, ui),
        "size": lambda count: size(count, ui),
    }


def moment(at: datetime, ui: Ui) -> str:
    """A time as people write it, in UTC: "5 Mar 2026, 14:03 UTC"."""
    return f"{period(at.date().isoformat(), ui)}, {at:%H:%M} UTC"


def size(count: int, ui: Ui) -> str:
    """Bytes as people write them: "12 kB", "3.4 MB"."""
    if count < 1_000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{number(count / 1_000, ui)} kB"
    return f"{number(count / 1_000_000, ui, 1)} MB"
