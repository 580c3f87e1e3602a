"""Alembic's door: runs the changes on the connection that `warum_api.storing.migrating` hands over."""

from __future__ import annotations

from alembic import context

from warum_api.storing.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by making it anew
)
context.run_migrations()
