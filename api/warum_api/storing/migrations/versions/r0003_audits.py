"""Audit labels of several people, own models, what an upload is for, and what a project reads with."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DATA = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
ID = sa.String(length=64)


def upgrade() -> None:
    """Change the tables and carry over their rows."""
    _audits()
    _models()
    with op.batch_alter_table("projects") as table:
        table.add_column(sa.Column("model", ID, nullable=True))
    with op.batch_alter_table("uploads") as table:
        table.add_column(sa.Column("purpose", ID, nullable=True))
    uploads = sa.table("uploads", sa.column("purpose"))
    op.get_bind().execute(sa.update(uploads).values(purpose="data"))
    with op.batch_alter_table("uploads") as table:
        table.alter_column("purpose", existing_type=ID, nullable=False)


def _audits() -> None:
    """What was drawn and what was seen in it become tables of their own; labels get their labeller."""
    connection = op.get_bind()
    names = (
        "tenant", "project", "sample", "comment", "position", "unit", "probability", "labels",
        "note", "who", "at",
    )  # fmt: skip
    old = sa.table("audit_labels", *map(sa.column, names))
    old.c.labels.type, old.c.at.type = DATA, MOMENT
    rows = [dict(row) for row in connection.execute(sa.select(old)).mappings()]
    op.drop_table("audit_labels")
    drawn, labels = _drawn(), _labels()
    kept = [{name: row[name] for name in names[:7]} | {"digest": None} for row in rows]
    if kept:
        connection.execute(sa.insert(drawn), kept)
    seen = [_seen(row) for row in rows if row["labels"] is not None]
    if seen:
        connection.execute(sa.insert(labels), seen)


def _drawn() -> sa.Table:
    return op.create_table(
        "audit_drawn",
        sa.Column("tenant", ID, nullable=False),
        sa.Column("project", ID, nullable=False),
        sa.Column("sample", ID, nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("digest", ID, nullable=True),
        sa.PrimaryKeyConstraint(
            "tenant", "project", "sample", "comment", name=op.f("pk_audit_drawn")
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "project", "sample"],
            ["audit_samples.tenant", "audit_samples.project", "audit_samples.id"],
            name=op.f("fk_audit_drawn_audit_samples"),
            ondelete="CASCADE",
        ),
        sa.Index(
            op.f("ix_audit_drawn_tenant_project_sample_position"),
            "tenant", "project", "sample", "position",
        ),
    )  # fmt: skip


def _labels() -> sa.Table:
    return op.create_table(
        "audit_labels",
        sa.Column("tenant", ID, nullable=False),
        sa.Column("project", ID, nullable=False),
        sa.Column("sample", ID, nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("labeller", sa.Text(), nullable=False),
        sa.Column("labels", DATA, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant", "project", "sample", "comment", "labeller", name=op.f("pk_audit_labels")
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "project", "sample", "comment"],
            [
                "audit_drawn.tenant", "audit_drawn.project", "audit_drawn.sample", "audit_drawn.comment",
            ],
            name=op.f("fk_audit_labels_audit_drawn"),
            ondelete="CASCADE",
        ),
    )  # fmt: skip


def _seen(row: dict[str, Any]) -> dict[str, Any]:
    who, at = row["who"] or "first", row["at"]
    return {
        "tenant": row["tenant"], "project": row["project"], "sample": row["sample"],
        "comment": row["comment"], "labeller": who, "labels": row["labels"], "note": row["note"],
        "who": who, "created_at": at, "changed_at": at,
    }  # fmt: skip


def _models() -> None:
    op.create_table(
        "models",
        sa.Column("tenant", ID, nullable=False),
        sa.Column("project", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", ID, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("facts", DATA, nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("job", ID, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "project"],
            ["projects.tenant", "projects.id"],
            name=op.f("fk_models_projects"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "project", "id", name=op.f("pk_models")),
    )
