"""The tables, as they are today; `migrations/` holds how they came to be.

Every table of a tenant's has the tenant in its key, and every reference to a project holds it too: the
database itself refuses a row of one tenant that points to another's.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB


class Moment(TypeDecorator[datetime]):
    """A point in time, always with its zone; SQLite keeps it in UTC without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What is stored.

        Raises:
            ValueError: If the zone is missing.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone, expected one, such as UTC")
        here = value.astimezone(UTC)
        return here.replace(tzinfo=None) if dialect.name == "sqlite" else here

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """What comes back, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)
ID = String(64)
SEQ = BigInteger().with_variant(Integer, "sqlite")  # only an INTEGER counts by itself in SQLite
DATA = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def _of_tenant() -> Column[Any]:
    return Column("tenant", ID, ForeignKey("tenants.id", ondelete="CASCADE"), nullable=False)


def _of_project(*, or_none: bool = False) -> tuple[Column[Any], Column[Any], ForeignKeyConstraint]:
    """Tenant and project, which must be a project of that tenant (or none at all)."""
    return (
        # without a project the reference to one is not looked at
        _of_tenant() if or_none else Column("tenant", ID, nullable=False),
        Column("project", ID, nullable=or_none),
        ForeignKeyConstraint(
            ("tenant", "project"), ("projects.tenant", "projects.id"), ondelete="CASCADE"
        ),
    )


def _at(name: str, *, or_none: bool = False) -> Column[Any]:
    return Column(name, Moment, nullable=or_none)


tenants = Table(
    "tenants", metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False),
    _at("created_at"),
)  # fmt: skip

api_keys = Table(
    "api_keys", metadata,
    _of_tenant(),
    Column("id", ID, nullable=False),
    Column("name", Text, nullable=False),
    Column("prefix", ID, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("scopes", DATA, nullable=False),
    _at("created_at"),
    _at("expires_at", or_none=True),
    _at("revoked_at", or_none=True),
    _at("used_at", or_none=True),
    Column("replaced_by", ID),
    PrimaryKeyConstraint("tenant", "id"),
    UniqueConstraint("prefix"),
)  # fmt: skip

projects = Table(
    "projects", metadata,
    _of_tenant(),
    Column("id", ID, nullable=False),
    Column("name", Text, nullable=False),
    Column("taxonomy", DATA, nullable=False),
    Column("columns", DATA, nullable=False),
    Column("retention_days", Integer),
    _at("created_at"),
    _at("changed_at"),
    PrimaryKeyConstraint("tenant", "id"),
)  # fmt: skip

uploads = Table(
    "uploads", metadata,
    *_of_project(),
    Column("id", ID, nullable=False),
    Column("name", Text, nullable=False),
    Column("size", BigInteger),
    Column("received", BigInteger, nullable=False),
    Column("sha256", String(64)),
    Column("state", ID, nullable=False),
    _at("created_at"),
    _at("changed_at"),
    PrimaryKeyConstraint("tenant", "project", "id"),
)  # fmt: skip

comments = Table(
    "comments", metadata,
    Column("seq", SEQ, Identity(always=False), primary_key=True),
    *_of_project(),
    Column("id", Text, nullable=False),
    Column("customer", Text),
    Column("text", Text),
    Column("fields", DATA, nullable=False),
    _at("date", or_none=True),
    _at("added_at"),
    UniqueConstraint("tenant", "project", "id"),
    Index(None, "tenant", "project", "customer"),
    Index(None, "tenant", "project", "seq"),
    sqlite_autoincrement=True,  # a number is never given out again
)  # fmt: skip

idempotency = Table(
    "idempotency", metadata,
    *_of_project(or_none=True),
    Column("key", Text, nullable=False),
    Column("request", String(64), nullable=False),
    Column("status", Integer),
    Column("body", LargeBinary),
    _at("created_at"),
    _at("expires_at"),
    PrimaryKeyConstraint("tenant", "key"),
    Index(None, "expires_at"),
)  # fmt: skip

jobs = Table(
    "jobs", metadata,
    *_of_project(or_none=True),
    Column("id", ID, nullable=False),
    Column("kind", ID, nullable=False),
    Column("params", DATA, nullable=False),
    Column("state", ID, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger),
    Column("generation", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("most_attempts", Integer, nullable=False),
    Column("cancel", Boolean, nullable=False),
    Column("lease_owner", Text),
    _at("lease_until", or_none=True),
    Column("result", DATA),
    Column("error", DATA),
    _at("due_at"),
    _at("created_at"),
    _at("started_at", or_none=True),
    _at("finished_at", or_none=True),
    PrimaryKeyConstraint("tenant", "id"),
    Index(None, "state", "due_at"),
    Index(None, "tenant", "project", "created_at"),
)  # fmt: skip

results = Table(
    "results", metadata,
    *_of_project(),
    Column("version", Integer, nullable=False),
    Column("kind", ID, nullable=False),
    Column("path", Text, nullable=False),
    Column("facts", DATA, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("stale", Boolean, nullable=False),
    Column("job", ID),
    _at("created_at"),
    PrimaryKeyConstraint("tenant", "project", "kind", "version"),
)  # fmt: skip
Index(
    "uq_results_one_current", results.c.tenant, results.c.project, results.c.kind, unique=True,
    sqlite_where=results.c.current, postgresql_where=results.c.current,
)  # fmt: skip

corrections = Table(
    "corrections", metadata,
    Column("seq", SEQ, Identity(always=False), primary_key=True),
    *_of_project(),
    Column("comment", Text, nullable=False),
    Column("opinion", Text, nullable=False),
    Column("who", Text, nullable=False),
    _at("at"),
    Column("old", DATA),
    Column("new", DATA),
    Index(None, "tenant", "project", "comment"),
    sqlite_autoincrement=True,
)  # fmt: skip

audit_samples = Table(
    "audit_samples", metadata,
    *_of_project(),
    Column("id", ID, nullable=False),
    Column("facts", DATA, nullable=False),
    _at("created_at"),
    PrimaryKeyConstraint("tenant", "project", "id"),
)  # fmt: skip

audit_labels = Table(
    "audit_labels", metadata,
    Column("tenant", ID, nullable=False),
    Column("project", ID, nullable=False),
    Column("sample", ID, nullable=False),
    Column("comment", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("unit", Text, nullable=False),
    Column("probability", Float, nullable=False),
    Column("labels", DATA),
    Column("note", Text, nullable=False),
    Column("who", Text),
    _at("at", or_none=True),
    PrimaryKeyConstraint("tenant", "project", "sample", "comment"),
    ForeignKeyConstraint(
        ("tenant", "project", "sample"),
        ("audit_samples.tenant", "audit_samples.project", "audit_samples.id"),
        ondelete="CASCADE",
    ),
    Index(None, "tenant", "project", "sample", "position"),
)  # fmt: skip

erasures = Table(
    "erasures", metadata,
    *_of_project(),
    Column("id", ID, nullable=False),
    Column("gone", DATA, nullable=False),
    _at("created_at"),
    PrimaryKeyConstraint("tenant", "project", "id"),
)  # fmt: skip

audit_log = Table(
    "audit_log", metadata,
    Column("seq", SEQ, Identity(always=False), primary_key=True),
    Column("tenant", ID, nullable=False),  # no reference: it outlives what it tells of
    _at("at"),
    Column("who", Text, nullable=False),
    Column("action", ID, nullable=False),
    Column("project", ID),
    Column("thing", ID),
    Column("count", BigInteger),
    Index(None, "tenant", "seq"),
    sqlite_autoincrement=True,
)  # fmt: skip

webhooks = Table(
    "webhooks", metadata,
    *_of_project(or_none=True),
    Column("id", ID, nullable=False),
    Column("url", Text, nullable=False),
    Column("secrets", DATA, nullable=False),
    Column("events", DATA, nullable=False),
    Column("form", ID, nullable=False),
    Column("language", ID, nullable=False),
    Column("with_text", Boolean, nullable=False),
    _at("disabled_at", or_none=True),
    Column("disabled_reason", Text),
    _at("created_at"),
    PrimaryKeyConstraint("tenant", "id"),
)  # fmt: skip

deliveries = Table(
    "deliveries", metadata,
    Column("tenant", ID, nullable=False),
    Column("id", ID, nullable=False),
    Column("webhook", ID, nullable=False),
    Column("project", ID),
    Column("event", ID, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("quotes", DATA, nullable=False),
    Column("state", ID, nullable=False),
    Column("attempts", Integer, nullable=False),
    _at("due_at"),
    _at("leased_until", or_none=True),
    _at("began_at", or_none=True),
    Column("status", Integer),
    Column("problem", Text),
    _at("created_at"),
    PrimaryKeyConstraint("tenant", "id"),
    ForeignKeyConstraint(
        ("tenant", "webhook"), ("webhooks.tenant", "webhooks.id"), ondelete="CASCADE"
    ),
    Index(None, "state", "due_at"),
    Index(None, "tenant", "webhook", "created_at"),
)  # fmt: skip

adapters = Table(
    "adapters", metadata,
    _of_tenant(),
    Column("id", ID, nullable=False),
    Column("name", Text, nullable=False),
    Column("tool", ID, nullable=False),
    Column("secrets", DATA, nullable=False),
    Column("rule", DATA),
    Column("taxonomy", DATA),
    Column("mapping", DATA),
    Column("language", ID),
    _at("created_at"),
    PrimaryKeyConstraint("id"),
    Index(None, "tenant", "created_at"),
)  # fmt: skip
