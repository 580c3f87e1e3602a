"""The tables, as they are today; `migrations/` holds how they came to be.

Every table of a tenant's has the tenant in its key, and every reference to a project holds it too: the
database itself refuses a row of one tenant that points to another's.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

import warum_api.storing.audit_tables  # noqa: F401 - they are of the same metadata
from warum_api.storing.columns import DATA, ID, SEQ, moment, of_project, of_tenant
from warum_api.storing.columns import metadata as metadata

tenants = Table(
    "tenants", metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False),
    moment("created_at"),
)  # fmt: skip

api_keys = Table(
    "api_keys", metadata,
    of_tenant(),
    Column("id", ID, nullable=False),
    Column("name", Text, nullable=False),
    Column("prefix", ID, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("scopes", DATA, nullable=False),
    moment("created_at"),
    moment("expires_at", or_none=True),
    moment("revoked_at", or_none=True),
    moment("used_at", or_none=True),
    Column("replaced_by", ID),
    PrimaryKeyConstraint("tenant", "id"),
    UniqueConstraint("prefix"),
)  # fmt: skip

projects = Table(
    "projects", metadata,
    of_tenant(),
    Column("id", ID, nullable=False),
    Column("name", Text, nullable=False),
    Column("taxonomy", DATA, nullable=False),
    Column("columns", DATA, nullable=False),
    Column("retention_days", Integer),
    Column("model", ID),
    moment("created_at"),
    moment("changed_at"),
    PrimaryKeyConstraint("tenant", "id"),
)  # fmt: skip

uploads = Table(
    "uploads", metadata,
    *of_project(),
    Column("id", ID, nullable=False),
    Column("name", Text, nullable=False),
    Column("size", BigInteger),
    Column("received", BigInteger, nullable=False),
    Column("sha256", String(64)),
    Column("state", ID, nullable=False),
    Column("purpose", ID, nullable=False),
    moment("created_at"),
    moment("changed_at"),
    PrimaryKeyConstraint("tenant", "project", "id"),
)  # fmt: skip

comments = Table(
    "comments", metadata,
    Column("seq", SEQ, Identity(always=False), primary_key=True),
    *of_project(),
    Column("id", Text, nullable=False),
    Column("customer", Text),
    Column("text", Text),
    Column("fields", DATA, nullable=False),
    moment("date", or_none=True),
    moment("added_at"),
    UniqueConstraint("tenant", "project", "id"),
    Index(None, "tenant", "project", "customer"),
    Index(None, "tenant", "project", "seq"),
    sqlite_autoincrement=True,  # a number is never given out again
)  # fmt: skip

idempotency = Table(
    "idempotency", metadata,
    *of_project(or_none=True),
    Column("key", Text, nullable=False),
    Column("request", String(64), nullable=False),
    Column("status", Integer),
    Column("body", LargeBinary),
    moment("created_at"),
    moment("expires_at"),
    PrimaryKeyConstraint("tenant", "key"),
    Index(None, "expires_at"),
)  # fmt: skip

jobs = Table(
    "jobs", metadata,
    *of_project(or_none=True),
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
    moment("lease_until", or_none=True),
    Column("result", DATA),
    Column("error", DATA),
    moment("due_at"),
    moment("created_at"),
    moment("started_at", or_none=True),
    moment("finished_at", or_none=True),
    PrimaryKeyConstraint("tenant", "id"),
    Index(None, "state", "due_at"),
    Index(None, "tenant", "project", "created_at"),
)  # fmt: skip

results = Table(
    "results", metadata,
    *of_project(),
    Column("version", Integer, nullable=False),
    Column("kind", ID, nullable=False),
    Column("path", Text, nullable=False),
    Column("facts", DATA, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("stale", Boolean, nullable=False),
    Column("job", ID),
    moment("created_at"),
    PrimaryKeyConstraint("tenant", "project", "kind", "version"),
)  # fmt: skip
Index(
    "uq_results_one_current", results.c.tenant, results.c.project, results.c.kind, unique=True,
    sqlite_where=results.c.current, postgresql_where=results.c.current,
)  # fmt: skip

corrections = Table(
    "corrections", metadata,
    Column("seq", SEQ, Identity(always=False), primary_key=True),
    *of_project(),
    Column("comment", Text, nullable=False),
    Column("opinion", Text, nullable=False),
    Column("who", Text, nullable=False),
    moment("at"),
    Column("old", DATA),
    Column("new", DATA),
    Index(None, "tenant", "project", "comment"),
    sqlite_autoincrement=True,
)  # fmt: skip

models = Table(
    "models", metadata,
    *of_project(),
    Column("id", ID, nullable=False),
    Column("name", Text, nullable=False),
    Column("version", ID, nullable=False),
    Column("path", Text, nullable=False),
    Column("facts", DATA, nullable=False),
    Column("stale", Boolean, nullable=False),
    Column("job", ID),
    moment("created_at"),
    PrimaryKeyConstraint("tenant", "project", "id"),
)  # fmt: skip

erasures = Table(
    "erasures", metadata,
    *of_project(),
    Column("id", ID, nullable=False),
    Column("gone", DATA, nullable=False),
    moment("created_at"),
    PrimaryKeyConstraint("tenant", "project", "id"),
)  # fmt: skip

audit_log = Table(
    "audit_log", metadata,
    Column("seq", SEQ, Identity(always=False), primary_key=True),
    Column("tenant", ID, nullable=False),  # no reference: it outlives what it tells of
    moment("at"),
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
    *of_project(or_none=True),
    Column("id", ID, nullable=False),
    Column("url", Text, nullable=False),
    Column("secrets", DATA, nullable=False),
    Column("events", DATA, nullable=False),
    Column("form", ID, nullable=False),
    Column("language", ID, nullable=False),
    Column("with_text", Boolean, nullable=False),
    moment("disabled_at", or_none=True),
    Column("disabled_reason", Text),
    moment("created_at"),
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
    moment("due_at"),
    moment("leased_until", or_none=True),
    moment("began_at", or_none=True),
    Column("status", Integer),
    Column("problem", Text),
    moment("created_at"),
    PrimaryKeyConstraint("tenant", "id"),
    ForeignKeyConstraint(
        ("tenant", "webhook"), ("webhooks.tenant", "webhooks.id"), ondelete="CASCADE"
    ),
    Index(None, "state", "due_at"),
    Index(None, "tenant", "webhook", "created_at"),
)  # fmt: skip

adapters = Table(
    "adapters", metadata,
    of_tenant(),
    Column("id", ID, nullable=False),
    Column("name", Text, nullable=False),
    Column("tool", ID, nullable=False),
    Column("secrets", DATA, nullable=False),
    Column("rule", DATA),
    Column("taxonomy", DATA),
    Column("mapping", DATA),
    Column("language", ID),
    moment("created_at"),
    PrimaryKeyConstraint("id"),
    Index(None, "tenant", "created_at"),
)  # fmt: skip
