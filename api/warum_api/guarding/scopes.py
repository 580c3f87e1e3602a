"""What a route needs: `Reader`, `Writer` and `Admin` are callers who may do it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends

from warum_api.guarding.principals import Caller, Principal, Scope
from warum_api.problems import Problem


def needing(scope: Scope) -> Callable[[Principal], Awaitable[Principal]]:
    """The dependency of a route that needs a scope."""

    async def allowed(caller: Caller) -> Principal:
        check_scope(caller, scope)
        return caller

    return allowed


def check_scope(caller: Principal, scope: Scope) -> None:
    """Refuse a caller who may not do something.

    Raises:
        Problem: `missing_scope`.
    """
    if scope not in caller.scopes:
        raise Problem(
            "missing_scope",
            f"Use a key with the scope {scope!r}.",
            came=", ".join(sorted(caller.scopes)) or "no scope",
            expected=scope,
        )


Reader = Annotated[Principal, Depends(needing("read"))]
Writer = Annotated[Principal, Depends(needing("write"))]
Admin = Annotated[Principal, Depends(needing("admin"))]
