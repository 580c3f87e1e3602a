"""What a view needs: `Reader`, `Writer` and `Admin` are people who may do it, `Sent` is a form of our own pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from warum_api.guarding.principals import Principal, Scope
from warum_api.guarding.scopes import check_scope
from warum_api.problems import Problem

if TYPE_CHECKING:
    from warum_api.pages.shell import Shell

TOKEN = "token"  # noqa: S105 - the name of a field
TOKEN_HEADER = "X-Form-Token"  # noqa: S105 - the name of a header
_MOST_FIELDS = 5_000


def shell_of(request: Request) -> Shell:
    """The shell of the app that answers."""
    shell: Shell = request.app.state.shell
    return shell


def _needing(scope: Scope) -> Callable[[Request], Awaitable[Principal]]:
    async def allowed(request: Request) -> Principal:
        caller = await shell_of(request).sessions.caller(request)
        request.state.caller = caller
        check_scope(caller, scope)
        return caller

    return allowed


Reader = Annotated[Principal, Depends(_needing("read"))]
Writer = Annotated[Principal, Depends(_needing("write"))]
Admin = Annotated[Principal, Depends(_needing("admin"))]


@dataclass(frozen=True)
class Form:
    """The fields of a form."""

    data: FormData

    def text(self, name: str, most: int = 2_000) -> str:
        """A field without white space around it; empty where it is missing.

        Raises:
            Problem: `invalid_request`, if it is longer than `most` characters.
        """
        found = self.data.get(name)
        text = found.strip() if isinstance(found, str) else ""
        if len(text) > most:
            most_said = f"at most {most} characters"
            raise Problem("invalid_request", f"{name} is too long.", came=text, expected=most_said)
        return text

    def texts(self, name: str) -> list[str]:
        """All fields of a name, such as boxes that are ticked."""
        return [one for one in self.data.getlist(name) if isinstance(one, str)]

    def file(self, name: str) -> UploadFile | None:
        """A file that was chosen; None where none was."""
        found = self.data.get(name)
        return found if isinstance(found, UploadFile) and found.filename else None


async def _sent(request: Request) -> AsyncIterator[Form]:
    async with request.form(max_files=1, max_fields=_MOST_FIELDS) as data:
        form = Form(data)
        shell_of(request).sessions.check(request, form.text(TOKEN))
        yield form


Sent = Annotated[Form, Depends(_sent)]
"""A form, checked to be sent by one of our own pages. Stands behind `Writer` and the like."""


async def _own(request: Request) -> None:
    shell_of(request).sessions.check(request, request.headers.get(TOKEN_HEADER, ""))


OWN_SCRIPT = Depends(_own)
"""For requests of our scripts: the token stands in the header `X-Form-Token`."""
