"""API keys: made, opened, replaced, taken back.

A key is 256 random bits behind a part that may be seen. It is stored as its SHA-256, because unlike a password
it cannot be guessed, and is shown once: to whoever made it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import get_args

from sqlalchemy import Connection

from warum_api.guarding.principals import Scope
from warum_api.storing import api_keys
from warum_api.storing.api_keys import ApiKey
from warum_api.storing.audit_log import note_event
from warum_api.storing.database import now

SCOPES: tuple[Scope, ...] = get_args(Scope)
BEGIN = "warum_"
OVERLAP = timedelta(days=7)
_SEEN = len(BEGIN) + 12
_LENGTH = _SEEN + 1 + 43
_NO_DIGEST = "0" * 64


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key at the only time at which it is known.

    Attributes:
        text: The key; not shown by `repr`.
        key: What is stored of it.
    """

    text: str = field(repr=False)
    key: ApiKey


def create_key(
    tenant: str,
    connection: Connection,
    *,
    name: str,
    scopes: Collection[str],
    who: str,
    expires_in: timedelta | None = None,
) -> NewKey:
    """Make a key.

    Args:
        tenant: Whose data it opens.
        connection: One that writes.
        name: What it is for.
        scopes: What may be done with it; each is given by itself, `write` does not include `read`.
        who: Who makes it, for the audit log.
        expires_in: After this time it opens nothing; None for never.

    Raises:
        ValueError: If there is no scope, an unknown one, or the time is not in the future.
    """
    made = _new_key(tenant, connection, name, scopes, expires_in)
    note_event(tenant, connection, "key_created", who=who, thing=made.key.id)
    return made


def rotate_key(
    tenant: str,
    connection: Connection,
    key_id: str,
    *,
    who: str,
    overlap: timedelta = OVERLAP,
    expires_in: timedelta | None = None,
) -> NewKey | None:
    """Make a key that takes another's place, with its name and scopes.

    Args:
        tenant: Whose keys they are.
        connection: One that writes.
        key_id: The key to be replaced.
        who: Who does it, for the audit log.
        overlap: For how long the old one goes on to open, at most.
        expires_in: After this time the new one opens nothing; None for never.

    Returns:
        The new key; None if there is no such key that still opens.
    """
    old, at = api_keys.key(tenant, connection, key_id), now(connection)
    if old is None or not old.opens(at):
        return None
    made = _new_key(tenant, connection, old.name, old.scopes, expires_in)
    api_keys.replace_key(tenant, connection, key_id, made.key.id, at + overlap)
    note_event(tenant, connection, "key_rotated", who=who, thing=key_id)
    return made


def revoke_key(tenant: str, connection: Connection, key_id: str, *, who: str) -> bool:
    """Take a key back; whether there was one that was not taken back yet."""
    done = api_keys.revoke_key(tenant, connection, key_id)
    if done:
        note_event(tenant, connection, "key_revoked", who=who, thing=key_id)
    return done


def looks_like_key(text: str) -> bool:
    """Whether a text has the form of a key."""
    return text.startswith(BEGIN) and len(text) == _LENGTH and text.isascii()


def digest_of(text: str) -> str:
    """What is stored of a key."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def open_with(connection: Connection, text: str, at: datetime) -> ApiKey | None:
    """The stored key that a text is, if it still opens; of whatever tenant, because it tells the tenant."""
    if not looks_like_key(text):
        return None
    found = api_keys.key_by_prefix(connection, text[:_SEEN])
    # Compared in constant time, also with no key at all.
    same = compare_digest(_NO_DIGEST if found is None else found.digest, digest_of(text))
    return found if found is not None and same and found.opens(at) else None


def _new_key(
    tenant: str,
    connection: Connection,
    name: str,
    scopes: Collection[str],
    expires_in: timedelta | None,
) -> NewKey:
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        shown = repr(unknown[0]) if unknown else "none"
        raise ValueError(f"the scope is {shown}, expected some of {', '.join(SCOPES)}")
    if expires_in is not None and expires_in <= timedelta(0):
        raise ValueError(f"the key would expire in {expires_in}, expected a time to come")
    text = f"{BEGIN}{secrets.token_hex(6)}_{secrets.token_urlsafe(32)}"
    stored = api_keys.add_key(
        tenant, connection, name=name, prefix=text[:_SEEN], digest=digest_of(text),
        scopes=[scope for scope in SCOPES if scope in scopes],
        expires_at=None if expires_in is None else now(connection) + expires_in,
    )  # fmt: skip
    return NewKey(text, stored)
