"""What a browser brings along: its language, its colours, and a random name that its forms are bound to."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Literal, get_args

from starlette.requests import Request
from starlette.responses import Response

from warum.caveats import Ui
from warum_api.analyzing.routes import preferred
from warum_api.pages.words import words

Theme = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)
UIS: tuple[Ui, ...] = ("de", "en")
VISIT, SESSION, LANGUAGE, THEME, SAID = (f"warum_{n}" for n in ("visit", "session", "ui", "theme", "said"))  # fmt: skip
_YEAR = 365 * 24 * 3600
_NAME = re.compile(r"[0-9a-f]{32}")
_SAID = re.compile(r"(said_[a-z_]{1,60})(?::([0-9]{1,12}))?")


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser as it comes.

    Attributes:
        ui: The language it reads.
        theme: Its colours; `auto` follows the system's.
        name: Random; its forms are bound to it while nobody is signed in.
        new: Whether it has just got its name.
        session: What its session cookie holds; empty where there is none.
        said: What it is told once: a key of the words and a count.
    """

    ui: Ui
    theme: Theme
    name: str
    new: bool
    session: str
    said: tuple[str, int | None] | None

    @property
    def bound_to(self) -> str:
        """What its forms are bound to."""
        return self.session or self.name


def visit_of(request: Request) -> Visit:
    """The browser that sends a request; the same for the whole of it."""
    known = getattr(request.state, "visit", None)
    if isinstance(known, Visit):
        return known
    cookies = request.cookies
    name = cookies.get(VISIT, "")
    new = _NAME.fullmatch(name) is None
    ui, theme = cookies.get(LANGUAGE), cookies.get(THEME)
    visit = Visit(
        ui="de" if ui == "de" else "en" if ui == "en" else preferred(request.headers.get("accept-language")),
        theme="dark" if theme == "dark" else "light" if theme == "light" else "auto",
        name=secrets.token_hex(16) if new else name,
        new=new,
        session=cookies.get(SESSION, ""),
        said=_said(cookies.get(SAID, "")),
    )  # fmt: skip
    request.state.visit = visit
    return visit


def remember(request: Request, response: Response, visit: Visit) -> None:
    """Have the browser keep its name, and forget what it has been told."""
    if visit.new:
        set_cookie(request, response, VISIT, visit.name, lax=True)
    if SAID in request.cookies:
        response.delete_cookie(SAID, path="/")


def set_cookie(
    request: Request, response: Response, name: str, value: str, *, seconds: int = _YEAR, lax: bool = False
) -> None:  # fmt: skip
    """Set a cookie that no script reads.

    Args:
        request: Tells whether the browser came by https.
        response: Where it is set.
        name: Its name.
        value: Its value.
        seconds: For how long it is kept.
        lax: Whether it is also sent when somebody comes by a link from elsewhere.
    """
    response.set_cookie(
        name, value, max_age=seconds, path="/", httponly=True, secure=is_secure(request),
        samesite="lax" if lax else "strict",
    )  # fmt: skip


def is_secure(request: Request) -> bool:
    """Whether the browser came by https, here or to the proxy before us. Who lies harms their own cookies only."""
    told = request.headers.get("x-forwarded-proto", "").partition(",")[0].strip()
    return request.url.scheme == "https" or told == "https"


def own_path(text: str) -> str:
    """A path of these pages to go back to; the start where it is none."""
    plain = text.startswith("/") and text[1:2] not in ("/", "\\") and text.isprintable()
    return text if plain and len(text) <= 2_000 else "/"


def _said(text: str) -> tuple[str, int | None] | None:
    found = _SAID.fullmatch(text)
    if found is None or found[1] not in words():
        return None
    return found[1], None if found[2] is None else int(found[2])
