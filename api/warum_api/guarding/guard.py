"""Who calls where there are keys: the key or token of a request, its tenant, and how often it may come."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anyio.to_thread import run_sync
from starlette.requests import Request

from warum_api.guarding.keys import SCOPES, digest_of, looks_like_key, open_with
from warum_api.guarding.principals import Principal
from warum_api.guarding.rates import Rates, allow
from warum_api.problems import Problem
from warum_api.settings import Settings
from warum_api.storing import api_keys
from warum_api.storing.api_keys import ApiKey
from warum_api.storing.database import Database, now
from warum_api.storing.tenants import ensure_tenant

if TYPE_CHECKING:
    from warum_api.guarding.tokens import Tokens

_MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How often may be called.

    Attributes:
        requests: By a key or token, such as `600/minute`.
        failures: From an address with keys that open nothing.
        workers: Processes that share both.
    """

    requests: str = "600/minute"
    failures: str = "30/minute"
    workers: int = 1


class Guard:
    """Finds out who calls; `app.state.guard`, asked by `principals.principal`.

    A key that opened is remembered for some seconds, so that not every request asks the database: for so long a
    revoked one may still open.

    Args:
        database: Where the keys are.
        limits: How often may be called.
        tokens: Reads tokens of an issuer; None where only keys are taken.
        remember_seconds: For how long a key is remembered.
    """

    def __init__(
        self,
        database: Database,
        limits: Limits | None = None,
        tokens: Tokens | None = None,
        remember_seconds: float = 5.0,
    ) -> None:
        limits = limits or Limits()
        self._database, self._tokens = database, tokens
        self._requests = Rates(limits.requests, limits.workers)
        self._failures = Rates(limits.failures, limits.workers)
        self._seconds = remember_seconds
        self._known: dict[str, tuple[Principal, float]] = {}

    async def __call__(self, request: Request) -> Principal:
        """Who sends a request.

        Raises:
            Problem: `no_key`, `wrong_key`, `too_many_requests`, or `issuer_silent`.
        """
        text = _sent(request)
        digest = digest_of(text)
        found, until = self._known.get(digest, (None, 0.0))
        if found is None or time.monotonic() >= until:
            found = await self._open(request, text)
            self._remember(digest, found)
        allow(request.state, self._requests.spend(f"{found.tenant}/{found.who}"))
        return found

    async def of_key(self, request: Request, text: str) -> Principal:
        """Whose key a text is, for somebody who signs in with it.

        Raises:
            Problem: `wrong_key` or `too_many_requests`.
        """
        return await self._open(request, text, tokens=False)

    async def of_session(self, request: Request, tenant: str, key_id: str) -> Principal:
        """Who signed in with a key, as long as it opens.

        Raises:
            Problem: `wrong_key` or `too_many_requests`.
        """
        found = await run_sync(self._of_id, tenant, key_id)
        allow(request.state, self._requests.spend(f"{found.tenant}/{found.who}"))
        return found

    async def _open(self, request: Request, text: str, *, tokens: bool = True) -> Principal:
        address = request.client.host if request.client else ""
        failures = self._failures.look(address)
        if not failures.allowed:
            raise failures.refuse()
        try:
            token = tokens and not looks_like_key(text)
            return await run_sync(self._of_token if token else self._of_key, text)
        except Problem as problem:
            if problem.code == "wrong_key":
                self._failures.spend(address)
            raise

    def _of_key(self, text: str) -> Principal:
        with self._database.reading() as connection:
            found = open_with(connection, text, now(connection))
        if found is None:
            raise _wrong("The key is unknown, expired or taken back.")
        with self._database.writing() as connection:
            api_keys.note_use(found.tenant, connection, found.id)
        return _principal(found)

    def _of_id(self, tenant: str, key_id: str) -> Principal:
        with self._database.reading() as connection:
            found = api_keys.key(tenant, connection, key_id)
            if found is None or not found.opens(now(connection)):
                raise _wrong("The key is unknown, expired or taken back.")
        return _principal(found)

    def _of_token(self, text: str) -> Principal:
        if self._tokens is None:
            raise _wrong("This is no key of this service.")
        from warum_api.guarding.tokens import IssuerError, TokenError

        try:
            found = self._tokens.principal(text)
        except TokenError as error:
            raise _wrong(error.message) from None
        except IssuerError as error:
            raise Problem("issuer_silent", error.message, headers={"Retry-After": "5"}) from None
        with self._database.writing() as connection:
            ensure_tenant(found.tenant, connection)
        return found

    def _remember(self, digest: str, found: Principal) -> None:
        at = time.monotonic()
        if len(self._known) >= _MOST_REMEMBERED:
            self._known = {d: pair for d, pair in self._known.items() if pair[1] > at}
        if len(self._known) < _MOST_REMEMBERED:
            self._known[digest] = (found, at + self._seconds)


def guard_of(settings: Settings, database: Database) -> Guard | None:
    """The guard that the settings ask for; None where there are no keys.

    Raises:
        WarumError: If tokens are to be taken and joserfc is missing.
    """
    if settings.auth == "off":
        return None
    tokens = None
    if settings.oidc_issuer is not None:
        from warum_api.guarding.tokens import Issuer, Tokens

        issuer = Issuer(
            settings.oidc_issuer, settings.oidc_audience, tenant_claim=settings.oidc_tenant_claim
        )
        tokens = Tokens(issuer)
    return Guard(database, Limits(settings.rate_limit, workers=settings.workers), tokens)


def _principal(key: ApiKey) -> Principal:
    scopes = frozenset(scope for scope in SCOPES if scope in key.scopes)
    return Principal(key.tenant, scopes, who=key.id)


def _sent(request: Request) -> str:
    """The key or token of a request.

    Raises:
        Problem: `no_key`, if there is none.
    """
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return value.strip()
    key = request.headers.get("x-api-key", "").strip()
    if key:
        return key
    raise Problem(
        "no_key",
        "Send a key; `warum keys create` makes one.",
        expected="Authorization: Bearer warum_…",
        headers={"WWW-Authenticate": "Bearer"},
    )


def _wrong(detail: str) -> Problem:
    return Problem(
        "wrong_key", detail, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}
    )
