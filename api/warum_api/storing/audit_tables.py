"""The tables of audits: what was drawn, with which probability, and what people saw in it."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from warum_api.storing.columns import DATA, ID, metadata, moment, of_project

audit_samples = Table(
    "audit_samples", metadata,
    *of_project(),
    Column("id", ID, nullable=False),
    Column("facts", DATA, nullable=False),
    moment("created_at"),
    PrimaryKeyConstraint("tenant", "project", "id"),
)  # fmt: skip

audit_drawn = Table(
    "audit_drawn", metadata,
    Column("tenant", ID, nullable=False),
    Column("project", ID, nullable=False),
    Column("sample", ID, nullable=False),
    Column("comment", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("unit", Text, nullable=False),
    Column("probability", Float, nullable=False),
    Column("digest", String(64)),
    PrimaryKeyConstraint("tenant", "project", "sample", "comment"),
    ForeignKeyConstraint(
        ("tenant", "project", "sample"),
        ("audit_samples.tenant", "audit_samples.project", "audit_samples.id"),
        ondelete="CASCADE",
    ),
    Index(None, "tenant", "project", "sample", "position"),
)  # fmt: skip

audit_labels = Table(
    "audit_labels", metadata,
    Column("tenant", ID, nullable=False),
    Column("project", ID, nullable=False),
    Column("sample", ID, nullable=False),
    Column("comment", Text, nullable=False),
    Column("labeller", Text, nullable=False),
    Column("labels", DATA, nullable=False),
    Column("note", Text, nullable=False),
    Column("who", Text, nullable=False),
    moment("created_at"),
    moment("changed_at"),
    PrimaryKeyConstraint("tenant", "project", "sample", "comment", "labeller"),
    ForeignKeyConstraint(
        ("tenant", "project", "sample", "comment"),
        (
            "audit_drawn.tenant", "audit_drawn.project", "audit_drawn.sample", "audit_drawn.comment",
        ),
        ondelete="CASCADE",
    ),
)  # fmt: skip
