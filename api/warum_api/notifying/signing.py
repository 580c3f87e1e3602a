"""Signatures of webhooks, and how a receiver checks them.

Every request carries

    Warum-Signature: t=1767225600,v1=5257a869…,v1=9f86d081…
    Warum-Delivery: dlv_…      (also "id" of the body)
    Warum-Event: alert.raised  (also "type" of the body)

`t` is the time of this attempt in Unix seconds. Each `v1` is the HMAC-SHA256 of `t`, a full stop and the body
as received, in hex, with the subscription's secret (the whole text, `whsec_` included) as the key. While a
secret is being exchanged there are two, one with each secret: a request is good if any of them is.

A receiver that is safe against replays does three things: it checks the signature, it refuses a `t` that is
more than five minutes away, and it remembers the `id` of the body for longer than a day (an attempt is
repeated for a day, with a new `t` and the same `id`) and answers a repeated one with 200 without acting:

    import hashlib, hmac, json, time

    def handle(headers, body, secret, seen):
        fields = [part.partition("=") for part in headers["Warum-Signature"].split(",")]
        sent = next(value for name, _, value in fields if name == "t")
        right = hmac.new(secret.encode(), sent.encode() + b"." + body, hashlib.sha256).hexdigest()
        if not any(name == "v1" and hmac.compare_digest(value, right) for name, _, value in fields):
            return 401
        if abs(time.time() - int(sent)) > 300:
            return 401
        event = json.loads(body)
        if event["id"] not in seen:
            seen.add(event["id"])
            ...  # act on event["type"] and event["data"]
        return 200
"""

from __future__ import annotations

import hashlib
import hmac
import secrets as randomness
from collections.abc import Sequence

SIGNATURE_HEADER = "Warum-Signature"
DELIVERY_HEADER = "Warum-Delivery"
EVENT_HEADER = "Warum-Event"
TOLERANCE_SECONDS = 300
"""How far from now the time of a signature may lie."""

_PREFIX = "whsec_"


class BadSignature(ValueError):  # noqa: N818 - says what it is
    """A signature that is missing, wrong or of another time; the message says which."""


def new_secret() -> str:
    """A secret of 256 random bits."""
    return _PREFIX + randomness.token_urlsafe(32)


def sign(body: bytes, secrets: Sequence[str], timestamp: int) -> str:
    """The value of `Warum-Signature`.

    Args:
        body: The body as it is sent.
        secrets: The secrets in force, the newest first; at least one.
        timestamp: Now, in Unix seconds.

    Raises:
        ValueError: If there is no secret.
    """
    if not secrets:
        raise ValueError("there is no secret to sign with, expected at least one")
    signatures = (f"v1={_signature(body, secret, str(timestamp))}" for secret in secrets)
    return ",".join((f"t={timestamp}", *signatures))


def verify(
    header: str | None,
    body: bytes,
    secrets: Sequence[str],
    *,
    now: float,
    tolerance: float = TOLERANCE_SECONDS,
) -> None:
    """Check a signature, as a receiver does.

    Args:
        header: The value of `Warum-Signature`.
        body: The body as it came.
        secrets: Secrets that are known; one of them must have signed.
        now: The time in Unix seconds.
        tolerance: How many seconds the signature may lie away from now.

    Raises:
        BadSignature: If it does not hold.
    """
    fields = [part.strip().partition("=") for part in (header or "").split(",")]
    times = [value for name, _, value in fields if name == "t"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit()) or len(times[0]) > 12:
        raise BadSignature(f"{SIGNATURE_HEADER} is {header!r}, expected t=<seconds>,v1=<hex>")
    came = [value for name, _, value in fields if name == "v1"]
    right = [_signature(body, secret, times[0]) for secret in secrets]
    # All are compared, so that the time taken does not say which secret was nearly right.
    matches = [hmac.compare_digest(a.encode(), b.encode()) for a in came[:8] for b in right]
    if not any(matches):
        raise BadSignature("no signature was made with a known secret, or the body was changed")
    if abs(now - int(times[0])) > tolerance:
        raise BadSignature(
            f"the signature is of {times[0]}, expected within {tolerance:.0f} s of {now:.0f}"
        )


def _signature(body: bytes, secret: str, timestamp: str) -> str:
    return hmac.new(
        secret.encode("utf-8"), timestamp.encode("ascii") + b"." + body, hashlib.sha256
    ).hexdigest()
