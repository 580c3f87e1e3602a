"""Keys: shown once, stored as digests, opened, replaced, taken back."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from warum_api.guarding.keys import (
    BEGIN,
    create_key,
    digest_of,
    looks_like_key,
    open_with,
    revoke_key,
    rotate_key,
)
from warum_api.storing import api_keys, tables
from warum_api.storing.audit_log import list_events
from warum_api.storing.database import Database, now
from warum_api.storing.tenants import ensure_tenant


def _create(connection: Connection, tenant: str = "a", **more: Any) -> Any:
    ensure_tenant(tenant, connection)
    given = {"name": "desk", "scopes": ["write", "read"], "who": "cli", **more}
    return create_key(tenant, connection, **given)


def test_a_key_is_shown_once_and_stored_as_its_digest(database: Database) -> None:
    with database.writing() as connection:
        made = _create(connection)
        row = connection.execute(select(tables.api_keys)).one()
    assert made.text.startswith(BEGIN)
    assert looks_like_key(made.text)
    secret = made.text.rpartition("_")[2] if made.text.count("_") == 2 else made.text[19:]
    assert len(made.text) - len(made.key.prefix) == 1 + 43  # 256 bits in base64url
    assert made.text not in repr(row)
    assert secret not in repr(row)
    assert made.text not in repr(made)
    assert row.digest == hashlib.sha256(made.text.encode()).hexdigest() == digest_of(made.text)
    assert made.text.startswith(row.prefix)
    assert made.key.scopes == ("read", "write")


def test_only_the_very_key_opens(database: Database) -> None:
    with database.writing() as connection:
        made, other = _create(connection), _create(connection, "b")
        at = now(connection)
        found = open_with(connection, made.text, at)
        assert found is not None
        assert (found.tenant, found.id) == ("a", made.key.id)
        swapped = other.key.prefix + made.text[len(made.key.prefix) :]
        last = "A" if made.text[-1] != "A" else "B"
        for text in (
            "", "x", made.text[:-1], made.text + "x", made.text[:-1] + last, made.text.upper(),
            swapped, made.key.prefix, made.key.digest, "ä" * len(made.text), f" {made.text}",
        ):  # fmt: skip
            assert open_with(connection, text, at) is None


def test_keys_expire_and_are_taken_back(database: Database) -> None:
    with database.writing() as connection:
        made = _create(connection, expires_in=timedelta(days=1))
        at = now(connection)
        assert open_with(connection, made.text, at) is not None
        assert open_with(connection, made.text, at + timedelta(days=1, minutes=1)) is None
        assert revoke_key("a", connection, made.key.id, who="cli")
        assert not revoke_key("a", connection, made.key.id, who="cli")
        assert open_with(connection, made.text, at) is None
        assert rotate_key("a", connection, made.key.id, who="cli") is None


def test_rotation_lets_both_open_for_a_while(database: Database) -> None:
    with database.writing() as connection:
        old = _create(connection)
        new = rotate_key("a", connection, old.key.id, who="key_9", overlap=timedelta(days=2))
        assert new is not None
        assert (new.key.name, new.key.scopes) == (old.key.name, old.key.scopes)
        at = now(connection)
        assert open_with(connection, old.text, at) is not None
        assert open_with(connection, new.text, at) is not None
        late = at + timedelta(days=2, minutes=1)
        assert open_with(connection, old.text, late) is None
        assert open_with(connection, new.text, late) is not None
        stored = api_keys.key("a", connection, old.key.id)
        assert stored is not None
        assert stored.replaced_by == new.key.id


def test_rotation_never_prolongs_a_key(database: Database) -> None:
    with database.writing() as connection:
        old = _create(connection, expires_in=timedelta(hours=1))
        assert rotate_key("a", connection, old.key.id, who="cli") is not None
        stored = api_keys.key("a", connection, old.key.id)
        assert stored is not None
        assert stored.expires_at == old.key.expires_at


def test_another_tenants_key_is_not_touched(database: Database) -> None:
    with database.writing() as connection:
        made = _create(connection)
        ensure_tenant("b", connection)
        assert rotate_key("b", connection, made.key.id, who="x") is None
        assert not revoke_key("b", connection, made.key.id, who="x")
        assert api_keys.keys("b", connection) == ()
        assert open_with(connection, made.text, now(connection)) is not None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"scopes": []}, "scope is none"),
        ({"scopes": ["root"]}, "scope is 'root'"),
        ({"expires_in": timedelta(0)}, "time to come"),
    ],
)
def test_keys_that_cannot_be_meant(database: Database, more: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said), database.writing() as connection:
        _create(connection, **more)


def test_the_audit_log_tells_of_keys_and_never_the_key(database: Database) -> None:
    with database.writing() as connection:
        made = _create(connection)
        new = rotate_key("a", connection, made.key.id, who="key_1")
        assert new is not None
        revoke_key("a", connection, new.key.id, who="key_2")
        events = list_events("a", connection)
    assert [(e.action, e.who, e.thing) for e in reversed(events)] == [
        ("key_created", "cli", made.key.id),
        ("key_rotated", "key_1", made.key.id),
        ("key_revoked", "key_2", new.key.id),
    ]
    assert made.text not in repr(events)


def test_use_is_noted_now_and_then(database: Database) -> None:
    with database.writing() as connection:
        made = _create(connection)
        assert made.key.used_at is None
        for _ in range(2):
            api_keys.note_use("a", connection, made.key.id)
        first = api_keys.key("a", connection, made.key.id)
        assert first is not None
        assert first.used_at is not None
