"""Who is signed in: without keys whoever is on this machine, else who showed a key within the last twelve hours.

The session cookie is signed and holds the id of the key, never the key. Every request asks whether that key still
opens, so that taking it back ends its sessions.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from warum_api.guarding.guard import Guard
from warum_api.guarding.principals import Principal, principal
from warum_api.pages.signing import Signer
from warum_api.pages.visits import SESSION, set_cookie, visit_of
from warum_api.problems import Problem

SECONDS = 12 * 3600
"""For how long somebody stays signed in."""


class Sessions:
    """The sessions of the pages.

    Args:
        signer: Signs them.
        guard: Knows the keys; None where there are none.
    """

    def __init__(self, signer: Signer, guard: Guard | None) -> None:
        self._signer, self._guard = signer, guard

    @property
    def needed(self) -> bool:
        """Whether one has to sign in."""
        return self._guard is not None

    async def caller(self, request: Request) -> Principal:
        """Who sends a request.

        Raises:
            Problem: `no_key`, if nobody is signed in or the key opens no more; `too_many_requests`;
                `not_on_loopback`.
        """
        if self._guard is None:
            return await principal(request)
        named = self._signer.session_of(visit_of(request).session)
        if named is None:
            raise Problem("no_key", "Sign in with a key.")
        try:
            return await self._guard.of_session(request, *named)
        except Problem as problem:
            if problem.code != "wrong_key":
                raise
            raise Problem(
                "no_key", "The key of this session opens no more: sign in again."
            ) from None

    async def sign_in(self, request: Request, key: str, response: Response) -> None:
        """Begin a session.

        Raises:
            Problem: `wrong_key`, `too_many_requests`; `not_found`, where there are no keys.
        """
        if self._guard is None:
            raise Problem("not_found", "Here nobody signs in: there are no keys.")
        found = await self._guard.of_key(request, key)
        told = self._signer.session(found.tenant, found.who, SECONDS)
        set_cookie(request, response, SESSION, told, seconds=SECONDS)

    def sign_out(self, response: Response) -> None:
        """End a session."""
        response.delete_cookie(SESSION, path="/", httponly=True, samesite="strict")

    def token(self, request: Request) -> str:
        """The token of the forms that a request's browser is shown."""
        return self._signer.token(visit_of(request).bound_to)

    def check(self, request: Request, token: str) -> None:
        """Refuse a form that none of our pages sent.

        Raises:
            Problem: `foreign_form`.
        """
        # Told by the browser itself: no page can change it. Old browsers leave it out.
        site = request.headers.get("sec-fetch-site", "same-origin")
        visit = visit_of(request)
        if (visit.new and not visit.session) or site not in ("same-origin", "none"):
            raise _foreign()
        if not self._signer.is_token(token, visit.bound_to):
            raise _foreign()


def _foreign() -> Problem:
    return Problem(
        "foreign_form", "Go back, load the page again, and send the form once more.",
        expected="a form of this service, with cookies allowed",
    )  # fmt: skip
