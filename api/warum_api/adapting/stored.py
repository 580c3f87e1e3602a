"""Adapters in the database: found for the tools that call, and managed by their tenants."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from anyio.to_thread import run_sync
from pydantic import ValidationError

from warum.errors import ModelError, UsageError
from warum.taxonomy import SHIPPED, taxonomy_of
from warum_api.adapting.adapters import Adapter, Tool
from warum_api.adapting.mapping import JsonMapping
from warum_api.adapting.rules import rule_of, shipped_rule
from warum_api.problems import Problem
from warum_api.storing import adapters as rows
from warum_api.storing.adapters import StoredAdapter
from warum_api.storing.audit_log import note_event
from warum_api.storing.database import Database, now

MOST_ADAPTERS = 50
"""Adapters of a tenant."""


@dataclass(frozen=True, slots=True)
class WantedAdapter:
    """An adapter as it is asked for; see `Adapter`."""

    name: str
    tool: Tool
    secret: str | None = None
    rule: Mapping[str, Any] | None = None
    taxonomy: str | Mapping[str, Any] | None = None
    mapping: Mapping[str, Any] | None = None
    language: str | None = None


class StoredAdapters:
    """The adapters of all tenants; see `Adapters`.

    Args:
        database: Where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, adapter_id: str) -> Adapter | None:
        """See `Adapters`."""

        def find() -> Adapter | None:
            with self._database.reading() as connection:
                found = rows.find_adapter(connection, adapter_id)
            return None if found is None else _adapter(found)

        return await run_sync(find)

    async def connect(self, tenant: str, wanted: WantedAdapter, *, who: str) -> StoredAdapter:
        """Connect a tool.

        Args:
            tenant: Whose.
            wanted: How. A shared secret is made where none is given; Zendesk shows its own.
            who: For the audit log.

        Raises:
            Problem: `invalid_request` or `broken_taxonomy`, if it cannot be used; `unknown_taxonomy`.
        """
        if wanted.tool == "zendesk" and not wanted.secret:
            raise _invalid("Give the signing secret that Zendesk shows.", "nothing", "secret")
        if (wanted.tool == "json") != (wanted.mapping is not None):
            raise _mismatched(wanted)
        _check_taxonomy(wanted.taxonomy)
        made = StoredAdapter(
            tenant, f"adp_{secrets.token_hex(16)}", wanted.name, wanted.tool,
            (wanted.secret or secrets.token_urlsafe(32),), wanted.rule, wanted.taxonomy,
            wanted.mapping, wanted.language, created_at=await run_sync(self._now),
        )  # fmt: skip
        try:
            _adapter(made)
        except (UsageError, ValidationError, ValueError) as error:
            raise _invalid(str(error), None, "a rule and a mapping that can be used") from None

        def connect() -> None:
            with self._database.writing() as connection:
                if len(rows.list_adapters(tenant, connection)) >= MOST_ADAPTERS:
                    raise _invalid("Remove an adapter.", f"{MOST_ADAPTERS + 1}", f"{MOST_ADAPTERS}")
                rows.add_adapter(tenant, connection, made)
                note_event(tenant, connection, "adapter_created", who=who, thing=made.id)

        await run_sync(connect)
        return made

    async def all(self, tenant: str) -> tuple[StoredAdapter, ...]:
        """A tenant's adapters, oldest first."""

        def found() -> tuple[StoredAdapter, ...]:
            with self._database.reading() as connection:
                return rows.list_adapters(tenant, connection)

        return await run_sync(found)

    async def rotate(self, tenant: str, adapter_id: str, secret: str | None) -> StoredAdapter:
        """Give it a new secret; the one before is taken too until the next exchange.

        Raises:
            Problem: `not_found`.
        """

        def rotate() -> StoredAdapter:
            with self._database.writing() as connection:
                found = rows.adapter(tenant, connection, adapter_id)
                if found is None:
                    raise _missing(adapter_id)
                both = (secret or secrets.token_urlsafe(32), found.secrets[0])
                rows.set_adapter_secrets(tenant, connection, adapter_id, both)
                return replace(found, secrets=both)

        return await run_sync(rotate)

    async def remove(self, tenant: str, adapter_id: str, *, who: str) -> None:
        """Disconnect a tool.

        Raises:
            Problem: `not_found`.
        """

        def remove() -> None:
            with self._database.writing() as connection:
                if not rows.delete_adapter(tenant, connection, adapter_id):
                    raise _missing(adapter_id)
                note_event(tenant, connection, "adapter_deleted", who=who, thing=adapter_id)

        await run_sync(remove)

    def _now(self) -> Any:  # noqa: ANN401 - a datetime
        with self._database.reading() as connection:
            return now(connection)


def _adapter(row: StoredAdapter) -> Adapter:
    return Adapter(
        row.id,
        row.tenant,
        cast("Tool", row.tool),
        row.secrets,
        shipped_rule() if row.rule is None else rule_of(row.rule, origin="rule"),
        row.taxonomy,
        None if row.mapping is None else JsonMapping.model_validate(row.mapping),
        row.language,
    )


def _check_taxonomy(taxonomy: str | Mapping[str, Any] | None) -> None:
    if isinstance(taxonomy, str) and taxonomy not in SHIPPED:
        expected = f"one of: {', '.join(SHIPPED)}"
        detail = "Name a built-in taxonomy, or send one as an object."
        raise Problem("unknown_taxonomy", detail, came=taxonomy, expected=expected)
    if isinstance(taxonomy, Mapping):
        try:
            taxonomy_of({"name": "inline", **taxonomy}, origin="taxonomy")
        except ModelError as error:
            raise Problem("broken_taxonomy", str(error)) from None


def _invalid(detail: str, came: str | None, expected: str) -> Problem:
    return Problem("invalid_request", detail, came=came, expected=expected)


def _mismatched(wanted: WantedAdapter) -> Problem:
    if wanted.mapping is None:
        return _invalid(
            "The tool 'json' needs a mapping: where in it the text stands.",
            "no mapping",
            'such as {"fields": {"text": "$.body"}}',
        )
    return _invalid(
        f"The tool {wanted.tool!r} has a form of its own: leave the mapping out.",
        "a mapping",
        "a mapping with the tool 'json' only",
    )


def _missing(adapter_id: str) -> Problem:
    return Problem("not_found", "There is no such adapter.", came=adapter_id)
