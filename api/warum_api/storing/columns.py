"""The columns that many tables have: whose a row is, to which project it belongs, and points in time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import JSONB

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)


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


ID = String(64)
SEQ = BigInteger().with_variant(Integer, "sqlite")  # only an INTEGER counts by itself in SQLite
DATA = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def of_tenant() -> Column[Any]:
    """Whose a row is; it goes with its tenant."""
    return Column("tenant", ID, ForeignKey("tenants.id", ondelete="CASCADE"), nullable=False)


def of_project(*, or_none: bool = False) -> tuple[Column[Any], Column[Any], ForeignKeyConstraint]:
    """Tenant and project, which must be a project of that tenant (or none at all)."""
    return (
        # without a project the reference to one is not looked at
        of_tenant() if or_none else Column("tenant", ID, nullable=False),
        Column("project", ID, nullable=or_none),
        ForeignKeyConstraint(
            ("tenant", "project"), ("projects.tenant", "projects.id"), ondelete="CASCADE"
        ),
    )


def moment(name: str, *, or_none: bool = False) -> Column[Any]:
    """A point in time."""
    return Column(name, Moment, nullable=or_none)
