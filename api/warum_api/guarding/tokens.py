"""Tokens of an OpenID Connect issuer (extra `oidc`): who they are for, and what may be done with them."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from warum.errors import WarumError
from warum_api.guarding.keys import SCOPES
from warum_api.guarding.principals import Principal
from warum_api.settings import is_loopback
from warum_api.storing.rows import checked_name

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384")  # a key pair's: nobody who checks could sign
_MOST_BYTES = 2**20
_LONGEST_TOKEN = 16_384
_SECONDS = 5.0
_LEEWAY = 30  # seconds that clocks may differ


class TokenError(WarumError):
    """A token that opens nothing; the message may be told to the caller."""


class IssuerError(WarumError):
    """The issuer does not answer, or not as it should."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose tokens are taken, and how they are read.

    Attributes:
        url: The issuer, as `iss` has it.
        audience: What `aud` has to hold.
        tenant_claim: The claim that names the tenant.
        scope_claim: The claim with the scopes, a text with spaces or a list.
        scope_begin: What ours begin with there: `warum:read` gives `read`.
        keys_seconds: For how long the issuer's keys are kept.
        again_seconds: After which time they may be asked for again, because a token names an unknown one.
    """

    url: str
    audience: str
    tenant_claim: str = "tenant"
    scope_claim: str = "scope"
    scope_begin: str = "warum:"
    keys_seconds: float = 3_600
    again_seconds: float = 30


class Tokens:
    """Reads the tokens of one issuer; may be used by several threads.

    Args:
        issuer: Whose.

    Raises:
        WarumError: If joserfc is missing, or the issuer is not reached by https.
    """

    def __init__(self, issuer: Issuer) -> None:
        try:
            import joserfc  # noqa: F401 - whether it is there
        except ImportError:
            raise WarumError(
                f"Tokens of {issuer.url!r} need joserfc.",
                hint='Install it with: pip install "warum[api,oidc]"',
            ) from None
        _check_address(issuer.url)
        self.issuer = issuer
        self._lock = threading.Lock()
        self._keys: KeySet | None = None
        self._asked = 0.0

    def principal(self, token: str) -> Principal:
        """Who a token is for. May ask the issuer for its keys: not to be called in an event loop.

        Raises:
            TokenError: If it opens nothing.
            IssuerError: If the issuer's keys cannot be had.
        """
        claims = self._claims(token)
        tenant, subject = claims.get(self.issuer.tenant_claim), str(claims["sub"])
        try:
            tenant = checked_name("tenant", tenant if isinstance(tenant, str) else "")
        except ValueError:
            raise TokenError(
                f"The token names no tenant in its claim {self.issuer.tenant_claim!r}."
            ) from None
        said = claims.get(self.issuer.scope_claim, "")
        listed = said.split() if isinstance(said, str) else said if isinstance(said, list) else []
        scopes = frozenset(s for s in SCOPES if f"{self.issuer.scope_begin}{s}" in listed)
        return Principal(tenant, scopes, who=f"oidc:{subject[:100]}")

    def _claims(self, token: str) -> Mapping[str, Any]:
        from joserfc import jwt
        from joserfc.errors import JoseError

        if len(token) > _LONGEST_TOKEN:
            raise TokenError("The token is too long.")
        try:
            try:
                found = jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
            except JoseError:  # the issuer may have new keys
                if not self._may_ask_again():
                    raise
                found = jwt.decode(token, self._key_set(anew=True), algorithms=ALGORITHMS)
            registry = jwt.JWTClaimsRegistry(
                leeway=_LEEWAY,
                iss={"essential": True, "value": self.issuer.url},
                aud={"essential": True, "value": self.issuer.audience},
                exp={"essential": True},
                sub={"essential": True},
            )
            registry.validate(found.claims)
        except (JoseError, ValueError) as error:
            raise TokenError(f"The token opens nothing ({type(error).__name__}).") from None
        return found.claims

    def _may_ask_again(self) -> bool:
        return time.monotonic() - self._asked > self.issuer.again_seconds

    def _key_set(self, *, anew: bool = False) -> KeySet:
        from joserfc.jwk import KeySet

        with self._lock:
            old = time.monotonic() - self._asked > self.issuer.keys_seconds
            if self._keys is None or old or (anew and self._may_ask_again()):
                self._asked = time.monotonic()
                try:
                    self._keys = KeySet.import_key_set(self._fetch_keys())
                except (OSError, ValueError, KeyError, TypeError) as error:
                    if self._keys is None or isinstance(error, IssuerError):
                        self._asked = 0.0
                        raise IssuerError(
                            f"The keys of {self.issuer.url!r} cannot be had ({type(error).__name__})."
                        ) from None
            return self._keys

    def _fetch_keys(self) -> Any:  # noqa: ANN401 - JSON
        about = _fetch(self.issuer.url.rstrip("/") + "/.well-known/openid-configuration")
        if about["issuer"] != self.issuer.url:
            raise ValueError(f"the issuer calls itself {about['issuer']!r}")
        return _fetch(about["jwks_uri"])


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (
        parts.scheme == "http" and parts.hostname is not None and is_loopback(parts.hostname)
    ):
        raise IssuerError(
            f"The issuer's address is {url!r}, expected one that begins with https://."
        )


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:  # noqa: ANN401 - the library's
        return None


def _fetch(url: str) -> Any:  # noqa: ANN401 - JSON
    _check_address(url)
    opener = urllib.request.build_opener(_NoRedirect)
    with opener.open(url, timeout=_SECONDS) as answer:
        data = answer.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ValueError(f"{url!r} answers with more than {_MOST_BYTES} bytes")
    return json.loads(data)
