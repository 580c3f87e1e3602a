"""Tokens of a real issuer on loopback: discovery, keys, and everything that can be wrong with a token."""

from __future__ import annotations

import base64
import hmac
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

pytest.importorskip("joserfc", reason="needs warum[oidc]: joserfc missing")

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from tests.warum_api.guarding.test_guard import _asking
from warum.errors import WarumError
from warum_api.guarding.guard import Guard
from warum_api.guarding.tokens import Issuer, IssuerError, TokenError, Tokens
from warum_api.storing.database import Database


class LocalIssuer:
    """An issuer that signs what it is told to."""

    def __init__(self) -> None:
        self.keys = [ECKey.generate_key("P-256", {"kid": "one"}, private=True)]
        self.asked = 0
        self.answers = True
        self.name: str | None = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked += 1
                pages = {
                    "/.well-known/openid-configuration": {
                        "issuer": outer.name or outer.url, "jwks_uri": f"{outer.url}/keys",
                    },
                    "/keys": KeySet(list(outer.keys)).as_dict(private=False),
                }  # fmt: skip
                page = pages.get(self.path) if outer.answers else None
                self.send_response(200 if page else 500)
                self.end_headers()
                self.wfile.write(json.dumps(page).encode())

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def token(self, key: Any = None, alg: str = "ES256", **claims: Any) -> str:
        key = key or self.keys[-1]
        said = {
            "iss": self.url, "aud": "warum", "sub": "kim", "exp": int(time.time()) + 60,
            "tenant": "acme", "scope": "openid warum:read warum:write", **claims,
        }  # fmt: skip
        said = {name: value for name, value in said.items() if value is not None}
        return jwt.encode({"alg": alg, "kid": key.kid}, said, key, algorithms=[alg])


@pytest.fixture
def issuer() -> Iterator[LocalIssuer]:
    made = LocalIssuer()
    yield made
    made.close()


@pytest.fixture
def tokens(issuer: LocalIssuer) -> Tokens:
    return Tokens(Issuer(issuer.url, "warum", again_seconds=0))


def test_a_token_tells_tenant_scopes_and_subject(issuer: LocalIssuer, tokens: Tokens) -> None:
    found = tokens.principal(issuer.token())
    assert (found.tenant, found.who) == ("acme", "oidc:kim")
    assert found.scopes == {"read", "write"}
    assert tokens.principal(issuer.token(scope=["warum:admin"])).scopes == {"admin"}
    assert tokens.principal(issuer.token(scope=None)).scopes == frozenset()
    assert tokens.principal(issuer.token(aud=["other", "warum"])).tenant == "acme"
    assert issuer.asked == 2  # once for all of them


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"}, {"iss": None}, {"aud": "other"}, {"aud": None},
        {"exp": int(time.time()) - 3_600}, {"exp": None}, {"sub": None}, {"sub": 7},
        {"nbf": int(time.time()) + 3_600}, {"tenant": None}, {"tenant": "../a"}, {"tenant": ["a"]},
        {"exp": "soon"},
    ],
)  # fmt: skip
def test_claims_that_open_nothing(
    issuer: LocalIssuer, tokens: Tokens, claims: dict[str, Any]
) -> None:
    with pytest.raises(TokenError):
        tokens.principal(issuer.token(**claims))


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_signatures_that_open_nothing(issuer: LocalIssuer, tokens: Tokens) -> None:
    foreign = ECKey.generate_key("P-256", {"kid": "one"}, private=True)
    good = issuer.token()
    head, body, signature = good.split(".")
    none = _base64(b'{"alg":"none"}')
    # The public key as a shared secret: nobody but the issuer may sign.
    begun = "{}.{}".format(_base64(b'{"alg":"HS256","kid":"one"}'), body)
    public = issuer.keys[0].as_pem(private=False)
    shared = f"{begun}.{_base64(hmac.digest(public, begun.encode(), 'sha256'))}"
    for token in (
        issuer.token(foreign), f"{none}.{body}.", f"{none}.{body}.{signature}", shared,
        f"{head}.{body}.", f"{head}.{body}", "", "...", "x" * 20_000, good[:-4] + "AAAA",
    ):  # fmt: skip
        with pytest.raises(TokenError):
            tokens.principal(token)
    assert tokens.principal(good).tenant == "acme"


def test_new_keys_are_learned_and_old_ones_forgotten(issuer: LocalIssuer, tokens: Tokens) -> None:
    old = issuer.token()
    assert tokens.principal(old).tenant == "acme"
    issuer.keys = [RSAKey.generate_key(2048, {"kid": "two"}, private=True)]
    assert tokens.principal(issuer.token(alg="RS256")).tenant == "acme"
    with pytest.raises(TokenError):
        tokens.principal(old)


def test_unknown_keys_do_not_make_it_ask_again_and_again(issuer: LocalIssuer) -> None:
    tokens = Tokens(Issuer(issuer.url, "warum"))
    tokens.principal(issuer.token())
    foreign = ECKey.generate_key("P-256", {"kid": "x"}, private=True)
    for _ in range(5):
        with pytest.raises(TokenError):
            tokens.principal(issuer.token(foreign))
    assert issuer.asked == 2


def test_an_issuer_that_is_silent_or_another(issuer: LocalIssuer, tokens: Tokens) -> None:
    issuer.name = "https://other.example"
    with pytest.raises(IssuerError):
        tokens.principal(issuer.token())
    issuer.name, issuer.answers = None, False
    with pytest.raises(IssuerError):
        tokens.principal(issuer.token())
    issuer.answers = True
    good = issuer.token()
    assert tokens.principal(good).tenant == "acme"
    issuer.answers = False
    assert tokens.principal(good).tenant == "acme"  # with the keys that it had


@pytest.mark.parametrize("url", ["http://issuer.example", "ftp://x", "file:///etc/passwd", "x"])
def test_an_issuer_is_asked_by_https_only(url: str) -> None:
    with pytest.raises(WarumError, match="https"):
        Tokens(Issuer(url, "warum"))


def test_tokens_open_the_service_beside_keys(
    database: Database, issuer: LocalIssuer, tokens: Tokens
) -> None:
    ask = _asking(Guard(database, tokens=tokens))
    assert ask(key=issuer.token()).json() == {"tenant": "acme", "who": "oidc:kim"}
    assert ask("/write", issuer.token()).status_code == 200
    assert ask("/admin", issuer.token()).status_code == 403
    answer = ask(key=issuer.token(aud="other"))
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_key")
    silent = _asking(Guard(database, tokens=Tokens(Issuer(issuer.url, "warum"))))
    issuer.answers = False
    answer = silent(key=issuer.token())
    assert (answer.status_code, answer.json()["code"]) == (503, "issuer_silent")
