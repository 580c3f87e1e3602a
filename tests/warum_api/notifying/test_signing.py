from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warum_api.notifying import signing
from warum_api.notifying.signing import BadSignature, new_secret, sign, verify

BODY = b'{"id":"dlv_1","type":"alert.raised"}'


def test_a_signature_is_that_of_openssl() -> None:
    # printf '1767225600.{}' | openssl dgst -sha256 -hmac whsec_test
    assert sign(b"{}", ["whsec_test"], 1767225600).startswith("t=1767225600,v1=")
    import hashlib
    import hmac

    digest = hmac.new(b"whsec_test", b"1767225600.{}", hashlib.sha256).hexdigest()
    assert sign(b"{}", ["whsec_test"], 1767225600) == f"t=1767225600,v1={digest}"


@given(body=st.binary(max_size=200), at=st.integers(0, 2**33))
def test_what_is_signed_is_verified(body: bytes, at: int) -> None:
    verify(sign(body, ["one"], at), body, ["one"], now=at + 299)


def test_either_secret_does_while_one_is_exchanged() -> None:
    header = sign(BODY, ["new", "old"], 1_000)
    assert header.count("v1=") == 2
    verify(header, BODY, ["old"], now=1_000)
    verify(header, BODY, ["new"], now=1_000)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (None, "expected t="),
        ("", "expected t="),
        ("v1=00", "expected t="),
        ("t=1,t=2,v1=00", "expected t="),
        ("t=١٢٣,v1=00", "expected t="),
        ("t=99999999999999999999,v1=00", "expected t="),
        ("t=1000", "no signature"),
        ("t=1000,v1=00", "no signature"),
        ("t=1000,v1=é", "no signature"),
        (sign(BODY, ["another"], 1_000), "no signature"),
        (sign(BODY + b" ", ["one"], 1_000), "no signature"),
        (sign(BODY, ["one"], 1_000).replace("t=1000", "t=1001"), "no signature"),
        (sign(BODY, ["one"], 699), "the signature is of 699"),
        (sign(BODY, ["one"], 1_301), "the signature is of 1301"),
    ],
)
def test_what_does_not_hold_is_refused(header: str | None, said: str) -> None:
    with pytest.raises(BadSignature, match=said):
        verify(header, BODY, ["one"], now=1_000)


def test_secrets_are_long_and_differ() -> None:
    made = {new_secret() for _ in range(50)}
    assert len(made) == 50
    assert all(len(secret) >= 43 for secret in made)
    with pytest.raises(ValueError, match="no secret"):
        sign(BODY, [], 1)


def test_the_receiver_of_the_documentation_works() -> None:
    assert signing.__doc__ is not None
    code = signing.__doc__[signing.__doc__.index("    import hashlib") :]
    scope: dict[str, object] = {}
    exec("\n".join(line[4:] for line in code.splitlines()), scope)
    handle = scope["handle"]
    assert callable(handle)
    seen: set[str] = set()
    now = int(time.time())
    header = {"Warum-Signature": sign(BODY, ["new", "old"], now)}
    assert handle(header, BODY, "old", seen) == 200
    assert seen == {json.loads(BODY)["id"]}
    assert handle(header, BODY, "old", seen) == 200  # a repeated delivery: taken, not acted on
    assert handle(header, BODY + b" ", "old", seen) == 401
    assert handle({"Warum-Signature": sign(BODY, ["old"], now - 900)}, BODY, "old", seen) == 401
