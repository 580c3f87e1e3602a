"""Webhooks with several secrets and a form, deliveries with the bytes that are sent; adapters."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DATA = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Change the tables and carry over their rows."""
    _webhooks()
    _deliveries()
    _adapters()


def _webhooks() -> None:
    with op.batch_alter_table("webhooks") as table:
        table.add_column(sa.Column("secrets", DATA, nullable=True))
        table.add_column(sa.Column("form", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("language", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("with_text", sa.Boolean(), nullable=True))
        table.add_column(sa.Column("disabled_at", MOMENT, nullable=True))
        table.add_column(sa.Column("disabled_reason", sa.Text(), nullable=True))
    names = ("tenant", "id", "secret", "active", "created_at", "secrets", "form", "language", "with_text")  # fmt: skip
    hooks = sa.table("webhooks", *map(sa.column, (*names, "disabled_at", "disabled_reason")))
    hooks.c.secrets.type, hooks.c.disabled_at.type, hooks.c.created_at.type = DATA, MOMENT, MOMENT
    hooks.c.with_text.type = hooks.c.active.type = sa.Boolean()
    connection = op.get_bind()
    for row in connection.execute(sa.select(hooks)).all():
        values = {"secrets": [{"value": row.secret, "until": None}], "form": "json", "language": "en"}  # fmt: skip
        if not row.active:
            values |= {"disabled_at": row.created_at, "disabled_reason": "It was switched off."}
        here = (hooks.c.tenant == row.tenant) & (hooks.c.id == row.id)
        connection.execute(sa.update(hooks).where(here).values(with_text=False, **values))
    with op.batch_alter_table("webhooks") as table:
        table.alter_column("secrets", existing_type=DATA, nullable=False)
        table.alter_column("form", existing_type=sa.String(length=64), nullable=False)
        table.alter_column("language", existing_type=sa.String(length=64), nullable=False)
        table.alter_column("with_text", existing_type=sa.Boolean(), nullable=False)
        table.drop_column("secret")
        table.drop_column("active")


def _deliveries() -> None:
    with op.batch_alter_table("deliveries") as table:
        table.add_column(sa.Column("body", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("leased_until", MOMENT, nullable=True))
        table.add_column(sa.Column("began_at", MOMENT, nullable=True))
        table.add_column(sa.Column("problem", sa.Text(), nullable=True))
    names = ("tenant", "id", "payload", "state", "error", "due_at", "finished_at", "body", "problem")  # fmt: skip
    sent = sa.table("deliveries", *map(sa.column, names))
    sent.c.payload.type, sent.c.body.type = DATA, sa.LargeBinary()
    sent.c.due_at.type = sent.c.finished_at.type = MOMENT
    connection = op.get_bind()
    for row in connection.execute(sa.select(sent)).all():
        waits = row.state == "waiting"
        values = {
            "body": json.dumps(row.payload, ensure_ascii=False).encode() if waits else b"",
            "state": "failed" if row.state == "dead" else row.state,
            "due_at": row.due_at if waits else row.finished_at or row.due_at,
            "problem": row.error,
        }
        here = (sent.c.tenant == row.tenant) & (sent.c.id == row.id)
        connection.execute(sa.update(sent).where(here).values(**values))
    with op.batch_alter_table("deliveries") as table:
        table.alter_column("body", existing_type=sa.LargeBinary(), nullable=False)
        table.drop_column("payload")
        table.drop_column("error")
        table.drop_column("finished_at")


def _adapters() -> None:
    op.create_table(
        "adapters",
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tool", sa.String(length=64), nullable=False),
        sa.Column("secrets", DATA, nullable=False),
        sa.Column("rule", DATA, nullable=True),
        sa.Column("taxonomy", DATA, nullable=True),
        sa.Column("mapping", DATA, nullable=True),
        sa.Column("language", sa.String(length=64), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant"], ["tenants.id"], name=op.f("fk_adapters_tenants"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adapters")),
    )
    op.create_index(op.f("ix_adapters_tenant_created_at"), "adapters", ["tenant", "created_at"])
