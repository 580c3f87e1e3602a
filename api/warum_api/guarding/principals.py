"""Who calls: what every route asks for before it does anything.

Where there are keys, `app.state.guard` tells. Without keys there is one principal, this machine, and two doors
are shut: addresses of other machines, and names that are not this machine's (a page from elsewhere whose name
was made to point here, "DNS rebinding").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, Request

from warum_api.problems import Problem
from warum_api.settings import is_loopback

Scope = Literal["read", "write", "admin"]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls, and what they may do.

    Attributes:
        tenant: Whose data they see.
        scopes: What they may do with them.
        who: Names them in the audit log: the id of a key, the subject of a token.
    """

    tenant: str
    scopes: frozenset[Scope]
    who: str = "local"


LOCAL = Principal("local", frozenset({"read", "write", "admin"}))
"""Whoever is on this machine, where there are no keys."""


async def principal(request: Request) -> Principal:
    """The dependency of every route that is not open to all.

    Raises:
        Problem: `not_on_loopback`, if there are no keys and the caller or the name it calls is not this
            machine; else what `guard.Guard` raises.
    """
    guard = getattr(request.app.state, "guard", None)
    if guard is not None:
        found: Principal = await guard(request)
        return found
    client = request.client
    if client is not None and not is_loopback(client.host):
        raise Problem(
            "not_on_loopback",
            "Call from the machine that the service runs on.",
            came=client.host,
            expected="a loopback address",
        )
    name = host_name(request.headers.get("host", ""))
    if not is_loopback(name):
        raise Problem(
            "not_on_loopback",
            "Call the service by localhost or its loopback address.",
            came=name,
            expected="localhost, 127.0.0.1 or [::1] as Host",
        )
    return LOCAL


Caller = Annotated[Principal, Depends(principal)]


def host_name(header: str) -> str:
    """The name in a `Host` header, without its port."""
    if header.startswith("["):
        return header.partition("]")[0] + "]"
    return header.partition(":")[0]
